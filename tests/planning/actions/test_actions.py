"""Deeds on actions: what is refused, and what a deed leaves behind."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.actions import answering
from servanda.planning.actions import services as deeds
from servanda.planning.actions.roll_up import roll_up
from servanda.planning.actions.rules import ActionValues
from servanda.planning.models import Action, Plan
from servanda.planning.plans import services as plans
from servanda.trail.models import Event
from tests import actions_make, make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def planned(by, **values) -> Action:
    return deeds.add_action(values=ActionValues(title=values.pop("title", "Draft a bill"), **values), by=by)


def test_an_action_is_planned_with_its_institutions_and_records_and_the_trail_says_so(coordinator):
    lead, other, record = make.institution("health"), make.institution("labour"), make.recommendation()
    action_values = ActionValues(title="Draft a bill", lead=lead, supporting=[other], due_on=date(2027, 5, 1))
    action = deeds.add_action(values=action_values, by=coordinator, answering=[record])
    assert action.code == "A-1"
    assert [(part.institution.code, part.part) for part in action.parts.all()] == [
        ("health", "lead"),
        ("labour", "supporting"),
    ]
    assert list(record.actions.all()) == [action]
    event = Event.objects.get(action="action-added")
    assert record.code in event.difference
    assert "health" in event.difference


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"start": date(2027, 5, 1), "due_on": date(2027, 4, 30)}, "not before the start"),
        ({"budget": Decimal(5)}, "Enter the currency, for example EUR."),
        ({"budget": Decimal(5), "currency": "XYZ"}, "” is not an ISO 4217 currency code. Enter a code such as"),
        (
            {"budget": Decimal(5), "currency": "EUR", "funded": Decimal(6)},
            "The funded amount is higher than the total budget. Change",
        ),
        ({"funded": Decimal(6)}, "total budget"),
        ({"code": "a/b"}, "letters, digits"),
        ({"title": " "}, "a title"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(coordinator, fields, why):
    with pytest.raises(Refused, match=why):
        planned(coordinator, **fields)
    assert not Action.objects.exists()


def test_the_same_form_sent_twice_makes_one_action(coordinator):
    planned(coordinator)
    with pytest.raises(Refused, match="You have just saved an action with this title, as"):
        planned(coordinator)


def test_an_institution_that_has_closed_takes_nothing_new_and_keeps_what_it_had(coordinator):
    gone = make.institution("gone")
    action = planned(coordinator, lead=gone)
    gone.active_to = timezone.localdate() - timedelta(days=1)
    gone.save()
    with pytest.raises(Refused, match="no longer exists"):
        planned(coordinator, title="Another", lead=gone)
    deeds.edit_action(action=action, values=ActionValues(title="As before", lead=gone), seen=1, by=coordinator)
    assert Action.objects.get(pk=action.pk).title == "As before"


def test_an_action_is_never_part_of_itself_nor_too_deep(coordinator):
    top = planned(coordinator, title="Level 1")
    second = planned(coordinator, title="Level 2", parent=top)
    third = planned(coordinator, title="Level 3", parent=second)
    fourth = planned(coordinator, title="Level 4", parent=third)
    with pytest.raises(Refused, match="part of itself"):
        deeds.edit_action(action=top, values=ActionValues(title="Level 1", parent=third), seen=1, by=coordinator)
    with pytest.raises(Refused, match="at most 4 levels"):
        planned(coordinator, title="Level 5", parent=fourth)
    with pytest.raises(Refused, match="at most 4 levels"):
        deeds.edit_action(
            action=second,
            values=ActionValues(title="Level 2", parent=planned(coordinator, title="Beside", parent=top)),
            seen=1,
            by=coordinator,
        )


def test_a_record_that_the_lead_may_not_read_is_not_answered(coordinator):
    secret = make.recommendation(confidentiality="restricted", is_published=False)
    secret.restricted_to.add(make.institution("named"))
    action = planned(coordinator, lead=make.institution("other"))
    with pytest.raises(Refused, match="does not have access to all records that this action"):
        answering.answer_recommendations(action=action, recommendations=[secret], by=coordinator)
    named = planned(coordinator, title="Theirs", lead=make.institution("named"))
    answering.answer_recommendations(action=named, recommendations=[secret], by=coordinator)
    with pytest.raises(Refused, match="does not have access to all records that this action"):
        deeds.edit_action(
            action=named, values=ActionValues(title="Theirs", lead=make.institution("other")), seen=1, by=coordinator
        )


def test_an_institution_keeps_the_actions_on_which_it_leads_and_no_others(coordinator):
    mine, foreign = make.institution("mine"), make.institution("foreign")
    focal = make.user(Role.FOCAL_POINT, mine)
    action = planned(focal, lead=mine)
    deeds.set_status(action=action, status="in-progress", by=focal)
    with pytest.raises(Refused, match="your own institution"):
        planned(focal, title="For them", lead=foreign)
    with pytest.raises(Refused, match="your own institution"):
        deeds.edit_action(action=action, values=ActionValues(title="Theirs now", lead=foreign), seen=2, by=focal)
    theirs = planned(coordinator, lead=foreign, supporting=[mine])
    with pytest.raises(Refused, match="lead institution"):
        deeds.set_status(action=theirs, status="completed", by=focal)
    with pytest.raises(Refused, match="You do not have permission to publish or unpublish"):
        deeds.publish_action(action=action, by=focal)


def test_who_saves_second_is_told(coordinator):
    action = planned(coordinator)
    deeds.edit_action(action=action, values=ActionValues(title="First"), seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        deeds.edit_action(action=action, values=ActionValues(title="Second"), seen=1, by=coordinator)
    assert Action.objects.get().title == "First"
    assert action.history.count() == 2


def test_what_was_withdrawn_comes_back_as_it_was(coordinator):
    action = planned(coordinator)
    part = planned(coordinator, title="Part", parent=action)
    with pytest.raises(Refused, match="Other actions are part of this one"):
        deeds.withdraw_action(action=action, reason="No longer.", by=coordinator)
    deeds.withdraw_action(action=part, reason="No longer.", by=coordinator)
    assert list(Action.objects.visible_to(coordinator)) == [action]
    deeds.restore_action(action=part, by=coordinator)
    assert Action.objects.kept().count() == 2


def test_milestones_are_set_together_and_none_is_reached_tomorrow(coordinator):
    action = planned(coordinator)
    steps = [deeds.Step("First reading", date(2027, 1, 1)), deeds.Step("Adopted")]
    deeds.set_milestones(action=action, milestones=steps, seen=1, by=coordinator)
    assert [milestone.title for milestone in action.milestones.all()] == ["First reading", "Adopted"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="must be today or in the past"):
        deeds.set_milestones(action=action, milestones=[deeds.Step("A", None, tomorrow)], seen=2, by=coordinator)


def test_a_plan_is_kept_by_the_coordinator_and_its_days_are_in_order(coordinator):
    plan = plans.add_plan(values=plans.PlanValues("nhrap", "National plan", start=date(2026, 1, 1)), by=coordinator)
    early = plans.PlanValues("nhrap", "National plan", start=date(2026, 1, 1), end=date(2025, 1, 1))
    with pytest.raises(Refused, match="Enter an end date that is not before the start date."):
        plans.edit_plan(plan=plan, values=early, seen=plans.mark(plan), by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        plans.edit_plan(plan=plan, values=plans.PlanValues("nhrap", "Other"), seen="old", by=coordinator)
    with pytest.raises(Refused, match="Contact the coordinator"):
        plans.add_plan(values=plans.PlanValues("mine", "Mine"), by=make.user(Role.FOCAL_POINT))
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (1, True)])
def test_an_action_is_late_from_the_day_after_its_last(days, is_late):
    due_on = date(2026, 6, 30)
    action, on = actions_make.action(due_on=due_on), due_on + timedelta(days=days)
    assert action.is_late(on=on) == is_late
    assert Action.objects.late(on=on).exists() == is_late
    assert roll_up(Action.objects.all(), among=Action.objects.all(), on=on).late == int(is_late)
