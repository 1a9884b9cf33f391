import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.planning.models import Assignment
from servanda.recommendations.counting import counts
from servanda.recommendations.models import Recommendation, SavedView, Tagging
from servanda.trail.models import Event
from tests import make
from tests.desk.tiles import tiles_on_desk
from tests.house.answers import notices_of

pytestmark = pytest.mark.django_db

REGISTER = "desk:register"


def page_of(name: str, record: Recommendation, *more: int) -> str:
    return reverse(f"desk:{name}", args=[record.code, *more])


def shown(client, record: Recommendation) -> str:
    return client.get(page_of("record_follow_up", record)).content.decode()


def answer_of(form, **values) -> dict:
    """What the form says by itself, with what a person writes into it."""
    return {"since": "2026-03-01", "seen": form["seen"].value()} | values


def test_a_coordinator_says_who_answers_and_the_page_shows_it(client):
    make.signed_in(client, Role.COORDINATOR)
    record, health, labour = make.recommendation(), make.institution("health"), make.institution("labour")
    form = client.get(page_of("assign_institutions", record)).context["form"]
    data = {"lead": health.pk, "supporting": [labour.pk], "due_on": "2026-12-24", "note": "One paragraph."}
    client.post(page_of("assign_institutions", record), answer_of(form, **data))
    page = shown(client, record)
    for words in ("HEALTH", "LABOUR", "due 24 December 2026", "One paragraph.", "Since 1 March 2026"):
        assert words in page
    assert page_of("end_assignment", record, Assignment.objects.leading().get().pk) in page


def test_who_was_slower_is_told_keeps_the_words_and_can_save_then(client):
    make.signed_in(client, Role.COORDINATOR)
    record, url = make.recommendation(), page_of("assign_institutions", make.recommendation())
    url = page_of("assign_institutions", record)
    form = client.get(url).context["form"]
    make.assignment(record, make.institution("labour"))
    data = answer_of(form, lead=make.institution("health").pk, note="Mine.")
    answer = client.post(url, data)
    assert answer.status_code == 409
    assert "Mine." in answer.content.decode()
    assert [told.assignment.institution.code for told in answer.context["answering"].current] == ["labour"]
    assert Event.objects.first().action == "refused"
    assert client.post(url, answer_of(answer.context["form"], lead=data["lead"])).status_code == 302
    assert Assignment.objects.current().get().institution.code == "health"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "lead"),
        ({"due_on": "2026-02-01", "lead": "health"}, "due_on"),
        ({"lead": "closed"}, "lead"),
        ({"lead": "health", "supporting": "health"}, "supporting"),
    ],
)
def test_a_mistake_stands_at_its_field(client, fields, field):
    make.signed_in(client, Role.COORDINATOR)
    make.institution("closed", active_to=date(2026, 2, 1))
    record = make.recommendation()
    url = page_of("assign_institutions", record)
    named = {key: make.institution(value).pk if key != "due_on" else value for key, value in fields.items()}
    answer = client.post(url, answer_of(client.get(url).context["form"], **named))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Assignment.objects.exists()


def test_before_anything_is_learned_the_most_frequent_are_told_and_none_is_chosen(client):
    make.signed_in(client, Role.COORDINATOR)
    for code in ("health", "health", "labour"):
        make.assignment(make.recommendation(), make.institution(code))
    page = client.get(page_of("assign_institutions", make.recommendation()))
    assert "Institutions assigned most often:" in page.content.decode()
    assert "HEALTH, on 2 records" in page.content.decode()
    assert page.context["form"]["lead"].value() is None


def test_who_assigns_an_institution_without_a_focal_point_is_led_to_where_one_is_appointed(client):
    make.signed_in(client, Role.COORDINATOR)
    record, health, labour = make.recommendation(), make.institution("health"), make.institution("labour")
    make.user(Role.FOCAL_POINT, labour)
    url = page_of("assign_institutions", record)
    page = client.get(url)
    assert "HEALTH (no focal point)" in page.content.decode()
    assert "LABOUR (no focal point)" not in page.content.decode()
    assert f'href="{reverse("desk:vacancies")}#missing"' in page.content.decode()
    data = answer_of(page.context["form"], lead=health.pk, supporting=[labour.pk])
    after = client.post(url, data, follow=True).content.decode()
    assert "HEALTH has no focal point." in after
    assert reverse("people:appoint_person", args=[health.pk]) in after
    assert reverse("people:appoint_person", args=[labour.pk]) not in after
    make.user(Role.FOCAL_POINT, health)
    assert "(no focal point)" not in shown(client, record) + client.get(url).content.decode()


