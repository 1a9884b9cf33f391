"""Reminders of obligations and of steps towards them: to whom, on which days, and what the mail leaves out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.progress.models import Reminder
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.sources.models import Obligation
from tests import make, obligation_make
from tests.rounds_make import TODAY, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def due(**fields) -> Obligation:
    """Known for a long time."""
    fields.setdefault("due_on", TODAY)
    made = obligation_make.obligation(**fields)
    Obligation.objects.filter(pk=made.pk).update(created_at=datetime(2025, 1, 1, tzinfo=UTC))
    return made


def days_of(person) -> list[int]:
    return sorted((reminder.on - TODAY).days for reminder in Reminder.objects.filter(person=person))


def run_all(first: int = -40, last: int = 20) -> None:
    for days in range(first, last):
        send_input_reminders(now=at(TODAY + days * DAY))


def test_the_responsible_institution_and_the_coordinators_are_reminded_until_a_week_after():
    ministry = make.institution("moj")
    principal, alternate = make.user(Role.FOCAL_POINT, ministry), make.user(Role.PUBLIC)
    make.appointment(alternate, ministry, "alternate", start=date(2025, 1, 1))
    coordinator, other = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, make.institution("moh"))
    due(owner=ministry)
    run_all()
    assert days_of(coordinator) == [-30, -7, -1, 0, 7]
    assert days_of(principal)[-4:] == [-7, -1, 0, 7]
    assert days_of(alternate) == [3, 7]
    assert days_of(other) == []


def test_the_alternate_is_reminded_from_the_start_where_there_is_no_principal():
    ministry, alternate = make.institution("moj"), make.user(Role.PUBLIC)
    make.appointment(alternate, ministry, "alternate", start=date(2025, 1, 1))
    due(owner=ministry)
    run_all()
    assert days_of(alternate) == [-30, -7, -1, 0, 7]


def test_a_step_reminds_its_institution_until_it_is_done():
    ministry, helper = make.institution("moj"), make.institution("moh")
    owner, person = make.user(Role.FOCAL_POINT, ministry), make.user(Role.FOCAL_POINT, helper)
    obligation = due(owner=ministry, due_on=TODAY + 300 * DAY)
    step = obligation_make.step(obligation, "Draft", helper, due_on=TODAY)
    run_all(-40, 0)
    assert days_of(person) == [-30, -7, -1]
    assert days_of(owner) == []
    step.done_on = TODAY
    step.save()
    run_all(0, 9)
    assert days_of(person) == [-30, -7, -1]


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"certainty": "estimate"}, [-30, -7, -1, 0]),
        ({"force": "voluntary"}, [-30, -7, -1, 0]),
        ({"state": "submitted"}, []),
        ({"withdrawn_at": datetime(2026, 1, 1, tzinfo=UTC), "withdrawn_reason": "Twice."}, []),
    ],
)
def test_what_cannot_be_late_is_reminded_of_before_its_day_only(fields, days):
    coordinator = make.user(Role.COORDINATOR)
    due(**fields)
    run_all()
    assert days_of(coordinator) == days


def test_a_mail_names_body_and_kind_and_of_what_is_restricted_only_the_reference():
    coordinator = make.user(Role.COORDINATOR, language="en")
    due(title="Plumbogex", code="O-OPEN")
    due(title="Plumbogex", code="O-SECRET", confidentiality="restricted", body=make.committee("CAT"))
    assert send_input_reminders(now=at(TODAY)) == 1
    mail = Mail.objects.get()
    assert mail.to == coordinator.email
    assert "2 obligations or steps are due" in mail.subject
    for words in ("O-OPEN", "O-SECRET", "CEDAW", "due today"):
        assert words in mail.body
    assert ("Plumbogex" in mail.body, "CAT" in mail.body) == (False, False)


def test_whoever_is_appointed_for_other_bodies_hears_nothing():
    ministry, person = make.institution("moj"), make.user(Role.PUBLIC)
    make.appointment(person, ministry, bodies="CAT", start=date(2025, 1, 1))
    due(owner=ministry)
    run_all()
    assert days_of(person) == []


@pytest.mark.database
def test_a_second_run_on_a_day_writes_nothing_new():
    make.user(Role.COORDINATOR)
    due()
    assert [send_input_reminders(now=at(TODAY)), send_input_reminders(now=at(TODAY))] == [1, 0]
