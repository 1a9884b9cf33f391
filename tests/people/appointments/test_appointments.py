import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Can, Role, can
from servanda.people.appointments import services
from servanda.people.models import Appointment, HandOver, User
from servanda.people.versioning import version_of
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
START = date(2026, 3, 1)
FORM = {"function": "principal", "act": "Decree 5", "start": START, "end": "", "bodies": ""}


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def ministry():
    return make.institution("ministry")


def appoint(person, institution, by, **new) -> Appointment:
    fields = {"function": "principal", "act": "", "start": START, "end": None, "bodies": ""}
    return services.appoint_person(person=person, institution=institution, **(fields | new), by=by)


def edit(appointment, by, **new) -> Appointment:
    fields = {name: getattr(appointment, name) for name in ("function", "act", "start", "end", "bodies")}
    seen = version_of(appointment)
    return services.edit_appointment(appointment=appointment, **({"seen": seen} | fields | new), by=by)


def field_refused(deed) -> tuple[str, str]:
    with pytest.raises(services.FieldRefused) as refusal:
        deed()
    return refusal.value.field, str(refusal.value)


def test_an_appointment_gives_its_role_in_this_institution(client, coordinator, ministry):
    person = make.user(Role.PUBLIC)
    address = reverse("people:appoint_person", args=[ministry.pk])
    answer = client.post(address, FORM | {"person": person.pk, "bodies": "CRC, CEDAW,CRC"})
    assert answer.url == reverse("people:institution", args=[ministry.pk])
    made = person.appointments.get()
    assert (made.institution, made.act, made.start, made.bodies) == (ministry, "Decree 5", START, "CRC,CEDAW")
    after = User.objects.get(pk=person.pk)
    assert (after.roles, can(after, Can.READ_INTERNAL)) == ({Role.FOCAL_POINT}, True)


def test_the_trail_knows_the_person_by_number_and_names_nobody(coordinator, ministry):
    person = make.user(Role.PUBLIC, name="Nour Hidden", email="hidden@example.org")
    appoint(person, ministry, coordinator, function="contributor")
    event = Event.objects.first()
    assert (event.action, event.object_label) == ("person-appointed", "Contributor, MINISTRY")
    assert json.loads(event.difference)["person"] == ["", person.pk]
    assert "idden" not in event.difference + event.object_label


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.AUDITOR, Role.CONTRIBUTOR])
def test_nobody_else_appoints_anybody(client, ministry, role):
    person = make.user(role, ministry)
    appointment = make.appointment(make.user(Role.PUBLIC), ministry, "alternate", end=date(2026, 12, 31))
    client.force_login(person)
    assert client.post(reverse("people:appoint_person", args=[ministry.pk]), FORM).status_code == 403
    for name in ("edit_appointment", "reopen_appointment"):
        assert client.post(reverse(f"people:{name}", args=[appointment.pk]), FORM).status_code == 403
    appointment.refresh_from_db()
    assert appointment.end == date(2026, 12, 31)


def test_an_appointment_that_is_not_there_is_not_found(client, coordinator):
    assert client.get(reverse("people:edit_appointment", args=[987654])).status_code == 404


def test_an_end_before_the_start_is_refused(client, coordinator, ministry):
    person = make.user(Role.PUBLIC)
    field, words = field_refused(lambda: appoint(person, ministry, coordinator, end=date(2026, 2, 28)))
    assert (field, "Enter an end date that is not before the start date." in words) == ("end", True)
    address = reverse("people:appoint_person", args=[ministry.pk])
    answer = client.post(address, FORM | {"person": person.pk, "end": "2026-02-28"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["end"])
    assert not Appointment.objects.exists()


def test_nobody_is_appointed_to_an_institution_at_a_time_without_it(coordinator):
    young = make.institution("young", active_from=date(2026, 4, 1))
    closed = make.institution("closed", active_to=date(2026, 6, 30))
    person = make.user(Role.PUBLIC)
    assert field_refused(lambda: appoint(person, young, coordinator))[0] == "start"
    assert field_refused(lambda: appoint(person, closed, coordinator))[0] == "end"
    assert field_refused(lambda: appoint(person, closed, coordinator, end=date(2026, 7, 1)))[0] == "end"
    field, words = field_refused(lambda: appoint(person, closed, coordinator, start=date(2026, 7, 1)))
    assert (field, "Choose its successor" in words) == ("start", True)
    assert appoint(person, closed, coordinator, end=date(2026, 6, 30)).end == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("start", "end", "is_refused"),
    [
        (date(2026, 6, 30), None, True),
        (date(2026, 7, 1), None, False),
        (date(2025, 1, 1), date(2026, 3, 1), True),
        (date(2025, 1, 1), date(2026, 2, 28), False),
        (date(2026, 4, 1), date(2026, 5, 1), True),
        (date(2025, 1, 1), None, True),
    ],
)
def test_the_same_again_and_a_second_principal_are_refused_while_the_first_lasts(
    coordinator, ministry, start, end, is_refused
):
    first, second = make.user(Role.PUBLIC, name="Prima"), make.user(Role.PUBLIC)
    appoint(first, ministry, coordinator, end=date(2026, 6, 30))
    appoint(second, ministry, coordinator, function="alternate", end=date(2026, 6, 30))

    def again():
        appoint(second, ministry, coordinator, function="alternate", start=start, end=end)

    def as_principal():
        appoint(second, ministry, coordinator, start=start, end=end)

    if not is_refused:
        again()
        as_principal()
        assert Appointment.objects.count() == 4
        return
    field, words = field_refused(again)
    assert (field, "This person already holds this function in this" in words) == ("function", True)
    field, words = field_refused(as_principal)
    assert (field, "a principal focal point, Prima, from" in words) == ("function", True)


