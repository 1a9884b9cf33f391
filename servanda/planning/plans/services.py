"""Add and edit plans."""

import hashlib
import json
from datetime import date
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed
from servanda.planning.models import Plan
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event


class PlanValues(NamedTuple):
    """The values of a plan."""

    code: str
    name: LazyI18nString | str
    kind: str = Plan.Kind.HUMAN_RIGHTS
    start: date | None = None
    end: date | None = None
    description: str = ""
    is_published: bool = False


@transaction.atomic
def add_plan(*, values: PlanValues, by: User | None) -> Plan:
    refuse_others(by)
    refuse_impossible(values)
    if Plan.objects.filter(code__iexact=values.code).exists():
        raise FieldRefused("code", _("Another plan has this abbreviation. Choose another one."))
    plan = Plan(code=values.code)
    set_fields(plan, values)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as clash:
        raise Refused(_("Another user saved a plan at the same time. Save again.")) from clash
    Event.record("plan-added", plan, by=by, difference=difference_of({}, facts(plan)))
    return plan


@transaction.atomic
def edit_plan(*, plan: Plan, values: PlanValues, seen: str, by: User) -> Plan:
    """Edit everything but the abbreviation; `seen` is the `mark` of what the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` (or `FieldRefused`) if this person may not edit
    plans or a value is invalid.
    """
    refuse_others(by)
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    refuse_if_changed(mark(plan), seen, overwriting_conflict(plan.code))
    refuse_impossible(values)
    before = facts(plan)
    set_fields(plan, values)
    if difference := difference_of(before, facts(plan)):
        plan.save()
        Event.record("plan-edited", plan, by=by, difference=difference)
    return plan


def refuse_others(by: User | None) -> None:
    """Raises `Refused`, except for those who may edit the plan and for the command line, which has no user."""
    if by is not None and not can(by, Can.EDIT_PLAN):
        raise Refused(_("You do not have permission to change plans. Contact the coordinator."))


def refuse_impossible(values: PlanValues) -> None:
    if not str(values.name):
        raise FieldRefused("name", _("Enter the name of the plan."))
    if values.start and values.end and values.end < values.start:
        raise FieldRefused("end", _("Enter an end date that is not before the start date."))


def set_fields(plan: Plan, values: PlanValues) -> None:
    plan.name, plan.kind, plan.start, plan.end = values.name, values.kind, values.start, values.end
    plan.description, plan.is_published = clean(values.description), values.is_published


def facts(plan: Plan) -> dict[str, object]:
    data = plan.name.data if isinstance(plan.name, LazyI18nString) else plan.name
    texts = data if isinstance(data, dict) else {"": str(data or "")}
    names = {f"name.{language}" if language else "name": text for language, text in texts.items()}
    days = {name: day.isoformat() if (day := getattr(plan, name)) else "" for name in ("start", "end")}
    return {
        "code": plan.code,
        **names,
        "kind": str(plan.kind),
        **days,
        "description": plan.description,
        "is_published": plan.is_published,
    }


def mark(plan: Plan) -> str:
    """A token that changes with every edit, so that an outdated page is noticed."""
    serialized = json.dumps(facts(plan), sort_keys=True, default=str)
    return hashlib.sha256(serialized.encode()).hexdigest()[:16]
