"""Deeds on plans: what groups actions."""

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
from servanda.people.versioning import difference_of, refuse_if_changed, saved_meanwhile
from servanda.planning.models import Plan
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event


class PlanValues(NamedTuple):
    """What somebody says of a plan."""

    code: str
    name: LazyI18nString | str
    kind: str = Plan.Kind.HUMAN_RIGHTS
    start: date | None = None
    end: date | None = None
    description: str = ""
    is_published: bool = False


@transaction.atomic
def add_plan(*, said: PlanValues, by: User | None) -> Plan:
    refuse_others(by)
    refuse_impossible(said)
    if Plan.objects.filter(code__iexact=said.code).exists():
        raise FieldRefused("code", _("There is a plan with this abbreviation already. Choose another one."))
    plan = Plan(code=said.code)
    take(plan, said)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as clash:
        raise Refused(_("Somebody else saved a plan at the same moment. Nothing is lost: save again.")) from clash
    Event.record("plan-added", plan, by=by, difference=difference_of({}, facts(plan)))
    return plan


@transaction.atomic
def edit_plan(*, plan: Plan, said: PlanValues, seen: str, by: User) -> Plan:
    """Say it anew; `seen` is the `mark` of what the person was shown. The abbreviation stays what it is."""
    refuse_others(by)
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    refuse_if_changed(mark(held), seen, saved_meanwhile(held.code))
    refuse_impossible(said)
    before = facts(held)
    take(held, said)
    if difference := difference_of(before, facts(held)):
        held.save()
        Event.record("plan-edited", held, by=by, difference=difference)
    return held


def refuse_others(by: User | None) -> None:
    """The command line, which has no user, may."""
    if by is not None and not can(by, Can.EDIT_PLAN):
        raise Refused(_("Plans are kept by the coordinator. Ask there."))


def refuse_impossible(said: PlanValues) -> None:
    if not str(said.name):
        raise FieldRefused("name", _("Give the plan a name."))
    if said.start and said.end and said.end < said.start:
        raise FieldRefused("end", _("Choose a day that is not before the first day."))


def take(plan: Plan, said: PlanValues) -> None:
    plan.name, plan.kind, plan.start, plan.end = said.name, said.kind, said.start, said.end
    plan.description, plan.is_published = clean(said.description), said.is_published


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
    """Another one after every change, so that a page opened before it is known to be old."""
    said = json.dumps(facts(plan), sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
