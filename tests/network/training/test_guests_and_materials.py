"""People without an account in a session, and the files of a course."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import CourseMaterial, CourseRegistration, CourseSession
from servanda.network.training import materials, waiting_list
from servanda.network.training.queries import names_of, needs, participant_rows, participants_of
from servanda.people.models import User
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def guest(session, by, name="Ada Example", institution="Ministry"):
    return waiting_list.register_guest(session=session, name=name, institution=institution, by=by)


def states(session) -> list[str]:
    return list(session.registrations.order_by("pk").values_list("state", flat=True))


def test_guests_and_accounts_share_the_places_and_the_waiting_list(coordinator):
    session, person = network_make.session(network_make.course(), places=1), make.user("reader")
    first = guest(session, coordinator)
    waiting_list.register_for_session(session=session, by=person)
    guest(session, coordinator, "Ben Example")
    assert states(session) == ["registered", "waiting", "waiting"]
    waiting_list.withdraw_guest(registration=first, by=coordinator)
    assert states(session) == ["withdrawn", "registered", "waiting"]
    waiting_list.restore_guest(registration=first, by=coordinator)
    assert states(session) == ["waiting", "registered", "waiting"]
    rows = list(participants_of(coordinator, session))
    assert set(names_of(rows, to=coordinator).values()) == {"Ada Example", str(person), "Ben Example"}
    assert {row[1] for row in participant_rows(rows, to=coordinator)} == {"Ministry", ""}


def test_a_person_with_a_place_from_the_waiting_list_is_notified_in_their_language(coordinator):
    person, inactive = make.user("reader", language="fr"), make.user("reader")
    session = network_make.session(network_make.course(title="Reporting"), places=1)
    first = guest(session, coordinator)
    for waiting in (inactive, person):
        waiting_list.register_for_session(session=session, by=waiting)
    guest(session, coordinator, "Ben Example")
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    waiting_list.withdraw_guest(registration=first, by=coordinator)
    assert not Mail.objects.exists()  # the account is not active
    waiting_list.withdraw_registration(session=session, by=inactive)
    letter = Mail.objects.get()
    assert (letter.to, letter.subject) == (person.email, "Vous avez une place : Reporting")
    assert "de cette session" in letter.body
    assert session.get_absolute_url() in letter.body
    waiting_list.withdraw_registration(session=session, by=person)
    assert states(session)[-1] == "registered"
    assert Mail.objects.count() == 1  # a person without an account has no address


def test_no_mail_is_sent_about_a_place_in_a_session_that_is_over(coordinator):
    person = make.user("reader")
    session = network_make.session(network_make.course(), places=1)
    first = guest(session, coordinator)
    waiting_list.register_for_session(session=session, by=person)
    past = timezone.localdate() - timedelta(days=1)
    CourseSession.objects.filter(pk=session.pk).update(start=past, end=past)
    waiting_list.withdraw_guest(registration=first, by=coordinator)
    assert states(session) == ["withdrawn", "registered"]
    assert not Mail.objects.exists()


@pytest.mark.parametrize("field", ["name", "institution"])
def test_a_guest_has_a_name_and_an_institution(coordinator, field):
    session = network_make.session(network_make.course())
    with pytest.raises(FieldRefused) as refused:
        guest(session, coordinator, **{field: " "})
    assert refused.value.field == field


def test_names_of_guests_stay_out_of_the_trail(coordinator):
    session = network_make.session(network_make.course())
    waiting_list.withdraw_guest(registration=guest(session, coordinator), by=coordinator)
    assert "Ada" not in "".join(Event.objects.values_list("difference", flat=True))


def test_nobody_is_added_to_a_cancelled_session(coordinator):
    gone = network_make.session(network_make.course(), cancelled_at=timezone.now(), cancelled_reason="No room.")
    with pytest.raises(Refused, match="Reopen it first"):
        guest(gone, coordinator)


def test_a_registration_is_of_an_account_or_of_a_name(coordinator):
    session, facts = network_make.session(network_make.course()), {"state": "registered", "queued_at": timezone.now()}
    for wrong in ({}, {"person": coordinator, "name": "Ada"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CourseRegistration.objects.create(session=session, **facts, **wrong)


def test_files_of_a_course_are_examined_withdrawn_and_restored(coordinator):
    course = network_make.course()

    def send(content: bytes = b"Text\nForty\n", name: str = "workbook.csv", title: str = "Workbook"):
        return materials.add_material(
            course=course,
            file=SimpleUploadedFile(name, content),
            name=name,
            title=title,
            language="en",
            by=coordinator,
        )

    made = send()
    with made.file.open() as stored:
        assert stored.read() == b"Text\nForty\n"
    with pytest.raises(Refused):
        send(b"MZ\x90", "workbook.exe")
    with pytest.raises(FieldRefused, match="Required field"):
        send(title=" ")
    materials.withdraw_material(material=made, reason="Old.", by=coordinator)
    assert not CourseMaterial.objects.visible_to(coordinator).exists()
    materials.restore_material(material=made, by=coordinator)
    assert list(CourseMaterial.objects.visible_to(coordinator)) == [made]


def test_gaps_lead_to_the_next_three_sessions_of_the_capacity(coordinator, django_assert_max_num_queries):
    own = network_make.profile("Commission", is_own=True)
    network_make.self_assessment(own, level=1, completed_at=timezone.now())
    today = timezone.localdate()
    course = network_make.course(capacity="consult")
    for days in (-1, 9, 5, 7, 6):
        day = today + timedelta(days=days)
        network_make.session(course, start=day, end=day + timedelta(days=2))
    reason = {"cancelled_at": timezone.now(), "cancelled_reason": "No room."}
    network_make.session(course, **reason)
    with django_assert_max_num_queries(4):
        found = {need.capacity: need.sessions for need in needs(coordinator, on=today)}
    assert [(row.start - today).days for row in found["consult"]] == [5, 6, 7]
    assert found["engage"] == []
