"""The check of a file names each problem by object and field, in plain words."""

import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from servanda.exchange.format import checking
from servanda.exchange.format.checking import MOST_NAMED, MOST_OF_ONE, MOST_VALUES, check_file
from servanda.exchange.format.kinds import KINDS
from servanda.exchange.format.reading import MOST_BYTES
from servanda.exchange.models import Parcel, Received
from servanda.kit.refusal import Unreadable
from servanda.people.access import Role
from servanda.people.requests import visitors
from servanda.trail.models import Event
from tests import make
from tests.house.answers import source_of

SITE = "https://mechanism.example"


def record(code: str = "A-1", **changed) -> dict:
    made = {
        "id": f"{SITE}/exchange/recommendation/{code}",
        "type": "Recommendation",
        "code": code,
        "kind": "recommendation",
        "body": "UPR",
        "texts": [{"language": "en", "text": "Ratify the Convention."}],
    }
    return {key: value for key, value in (made | changed).items() if value is not ...}


def faults(*objects) -> list[tuple[str, str]]:
    content = json.dumps(list(objects), ensure_ascii=False).encode()
    return [(fault.field, fault.sentence) for fault in check_file(content).faults]


def test_an_object_with_the_required_keys_is_valid():
    assert faults(record()) == []


def test_keys_that_no_schema_names_are_allowed():
    assert faults(record(ministry_file={"number": 7})) == []


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"texts": ...}, "", "Add the key “texts”."),
        ({"body": ...}, "", "Add the key “body”."),
        ({"texts": []}, "texts", "Add at least one entry."),
        ({"texts": [{"language": "en"}]}, "texts[0]", "Add the key “text”."),
        ({"texts": [{"language": "en", "text": ""}]}, "texts[0].text", "Enter a text."),
        ({"texts": [{"language": "English", "text": "A"}]}, "texts[0].language", "expected form"),
        ({"paragraph": 7}, "paragraph", "Expected: text."),
        ({"year": "2025"}, "year", "Expected: null / whole number."),
        ({"review": "UPR 4"}, "review", "Expected: null / object."),
        ({"kind": "advice"}, "kind", "Use one of these values: recommendation, observation"),
        ({"date": "24 March 2025"}, "date", "Enter the date as YYYY-MM-DD"),
        ({"national_code": "x" * 1001}, "national_code", "Shorten the text to 1000 characters."),
        ({"status": {"government": ["done"]}}, "status.government[0]", "Use one of these values"),
        ({"id": "http://mechanism.example/exchange/recommendation/A-1"}, "id", "must be an https address"),
        ({"id": "https://user@mechanism.example/exchange/recommendation/A-1"}, "id", "must be an https address"),
        ({"id": "https://mechanism.example/exchange/recommendation/A-1?x=1"}, "id", "must be an https address"),
        ({"id": "https://mechanism.example/a/../exchange/recommendation/A-1"}, "id", "must be an https address"),
        ({"id": "https://mechanism.example:443/exchange/recommendation/A-1"}, "id", "must be an https address"),
        ({"id": "https://mechanism.example./exchange/recommendation/A-1"}, "id", "must be an https address"),
        ({"id": "https://MECHANISM.example/exchange/recommendation/A-1"}, "id", "must be an https address"),
        ({"id": "https://mechаnism.example/exchange/recommendation/A-1"}, "id", "must be an https address"),
        ({"id": "https://mechanism.example/exchange/recommendation/A-1//"}, "id", "must end with the kind"),
        (
            {"code": "Re\u0301-1", "id": f"{SITE}/exchange/recommendation/Re%CC%81-1"},
            "code",
            "Write accents as one character",
        ),
        ({"id": "https://[::1/exchange/recommendation/A-1"}, "id", "must be an https address"),
        (
            {"id": "https://mechanism.example/exchange/recommendation/A-2"},
            "id",
            "must end with the kind and the code",
        ),
        ({"id": "https://mechanism.example/exchange/action/A-1"}, "id", "must end with the kind and the code"),
        ({"territory": "Ar\u202etsba"}, "territory", "invisible characters"),
        ({"territory": "A\u2066b"}, "territory", "invisible characters"),
        ({"territory": "A\U000e0100b"}, "territory", "U+E0100 VARIATION SELECTOR-17"),
        ({"territory": "A\ufe0fb"}, "territory", "U+FE0F VARIATION SELECTOR-16"),
        ({"territory": "A\u200db"}, "territory", "U+200D ZERO WIDTH JOINER"),
        ({"texts": [{"language": "en", "text": "A\U000e0141"}]}, "texts[0].text", "invisible characters"),
        ({"ministry": {"name": "A\u202eb"}}, "ministry.name", "invisible characters"),
        ({"territory": "<img src=x onerror=alert(1)>"}, "territory", "Remove the HTML."),
        ({"texts": [{"language": "en", "text": "<b>A</b>"}]}, "texts[0].text", "Remove the HTML."),
    ],
)
def test_each_fault_is_named_by_field(changed, field, sentence):
    found = faults(record(**changed))
    assert [at for at, _sentence in found] == [field]
    assert sentence in found[0][1]


