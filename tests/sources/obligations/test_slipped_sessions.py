"""A session that is held on another day: the deadlines of its rules move, and no second set is added beside them."""

from datetime import date

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.sources.models import Obligation
from servanda.sources.obligations import by_rules
from servanda.sources.obligations.services import edit_obligation, set_obligation_state
from servanda.sources.obligations.values import LINKED, PLAIN, ObligationValues
from tests import make, obligation_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
SESSION, NEW = date(2027, 11, 1), date(2028, 1, 24)
DUE, NEW_DUE = date(2027, 8, 9), date(2027, 11, 1)  # twelve weeks before


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def report(coordinator) -> Obligation:
    upr = {"kind": "national-report", "trigger": "session", "offset": -12, "unit": "weeks", "certainty": "fixed"}
    obligation_make.rule("upr-report", body=make.body(), **upr)
    add(coordinator, SESSION)
    return Obligation.objects.get()


def add(by, session: date):
    return by_rules.add_by_rules(body=make.body(), starts={"session": session}, chosen=["upr-report"], by=by)


def propose(session: date) -> by_rules.Proposal:
    return by_rules.propose(by_rules.rules_of(make.body()), {"session": session})[0]


@pytest.mark.database
def test_adding_by_rules_again_moves_what_is_there_and_undo_moves_it_back(report, coordinator):
    assert (propose(NEW).present, propose(NEW).moved) == (None, report)
    batch = add(coordinator, NEW)
    moved = Obligation.objects.get()
    assert (moved.pk, moved.clock_on, moved.due_on, moved.day_from) == (report.pk, NEW, NEW_DUE, "rule")
    assert propose(NEW).present == moved
    assert by_rules.undo_rules(batch=batch, by=coordinator) == 1
    assert (Obligation.objects.get().clock_on, Obligation.objects.get().due_on) == (SESSION, DUE)


def test_what_was_changed_since_is_not_moved_back(report, coordinator):
    batch = add(coordinator, NEW)
    now = Obligation.objects.get()
    set_obligation_state(obligation=now, state="open", reason="", seen=now.version, by=coordinator)
    with pytest.raises(Refused, match="was edited after"):
        by_rules.undo_rules(batch=batch, by=coordinator)


def test_the_session_of_another_cycle_and_what_was_submitted_are_not_moved(report, coordinator):
    assert propose(date(2032, 5, 3)).moved is None
    Obligation.objects.update(state="submitted")
    assert propose(NEW).moved is None


def values_of(obligation: Obligation, **changed) -> ObligationValues:
    return ObligationValues(**{name: getattr(obligation, name) for name in (*PLAIN, *LINKED)} | changed)


def test_another_start_of_the_clock_moves_the_deadline_of_the_rule_and_the_open_steps(report, coordinator):
    obligation_make.step(report, due_on=date(2027, 7, 9))
    values = values_of(report, clock_on=NEW)
    edit_obligation(obligation=report, values=values, seen=report.version, by=coordinator)
    report.refresh_from_db()
    assert (report.due_on, report.steps.get().due_on) == (NEW_DUE, date(2027, 10, 1))


@pytest.mark.database
def test_undone_the_open_steps_move_back_too(report, coordinator):
    obligation_make.step(report, due_on=date(2027, 7, 9))
    batch = add(coordinator, NEW)
    assert report.steps.get().due_on == date(2027, 10, 1)
    by_rules.undo_rules(batch=batch, by=coordinator)
    assert report.steps.get().due_on == date(2027, 7, 9)


def test_a_postponed_session_with_a_new_day_moves_the_open_steps_and_shows_the_former_one(
    report, coordinator, client
):
    obligation_make.step(report, due_on=date(2027, 7, 9))
    done = obligation_make.step(report, "Outline", due_on=date(2027, 6, 9), done_on=date(2027, 6, 1))
    reason = "The session was postponed."
    set_obligation_state(obligation=report, state="postponed", reason=reason, seen=report.version, by=coordinator)
    report.refresh_from_db()
    client.force_login(coordinator)
    assert "The deadline was" not in client.get(report.get_absolute_url()).content.decode()
    values = values_of(report, due_on=NEW_DUE, day_from="hand")
    edit_obligation(obligation=report, values=values, seen=report.version, by=coordinator)
    assert dict(report.steps.values_list("title", "due_on")) == {
        "First draft": date(2027, 10, 1),
        done.title: date(2027, 6, 9),
    }
    assert "The deadline was 9 August 2027." in client.get(report.get_absolute_url()).content.decode()


def test_a_deadline_that_was_entered_too_stays_as_entered(report, coordinator):
    values = values_of(report, clock_on=NEW, due_on=date(2027, 12, 1), day_from="hand")
    edit_obligation(obligation=report, values=values, seen=report.version, by=coordinator)
    report.refresh_from_db()
    assert (report.due_on, report.day_from) == (date(2027, 12, 1), "hand")


@pytest.mark.parametrize("by_rule", [True, False])
def test_a_postponed_obligation_goes_on_with_its_new_day(report, coordinator, by_rule):
    reason = "The committee postponed its review."
    set_obligation_state(obligation=report, state="postponed", reason=reason, seen=report.version, by=coordinator)
    report.refresh_from_db()
    if by_rule:
        add(coordinator, NEW)
    else:
        values = values_of(report, clock_on=NEW)
        edit_obligation(obligation=report, values=values, seen=report.version, by=coordinator)
    report.refresh_from_db()
    assert (report.state, report.state_reason, report.due_on) == ("expected", "", NEW_DUE)
    assert report.is_late(on=date(2028, 6, 1))
