"""No one gives themselves a role, an appointment, or an institution to answer for; another person does."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.appointments import services as appointments
from servanda.people.institutions import accreditations
from servanda.people.institutions import services as institutions
from servanda.people.models import Appointment, Institution, User
from servanda.people.successions import services as successions
from servanda.people.versioning import version_of
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
REFUSED = "You cannot appoint yourself"
TERMS = {"function": "authority", "act": "", "start": date(2026, 1, 1), "end": None, "bodies": ""}


@pytest.fixture
def coordinator() -> User:
    make.user(Role.ADMINISTRATOR)
    return make.user(Role.COORDINATOR)


def appoint(person: User, place: Institution, by: User | None, **terms) -> Appointment:
    return appointments.appoint_person(person=person, institution=place, **TERMS | terms, by=by)


def test_a_coordinator_does_not_appoint_herself(coordinator):
    with pytest.raises(Refused, match=REFUSED):
        appoint(coordinator, make.institution(), coordinator)
    assert not Appointment.objects.filter(person=coordinator).exists()
    assert appoint(make.user(Role.READER), make.institution(), coordinator).pk
    assert appoint(coordinator, make.institution(), User.objects.administrators().get()).pk


def test_the_form_of_an_appointment_does_not_offer_oneself(client, coordinator):
    client.force_login(coordinator)
    address = reverse("people:appoint_person", args=[make.institution().pk])
    assert f'value="{coordinator.pk}"' not in client.get(address).content.decode()
    sent = {"person": coordinator.pk, "function": "authority", "start": "2026-01-01"}
    assert client.post(address, sent).status_code == 422
    assert not Appointment.objects.exists()


def test_one_ends_ones_own_appointment_and_neither_changes_nor_reopens_it(coordinator):
    appointment = make.appointment(coordinator, make.institution(), "reader", end=date(2027, 1, 1))
    with pytest.raises(Refused, match=REFUSED):
        appointments.edit_appointment(appointment=appointment, seen=version_of(appointment), **TERMS, by=coordinator)
    today = timezone.localdate()
    appointments.end_appointment(appointment=appointment, on=today, by=coordinator)
    with pytest.raises(Refused, match=REFUSED):
        appointments.reopen_appointment(appointment=appointment, by=coordinator)
    appointment.refresh_from_db()
    assert (appointment.function, appointment.end) == ("reader", today)


def test_a_succession_moves_nobody_who_presses_the_button(coordinator):
    old, new = make.institution("old"), make.institution("new")
    make.appointment(coordinator, old, "authority")
    make.appointment(make.user(Role.PUBLIC), old)
    deed = {"institution": old, "successors": [new], "on": timezone.localdate() + timedelta(days=1), "act": ""}
    with pytest.raises(Refused, match=REFUSED):
        successions.succeed_institution(**deed, moves_appointments=True, by=coordinator)
    assert Institution.objects.get(code="old").active_to is None
    successions.succeed_institution(**deed, moves_appointments=True, by=User.objects.administrators().get())
    assert Appointment.objects.filter(institution=new).count() == 2


def test_ones_own_institution_takes_the_place_of_no_other(coordinator):
    mine, other = make.institution("mine"), make.institution("other")
    below = make.institution("below", parent=mine)
    make.appointment(coordinator, mine, "authority")
    for successor in (mine, below):
        deed = {"institution": other, "successors": [successor], "on": timezone.localdate(), "act": ""}
        with pytest.raises(Refused, match="You are appointed to MINE"):
            successions.succeed_institution(**deed, moves_appointments=False, by=coordinator)


def test_an_institution_is_not_put_below_ones_own(coordinator):
    mine, other = make.institution("mine"), make.institution("other")
    make.appointment(coordinator, mine, "authority")
    described = {"code": "other", "name": "Other", "branch": "", "level": "", "email": "", "phone": "", "address": ""}
    deed = {**described, "active_from": None, "institution": other, "seen": version_of(other)}
    with pytest.raises(Refused, match="You are appointed to MINE"):
        institutions.edit_institution(**deed, parent=mine, by=coordinator)
    institutions.edit_institution(**deed, parent=mine, by=User.objects.administrators().get())
    other.refresh_from_db()
    deed |= {"seen": version_of(other), "name": "Another"}
    assert institutions.edit_institution(**deed, parent=mine, by=coordinator).parent == mine


def test_an_administrator_does_not_accredit_the_institution_they_act_for():
    administrator, place = make.user(Role.ADMINISTRATOR), make.institution("nhri")
    make.appointment(administrator, place, "contributor")
    deed = {"institution": place, "status": "a", "start": date(2026, 1, 1), "source": "Report"}
    make.user(Role.COORDINATOR)
    with pytest.raises(Refused, match="You are appointed to NHRI"):
        accreditations.set_accreditation(**deed, by=administrator)
    assert accreditations.set_accreditation(**deed, by=None).pk


def test_the_only_account_of_an_instance_appoints_itself_and_the_trail_tells():
    alone, place = make.user(Role.ADMINISTRATOR), make.institution()
    assert appoint(alone, place, alone).person == alone
    event = Event.objects.get(action="person-appointed")
    difference = json.loads(event.difference)
    assert (event.actor, difference["person"][1], difference["only_account"][1]) == (alone, alone.pk, True)
    make.user(Role.READER)
    with pytest.raises(Refused, match=REFUSED):
        appoint(alone, make.institution("other"), alone)


def test_the_command_line_appoints_anybody(coordinator):
    assert appoint(coordinator, make.institution(), None).person == coordinator