def test_texts_may_isolate_and_compare():
    text = "Reduce the rate to <5 per cent, para. \u206812.3\u2069."
    assert faults(record(texts=[{"language": "ar", "text": text}])) == []


@pytest.mark.parametrize(
    "name",
    [
        "کمیسیون حقوق بشر می\u200cباشد",  # Persian: a non-joiner belongs to the spelling
        "ක්\u200dෂ ശ്രീ\u200d",  # Sinhala and Malayalam: a joiner makes another form of the letter
        "\u200fوزارة العدل\u200e (MoJ)",
        "葛\U000e0100城市",  # Japanese: a selector chooses another form of the character
    ],
)
def test_joiners_and_marks_of_direction_that_languages_need_are_no_fault(name):
    assert faults(record(territory=name)) == []


def test_texts_may_have_places_for_line_breaks_but_no_second_text():
    assert faults(record(texts=[{"language": "km", "text": "សិទ្ធិ\u200bមនុស្ស"}])) == []
    assert faults(record(texts=[{"language": "en", "text": "Ratify.\U000e0041\U000e0042\U000e0043\U000e0044"}])) == [
        (
            "texts[0].text",
            "Remove the invisible characters: U+E0041 TAG LATIN CAPITAL LETTER A, "
            "U+E0042 TAG LATIN CAPITAL LETTER B, U+E0043 TAG LATIN CAPITAL LETTER C, ….",
        )
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["\u200b", "\ufeff", "\U000e0041"])
def test_the_page_and_the_command_name_the_character(client, tmp_path, capsys, hidden):
    content = json.dumps([record(territory=f"North{hidden}land")]).encode()
    make.signed_in(client, Role.COORDINATOR)
    page = source_of(client.post("/exchange/check/", {"file": SimpleUploadedFile("a.json", content)}))
    assert f"Remove the invisible characters: {NAMED[hidden]}." in page
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(CommandError):
        call_command("check_exchange_file", tmp_path / "a.json")
    assert NAMED[hidden] in capsys.readouterr().out


def test_a_type_that_is_not_known_is_named():
    assert faults({"type": "Person"}) == [
        ("type", f"Use one of these types: {', '.join(kind.type for kind in KINDS.values())}.")
    ]
    assert [field for field, _sentence in faults("text", 7, None, [])] == ["type"] * 4


def test_a_stroke_at_the_end_makes_no_second_id():
    again = record(id=f"{SITE}/exchange/recommendation/A-1/")
    assert faults(record(), again) == [("id", "This id is in the file more than once.")]


def test_an_id_is_in_a_file_once_and_all_have_one_origin():
    other = record("A-2", id="https://other.example/exchange/recommendation/A-2")
    found = faults(record(), record(), other)
    assert found == [
        ("id", "This id is in the file more than once."),
        ("id", f"All ids of a file must begin with the same origin. The first one is {SITE}."),
    ]


def test_a_code_is_escaped_in_the_id():
    code = "A/1 ü"
    assert faults(record(code, id=f"{SITE}/exchange/recommendation/A%2F1%20%C3%BC")) == []


