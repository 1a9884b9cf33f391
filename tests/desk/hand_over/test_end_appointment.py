"""Ending an appointment: who takes over, what goes to them, and that nothing of it is done by halves."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.desk.hand_over.services import end_appointment
from servanda.intake.models import Batch
from servanda.jobs.models import Mail
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Appointment, HandOver
from servanda.recommendations.models import SavedView
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 6, 30)


@pytest.fixture
def ministry():
    return make.institution("moj", name="Ministry of Justice")


@pytest.fixture
def appointment(ministry) -> Appointment:
    return make.appointment(make.user(Role.PUBLIC, name="Ana"), ministry, bodies="CRC,CEDAW")


@pytest.fixture
def newcomer():
    return make.user(Role.PUBLIC, name="Bo", email="bo@example.org")


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


def hand_over(appointment: Appointment, to, by, **fields) -> HandOver:
    given = {"on": LAST_DAY, "act": "Decree 7", "note": "Ask early.", "origin": "https://desk.example.org", **fields}
    return end_appointment(appointment=appointment, to=to, by=by, **given)


def test_the_newcomer_holds_the_same_function_from_the_day_after(appointment, newcomer, coordinator, ministry):
    made = hand_over(appointment, newcomer, coordinator)
    appointment.refresh_from_db()
    assert appointment.end == LAST_DAY
    new = newcomer.appointments.get()
    assert (new.institution, new.function, new.act) == (ministry, appointment.function, "Decree 7")
    assert (new.start, new.end, new.bodies) == (LAST_DAY + timedelta(days=1), None, "CRC,CEDAW")
    assert (made.appointment, made.to, made.note) == (appointment, newcomer, "Ask early.")


def test_an_appointment_may_end_while_nobody_takes_over(appointment, coordinator):
    made = hand_over(appointment, None, coordinator)
    assert made.to is None
    assert Appointment.objects.count() == 1
    assert not Mail.objects.exists()


def test_files_that_wait_go_to_the_newcomer_and_finished_ones_stay(appointment, newcomer, coordinator):
    waiting, done = (
        Batch.objects.create(name=f"{state}.docx", state=state, created_by=appointment.person)
        for state in (Batch.State.PREVIEWED, Batch.State.APPLIED)
    )
    of_another = Batch.objects.create(name="other.docx", state=Batch.State.PREVIEWED, created_by=coordinator)
    hand_over(appointment, newcomer, coordinator)
    owners = dict(Batch.objects.values_list("pk", "created_by"))
    assert owners == {waiting.pk: newcomer.pk, done.pk: appointment.person_id, of_another.pk: coordinator.pk}


def test_saved_lists_are_copied_with_where_they_come_from(appointment, newcomer, coordinator):
    SavedView.objects.create(owner=appointment.person, name="Pledges", query="?kind=pledge")
    SavedView.objects.create(owner=newcomer, name="Pledges", query="?kind=pledge&body=CRC")
    hand_over(appointment, newcomer, coordinator)
    assert dict(newcomer.saved_views.values_list("name", "query")) == {
        "Pledges": "?kind=pledge&body=CRC",
        "Pledges (from moj, Focal point, principal)": "?kind=pledge",
    }
    assert appointment.person.saved_views.get().name == "Pledges"


@pytest.mark.database
def test_a_list_with_a_long_name_is_copied_too(appointment, newcomer, coordinator):
    SavedView.objects.create(owner=appointment.person, name="n" * 120, query="?q=x")
    hand_over(appointment, newcomer, coordinator)
    copied = newcomer.saved_views.get().name
    assert len(copied) == 120
    assert copied.endswith("nn (from moj, Focal point, principal)")


def test_the_newcomer_gets_a_mail_with_the_way_to_the_pack(appointment, newcomer, coordinator):
    made = hand_over(appointment, newcomer, coordinator)
    mail = Mail.objects.get()
    assert mail.to == "bo@example.org"
    assert mail.subject.endswith(": Focal point, principal, Ministry of Justice")
    assert f"https://desk.example.org{reverse('desk:hand_over', args=[made.pk])}" in mail.body


def test_the_mail_is_in_the_language_of_the_newcomer(appointment, newcomer, coordinator, ministry):
    ministry.name = {"en": "Ministry of Justice", "ar": "وزارة العدل"}
    ministry.save()
    newcomer.language = "ar"
    hand_over(appointment, newcomer, coordinator)
    assert "وزارة العدل" in Mail.objects.get().subject


def test_the_trail_tells_it_without_names_in_the_difference(appointment, newcomer, coordinator):
    made = hand_over(appointment, newcomer, coordinator)
    event = Event.objects.get(action="handed-over")
    assert (event.object_type, event.object_id, event.actor) == ("people.handover", str(made.pk), coordinator)
    assert str(newcomer.pk) in event.difference
    for name in ("Ana", "Bo", "example.org"):
        assert name not in event.difference


def test_a_refusal_in_the_middle_leaves_everything_as_it_was(appointment, newcomer, coordinator, ministry):
    Batch.objects.create(name="list.docx", state=Batch.State.PREVIEWED, created_by=appointment.person)
    make.appointment(make.user(Role.PUBLIC), ministry, start=LAST_DAY + timedelta(days=5))
    before = Event.objects.count()
    with pytest.raises(Refused, match="principal focal point"):
        hand_over(appointment, newcomer, coordinator)
    appointment.refresh_from_db()
    assert appointment.end is None
    assert not newcomer.appointments.exists()
    assert not HandOver.objects.exists()
    assert not Mail.objects.exists()
    assert Batch.objects.get().created_by == appointment.person
    assert Event.objects.count() == before


def test_an_appointment_is_handed_over_once(appointment, newcomer, coordinator):
    hand_over(appointment, newcomer, coordinator)
    with pytest.raises(Refused, match="already"):
        hand_over(appointment, make.user(Role.PUBLIC), coordinator)
    assert HandOver.objects.get().to == newcomer


def post(client, appointment: Appointment, **fields):
    return client.post(reverse("desk:end_appointment", args=[appointment.pk]), {"on": LAST_DAY.isoformat(), **fields})


def test_the_form_leads_to_the_pack(client, appointment, newcomer, coordinator):
    client.force_login(coordinator)
    answer = post(client, appointment, to=newcomer.pk, note="Ask early.")
    assert answer.url == reverse("desk:hand_over", args=[HandOver.objects.get().pk])
    assert "http://testserver/" in Mail.objects.get().body


def test_a_refusal_is_said_beside_its_field_and_kept_in_the_trail(client, appointment, newcomer, coordinator):
    client.force_login(coordinator)
    answer = post(client, appointment, on="2025-12-31", to=newcomer.pk)
    assert answer.status_code == 422
    assert ". Enter this or a later date as the end date." in str(answer.context["form"].errors["on"])
    assert Event.objects.get(action="refused").object_label == "end_appointment"
    assert not HandOver.objects.exists()


def test_who_leaves_erased_people_and_strangers_are_not_offered(client, appointment, newcomer, coordinator):
    erased = make.user(Role.PUBLIC, erased_at=timezone.now())
    client.force_login(coordinator)
    page = client.get(reverse("desk:end_appointment", args=[appointment.pk]))
    offered = set(page.context["form"].fields["to"].queryset)
    assert newcomer in offered
    assert not offered & {appointment.person, erased}
    assert post(client, appointment, to=appointment.person_id).status_code == 422


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.CONTRIBUTOR, Role.AUDITOR])
def test_nobody_else_ends_an_appointment(client, appointment, role):
    client.force_login(make.user(role))
    assert post(client, appointment).status_code == 403
    appointment.refresh_from_db()
    assert appointment.end is None
