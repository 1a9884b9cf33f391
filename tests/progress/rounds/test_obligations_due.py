"""Reminders of obligations and of steps towards them: to whom, on which days, and what the mail leaves out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.progress.models import Reminder
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import Document, Obligation
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


def due_in_both(**fields) -> tuple[Recommendation, Obligation]:
    """A reply that the document asks for on a record, and the obligation made from the same document."""
    record = make.recommendation(body=make.committee("CEDAW"))
    record.follow_ups.create(kind="follow-up", due_on=TODAY)
    FollowUp.objects.update(created_at=at(TODAY - 200 * DAY))
    return record, due(document=record.document, kind="follow-up", **fields)


def of_replies(person) -> list[int]:
    rows = Reminder.objects.filter(person=person).exclude(report_due_on=None)
    return sorted((row.on - TODAY).days for row in rows)


@pytest.mark.database
def test_a_reply_that_is_an_obligation_too_is_reminded_of_once():
    ministry = make.institution("moj")
    coordinator, person = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, ministry)
    record, _obligation = due_in_both()
    make.assignment(record, ministry)
    run_all(-100)
    assert days_of(coordinator) == [-90, -30, -7, -1, 0, 7]
    assert of_replies(coordinator) == [-90]
    assert of_replies(person) == days_of(person) == [-90, -30, -7, 0, 7]
    for mail in Mail.objects.filter(to=coordinator.email):
        assert mail.body.count("due on") + mail.body.count("due today") == 1


def test_the_obligation_of_another_document_leaves_the_reply_alone():
    coordinator = make.user(Role.COORDINATOR)
    _record, obligation = due_in_both()
    Obligation.objects.filter(pk=obligation.pk).update(document=Document.objects.create(symbol="X/1"))
    run_all(-2, 1)
    assert of_replies(coordinator) == [-2, -1, 0]


def test_a_reply_whose_obligation_was_submitted_or_postponed_is_not_reminded_of():
    coordinator = make.user(Role.COORDINATOR)
    _record, obligation = due_in_both()
    obligation_make.submission(obligation)
    run_all(-100)
    assert days_of(coordinator) == []
    Obligation.objects.filter(pk=obligation.pk).update(state="expected", due_on=TODAY + 300 * DAY)
    obligation_make.extension(obligation, answered_on=TODAY - 50 * DAY, granted_until=TODAY + 300 * DAY)
    run_all(-100)
    assert days_of(coordinator) == []


@pytest.mark.database
def test_after_an_extension_institutions_that_lead_on_the_records_are_reminded_of_the_later_day():
    ministry = make.institution("moj")
    coordinator, person = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, ministry)
    record, obligation = due_in_both()
    make.assignment(record, ministry)
    later = TODAY + 120 * DAY
    obligation_make.extension(obligation, answered_on=TODAY - 95 * DAY, granted_until=later)
    Obligation.objects.filter(pk=obligation.pk).update(due_on=later, day_from="extension")
    run_all(-100, 128)
    assert of_replies(person) == days_of(person) == [30, 90, 113, 120, 127]
    assert of_replies(coordinator) == [30]
    assert days_of(coordinator) == [30, 90, 113, 119, 120, 127]


@pytest.mark.database
def test_a_second_run_on_a_day_writes_nothing_new():
    make.user(Role.COORDINATOR)
    due()
    assert [send_input_reminders(now=at(TODAY)), send_input_reminders(now=at(TODAY))] == [1, 0]