def test_all_faults_are_counted_and_some_are_listed():
    content = json.dumps([record(f"A-{number}", kind="advice") for number in range(MOST_NAMED + 5)]).encode()
    findings = check_file(content)
    assert (findings.wrong, len(findings.faults), findings.more) == (MOST_NAMED + 5, MOST_NAMED, 5)


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The sentences that were made."""
    sentences, make_sentence = [], checking.sentence_of
    monkeypatch.setattr(
        checking, "sentence_of", lambda error: sentences.append(make_sentence(error)) or sentences[-1]
    )
    return sentences


def test_an_object_with_a_list_of_empty_objects_is_refused_before_its_schema(made):
    content = b'{"type": "Recommendation", "texts": [' + b"{}," * 316_000 + b"{}]}"
    start = time.process_time()
    findings = check_file(content)
    assert time.process_time() - start < 2
    assert [(fault.field, fault.sentence) for fault in findings.faults] == [
        ("", "The object has more than 100,000 values. Divide it.")
    ]
    assert made == []


def test_a_file_of_large_wrong_objects_is_checked_within_limits(made, monkeypatch):
    briefly, first = [], checking.first
    monkeypatch.setattr(checking, "first", lambda *of: briefly.append(of) or first(*of))
    large = {"type": "Recommendation", "texts": [{}] * 10_000}
    start = time.process_time()
    findings = check_file(json.dumps([large] * 31).encode())
    assert time.process_time() - start < 4
    assert findings.wrong == 31
    assert len(briefly) == 30
    assert len(made) <= MOST_OF_ONE + 1 + 30


def test_of_one_object_some_faults_are_named(made):
    found = faults(record(texts=[{}] * 1_000))
    assert len(found) == MOST_OF_ONE + 1
    assert found[-1] == ("", "This object has more problems. First correct those listed.")
    assert len(made) == MOST_OF_ONE + 1


def test_after_the_faults_that_are_listed_one_of_each_object_is_looked_for(made):
    findings = check_file(json.dumps([record(f"A-{n}", texts=[{}] * 100) for n in range(1_000)]).encode())
    assert findings.wrong == 1_000
    assert len(findings.faults) == MOST_NAMED
    assert len(made) < MOST_NAMED + 2 * MOST_OF_ONE + 1_000


def test_an_object_of_many_values_is_valid(monkeypatch):
    texts = [{"language": "en", "text": "Ratify the Convention."}] * 10_000
    assert faults(record(texts=texts)) == []
    assert checking.size_of(record(texts=texts)) < MOST_VALUES


def test_pages_of_a_feed_are_read():
    activities = [{"type": "Create", "object": record()}, {"type": "Delete", "object": "x"}, "no activity"]
    page = {"type": "OrderedCollectionPage", "orderedItems": activities}
    assert check_file(json.dumps(page).encode()).objects == {"Recommendation": 1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not valid JSON: there is an error in line 1, character 1"),
        (b'{"type": ', "not valid JSON"),
        (b"[]", "no objects"),
        (b"\xff\xfe", "not in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": NaN}', "a number or a character"),
        (b'{"a": -Infinity}', "a number or a character"),
        (b'{"a": 1e999}', "a number or a character"),
        (b'{"a": "\\ud800"}', "a number or a character"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number or a character"),
        (b" " * (MOST_BYTES + 1), "larger than 20 MB"),
    ],
    ids=[
        "empty",
        "cut",
        "no objects",
        "UTF-16",
        "deep",
        "NaN",
        "infinity",
        "large exponent",
        "surrogate",
        "long number",
        "large",
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content, sentence):
    with pytest.raises(Unreadable, match=sentence):
        check_file(content)


def send(client, content: bytes):
    return client.post("/exchange/check/", {"file": SimpleUploadedFile("a.json", content)})


def test_the_page_lists_the_faults(client, db):
    make.signed_in(client, Role.COORDINATOR)
    page = send(client, json.dumps([record(), record("A-2", kind="advice")]).encode()).content.decode()
    assert "2 objects were checked; objects with problems: 1." in page
    assert "/exchange/recommendation/A-2" in page
    assert "Use one of these values: recommendation" in page


def test_the_page_is_public_and_stores_nothing(client, db):
    assert "/exchange/check/" in source_of(client.get("/exchange/"))
    page = source_of(send(client, json.dumps(record()).encode()))
    assert "The file is valid: 1 object." in page
    assert "At most 1 MB." in page
    assert [model.objects.count() for model in (Parcel, Received, Event)] == [0, 0, 0]


def test_visitors_check_a_limited_number_of_files_an_hour(client, db, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_OF_AN_ADDRESS", 2)
    content = json.dumps(record()).encode()
    assert [send(client, content).status_code for _time in range(3)] == [200, 200, 422]
    assert "within the last hour" in source_of(send(client, content))
    make.signed_in(client, Role.READER)
    assert [send(client, content).status_code for _time in range(3)] == [200, 200, 422]
    assert "You checked 20 files within the last hour." in source_of(send(client, content))


def test_the_page_confirms_a_valid_file(client, db):
    make.signed_in(client, Role.COORDINATOR)
    assert "The file is valid: 1 object." in send(client, json.dumps(record()).encode()).content.decode()


def test_the_page_says_why_a_file_cannot_be_read(client, db):
    make.signed_in(client, Role.COORDINATOR)
    answer = send(client, b"{")
    assert answer.status_code == 422
    assert "The file is not valid JSON" in answer.content.decode()
    assert "There is a problem" in client.post("/exchange/check/").content.decode()


def test_what_is_in_the_file_is_shown_as_text(client, db):
    make.signed_in(client, Role.COORDINATOR)
    page = send(client, json.dumps(record("<script>x", **{"<b>y": "<i>"})).encode()).content.decode()
    assert "<script>x" not in page
    assert "<b>y" not in page


def test_the_command_ends_with_an_error(tmp_path, capsys):
    file = tmp_path / "a.json"
    file.write_text(json.dumps(record(kind="advice")))
    with pytest.raises(CommandError, match="Objects with faults: 1"):
        call_command("check_exchange_file", file)
    assert "kind: Use one of these values" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_exchange_file", tmp_path / "missing.json")
    file.write_text("{")
    with pytest.raises(CommandError, match="not valid JSON"):
        call_command("check_exchange_file", file)


NAMED = {
    "\u202e": "U+202E RIGHT-TO-LEFT OVERRIDE",
    "\u2066": "U+2066 LEFT-TO-RIGHT ISOLATE",
    "\u0007": "U+0007",
    "\u007f": "U+007F",
    "\u00ad": "U+00AD SOFT HYPHEN",
    "\u200b": "U+200B ZERO WIDTH SPACE",
    "\u2060": "U+2060 WORD JOINER",
    "\ufeff": "U+FEFF ZERO WIDTH NO-BREAK SPACE",
    "\u3164": "U+3164 HANGUL FILLER",
    "\u115f": "U+115F HANGUL CHOSEONG FILLER",
    "\u034f": "U+034F COMBINING GRAPHEME JOINER",
    "\u2800": "U+2800 BRAILLE PATTERN BLANK",
    "\U000e0041": "U+E0041 TAG LATIN CAPITAL LETTER A",
}


@pytest.mark.parametrize("hidden", NAMED)
def test_characters_that_hide_are_found_in_keys_that_no_schema_names(hidden):
    value = record(office={"names": [{"short": f"Office{hidden}"}]})
    assert faults(value) == [
        (
            "office.names[0].short",
            f"Remove the invisible characters: {NAMED[hidden]}.",
        )
    ]
    named = record(office={f"na{hidden}me": "Office"})
    assert faults(named) == [("office.name", "Remove invisible characters and HTML from the name of the key.")]


@pytest.mark.parametrize(
    "inside", ['"code": "A-1", "code": "A-2"', '"extra": {"a": 1, "a": 2}', '"a\\u0000": 1, "a\\u0000": 2']
)
def test_a_key_that_is_twice_in_an_object_is_refused(inside):
    with pytest.raises(Unreadable, match="twice in one object"):
        check_file(f'{{"type": "Recommendation", {inside}}}'.encode())


@pytest.mark.parametrize(
    "path",
    [
        "/exchange/recommendation/%2e%2e/recommendation/A-1",
        "/exchange/recommendation/%2E./recommendation/A-1",
        "/./recommendation/A-1",
        "/exchange%2f..%2frecommendation/A-1",
        "/exch\N{CYRILLIC SMALL LETTER A}nge/recommendation/A-1",
    ],
)
def test_an_id_that_looks_like_another_or_leads_elsewhere_is_refused(path):
    findings = check_file(json.dumps(record() | {"id": f"{SITE}{path}"}).encode())
    assert "id" in [fault.field for fault in findings.faults]


@pytest.mark.parametrize(
    "site",
    [
        "https://NEIGHBOUR.example",
        "https://neigh\tbour.example",
        "https://neigh\nbour.example",
        "https://neighbour.example\r",
        "https://neighbour.example:",
        "https://neighbour.example\N{IDEOGRAPHIC SPACE}",
    ],
)
def test_an_origin_has_one_spelling(site):
    """A browser reads these as the same address, so they would be other objects that look like ours."""
    findings = check_file(json.dumps(record() | {"id": f"{site}/exchange/recommendation/A-1"}).encode())
    assert "id" in [fault.field for fault in findings.faults]


def test_a_code_that_leads_upwards_is_refused():
    findings = check_file(json.dumps(record("..")).encode())
    assert [fault.field for fault in findings.faults] == ["id"]
