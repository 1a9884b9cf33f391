import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Can, Role, can
from servanda.people.appointments import services as appointments
from servanda.people.models import Appointment, HandOver, Institution, User, answering_for
from servanda.people.successions.services import close_institution, reopen_institution, succeed_institution
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 30)
DAY = date(2026, 7, 1)


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def succeed(institution, *successors, by, on=DAY, moves=False) -> Institution:
    return succeed_institution(
        institution=institution, successors=successors, on=on, act="Law 7", moves_appointments=moves, by=by
    )


def close(institution, *, by) -> Institution:
    return close_institution(institution=institution, on=LAST, act="", by=by)


def restricted_to(institution: Institution) -> Recommendation:
    record = make.recommendation(confidentiality="restricted", is_published=False)
    record.restricted_to.add(institution)
    return record


def test_people_of_the_successor_read_what_is_restricted_to_the_predecessor(coordinator):
    old, new, other = make.institution("old"), make.institution("new"), make.institution("other")
    record = restricted_to(old)
    focal_point, outsider = make.user(Role.FOCAL_POINT, new), make.user(Role.FOCAL_POINT, other)
    assert not Recommendation.objects.visible_to(focal_point).filter(pk=record.pk).exists()
    succeed(old, new, by=coordinator)
    focal_point, outsider = (User.objects.get(pk=person.pk) for person in (focal_point, outsider))
    assert Recommendation.objects.visible_to(focal_point).filter(pk=record.pk).exists()
    assert not Recommendation.objects.visible_to(outsider).filter(pk=record.pk).exists()


@pytest.mark.database
def test_after_a_split_and_a_merger_all_heirs_answer_for_the_first(coordinator):
    first, left, right, last = (make.institution(code) for code in ("first", "left", "right", "last"))
    succeed(first, left, right, by=coordinator)
    succeed(left, last, by=coordinator, on=DAY + timedelta(days=30))
    assert answering_for({last.pk}) == {last.pk, left.pk, first.pk}
    assert answering_for({right.pk}) == {right.pk, first.pk}


def test_a_succession_closes_the_predecessor_and_keeps_the_act(client, coordinator):
    old, new = make.institution("old"), make.institution("new")
    answer = client.post(
        reverse("people:succeed_institution", args=[old.pk]), {"successors": [new.pk], "on": DAY, "act": "Law 7"}
    )
    assert answer.url == reverse("people:institution", args=[old.pk])
    old.refresh_from_db()
    succession = old.successions.get()
    assert (old.active_to, succession.successor, succession.on, succession.act) == (LAST, new, DAY, "Law 7")
    event = Event.objects.first()
    assert (event.action, json.loads(event.difference)["successors"]) == ("institution-succeeded", ["", "new"])
    assert "Law 7" in client.get(reverse("people:institution", args=[new.pk])).content.decode()
    assert "Successors" in client.get(reverse("people:institution", args=[old.pk])).content.decode()


def test_who_was_appointed_to_the_old_one_is_appointed_to_the_new_one(coordinator):
    old, new = make.institution("old"), make.institution("new")
    person = make.user(Role.PUBLIC)
    appointment = make.appointment(person, old, "principal", bodies="CRC", end=date(2027, 1, 31))
    succeed(old, new, by=coordinator, moves=True)
    appointment.refresh_from_db()
    assert appointment.end == LAST
    made = Appointment.objects.get(institution=new)
    assert (made.person, made.function, made.bodies, made.act) == (person, "principal", "CRC", "Law 7")
    assert (made.start, made.end) == (DAY, date(2027, 1, 31))
    assert HandOver.objects.get(appointment=appointment).to == person


def test_without_the_box_appointments_end_with_the_institution_and_sessions_with_them(coordinator):
    old, new = make.institution("old"), make.institution("new")
    person = make.user(Role.FOCAL_POINT, old)
    succeed(old, new, by=coordinator)
    after = User.objects.get(pk=person.pk)
    assert not can(after, Can.USE_DESK)
    assert after.session_stamp != person.session_stamp
    assert not Appointment.objects.filter(institution=new).exists()


def test_two_principals_do_not_meet_at_the_successor_and_nothing_is_done(coordinator):
    old, new = make.institution("old"), make.institution("new")
    make.user(Role.FOCAL_POINT, old)
    make.user(Role.FOCAL_POINT, new, name="Prima")
    with pytest.raises(Refused, match="has a principal focal point, Prima"):
        succeed(old, new, by=coordinator, moves=True)
    old.refresh_from_db()
    assert (old.active_to, old.successions.count()) == (None, 0)
    assert Appointment.objects.get(institution=old).end is None


def test_who_holds_the_function_there_already_keeps_it_as_it_is(coordinator):
    old, new = make.institution("old"), make.institution("new")
    person = make.user(Role.READER, old)
    kept = make.appointment(person, new, "reader")
    succeed(old, new, by=coordinator, moves=True)
    assert Appointment.objects.get(institution=new) == kept


def test_parts_go_to_the_one_successor(coordinator):
    old, new = make.institution("old"), make.institution("new")
    part = make.institution("part", parent=old)
    gone = make.institution("gone", parent=old, active_to=date(2020, 1, 1))
    succeed(old, new, by=coordinator)
    part.refresh_from_db()
    gone.refresh_from_db()
    assert (part.parent, gone.parent) == (new, old)


def refused(match: str, deed) -> None:
    before = Event.objects.count()
    with pytest.raises(Refused, match=match):
        deed()
    assert Event.objects.count() == before


