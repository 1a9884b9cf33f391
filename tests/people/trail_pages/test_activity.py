"""The parts of the trail that one thing, person or institution has; downloads; and who may know a contributor."""

import csv
import io
import json
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from servanda.desk.hand_over.services import end_appointment
from servanda.people.access import Role
from servanda.people.appointments.services import appoint_person, reopen_appointment
from servanda.people.models import HandOver, User
from servanda.people.naming import unnamed
from servanda.people.trail_pages.presenter import contributors_hidden_from, event_lines
from servanda.trail.models import Event
from tests import make
from tests.house.answers import body_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    return make.signed_in(client, Role.AUDITOR, name="Aud")


@pytest.fixture
def labels(client, auditor):
    def labels(name: str, *arguments, **filters) -> list[str]:
        page = client.get(reverse(f"people:{name}", args=arguments), filters)
        assert page.status_code == 200
        return [row.event.object_label for row in page.context["rows"]]

    return labels


def at(day: str, **what) -> None:
    event = Event.record("instance-edited", **what)
    Event.objects.filter(pk=event.pk).update(at=f"{day}T12:00:00+00:00")


def test_a_thing_shows_what_was_done_to_it_and_nothing_else(labels):
    record, other = make.recommendation(), make.recommendation()
    Event.record("recommendation-edited", record)
    Event.record("recommendation-edited", other)
    assert labels("activity_of_object", "recommendations.recommendation", record.pk) == [record.code]
    assert labels("activity_of_object", "recommendations.recommendation", record.pk, action="labels-added") == []


def test_a_thing_of_a_kind_that_does_not_exist_is_not_found(client, auditor):
    assert client.get(reverse("people:activity_of_object", args=["no.such", 1])).status_code == 404


def test_a_thing_to_which_nothing_happened_says_so(client, auditor):
    page = client.get(reverse("people:activity_of_object", args=["recommendations.recommendation", 1]))
    assert "No events yet" in page.content.decode()


def test_a_person_shows_what_they_did_and_what_was_done_to_them(labels):
    ana, bo = make.user(name="Ana"), make.user(name="Bo")
    Event.record("instance-edited", by=ana, label="by Ana")
    Event.record("appointment-edited", ana.appointments.get(), by=bo, label="on an appointment of Ana")
    Event.record("instance-edited", by=bo, label="by Bo")
    assert labels("activity_of_person", ana.pk) == ["on an appointment of Ana", "by Ana"]


@pytest.mark.database
def test_an_institution_shows_what_its_people_did_in_their_time(labels):
    ministry, other = make.institution("moj"), make.institution("moh")
    ana = make.user("coordinator", name="Ana")
    make.appointment(ana, ministry, start=date(2026, 1, 10), end=date(2026, 1, 20))
    make.appointment(ana, other, start=date(2026, 1, 21))
    for day in ("2026-01-09", "2026-01-10", "2026-01-20", "2026-01-21"):
        at(day, by=ana, label=day)
    Event.record("institution-edited", ministry, by=make.user())
    Event.record("institution-edited", other)
    Event.record("appointment-edited", ministry.appointments.get(), label="on the appointment")
    assert labels("activity_of_institution", ministry.pk) == ["on the appointment", "MOJ", "2026-01-20", "2026-01-10"]


def test_a_reader_may_not_see_the_activity_of_anybody(client):
    person = make.user(Role.READER)
    client.force_login(person)
    assert client.get(reverse("people:activity_of_person", args=[person.pk])).status_code == 403


@pytest.fixture
def contributor():
    return make.user(Role.CONTRIBUTOR, make.institution("ngo"), name="Nina Ngo", email="nina@example.org")


@pytest.fixture
def deeds_of_a_contributor(contributor):
    """By her, on her account, on her appointment, each with her name in the label."""
    Event.record("account-edited", contributor, by=contributor, difference={"phone": ["1", "Nina Ngo"]})
    Event.record("appointment-edited", contributor.appointments.get(), difference={"function": ["", "reader"]})
    Event.record("logged-in", by=contributor)


def everything(client) -> str:
    answers = [client.get(reverse("people:trail")).content]
    answers.append(client.get(reverse("desk:home")).content)
    for format in ("csv", "json"):
        answers.append(body_of(client.get(reverse("people:trail_export", args=[format]))))
    return b"\n".join(answers).decode()


def test_a_contributor_is_not_named_to_an_auditor_on_the_page_or_in_a_file(
    client, auditor, contributor, deeds_of_a_contributor
):
    text = everything(client)
    assert "Nina" not in text
    assert "nina@" not in text
    assert text.count("A contributor logged in.") == 4
    assert client.get(reverse("people:activity_of_person", args=[contributor.pk])).status_code == 404


def test_a_contributor_is_named_to_the_coordinator(client, contributor, deeds_of_a_contributor):
    make.recommendation()  # the desk of an empty installation shows its first steps only
    client.force_login(make.user(Role.COORDINATOR))
    assert everything(client).count("Nina Ngo logged in.") == 4
    assert client.get(reverse("people:activity_of_person", args=[contributor.pk])).status_code == 200


@pytest.mark.parametrize(
    "filters", [{"person": "Nina"}, {"person": "nina@"}, {"words": "Nina"}, {"words": "Contributor"}]
)
def test_no_filter_finds_a_contributor_for_an_auditor(labels, deeds_of_a_contributor, filters):
    assert labels("trail", **filters) == []


