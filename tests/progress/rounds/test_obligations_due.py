"""Reminders of obligations and of steps towards them: to whom, on which days, and what the mail leaves out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.people.models import Institution, Succession
from servanda.progress.models import Reminder
from servanda.progress.rounds.reminders import send_input_reminders
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import Obligation
from servanda.sources.obligations.extensions import answer_extension, ask_extension
from tests import make, obligation_make
from tests.rounds_make import TODAY, at, run_reminders

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


def test_the_responsible_institution_and_the_coordinators_are_reminded_until_a_week_after():
    ministry = make.institution("moj")
    principal, alternate = make.user(Role.FOCAL_POINT, ministry), make.user(Role.PUBLIC)
    make.appointment(alternate, ministry, "alternate", start=date(2025, 1, 1))
    coordinator, other = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, make.institution("moh"))
    due(owner=ministry)
    run_reminders(is_daily=True)
    assert days_of(coordinator) == [-30, -7, -1, 0, 7]
    assert days_of(principal)[-4:] == [-7, -1, 0, 7]
    assert days_of(alternate) == [3, 7]
    assert days_of(other) == []


def test_the_alternate_is_reminded_from_the_start_where_there_is_no_principal():
    ministry, alternate = make.institution("moj"), make.user(Role.PUBLIC)
    make.appointment(alternate, ministry, "alternate", start=date(2025, 1, 1))
    due(owner=ministry)
    run_reminders()
    assert days_of(alternate) == [-30, -7, -1, 0, 7]


@pytest.mark.parametrize(("is_another_present", "days"), [(False, [-10, -7, -1, 3, 7]), (True, [3, 7])])
def test_the_alternate_is_reminded_too_while_every_principal_is_away(is_another_present, days):
    ministry, alternate = make.institution("moj"), make.user(Role.PUBLIC)
    principal = make.user(Role.FOCAL_POINT, ministry, away_from=TODAY - 10 * DAY, away_until=TODAY - DAY)
    make.appointment(alternate, ministry, "alternate", start=date(2025, 1, 1))
    if is_another_present:
        make.appointment(make.user(Role.PUBLIC), ministry, "principal", start=date(2025, 1, 1))
    due(owner=ministry)
    run_reminders()
    assert days_of(alternate) == days
    assert set(days_of(principal)) >= {-7, -1, 0, 7}


def test_a_step_reminds_its_institution_until_it_is_done():
    ministry, helper = make.institution("moj"), make.institution("moh")
    owner, person = make.user(Role.FOCAL_POINT, ministry), make.user(Role.FOCAL_POINT, helper)
    obligation = due(owner=ministry, due_on=TODAY + 300 * DAY)
    step = obligation_make.step(obligation, "Draft", helper, due_on=TODAY)
    run_reminders(-40, 0)
    assert days_of(person) == [-30, -7, -1]
    assert days_of(owner) == []
    step.done_on = TODAY
    step.save()
    run_reminders(0, 9)
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
    run_reminders()
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
    run_reminders()
    assert days_of(person) == []


def test_the_successor_of_an_institution_that_was_dissolved_in_between_is_reminded():
    old, new = make.institution("moj"), make.institution("mojp")
    person = make.user(Role.FOCAL_POINT, new)
    due(owner=old)
    Institution.objects.filter(pk=old.pk).update(active_to=TODAY - 10 * DAY)
    Succession.objects.create(predecessor=old, successor=new, on=TODAY - 9 * DAY)
    run_reminders(-8, 9)
    assert days_of(person) == [-8, -7, -1, 0, 7]  # the first makes up for the days before


def owed_on_a_record(**fields) -> tuple[Recommendation, Obligation]:
    """A reply that the document asks for on a record, known for a long time, and its obligation."""
    record = make.recommendation(body=make.committee("CEDAW"))
    follow_up = make.follow_up(record, due_on=TODAY)
    FollowUp.objects.update(created_at=at(TODAY - 200 * DAY))
    Obligation.objects.filter(pk=follow_up.obligation_id).update(**{"created_at": at(TODAY - 200 * DAY)} | fields)
    return record, Obligation.objects.get(pk=follow_up.obligation_id)


def test_a_reply_on_records_is_reminded_of_once_to_coordinators_owner_and_leads():
    ministry, owner = make.institution("moj"), make.institution("moh")
    coordinator, person = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, ministry)
    principal = make.user(Role.FOCAL_POINT, owner)
    record, _obligation = owed_on_a_record(owner=owner)
    make.assignment(record, ministry)
    run_reminders(-100, is_daily=True)
    for reader in (coordinator, person, principal):
        assert days_of(reader) == [-90, -30, -7, 0, 7]
        for mail in Mail.objects.filter(to=reader.email):
            assert mail.body.count("due on") + mail.body.count("due today") == 1


def test_a_reply_that_was_submitted_or_postponed_is_not_reminded_of():
    coordinator = make.user(Role.COORDINATOR)
    _record, obligation = owed_on_a_record()
    obligation_make.submission(obligation)
    run_reminders(-100)
    assert days_of(coordinator) == []
    Obligation.objects.filter(pk=obligation.pk).update(state="postponed", state_reason="By the body.")
    run_reminders(-100)
    assert days_of(coordinator) == []


def test_after_an_extension_all_are_reminded_of_the_later_day():
    ministry = make.institution("moj")
    coordinator, person = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, ministry)
    record, obligation = owed_on_a_record()
    make.assignment(record, ministry)
    later = TODAY + 120 * DAY
    data = {"obligation": obligation, "asked_on": TODAY - 99 * DAY, "asked_until": later, "ground": "Elections."}
    extension = ask_extension(**data, by=coordinator)
    granted = {"answered_on": TODAY - 95 * DAY, "granted_until": later}
    answer_extension(extension=extension, **granted, by=coordinator)
    run_reminders(-100, 128, around=[0, 120])
    assert days_of(person) == days_of(coordinator) == [30, 90, 113, 120, 127]


def test_a_restricted_record_is_named_in_no_mail_and_its_institution_gets_none():
    ministry = make.institution("moj")
    coordinator, person = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, ministry)
    record = make.recommendation(body=make.committee("CEDAW"), confidentiality="restricted")
    follow_up = make.follow_up(record, due_on=TODAY)
    FollowUp.objects.update(created_at=at(TODAY - 200 * DAY))
    make.assignment(record, ministry)
    send_input_reminders(now=at(TODAY))
    assert (days_of(coordinator), days_of(person)) == ([0], [])
    body = Mail.objects.get(to=coordinator.email).body
    assert (follow_up.obligation.code in body, record.document.symbol in body) == (True, False)


def test_a_second_run_on_a_day_writes_nothing_new():
    make.user(Role.COORDINATOR)
    due()
    assert [send_input_reminders(now=at(TODAY)), send_input_reminders(now=at(TODAY))] == [1, 0]


@pytest.mark.parametrize(("days", "is_reminded"), [(8, True), (21, True), (22, False)])
def test_a_run_within_two_weeks_makes_up_for_the_last_milestone(days, is_reminded):
    """The server was off from the day before the deadline."""
    ministry, coordinator = make.institution("moj"), make.user(Role.COORDINATOR)
    obligation = due(owner=ministry)
    obligation_make.step(obligation, "Draft", due_on=TODAY, institution=ministry)
    follow_up = make.follow_up(make.recommendation(), due_on=TODAY)
    Obligation.objects.update(created_at=datetime(2025, 1, 1, tzinfo=UTC))
    FollowUp.objects.filter(pk=follow_up.pk).update(created_at=datetime(2025, 1, 1, tzinfo=UTC))
    Recommendation.objects.update(created_at=datetime(2025, 1, 1, tzinfo=UTC))
    send_input_reminders(now=at(TODAY + days * DAY))
    expected = {obligation.pk, follow_up.obligation_id} if is_reminded else set()
    assert set(Reminder.objects.filter(person=coordinator).values_list("obligation", flat=True)) == expected


def test_a_step_without_an_institution_is_one_of_the_responsible_institution_or_person():
    ministry = make.institution("moj")
    principal, ana = make.user(Role.FOCAL_POINT, ministry), make.user(Role.FOCAL_POINT, make.institution("moh"))
    later = {"due_on": TODAY + 300 * DAY}
    for fields, reminded in (({"owner": ministry}, principal), ({"responsible": ana}, ana)):
        obligation_make.step(due(**later, **fields), due_on=TODAY)
        run_reminders(-1, 1)
        rows = {(row.person, row.on) for row in Reminder.objects.all()}
        assert rows == {(reminded, TODAY - DAY), (reminded, TODAY)}
        Obligation.objects.update(withdrawn_at=at(TODAY))
        Reminder.objects.all().delete()


@pytest.mark.parametrize("is_derived", [True, False])
def test_coordinators_are_reminded_of_a_step_for_which_nobody_else_is(is_derived):
    ministry, coordinator = make.institution("moj"), make.user(Role.COORDINATOR)
    principal = make.user(Role.FOCAL_POINT, ministry)
    fields = {"is_derived": True, "owner": ministry} if is_derived else {}
    obligation_make.step(due(due_on=TODAY + 300 * DAY, **fields), due_on=TODAY)
    run_reminders(0, 1)
    assert (days_of(coordinator), days_of(principal)) == ([0], [])