def test_the_preview_of_an_assignment_to_many_says_that_there_is_no_focal_point(client):
    make.signed_in(client, Role.COORDINATOR)
    record, health = make.recommendation(), make.institution("health")
    terms = {"institution": health.pk, "part": "lead", "since": "2026-03-01"}
    order = {"code": [record.code], "step": "preview", **terms}
    page = client.post(reverse("desk:assign_in_bulk"), order).content.decode()
    assert "HEALTH has no focal point." in page
    assert reverse("people:appoint_person", args=[health.pk]) in page
    make.user(Role.FOCAL_POINT, health)
    assert "no focal point" not in client.post(reverse("desk:assign_in_bulk"), order).content.decode()


@pytest.mark.database
def test_records_without_any_institution_are_a_tile_that_leads_to_as_many_rows(client):
    make.signed_in(client, Role.COORDINATOR)
    bare, refused, supported, named, over = (make.recommendation() for _number in range(5))
    health = make.institution("health")
    make.assignment(refused, health, refused_at=timezone.now(), refusal_reason="Ask Labour.")
    make.assignment(supported, health, part="supporting")
    make.assignment(over, health, ended_at=timezone.now(), ending="replaced")
    Recommendation.objects.filter(pk=named.pk).update(confidentiality="restricted")
    named.restricted_to.add(health)
    tile = tiles_on_desk(client)["unnamed"]
    listing = client.get(tile.href).context["listing"]
    assert {row.record for row in listing.rows()} == {bare, refused, over}
    assert tile.count == listing.page.paginator.count == 3
    for record in (bare, refused, over):
        make.assignment(record, health)
    assert tiles_on_desk(client)["unnamed"].leads == ""


def test_a_focal_point_refuses_and_the_coordinator_finds_it(client):
    health, record = make.institution("health"), make.recommendation()
    coordinator = make.user(Role.COORDINATOR)
    assignment = make.assignment(record, health, assigned_by=coordinator)
    make.signed_in(client, Role.FOCAL_POINT, institution=health)
    url = page_of("refuse_assignment", record, assignment.pk)
    assert url in shown(client, record)
    assert client.post(url, {"reason": " "}).status_code == 422
    client.post(url, {"reason": "Ask Labour."})
    assert url not in shown(client, record)
    client.force_login(coordinator)
    tiles = tiles_on_desk(client)
    assert (tiles["refused"].count, tiles["without_lead"].count, tiles["notices"].count) == (1, 1, 1)
    listing = client.get(tiles["refused"].href).context["listing"]
    assert [row.record for row in listing.rows()] == [record]
    assert "Ask Labour." in shown(client, record)
    notices = client.get(reverse("people:notifications")).content.decode()
    assert f"refused the assignment of {record.code}" in notices
    answer = client.post(reverse("people:read_notification", args=[Notification.objects.get().pk]), {"open": "1"})
    assert answer.url == page_of("record_follow_up", record)


def test_who_answers_elsewhere_is_offered_no_refusal_and_is_refused_one(client):
    assignment = make.assignment(make.recommendation(), make.institution("health"))
    make.signed_in(client, Role.FOCAL_POINT, institution=make.institution("labour"))
    url = page_of("refuse_assignment", assignment.recommendation, assignment.pk)
    assert url not in shown(client, assignment.recommendation)
    answer = client.post(url, {"reason": "No."}, follow=True)
    assert ["HEALTH" in notice for notice in notices_of(answer)] == [True]
    assert Assignment.objects.get().is_current


def test_an_assignment_is_not_reached_through_another_record(client):
    health = make.institution("health")
    assignment, other = make.assignment(make.recommendation(), health), make.recommendation()
    make.signed_in(client, Role.FOCAL_POINT, institution=health)
    assert client.post(page_of("refuse_assignment", other, assignment.pk), {"reason": "No."}).status_code == 404
    assert Assignment.objects.get().is_current


