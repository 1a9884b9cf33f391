"""The full export of UHRI: real records, and every quirk that its readers have met."""

import json
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

import ijson
import pytest

from servanda.sources.candidates import Candidate, Kind, Label, Stand, Unreadable
from servanda.sources.uhri import json_export as uhri_json
from tests.paths import SOURCES
from tests.sources import make_fixtures

RECORD = {
    "AnnotationId": "a9ceae8c-fe1c-40f9-a326-1529e0ab678f",
    "AnnotationType": "- Recommendations",
    "Body": "- CRC",
    "Symbol": "CRC/C/PER/CO/6-7",
    "Text": "4.The Committee reminds the State party.",
    "Countries": ["Peru"],
    "PublicationDate": "2025-02-12T00:00:00",
}  # a made-up text under a real symbol


def only(tmp_path: Path, **fields: object) -> Candidate:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([RECORD | fields]), encoding="utf-8")
    (found,) = uhri_json.read(path)
    return found


def messages(found: Candidate) -> list[tuple[str, bool]]:
    return [(problem.field, problem.fatal) for problem in found.problems]


def test_a_real_recommendation_keeps_every_field():
    found = next(uhri_json.read(SOURCES / "uhri_export.json"))
    assert found.where == "record 1"
    assert found.kind == Kind.RECOMMENDATION
    assert (found.countries, found.body, found.symbol, found.paragraph) == (
        ["Slovenia"],
        "UPR",
        "A/HRC/59/15",
        "140.7",
    )
    assert found.texts[""].startswith("Ratify the Optional Protocol to the International Covenant on Economic")
    assert (found.published, found.listed) == (date(2025, 3, 24), date(2025, 7, 1))
    assert (found.cycle, found.session, found.recommending) == (4, 48, ["Maldives", "Portugal"])
    assert (found.position.stand, found.position.words) == (Stand.SUPPORTED, "Supported")
    assert Label("uhri-theme", "Ratification of & accession to international instruments") in found.labels
    assert Label("uhri-group", "Public officials") in found.labels
    assert Label("sdg", "5 - GENDER EQUALITY") in found.labels
    assert found.external["uhri"] == json.loads(found.raw)["AnnotationId"]
    assert found.problems == []


def test_all_recommendations_of_a_cycle_come_through(tmp_path):
    records = make_fixtures.uhri_records(4)
    make_fixtures.write_json(tmp_path / "export.json", records)
    found = list(uhri_json.read(tmp_path / "export.json"))
    assert [candidate.paragraph for candidate in found] == [row["para"] for row in make_fixtures.truth(4)]
    assert [json.loads(candidate.raw) for candidate in found] == records
    assert Counter(candidate.position.stand for candidate in found) == {Stand.SUPPORTED: 217, Stand.NOTED: 37}
    assert not any(candidate.problems for candidate in found)


@pytest.mark.parametrize(
    ("printed", "kind", "warned"),
    [
        ("- Recommendations", Kind.RECOMMENDATION, False),
        ("- Concerns/Observations", Kind.OBSERVATION, False),
        ("- Others", Kind.OTHER, False),
        ("-", Kind.OTHER, False),
        ("", Kind.OTHER, False),
        (None, Kind.OTHER, False),
        ("aa43335f-ec93-415e-bd4a-87ec91225983", Kind.OTHER, False),
        ("Recomendaciones", Kind.RECOMMENDATION, False),
        ("Something new", Kind.OTHER, True),
    ],
)
def test_every_annotation_type_has_a_kind(tmp_path, printed, kind, warned):
    found = only(tmp_path, AnnotationType=printed)
    assert found.kind == kind
    assert (("AnnotationType", False) in messages(found)) == warned


def test_labels_lose_stray_blanks_and_doubles_and_their_markup(tmp_path):
    themes = [
        " Right to development",
        "Right to development",
        "IE  Albinism",
        "Women in <b>political</b> &amp; public life ",
    ]
    found = only(tmp_path, Themes=themes, Countries=["State of Palestine*", "Türkiye", "PK"])
    assert found.labels == [
        Label("uhri-theme", "Right to development"),
        Label("uhri-theme", "IE Albinism"),
        Label("uhri-theme", "Women in political & public life"),
    ]
    assert found.countries == ["State of Palestine*", "Türkiye", "PK"]


def test_the_artefact_reservations_is_read_like_any_other_label(tmp_path):
    assert only(tmp_path, Themes=["Reservations"]).labels == [Label("uhri-theme", "Reservations")]


def test_lists_may_be_texts_with_a_dash_on_each_line(tmp_path):
    found = only(
        tmp_path, Countries="- Peru\n- Chile", Sdgs="- 16 - PEACE, JUSTICE AND STRONG INSTITUTIONS\n- 16.b - Laws"
    )
    assert found.countries == ["Peru", "Chile"]
    assert [label.text for label in found.labels] == ["16 - PEACE, JUSTICE AND STRONG INSTITUTIONS", "16.b - Laws"]


def test_one_or_seventeen_recommending_states_are_kept_in_order(tmp_path):
    names = [f"State {number}" for number in range(17)]
    assert only(tmp_path, UprRecommendingCountry=names).recommending == names
    assert only(tmp_path, UprRecommendingCountry="Peru").recommending == ["Peru"]


@pytest.mark.parametrize("printed", ["36th Session", ["36th Session"], 36, "36", ["- 36th Session"], 36.0])
def test_a_session_is_a_number_in_any_spelling(tmp_path, printed):
    assert only(tmp_path, UprSession=printed).session == 36