def test_several_alternates_and_principals_elsewhere_are_no_trouble(coordinator, ministry):
    person = make.user(Role.PUBLIC)
    appoint(person, ministry, coordinator)
    appoint(person, make.institution("other"), coordinator)
    appoint(person, ministry, coordinator, function="authority")
    appoint(make.user(Role.PUBLIC), ministry, coordinator, function="alternate")
    appoint(make.user(Role.PUBLIC), ministry, coordinator, function="alternate")
    assert Appointment.objects.count() == 5


@pytest.mark.parametrize("bodies", ["CRC|CEDAW", "CRC CEDAW", "CRC,<b>", "é"])
def test_what_is_no_code_of_a_body_is_refused(client, coordinator, ministry, bodies):
    address = reverse("people:appoint_person", args=[ministry.pk])
    answer = client.post(address, FORM | {"person": make.user(Role.PUBLIC).pk, "bodies": bodies})
    assert answer.status_code == 422
    assert "” is not the code of a body. Enter codes separated by" in answer.context["form"].errors["bodies"][0]
    assert not Appointment.objects.filter(institution=ministry).exists()


@pytest.mark.parametrize(
    ("entered", "codes"),
    [
        ("CRC, SR Torture", ["CRC", "SR Torture"]),
        ("CRC; SR  Torture\r\nCEDAW", ["CRC", "SR Torture", "CEDAW"]),
        ("SR Truth, justice, reparation;", ["SR Truth, justice, reparation"]),
        ("CRC; SR Truth, justice, reparation", ["CRC", "SR Truth, justice, reparation"]),
    ],
)
def test_codes_with_blanks_and_commas_are_read_again_as_they_were_entered(coordinator, ministry, entered, codes):
    for code in ("SR Torture", "SR Truth, justice, reparation"):
        make.body(code, "special-procedure")
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator, bodies=entered)
    assert appointment.body_codes() == codes
    assert edit(appointment, coordinator, act="Decree 6").body_codes() == codes


def test_a_closed_account_is_appointed_to_nothing_but_an_invited_one_is(client, coordinator, ministry):
    closed = make.user(Role.PUBLIC, is_active=False, name="Closed")
    invited = make.user(Role.PUBLIC, is_active=False, accepted_at=None, name="Invited")
    assert field_refused(lambda: appoint(closed, ministry, coordinator))[0] == "person"
    page = client.get(reverse("people:appoint_person", args=[ministry.pk]))
    assert invited in page.context["form"].fields["person"].queryset
    assert closed not in page.context["form"].fields["person"].queryset
    assert reverse("people:invite_person") in page.content.decode()
    appoint(invited, ministry, coordinator)


def test_a_correction_is_kept_with_its_difference(client, coordinator, ministry):
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator)
    fields = FORM | {"seen": version_of(appointment), "end": "2026-12-31", "act": "Decree 6"}
    answer = client.post(reverse("people:edit_appointment", args=[appointment.pk]), fields)
    assert answer.status_code == 302
    appointment.refresh_from_db()
    assert (appointment.end, appointment.act) == (date(2026, 12, 31), "Decree 6")
    difference = json.loads(Event.objects.first().difference)
    assert difference == {"end": ["", "2026-12-31"], "act": ["", "Decree 6"]}


def test_the_second_of_two_who_edit_is_told(client, coordinator, ministry):
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator)
    seen = version_of(appointment)
    edit(appointment, coordinator, act="First")
    answer = client.post(
        reverse("people:edit_appointment", args=[appointment.pk]), FORM | {"seen": seen, "act": "Second"}
    )
    assert answer.status_code == 422
    assert "Another user changed this while you were editing. Your" in answer.context["form"].non_field_errors()[0]
    appointment.refresh_from_db()
    assert appointment.act == "First"