def test_what_was_refused_or_is_over_is_told_to_its_own_people_and_to_the_offices(client):
    record, health = make.recommendation(), make.institution("health")
    make.assignment(record, health, refused_at=timezone.now(), refusal_reason="Zorbatrix.")
    over = {"ended_at": timezone.now(), "ending": "by-hand", "ending_reason": "Klimperfa."}
    make.assignment(record, health, **over)
    for role, place, is_told in (
        (Role.READER, health, True),
        (Role.AUDITOR, None, True),
        (Role.READER, make.institution("labour"), False),
    ):
        make.signed_in(client, role, institution=place)
        page = shown(client, record)
        assert ["Zorbatrix." in page, "Klimperfa." in page] == [is_told, is_told]


# The list.


def listed(client, query: str) -> list[str]:
    return [row.record.code for row in client.get(reverse(REGISTER) + query).context["listing"].rows()]


def options(client, query: str, key: str) -> dict[str, int]:
    facets = client.get(reverse(REGISTER) + query).context["listing"].facets
    shown = next((facet for facet in facets if facet["key"] == key), None)
    return {option["key"]: option["count"] for option in [*shown["options"], *shown["more"]]} if shown else {}


def four_records() -> list[Recommendation]:
    """Past its day, due soon, due later, and without a lead."""
    today = timezone.localdate()
    records = [make.recommendation(stand="noted") for _number in range(4)]
    for record, code, days in zip(records, ("health", "health", "labour"), (-1, 30, 31), strict=False):
        make.assignment(record, make.institution(code), due_on=today + timedelta(days=days), since=date(2025, 1, 1))
    make.assignment(records[3], make.institution("police"), part="supporting")
    return records


@pytest.mark.database
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?lead=health", [0, 1]),
        ("?lead=-", [3]),
        ("?lead=labour&lead=-", [2, 3]),
        ("?due=past", [0]),
        ("?due=soon", [1]),
        ("?due=later", [2]),
        ("?due=-", [3]),
        ("?lead=health&due=soon&stand=noted", [1]),
        ("?lead=police", []),
    ],
)
def test_the_list_is_narrowed_by_who_leads_and_by_when_it_is_due(client, query, found):
    make.signed_in(client, Role.COORDINATOR)
    records = four_records()
    assert listed(client, query) == [records[number].code for number in found]


@pytest.mark.parametrize(
    "query", ["", "?stand=noted", "?stand=noted&kind=recommendation", "?lead=health", "?due=soon"]
)
def test_each_value_has_its_number_of_records(client, query):
    make.signed_in(client, Role.COORDINATOR)
    four_records()
    assert options(client, query, "lead") == ({"health": 1} if "due" in query else {"health": 2, "labour": 1, "-": 1})
    assert options(client, query, "due") == (
        {"past": 1, "soon": 1} if "lead" in query else {"past": 1, "soon": 1, "later": 1, "-": 1}
    )


@pytest.mark.database
def test_the_numbers_of_a_large_register_are_asked_for_each_time(client, monkeypatch):
    monkeypatch.setattr(counts, "stamp_if_worth_keeping", lambda *_most: counts.stamp())
    make.signed_in(client, Role.COORDINATOR)
    four_records()
    assert options(client, "", "lead") == {"health": 2, "labour": 1, "-": 1}
    Assignment.objects.filter(institution__code="labour").update(due_on=timezone.localdate())
    assert options(client, "", "due") == {"past": 1, "soon": 2, "-": 1}


@pytest.mark.database
def test_overlapping_sets_are_counted_once_they_are_asked_for(client):
    health = make.institution("health")
    make.signed_in(client, Role.FOCAL_POINT, institution=health)
    four_records()
    assert options(client, "", "assigned") == {}
    assert options(client, "?assigned=mine", "assigned") == {"mine": 2, "mine-due": 2}
    assert options(client, "?assigned=mine-due&due=past", "assigned") == {"mine": 1, "mine-due": 1}


def test_a_row_says_who_leads_and_when_it_is_due(client):
    make.signed_in(client, Role.READER, institution=make.institution("elsewhere"))
    make.assignment(make.recommendation(), make.institution("health"), due_on=date(2026, 12, 24))
    rows = client.get(reverse(REGISTER)).context["listing"].rows()
    assert [(row.lead, row.due, row.is_overdue) for row in rows] == [("HEALTH", "24 Dec 2026", False)]


