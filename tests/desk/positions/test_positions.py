from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from servanda.people.access import Role
from servanda.recommendations.models import Position
from servanda.sources.models import Review
from servanda.trail.models import Event
from tests import make
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db
LIST = reverse("desk:positions")


def shown(client, **values) -> list[str]:
    return [line.row.record.code for line in client.get(LIST, values).context["lines"]]


@pytest.fixture
def records():
    """One on which institutions agree, one on which they differ, one that no one spoke of, one that is decided."""
    health, labour = make.institution("health"), make.institution("labour")
    agreed, different, silent, decided = [make.recommendation() for _number in range(4)]
    for record in (agreed, different, decided):
        make.proposal(record, health)
    make.proposal(different, labour, stand="noted")
    Position.objects.create(recommendation=decided, stand="supported")
    decided.stand = "supported"
    decided.save()
    Position.objects.create(recommendation=silent, stand="noted", is_draft=True)
    for record in (agreed, silent, decided):
        make.assignment(record, health)
    return [agreed.code, different.code, silent.code, decided.code]


@pytest.mark.database
def test_a_coordinator_narrows_the_list_by_what_institutions_say(client, records):
    make.signed_in(client, Role.COORDINATOR)
    agreed, different, silent, _decided = records
    assert shown(client) == [agreed, different]
    assert shown(client, state="agreed") == [agreed]
    assert shown(client, state="different") == [different]
    assert shown(client, state="silent") == [silent]
    assert shown(client, state="drafted") == [silent]
    assert shown(client, state="undecided") == [agreed, different, silent]
    assert shown(client, state="all") == records
    other = Review.objects.create(body=make.body("CRC", "treaty-body"), country=make.country(), cycle=0, year=2026)
    pledged = make.recommendation(review=other, body=other.body, decide_by=date(2027, 1, 1))
    assert shown(client, state="undecided") == [agreed, different, silent]
    make.proposal(pledged)
    assert pledged.code not in {*shown(client, state="waiting"), *shown(client, state="all")}
    for nonsense in ("x", "\0", "9" * 40):
        assert shown(client, review=nonsense, state=nonsense) == shown(client)


def test_an_institution_finds_what_it_answers_for_and_proposes_from_the_row(client, records):
    agreed, _different, silent, decided = records
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("health"))
    assert shown(client) == [silent]
    assert shown(client, state="proposed") == [agreed, decided]
    assert shown(client, state="all") == [agreed, silent, decided]
    assert tiles_on_desk(client)["position_to_propose"].count == 1
    page = client.get(LIST)
    form = page.context["lines"][0].form
    data = {"institution": form["institution"].value(), "seen": form["seen"].value(), "list": "state=to-propose"}
    answer = client.post(
        reverse("desk:propose_position", args=[silent]), data | {"stand": "noted", "comment": ""}, follow=True
    )
    assert answer.redirect_chain[0][0] == f"{LIST}?state=to-propose"
    assert (shown(client), shown(client, state="proposed")) == ([], [agreed, silent, decided])


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.READER])
def test_others_find_nothing_of_it(client, records, role):
    make.signed_in(client, role, institution=make.institution("labour"))
    assert shown(client, state="all") == []


def test_an_auditor_reads_all_and_is_offered_no_deed(client, records):
    make.signed_in(client, Role.AUDITOR)
    page = client.get(LIST, {"state": "all"}).content.decode()
    assert records[1] in page
    assert "The institutions do not agree." in page
    assert reverse("desk:decide_in_bulk") not in page


def test_the_tiles_count_what_their_lists_show(client, records):
    make.signed_in(client, Role.COORDINATOR)
    tiles = tiles_on_desk(client)
    for key, count in {"position_waiting": 2, "position_different": 1}.items():
        assert tiles[key].count == count
        assert len(client.get(tiles[key].href).context["lines"]) == count


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FOCAL_POINT])
def test_the_list_costs_the_same_for_one_and_for_many(client, django_assert_max_num_queries, role):
    health, labour = make.institution("health"), make.institution("labour")
    make.signed_in(client, role, **({"institution": health} if role == Role.FOCAL_POINT else {}))

    def add() -> None:
        record = make.recommendation()
        make.assignment(record, health)
        for place in (health, labour):
            make.proposal(record, place, proposed_by=make.user(Role.FOCAL_POINT, place))
        Position.objects.create(recommendation=record, stand="noted", is_draft=True)

    add()
    with django_assert_max_num_queries(20) as few:
        client.get(LIST, {"state": "all"})
    for _number in range(12):
        add()
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(LIST, {"state": "all"}).context["lines"]) == 13


def test_the_answer_to_a_review_is_a_file_in_the_chosen_language(client):
    make.signed_in(client, Role.COORDINATOR)
    for stand, comment, draft in (
        ("supported", "=1+1", False),
        ("partly", "Part a.", False),
        ("noted", "Later.", True),
    ):
        record = make.recommendation(stand="" if draft else stand)
        Position.objects.create(recommendation=record, stand=stand, comment=comment, is_draft=draft)
    make.recommendation(kind="pledge")
    url = reverse("desk:positions_addendum", args=[record.review_id, "xlsx"])
    file = BytesIO(b"".join(client.get(url, {"language": "en"}).streaming_content))
    book = CalamineWorkbook.from_filelike(file)
    cover, table = (book.get_sheet_by_index(number).to_python() for number in (0, 1))
    assert [row[0] for row in cover[:2]] == ["1 recommendation is supported.", "1 recommendation is noted."]
    assert [tuple(row[3:]) for row in table[1:]] == [
        ("Supported", "=1+1"),
        ("Noted (supported in part, see the comment)", "Part a."),
        ("Draft, not decided: Noted", "Later."),
    ]
    assert Event.objects.first().action == "register-exported"
    arabic = client.get(url.replace("xlsx", "docx"), {"language": "ar"})
    table = Document(BytesIO(b"".join(arabic.streaming_content))).tables[0]
    assert "bidiVisual" in table._tbl.tblPr.xml
    assert client.get(url, {"language": "xx"}).status_code == 404


def test_the_answer_is_for_those_who_read_drafts_of_what_they_see(client):
    record = make.recommendation()
    url = reverse("desk:positions_addendum", args=[record.review_id, "xlsx"])
    make.signed_in(client, Role.FOCAL_POINT)
    assert client.get(url).status_code == 403
    make.signed_in(client, Role.AUDITOR)
    assert b"".join(client.get(url).streaming_content)
    record.withdrawn_at, record.withdrawn_reason = record.created_at, "Twice."
    record.save()
    assert client.get(url).status_code == 404
