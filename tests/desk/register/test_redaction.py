"""Files to pass on: with what others may see, for whom they say so; and one's own, with what oneself may see."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from servanda.people.access import Role
from servanda.recommendations.editing import notes, positions
from servanda.recommendations.filters.audiences import audience_as
from servanda.recommendations.models import Position, Recommendation
from servanda.trail.models import Event
from tests import make
from tests.house.answers import body_of, opened, said
from tests.once import built_once

pytestmark = pytest.mark.django_db

WORD = "zorbatrix"
FILES = [f"desk:register_export {format}" for format in ("csv", "xlsx", "json")]
FILES += [f"desk:register_matrix {format}" for format in ("docx", "xlsx")]
STATES: dict[str, dict] = {
    "draft": {"is_published": False},
    "internal": {"confidentiality": "internal"},
    "moj": {"confidentiality": "restricted"},
    "agency": {"confidentiality": "restricted"},
    "mfa": {"confidentiality": "restricted"},
}


@built_once
def writer():
    return make.user(Role.COORDINATOR)


@built_once
def scene(writer):
    """One record of each kind; those that are not for everyone say so, and every one has a draft and a note."""
    ministry = make.institution("moj", name="Ministry of Justice")
    make.institution("agency", parent=ministry)
    make.institution("mfa")
    made = [make.recommendation("For all", paragraph="open", decide_by="2031-05-05", stand="pending")]
    for name, fields in STATES.items():
        record = make.recommendation(f"{WORD} for {name}", paragraph=f"secret{name}", **fields)
        if fields.get("confidentiality") == "restricted":
            record.restricted_to.add(make.institution(name))
        made.append(record)
    for record in made:
        draft_and_note(record, writer)
    return made


@pytest.fixture
def records(client, writer, scene):
    client.force_login(writer)
    return scene


def draft_and_note(record: Recommendation, by) -> None:
    said_so = {"words": f"{WORD}draft", "date": None, "symbol": "", "paragraph": "", "comment": f"{WORD}draft"}
    Position.objects.create(recommendation=record, stand="pending", date="2025-01-01")
    positions.add_position(recommendation=record, stand="supported", **said_so, is_draft=True, by=by)
    notes.add_note(recommendation=record, text=f"{WORD}note", by=by)


def url_of(file: str, query: str = "") -> str:
    name, format = file.split()
    return reverse(name, args=[format]) + query


def words_of(client, file: str, query: str = "") -> str:
    answer = client.get(url_of(file, query))
    assert answer.status_code == 200
    return opened(body_of(answer))


def paragraphs_in(words: str) -> set[str]:
    return set(re.findall(r"\b(?:secret\w+|open)\b", words)) - {"openxmlformats"}


def test_the_scene_has_something_to_leave_out(client, records):
    for file in FILES:
        words = words_of(client, file)
        assert {f"secret{name}" for name in STATES} <= paragraphs_in(words)
        assert f"{WORD}draft" in words
        if "matrix" not in file:
            assert "2031-05-05" in words
    for file in FILES[:3]:
        assert f"{WORD}note" in words_of(client, file)


@pytest.mark.parametrize("file", FILES)
def test_a_file_for_the_public_holds_what_the_public_sees(client, records, file):
    words = words_of(client, file, "?as=public")
    assert WORD not in words
    assert paragraphs_in(words) == {"open"}
    for word in ("2031-05-05", "confidentiality", "is_published", "internal_notes", "draft_positions"):
        assert word not in words


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("code", "secret"),
    [("moj", {"draft", "internal", "moj", "agency"}), ("agency", {"draft", "internal", "agency"})],
)
def test_a_file_for_an_institution_holds_what_it_sees_and_no_draft_and_no_note(client, records, file, code, secret):
    words = words_of(client, file, f"?as={code}")
    assert paragraphs_in(words) == {"open", *(f"secret{name}" for name in secret)}
    for word in (f"{WORD}draft", f"{WORD}note", "internal_notes", "draft_positions"):
        assert word not in words


@pytest.mark.parametrize("format", ["csv", "json"])
def test_a_file_for_an_institution_is_the_one_that_its_people_would_take_themselves(client, records, format):
    url = reverse("desk:register_export", args=[format])
    passed_on = body_of(client.get(url + "?as=moj&kind=recommendation"))
    client.force_login(make.user(Role.FOCAL_POINT, institution=make.institution("moj")))
    assert body_of(client.get(url + "?kind=recommendation")) == passed_on


@pytest.mark.parametrize("format", ["csv", "json"])
def test_a_file_for_the_public_is_the_one_that_everybody_can_take(client, records, format):
    passed_on = body_of(client.get(reverse("desk:register_export", args=[format]) + "?as=public"))
    assert body_of(client.get(reverse("portal:register_export", args=[format]))) == passed_on


def test_a_file_says_in_its_name_for_whom_it_is(client, records):
    for file in FILES:
        passed_on, own = (said(client.get(url_of(file, query))) for query in ("?as=moj", ""))
        assert f'-as-moj-{timezone.localdate()}.{file.split()[1]}"' in passed_on
        assert "-as-" not in own.partition("\n")[0]


@pytest.mark.parametrize("name", ["register_export", "register_matrix"])
def test_the_first_sheet_says_for_whom_it_is(client, records, name):
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(body_of(client.get(reverse(f"desk:{name}", args=["xlsx"]) + "?as=moj")))
    )
    assert book.get_sheet_by_index(0).to_python()[0] == ["Prepared for: Ministry of Justice"]
    assert len(book.sheet_names) == 2
    own = CalamineWorkbook.from_filelike(io.BytesIO(body_of(client.get(reverse(f"desk:{name}", args=["xlsx"])))))
    assert len(own.sheet_names) == 1


def test_the_matrix_for_word_says_for_whom_it_is(client, records):
    file = io.BytesIO(body_of(client.get(reverse("desk:register_matrix", args=["docx"]) + "?as=public")))
    assert "Prepared for: the public" in [paragraph.text for paragraph in Document(file).paragraphs]


def test_the_filter_of_the_list_still_holds(client, records):
    assert paragraphs_in(words_of(client, FILES[0], "?as=moj&confidentiality=internal")) == {"secretinternal"}
    assert paragraphs_in(words_of(client, FILES[0], "?as=public&confidentiality=internal")) == set()
    assert paragraphs_in(words_of(client, FILES[0], "?as=public&published=no")) == set()


@pytest.mark.parametrize("code", ["nobody", "public%00", "%00", "Public", "moj,mfa"])
def test_an_unknown_reader_gets_no_file(client, records, code):
    for file in FILES:
        assert client.get(url_of(file, f"?as={code}")).status_code == 404
    assert not Event.objects.filter(action="register-exported").exists()


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.CONTRIBUTOR])
def test_only_who_sees_everything_chooses_for_others(client, records, role):
    client.force_login(make.user(role, institution=make.institution("mfa")))
    for code in ("public", "moj", "mfa"):
        assert client.get(reverse("desk:register_export", args=["csv"]) + f"?as={code}").status_code == 404
    page = client.get(reverse("desk:register")).content.decode()
    assert 'name="as"' not in page
    assert "Ministry of Justice" not in page


def test_the_list_offers_whom_a_file_can_be_made_for_and_keeps_its_filter(client, records):
    page = client.get(reverse("desk:register") + "?kind=recommendation").content.decode()
    assert '<option value="moj">Ministry of Justice</option>' in page
    assert '<input type="hidden" name="kind" value="recommendation">' in page


def test_the_trail_remembers_for_whom_a_file_was_made(client, records):
    body_of(client.get(reverse("desk:register_export", args=["csv"]) + "?as=moj"))
    body_of(client.get(reverse("desk:register_matrix", args=["xlsx"]) + "?as=moj"))
    told = [json.loads(event.difference) for event in Event.objects.filter(action="register-exported")]
    assert all("moj" in repr(entry) for entry in told)
    assert len(told) == 2


@pytest.mark.parametrize(
    ("role", "columns"),
    [
        (Role.CONTRIBUTOR, []),
        (Role.READER, ["confidentiality", "is_published", "decide_by", "priority", "term"]),
        (
            Role.AUDITOR,
            [
                "confidentiality",
                "is_published",
                "decide_by",
                "priority",
                "term",
                "draft_positions",
                "internal_notes",
            ],
        ),
    ],
)
def test_a_file_of_one_s_own_says_how_confidential_each_record_is(client, records, role, columns):
    client.force_login(make.user(role))
    rows = list(csv.DictReader(io.StringIO(words_of(client, FILES[0]))))
    at = list(rows[0]).index("dissemination_due_on") + 1
    assert list(rows[0])[at : at + 7][: len(columns)] == columns
    assert ("confidentiality" in rows[0]) == bool(columns)
    if columns:
        said_of = {row["paragraph"]: (row["confidentiality"], row["is_published"]) for row in rows}
        assert said_of["secretinternal"] == ("internal", "yes")
        assert said_of["secretdraft"] == ("public", "no")
    if "draft_positions" in columns:
        first = next(row for row in rows if row["paragraph"] == "open")
        assert first["draft_positions"] == f"supported; {WORD}draft; {WORD}draft"
        assert first["internal_notes"] == f"{WORD}note"


def test_an_audience_that_forgets_to_leave_out_is_heard(client, records, monkeypatch):
    """A planted flaw: the file for the public is made with the eyes of its maker."""

    def forgetful(code):
        return replace(audience_as(code), visible=Recommendation.objects.kept(), bodies=None, drafts=True, notes=True)

    monkeypatch.setattr("servanda.desk.register.queries.audience_as", forgetful)
    words = words_of(client, FILES[0], "?as=public")
    assert f"{WORD}draft" in words
    assert f"{WORD}note" in words
    assert "secretmfa" in words


def test_a_file_is_not_kept_on_the_way(client, records):
    assert "no-store" in said(client.get(url_of(FILES[0], "?as=public")))