def test_who_reads_for_one_body_learns_nothing_of_the_others(client):
    health, crc = make.institution("health"), make.body("CRC", "treaty-body")
    mine, other = make.recommendation(body=crc, review=None), make.recommendation()
    for record in (mine, other):
        make.assignment(record, health, due_on=date(2099, 1, 1))
    person = make.user(Role.PUBLIC)
    make.appointment(person, health, bodies="CRC")
    client.force_login(person)
    assert {row.record.code: bool(row.lead) for row in client.get(reverse(REGISTER)).context["listing"].rows()} == {
        mine.code: True,
        other.code: False,
    }
    assert (
        listed(client, "?lead=health")
        == listed(client, "?due=later")
        == listed(client, "?assigned=mine")
        == [mine.code]
    )
    assert options(client, "", "lead") == {"health": 1}
    assert len(listed(client, "?lead=-")) == 2  # no filter for them: they cannot tell "without" from "not open"
    rows = json.loads(b"".join(client.get(reverse("desk:register_export", args=["json"])).streaming_content))
    told = {row["code"]: row["lead_institution"] for row in rows["recommendations"]}
    assert told == {mine.code: "health", other.code: None}


def test_a_contributor_sees_neither_filter_nor_column(client):
    make.assignment(make.recommendation(), make.institution("zorbatrix"))
    make.signed_in(client, Role.CONTRIBUTOR)
    assert "zorbatrix" not in client.get(reverse(REGISTER)).content.decode().casefold()
    assert len(listed(client, "?lead=-&assigned=mine")) == 1
    table = b"".join(client.get(reverse("desk:register_export", args=["csv"])).streaming_content).decode()
    assert "lead_institution" not in table
    assert "zorbatrix" not in table


def test_files_name_the_institutions_and_the_day(client):
    make.signed_in(client, Role.COORDINATOR)
    record = make.recommendation()
    make.assignment(record, make.institution("health"), due_on=date(2026, 12, 24))
    for code in ("labour", "police"):
        make.assignment(record, make.institution(code), part="supporting")
    make.recommendation()
    table = b"".join(client.get(reverse("desk:register_export", args=["csv"])).streaming_content).decode()
    first, second = csv.DictReader(io.StringIO(table))
    names = ("lead_institution", "supporting_institutions", "due_on")
    assert [first[name] for name in names] == ["health", "labour\npolice", "2026-12-24"]
    assert [second[name] for name in names] == ["", "", ""]
    workbook = client.get(reverse("desk:register_export", args=["xlsx"])).getvalue()
    header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    assert [rows[0][header.index(name)] for name in names] == ["health", "labour\npolice", "2026-12-24"]


def test_a_file_that_is_passed_on_says_what_its_readers_may_know(client):
    make.signed_in(client, Role.COORDINATOR)
    make.assignment(make.recommendation(), make.institution("health"))
    url = reverse("desk:register_export", args=["json"])
    kept = {code: b"".join(client.get(url, {"as": code}).streaming_content).decode() for code in ("public", "health")}
    assert ["lead_institution" in kept[code] for code in ("public", "health")] == [False, True]


def test_a_saved_list_keeps_who_leads(client):
    person = make.signed_in(client, Role.COORDINATOR)
    four_records()
    client.post(reverse("desk:save_view"), {"name": "Health, soon", "lead": "health", "due": "soon"})
    assert SavedView.objects.get(owner=person).query == "?lead=health&due=soon"
    assert tiles_on_desk(client)[f"saved-{SavedView.objects.get().pk}"].count == 1


@pytest.mark.database
def test_the_list_costs_the_same_with_many_assignments(client):
    make.signed_in(client, Role.COORDINATOR)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(REGISTER), {"lead": "health"}).context["listing"].page.paginator.count
        return len(captured)

    make.term()
    make.assignment(make.recommendation(), make.institution("health"))
    few = cost()
    for number in range(10):
        record = make.recommendation()
        make.assignment(record, make.institution("health"))
        make.assignment(record, make.institution(f"other{number}"), part="supporting")
        Tagging.objects.create(recommendation=record, term=make.term())
    assert cost() == few <= 26