def test_a_correction_meets_the_same_refusals(coordinator, ministry):
    appoint(make.user(Role.PUBLIC), ministry, coordinator)
    other = appoint(make.user(Role.PUBLIC), ministry, coordinator, function="alternate")
    assert field_refused(lambda: edit(other, coordinator, function="principal"))[0] == "function"
    assert field_refused(lambda: edit(other, coordinator, end=date(2026, 1, 1)))[0] == "end"


def test_a_new_last_day_is_reminded_of_anew(coordinator, ministry):
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator, end=date(2026, 12, 31))
    Appointment.objects.filter(pk=appointment.pk).update(reminded_before=7)
    assert edit(Appointment.objects.get(pk=appointment.pk), coordinator, act="Decree 6").reminded_before == 7
    assert edit(appointment, coordinator, end=date(2027, 12, 31)).reminded_before is None


def test_whoever_holds_nothing_any_more_is_logged_out(client, coordinator, ministry):
    yesterday = timezone.localdate() - timedelta(days=1)
    person = make.user(Role.PUBLIC)
    appointment = make.appointment(person, ministry)
    client.force_login(person)
    assert client.get(reverse("desk:home")).status_code == 200
    services.end_appointment(appointment=appointment, on=yesterday, by=coordinator)
    assert client.get(reverse("desk:home")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_whoever_holds_something_else_stays_logged_in(coordinator, ministry):
    yesterday = timezone.localdate() - timedelta(days=1)
    for person in (make.user(Role.READER), make.user(Role.AUDITOR)):
        appointment = make.appointment(person, ministry, "alternate")
        services.end_appointment(appointment=appointment, on=yesterday, by=coordinator)
        assert User.objects.get(pk=person.pk).session_stamp == person.session_stamp


def test_an_end_before_the_beginning_or_after_the_end_is_refused(coordinator, ministry):
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator, end=date(2026, 12, 31))
    early = field_refused(
        lambda: services.end_appointment(appointment=appointment, on=date(2026, 2, 28), by=coordinator)
    )
    late = field_refused(
        lambda: services.end_appointment(appointment=appointment, on=date(2027, 1, 1), by=coordinator)
    )
    assert [early[0], late[0]] == ["on", "on"]
    assert ("1 March 2026" in early[1], "31 December 2026" in late[1]) == (True, True)
    assert services.end_appointment(appointment=appointment, on=START, by=coordinator).end == START


def test_an_end_is_taken_back_with_its_hand_over(client, coordinator, ministry):
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator, end=date(2026, 12, 31))
    services.end_appointment(appointment=appointment, on=date(2026, 6, 30), by=coordinator)
    taker = make.user(Role.PUBLIC)
    HandOver.objects.create(appointment=appointment, to=taker)
    client.post(reverse("people:reopen_appointment", args=[appointment.pk]))
    appointment.refresh_from_db()
    assert (appointment.end, HandOver.objects.count()) == (date(2026, 12, 31), 0)
    event = Event.objects.first()
    assert event.action == "appointment-reopened"
    assert json.loads(event.difference)["taken_over_by"] == [taker.pk, ""]


def test_an_end_is_not_taken_back_when_somebody_else_is_principal_now(coordinator, ministry):
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator)
    services.end_appointment(appointment=appointment, on=date(2026, 6, 30), by=coordinator)
    appoint(make.user(Role.PUBLIC), ministry, coordinator, start=date(2026, 7, 1))
    with pytest.raises(Refused, match="has a principal focal point"):
        services.reopen_appointment(appointment=appointment, by=coordinator)


def test_an_end_that_stood_there_from_the_start_is_not_taken_back(client, coordinator, ministry):
    appointment = appoint(make.user(Role.PUBLIC), ministry, coordinator, end=date(2026, 6, 30))
    page = client.post(reverse("people:reopen_appointment", args=[appointment.pk]), follow=True)
    assert "The end date has not been changed. To extend the" in page.content.decode()
    appointment.refresh_from_db()
    assert appointment.end == date(2026, 6, 30)


@pytest.mark.parametrize(("days", "is_current"), [(0, True), (1, False)])
def test_an_appointment_lasts_to_the_end_of_its_last_day(ministry, days, is_current):
    last = date(2026, 6, 30)
    make.appointment(make.user(Role.PUBLIC), ministry, end=last)
    assert Appointment.objects.current(on=last + timedelta(days=days)).exists() == is_current