def test_each_bad_succession_is_refused_with_what_to_do(coordinator):
    old, new = make.institution("old", active_from=date(2020, 1, 1)), make.institution("new")
    part = make.institution("part", parent=old)
    late = make.institution("late", active_from=date(2026, 8, 1))
    closed = make.institution("closed", active_to=date(2030, 1, 1))
    refused("at least one", lambda: succeed(old, by=coordinator))
    refused("An institution cannot be its own successor. Select", lambda: succeed(old, old, by=coordinator))
    refused("PART is part of OLD. Move it to another", lambda: succeed(old, part, by=coordinator))
    refused(
        "LATE does not exist on",
        lambda: succeed(old, late, by=coordinator),
    )
    refused("CLOSED does not exist", lambda: succeed(old, closed, by=coordinator))
    refused("Enter a later date", lambda: succeed(old, new, by=coordinator, on=date(2020, 1, 1)))
    refused(
        "These institutions are part of it: PART",
        lambda: succeed(old, new, late, by=coordinator, on=date(2026, 9, 1)),
    )
    both = {"on": date(2026, 9, 1), "moves": True}
    refused(
        "With several successors, appointments cannot be", lambda: succeed(old, new, late, by=coordinator, **both)
    )
    succeed(make.institution("older"), old, by=coordinator, on=DAY)
    refused("The institution succeeded OLDER", lambda: succeed(old, new, by=coordinator, on=DAY))


def test_a_refusal_stands_beside_its_field(client, coordinator):
    old = make.institution("old", active_from=DAY)
    answer = client.post(
        reverse("people:succeed_institution", args=[old.pk]), {"successors": [make.institution("new").pk], "on": DAY}
    )
    assert answer.status_code == 422
    assert "Enter a later date" in answer.context["form"].errors["on"][0]


def test_closing_ends_appointments_on_the_last_day(client, coordinator):
    institution = make.institution()
    appointment = make.appointment(make.user(Role.PUBLIC), institution, "authority")
    client.post(reverse("people:close_institution", args=[institution.pk]), {"on": LAST, "act": "Law 7"})
    institution.refresh_from_db()
    appointment.refresh_from_db()
    assert (institution.active_to, appointment.end) == (LAST, LAST)
    difference = json.loads(Event.objects.get(action="institution-closed").difference)
    assert (difference["act"], difference["appointments_ended"]) == (["", "Law 7"], [[], [appointment.pk]])


def test_each_bad_closing_is_refused_with_what_to_do(coordinator):
    institution = make.institution("there")
    part = make.institution("part", parent=institution)
    refused("These institutions are part of it: PART", lambda: close(institution, by=coordinator))
    close(part, by=coordinator)
    refused("The institution is already closed. Its end date is", lambda: close(part, by=coordinator))
    make.appointment(make.user(Role.PUBLIC, name="Later"), institution, start=date(2026, 9, 1))
    refused("The appointment of Later begins on", lambda: close(institution, by=coordinator))


@pytest.mark.database
def test_reopening_takes_everything_back(client, coordinator):
    old, new = make.institution("old"), make.institution("new")
    part = make.institution("part", parent=old)
    own = make.institution("own", parent=new)
    person = make.user(Role.PUBLIC)
    appointment = appointments.appoint_person(
        person=person, institution=old, function="principal", act="", start=date(2026, 1, 1), end=date(2027, 1, 31),
        bodies="", by=coordinator,
    )  # fmt: skip
    succeed(old, new, by=coordinator, moves=True)
    client.post(reverse("people:reopen_institution", args=[old.pk]))
    for row in (old, appointment, part, own):
        row.refresh_from_db()
    assert (old.active_to, appointment.end, part.parent, own.parent) == (None, date(2027, 1, 31), old, new)
    assert (old.successions.count(), HandOver.objects.count()) == (0, 0)
    assert not Appointment.objects.filter(institution=new).exists()
    assert Event.objects.first().action == "institution-reopened"


def test_reopening_leaves_what_was_changed_since(coordinator):
    old, new = make.institution("old"), make.institution("new")
    person = make.user(Role.READER, old)
    ended_before = make.appointment(make.user(Role.PUBLIC), old, "alternate", end=LAST)
    succeed(old, new, by=coordinator, moves=True)
    moved = Appointment.objects.get(institution=new, person=person)
    appointments.end_appointment(appointment=moved, on=date(2026, 8, 1), by=coordinator)
    reopen_institution(institution=old, by=coordinator)
    ended_before.refresh_from_db()
    assert ended_before.end == LAST
    assert Appointment.objects.filter(pk=moved.pk).exists()


def test_what_is_open_or_part_of_a_closed_one_is_not_reopened(coordinator):
    institution = make.institution("there")
    part = make.institution("part", parent=institution)
    refused("is not closed", lambda: reopen_institution(institution=institution, by=coordinator))
    close(part, by=coordinator)
    close(institution, by=coordinator)
    refused(
        "The institution is part of THERE, which is closed",
        lambda: reopen_institution(institution=part, by=coordinator),
    )


def test_a_closed_institution_leaves_the_list_the_day_after(client, coordinator):
    institution, today = make.institution(), timezone.localdate()
    for last_day, is_there in ((today, True), (today - timedelta(days=1), False)):
        Institution.objects.filter(pk=institution.pk).update(active_to=last_day)
        page = client.get(reverse("people:institutions"))
        assert (institution in [row[0] for row in page.context["rows"]]) is is_there
