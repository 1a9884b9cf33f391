"""Suspensions of the time limit for a referral: each moves the deadline by its days, and can be removed again."""

from datetime import date

import pytest
from django.urls import reverse

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.sources.models import Obligation, Suspension
from servanda.sources.obligations import suspensions
from servanda.sources.obligations.services import edit_obligation
from servanda.sources.obligations.values import ObligationValues
from servanda.trail.models import Event
from tests import make, obligation_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
DUE = date(2026, 4, 14)
CLOCK = date(2026, 1, 14)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def due() -> Obligation:
    return obligation_make.referral(due_on=DUE, clock_on=CLOCK, day_from="document", words="three months")


def suspend(due: Obligation, by, starts_on: date, ends_on: date | None = None) -> Suspension:
    given = {"starts_on": starts_on, "ends_on": ends_on, "ground": "Talks on a settlement."}
    return suspensions.add_suspension(obligation=due, **given, by=by)


def fresh(due: Obligation) -> Obligation:
    return Obligation.objects.get(pk=due.pk)


def test_each_suspension_moves_the_deadline_by_its_days_and_open_steps_with_it(due, coordinator):
    step = obligation_make.step(due, due_on=date(2026, 4, 4))
    suspend(due, coordinator, date(2026, 2, 1), date(2026, 3, 1))
    assert (fresh(due).due_on, fresh(due).day_from) == (date(2026, 5, 12), "suspension")
    suspend(due, coordinator, date(2026, 5, 1), date(2026, 5, 11))
    step.refresh_from_db()
    assert (fresh(due).due_on, step.due_on) == (date(2026, 5, 22), date(2026, 5, 12))
    assert [row.due_before for row in due.suspensions.all()] == [DUE, date(2026, 5, 12)]
    assert Event.objects.filter(action="suspension-added").count() == 2


def test_without_an_end_there_is_no_deadline_until_it_is_entered(due, coordinator):
    step = obligation_make.step(due, due_on=date(2026, 4, 4))
    suspension = suspend(due, coordinator, date(2026, 2, 1))
    assert (fresh(due).due_on, fresh(due).certainty) == (None, "to-be-communicated")
    with pytest.raises(Refused, match="no end yet"):
        suspend(due, coordinator, date(2026, 3, 1))
    suspensions.end_suspension(suspension=suspension, ends_on=date(2026, 2, 11), by=coordinator)
    step.refresh_from_db()
    assert (fresh(due).due_on, fresh(due).certainty) == (date(2026, 4, 24), "fixed")
    assert step.due_on == date(2026, 4, 14)
    with pytest.raises(Refused, match="already been entered"):
        suspensions.end_suspension(suspension=suspension, ends_on=date(2026, 2, 12), by=coordinator)


def test_removed_last_first_the_deadline_is_as_before(due, coordinator):
    first = suspend(due, coordinator, date(2026, 2, 1), date(2026, 3, 1))
    second = suspend(due, coordinator, date(2026, 5, 1))
    with pytest.raises(Refused, match="later suspension"):
        suspensions.remove_suspension(suspension=first, by=coordinator)
    for suspension in (second, first):
        suspensions.remove_suspension(suspension=suspension, by=coordinator)
    after = fresh(due)
    assert (after.due_on, after.day_from, after.certainty) == (DUE, "document", "fixed")
    assert not due.suspensions.exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field", "words"),
    [
        (date(2026, 1, 13), None, "starts_on", "start of the time limit"),
        (date(2026, 4, 15), None, "starts_on", "current deadline or an earlier"),
        (date(2026, 2, 1), date(2026, 2, 1), "ends_on", "after the start of the suspension"),
        (date(2026, 2, 1), date(9999, 12, 31), "ends_on", "empty if it is not known"),
    ],
)
def test_a_date_outside_the_time_that_ran_is_refused_with_its_field(
    due, coordinator, starts_on, ends_on, field, words
):
    with pytest.raises(FieldRefused, match=words) as refused:
        suspend(due, coordinator, starts_on, ends_on)
    assert refused.value.field == field
    assert (fresh(due).due_on, due.suspensions.count()) == (DUE, 0)


def test_a_suspension_starts_after_the_earlier_one_and_needs_a_ground(due, coordinator):
    suspend(due, coordinator, date(2026, 2, 1), date(2026, 3, 1))
    with pytest.raises(FieldRefused, match="earlier suspension"):
        suspend(due, coordinator, date(2026, 2, 28))
    with pytest.raises(FieldRefused, match="Enter the ground"):
        suspensions.add_suspension(
            obligation=due, starts_on=date(2026, 3, 1), ends_on=None, ground=" ", by=coordinator
        )


def test_only_the_referral_to_a_court_is_suspended(coordinator, client):
    report = obligation_make.obligation()
    with pytest.raises(Refused, match="Enter an extension instead"):
        suspend(report, coordinator, report.due_on)
    client.force_login(coordinator)
    assert (
        reverse("desk:add_suspension", args=[report.code])
        not in client.get(report.get_absolute_url()).content.decode()
    )


def test_a_deadline_that_was_edited_since_is_not_set_back(due, coordinator):
    suspension = suspend(due, coordinator, date(2026, 2, 1), date(2026, 3, 1))
    values = ObligationValues(body=due.body, kind="referral", due_on=date(2026, 9, 1), force="none")
    edit_obligation(obligation=due, values=values, seen=fresh(due).version, by=coordinator)
    with pytest.raises(Refused, match="changed after the suspension"):
        suspensions.remove_suspension(suspension=suspension, by=coordinator)


def test_the_page_shows_each_suspension_with_the_deadline_before_and_after(due, coordinator, client):
    client.force_login(coordinator)
    typed = {"starts_on": "2026-02-01", "ends_on": "", "ground": "Talks on a settlement."}
    page = client.post(reverse("desk:add_suspension", args=[due.code]), typed, follow=True).content.decode()
    for words in ("Suspended from 1 February 2026", "No end yet", "The deadline was 14 April 2026", "Talks on"):
        assert words in page
    place = [due.code, due.suspensions.get().pk]
    ended = client.post(reverse("desk:end_suspension", args=place), {"ends_on": "2026-02-11"}, follow=True)
    for words in ("The time runs again from 11 February 2026", "24 April 2026", "Suspension of the time limit"):
        assert words in ended.content.decode()
    text = client.get(reverse("desk:remove_suspension", args=place)).content.decode()
    assert "Remove this suspension?" in text
    client.post(reverse("desk:remove_suspension", args=place))
    assert fresh(due).due_on == DUE
