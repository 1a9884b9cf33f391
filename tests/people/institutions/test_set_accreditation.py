from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.appointments import services as appointments
from servanda.people.institutions import services as institutions
from servanda.people.institutions.accreditations import set_accreditation
from servanda.people.invitations import services as invitations
from servanda.people.models import Accreditation, Appointment, Institution, User
from servanda.people.successions import services as successions
from servanda.people.versioning import version_of
from servanda.trail.models import Event
from servanda.trail.sentences import sentence
from tests import make

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)
SAID = {"status": "a", "start": DAY, "source": "GANHRI, report of March 2026"}


@pytest.fixture
def institute() -> Institution:
    return make.institution("nhri", name="Institute for Human Rights")


def set_by(role: str, institute: Institution, **values) -> Accreditation:
    return set_accreditation(institution=institute, **{**SAID, **values}, by=make.user(role, name="Ada"))


def periods(institute: Institution) -> list[tuple]:
    return list(Accreditation.objects.valid().filter(institution=institute).values_list("status", "start", "end"))


def test_an_administrator_enters_it_and_the_trail_tells(institute):
    set_by(Role.ADMINISTRATOR, institute)
    assert periods(institute) == [("a", DAY, None)]
    event = Event.objects.first()
    assert event.action == "accreditation-set"
    assert [word for word in ("Ada", "Institute for Human Rights", "A status") if word not in sentence(event)] == []
    assert "GANHRI, report of March 2026" in event.difference


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.CONTRIBUTOR])
def test_nobody_else_does(institute, role):
    with pytest.raises(Refused, match="Ask an administrator"):
        set_by(role, institute)
    assert periods(institute) == []


def test_each_ends_on_the_day_before_the_next_and_the_history_stays(institute):
    later = DAY + timedelta(days=30)
    set_by(Role.ADMINISTRATOR, institute)
    set_by(Role.ADMINISTRATOR, institute, status="suspended", start=later)
    assert periods(institute) == [("suspended", later, None), ("a", DAY, later - timedelta(days=1))]
    days = (DAY - timedelta(days=1), DAY, later - timedelta(days=1), later)
    assert [Accreditation.objects.signing(on=day).exists() for day in days] == [False, True, True, False]


def test_an_entry_from_the_same_day_replaces_a_mistake_and_none_goes_back(institute):
    set_by(Role.ADMINISTRATOR, institute)
    set_by(Role.ADMINISTRATOR, institute, status="b")
    assert periods(institute) == [("b", DAY, None)]
    assert Accreditation.objects.filter(institution=institute).count() == 2
    with pytest.raises(Refused, match="this or a later date"):
        set_by(Role.ADMINISTRATOR, institute, start=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"start": timezone.localdate() + timedelta(days=1)}, "not in the future"),
        ({"source": " "}, "Enter the source"),
    ],
)
def test_it_has_a_day_that_has_come_and_a_source(institute, fields, why):
    with pytest.raises(Refused, match=why):
        set_by(Role.ADMINISTRATOR, institute, **fields)


@pytest.mark.parametrize(
    ("status", "signs"),
    [("a", True), ("b", True), ("under-review", True), ("suspended", False), ("removed", False), ("none", False)],
)
def test_which_accreditations_sign(institute, status, signs):
    assert make.accreditation(institute, status).signs == signs
    assert Accreditation.objects.signing(on=DAY).exists() == signs


def test_the_page_is_for_administrators_and_the_institution_shows_the_history(client, institute):
    page = reverse("people:set_accreditation", args=[institute.pk])
    make.signed_in(client, Role.COORDINATOR)
    assert client.post(page, SAID).status_code == 403
    make.signed_in(client, Role.ADMINISTRATOR)
    assert client.post(page, {**SAID, "source": ""}).status_code == 422
    shown = client.post(page, SAID, follow=True).content.decode()
    assert "A status" in shown
    assert "GANHRI, report of March 2026" in shown


def edit(institute: Institution, person: Appointment, by: User) -> None:
    names = ("code", "branch", "level", "parent", "email", "phone", "address", "active_from")
    data = {name: getattr(institute, name) for name in names} | {"name": "Ministry of Praise"}
    institutions.edit_institution(institution=institute, seen=version_of(institute), **data, by=by)


def close(institute: Institution, person: Appointment, by: User) -> None:
    successions.close_institution(institution=institute, on=timezone.localdate(), act="", by=by)


def succeed(institute: Institution, person: Appointment, by: User) -> None:
    data = {"on": timezone.localdate(), "act": "", "moves_appointments": True}
    successions.succeed_institution(institution=institute, successors=[make.institution("moj")], **data, by=by)


def appoint(institute: Institution, person: Appointment, by: User) -> None:
    data = {"function": "contributor", "act": "", "start": DAY, "end": None, "bodies": ""}
    appointments.appoint_person(person=make.user(), institution=institute, **data, by=by)


def invite(institute: Institution, person: Appointment, by: User) -> None:
    data = {"function": "contributor", "act": "", "start": DAY, "end": None, "bodies": ""}
    invitations.invite_person(
        email="spy@example.org", name="Spy", appointment={"institution": institute, **data}, by=by
    )


def end(institute: Institution, person: Appointment, by: User) -> None:
    appointments.end_appointment(appointment=person, on=timezone.localdate(), by=by)


@pytest.mark.parametrize("status", ["a", "removed"])
@pytest.mark.parametrize("deed", [edit, close, succeed, appoint, invite, end])
def test_the_coordinator_lays_no_hand_on_an_institution_that_was_ever_accredited(institute, deed, status):
    person = make.user(Role.CONTRIBUTOR, institute).appointments.get()
    make.accreditation(institute, status)
    with pytest.raises(Refused, match="This institution is accredited. Ask an administrator to"):
        deed(institute, person, make.user(Role.COORDINATOR))
    institute.refresh_from_db()
    assert (str(institute.name), institute.active_to) == ("Institute for Human Rights", None)
    assert list(institute.appointments.values_list("pk", "end")) == [(person.pk, None)]
    deed(institute, person, make.user(Role.ADMINISTRATOR))


def test_nor_does_the_coordinator_revoke_the_invitation_of_its_people(institute):
    place = {"institution": institute, "function": "contributor", "act": "", "start": DAY, "end": None, "bodies": ""}
    administrator = make.user(Role.ADMINISTRATOR)
    invited = invitations.invite_person(email="n@example.org", name="Nia", appointment=place, by=administrator)
    make.accreditation(institute)
    with pytest.raises(Refused, match="This institution is accredited. Ask an administrator to"):
        invitations.revoke_invitation(person=invited.invitation.person, by=make.user(Role.COORDINATOR))
    invitations.revoke_invitation(person=invited.invitation.person, by=administrator)


@pytest.mark.parametrize("function", ["contributor", "principal", "authority"])
def test_nor_appoints_one_of_its_contributors_elsewhere(institute, function):
    nia, ministry = make.user(Role.CONTRIBUTOR, institute), make.institution("moe")
    make.accreditation(institute)
    data = {"function": function, "act": "", "start": DAY, "end": None, "bodies": ""}
    with pytest.raises(Refused, match="This person contributes for Institute for Human Rights, which is accredited"):
        appointments.appoint_person(person=nia, institution=ministry, **data, by=make.user(Role.COORDINATOR))
    assert list(nia.appointments.values_list("institution__code", flat=True)) == [institute.code]
    made = appointments.appoint_person(person=nia, institution=ministry, **data, by=make.user(Role.ADMINISTRATOR))
    appointments.end_appointment(appointment=made, on=timezone.localdate(), by=make.user(Role.COORDINATOR))