def test_the_institution_of_contributors_shows_an_auditor_nothing_of_them(
    labels, contributor, deeds_of_a_contributor
):
    assert labels("activity_of_institution", contributor.appointments.get().institution_id) == []


def test_a_hand_over_that_was_taken_back_tells_an_auditor_no_name(client, auditor, contributor):
    coordinator, appointment = make.user(Role.COORDINATOR), contributor.appointments.get()
    end_appointment(
        appointment=appointment,
        on=date(2026, 3, 1),
        to=None,
        act="",
        note="",
        origin="http://testserver",
        by=coordinator,
    )
    reopen_appointment(appointment=appointment, by=coordinator)
    assert not HandOver.objects.exists()
    assert "Nina" not in everything(client)


def test_an_auditor_does_not_learn_that_somebody_with_a_name_contributes_too(client, auditor):
    person = make.user(Role.READER, name="Rita Reader")
    appointed = {"act": "", "start": date(2026, 1, 1), "end": None, "bodies": ""}
    by, ngo = make.user(Role.COORDINATOR), make.institution("ngo", name="Watch")
    made = appoint_person(person=person, institution=ngo, function="contributor", **appointed, by=by)
    made.delete()
    make.appointment(person, ngo, "contributor")
    Event.record("logged-in", by=User.objects.get(pk=person.pk))
    text = everything(client)
    assert "Rita Reader logged in." in text
    assert "Contributor" not in text
    assert "Watch" not in text


def test_the_two_ways_to_tell_who_is_hidden_agree():
    people = [
        make.user(Role.CONTRIBUTOR),
        make.user(Role.CONTRIBUTOR),
        make.user(Role.READER),
        make.user(Role.COORDINATOR),
        make.user(Role.PUBLIC),
    ]
    make.appointment(people[1], make.institution("moj"), "reader", end=date(2026, 2, 1))
    for reader in [make.user(Role.AUDITOR), make.user(Role.COORDINATOR), people[0]]:
        found = set(contributors_hidden_from(reader).filter(pk__in=[person.pk for person in people]))
        assert {row.pk for row in found} == unnamed(people, to=reader)


def test_telling_costs_the_same_for_one_and_for_many(auditor, django_assert_num_queries):
    place = make.institution("ngo")
    for count in (1, 20):
        for _number in range(count):
            person = make.user(Role.CONTRIBUTOR, place)
            Event.record("appointment-edited", person.appointments.get(), by=person, difference={"person": ["", 1]})
        events = list(Event.objects.select_related("actor"))
        reader = type(auditor).objects.get(pk=auditor.pk)
        with django_assert_num_queries(3):
            event_lines(events, to=reader)


def test_downloads_hold_what_is_filtered_oldest_first_and_leave_a_line(client, auditor):
    for name in ("=1+1", "two"):
        Event.record("instance-edited", by=auditor, label=name, difference={"name": ["old", "new"]})
    Event.record("logged-out", by=auditor)
    data = {"action": "instance-edited", "person": "Aud"}
    text = body_of(client.get(reverse("people:trail_export", args=["csv"]), data)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["object"] for row in rows] == ["'=1+1", "two"]
    assert [row["changes"] for row in rows] == ["name: old → new"] * 2
    exported = Event.objects.first()
    assert (exported.action, exported.actor) == ("trail-exported", auditor)
    assert json.loads(exported.difference) == {"filter": ["", "action, person"], "format": ["", "csv"]}


def test_json_and_workbook_hold_the_same_entries(client, auditor):
    Event.record("instance-edited", by=auditor, label="one", difference={"name": ["old", "new"]})
    data = {"action": "instance-edited"}
    entries = json.loads(body_of(client.get(reverse("people:trail_export", args=["json"]), data)))["entries"]
    book = body_of(client.get(reverse("people:trail_export", args=["xlsx"]), data))
    header, row = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert entries[0]["changes"] == [{"field": "name", "before": "old", "after": "new"}]
    assert (dict(zip(header, row, strict=True))["hash"], row[header.index("changes")]) == (
        entries[0]["hash"],
        "name: old → new",
    )


def test_a_download_from_the_page_of_a_person_or_institution_is_about_them(client, auditor):
    ana, ministry = make.user(name="Ana"), make.institution("moj")
    Event.record("instance-edited", by=ana, label="by Ana")
    Event.record("institution-edited", ministry)
    for name, thing, found in (("person", ana, ["by Ana"]), ("institution", ministry, ["MOJ"])):
        page = client.get(reverse(f"people:activity_of_{name}", args=[thing.pk]))
        link = f"{reverse('people:trail_export', args=['json'])}?{page.context['download']}"
        assert [entry["object"] for entry in json.loads(body_of(client.get(link)))["entries"]] == found


@pytest.mark.parametrize("scope", ["of_person=x", "of_person=99999", "of_institution=-1", "of_kind=no.such"])
def test_a_download_about_nobody_is_not_found_and_never_about_everybody(client, auditor, scope):
    assert client.get(f"{reverse('people:trail_export', args=['csv'])}?{scope}").status_code == 404


def test_a_download_in_another_format_is_not_found(client, auditor):
    assert client.get(reverse("people:trail_export", args=["pdf"])).status_code == 404