@pytest.mark.parametrize(
    ("printed", "cycle"),
    [(3, 3), ("3", 3), ("3rd cycle", 3), ("Third cycle", 3), ("Cycle III", 3), ("", None), (None, None), ([], None)],
)
def test_a_cycle_may_be_a_number_words_or_empty(tmp_path, printed, cycle):
    assert only(tmp_path, UprCycle=printed).cycle == cycle


@pytest.mark.parametrize(
    ("printed", "stand", "words"),
    [
        (["Supported"], Stand.SUPPORTED, "Supported"),
        ("- Noted", Stand.NOTED, "Noted"),
        (["Supported/Noted"], Stand.PARTLY, "Supported/Noted"),
        ("Supported-Noted", Stand.PARTLY, "Supported-Noted"),
        (["Supported", "Noted"], Stand.PARTLY, "Supported / Noted"),
        ("Supported in part", Stand.PARTLY, "Supported in part"),
        ("Not supported", Stand.NOTED, "Not supported"),
        ("Pending", Stand.PENDING, "Pending"),
    ],
)
def test_a_position_keeps_its_words_beside_the_stand(tmp_path, printed, stand, words):
    position = only(tmp_path, UprPositions=printed).position
    assert (position.stand, position.words) == (stand, words)


def test_an_unknown_position_is_named_and_left_out(tmp_path):
    found = only(tmp_path, UprPositions=["Zurückgestellt"])
    assert found.position is None
    assert messages(found) == [("UprPositions", False)]


@pytest.mark.parametrize("printed", ["3025-01-01T00:00:00", "1215-06-15", "2025-02-30", "soon"])
def test_a_date_that_cannot_be_right_is_named_and_left_out(tmp_path, printed):
    found = only(tmp_path, PublicationDate=printed)
    assert found.published is None
    assert messages(found) == [("PublicationDate", False)]


@pytest.mark.parametrize("printed", ["", None, "0001-01-01T00:00:00", "1900-01-01T00:00:00"])
def test_what_databases_print_for_no_date_is_no_date(tmp_path, printed):
    found = only(tmp_path, PublicationDateOnUhri=printed)
    assert (found.listed, found.problems) == (None, [])


def test_html_and_control_characters_leave_the_text_but_not_the_raw_record(tmp_path):
    printed = "<p>30.&nbsp;Ensure\x00 access<script>alert(1)</script></p>"
    found = only(tmp_path, Text=printed)
    assert (found.paragraph, found.texts) == ("30", {"": "Ensure access"})
    assert json.loads(found.raw)["Text"] == printed
    assert "\x00" not in found.raw


def test_a_record_without_text_is_refused_and_one_without_id_is_not(tmp_path):
    assert ("Text", True) in messages(only(tmp_path, Text=" "))
    assert messages(only(tmp_path, AnnotationId=None)) == [("AnnotationId", False)]


def test_a_missing_state_is_taken_from_the_symbol_and_said_so(tmp_path):
    found = only(tmp_path, Countries=[])
    assert found.countries == ["PER"]
    assert messages(found) == [("Countries", False)]
    assert only(tmp_path, Countries=[], Symbol="A/HRC/59/15").countries == []


def test_missing_keys_are_empty_fields(tmp_path):
    path = tmp_path / "export.json"
    path.write_text('[{"AnnotationId": "x", "Text": "Adopt"}, 7, ["list"], "text", null]', encoding="utf-8")
    first, *others = uhri_json.read(path)
    assert (first.texts, first.labels, first.position, first.published) == ({"": "Adopt"}, [], None, None)
    assert [messages(other) for other in others] == [[("record", True)]] * 4
    assert [other.where for other in others] == ["record 2", "record 3", "record 4", "record 5"]


def test_a_truncated_file_says_after_which_record_it_breaks(tmp_path):
    whole = (SOURCES / "uhri_export.json").read_bytes()
    path = tmp_path / "export.json"
    path.write_bytes(whole[: whole.index(b"AnnotationId", len(whole) // 2)])
    complete = path.read_bytes().count(b"UprSession")
    with pytest.raises(Unreadable, match=f"ends unexpectedly after record {complete}"):
        list(uhri_json.read(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"[]", "contains no records."),
        (b'{"error": "not found"}', "not a list of records"),
        (b'[{"Text": "caf\xe9"}]', "not UTF-8"),
        (b"[{'Text': 1}]", "damaged soon after record 0"),
        (b'[{"Text": "x"}] and more', "damaged"),
    ],
)
def test_a_file_that_is_no_export_says_what_it_is(tmp_path, content, message):
    path = tmp_path / "export.json"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=message):
        list(uhri_json.read(path))


def test_a_byte_order_mark_does_not_matter(tmp_path):
    path = tmp_path / "export.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([RECORD]).encode())
    assert len(list(uhri_json.read(path))) == 1


def test_memory_does_not_grow_with_the_file(tmp_path):
    def peak(copies: int) -> int:
        path = tmp_path / f"{copies}.json"
        path.write_text(json.dumps(make_fixtures.uhri_records(4) * copies), encoding="utf-8")
        tracemalloc.start()
        for _candidate in uhri_json.read(path):
            pass
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(12) < peak(3) + 300_000


def test_the_quick_parser_is_in_use():
    assert ijson.backend == "yajl2_c"


@pytest.mark.parametrize("language", ["en", "es"])
def test_real_records_of_many_bodies_are_read(shared_data, language):
    found = list(uhri_json.read(shared_data / f"recs/uhri_818_six_languages/export_shape_{language}.json"))
    assert len(found) == 659
    assert Counter(candidate.kind for candidate in found) == {
        Kind.RECOMMENDATION: 544,
        Kind.OBSERVATION: 114,
        Kind.OTHER: 1,
    }
    assert not any(problem.fatal for candidate in found for problem in candidate.problems)
    assert max(len(candidate.recommending) for candidate in found) == 15
