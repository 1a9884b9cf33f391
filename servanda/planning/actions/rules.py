"""Rules on the values of actions and on who may change them, for the services and the spreadsheet."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import list_currencies
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can, scopes
from servanda.people.models import Institution, User
from servanda.planning.assignments.bulk import readable_by
from servanda.planning.models import Action, ActionInstitution, Plan
from servanda.recommendations.models import Recommendation

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
MOST_LEVELS = 4
LONGEST_CODE = 40
Part = ActionInstitution.Part


@dataclass(slots=True, frozen=True, kw_only=True)
class ActionValues:
    """The values of an action; without a reference it gets the next free one."""

    title: str
    lead: Institution | None = None
    supporting: Sequence[Institution] = ()
    code: str = ""
    description: str = ""
    plan: Plan | None = None
    parent: Action | None = None
    status: str = Action.Status.PLANNED
    start: date | None = None
    due_on: date | None = None
    act: str = ""
    obstacles: str = ""
    assistance: str = ""
    budget: Decimal | None = None
    funded: Decimal | None = None
    currency: str = ""
    budget_line: str = ""


def own_institutions(user: User) -> frozenset[int]:
    """The institutions whose actions this person may edit without being allowed to edit the plan."""
    return frozenset().union(*(scope.institutions for scope in scopes(user, Can.EDIT_OWN_ACTIONS)))


def refuse_foreign(action: Action, *, by: User) -> None:
    if not Action.objects.filter(pk=action.pk).editable_by(by).exists():
        raise Refused(
            _("Only the lead institution of this action or the coordinator can change it. Contact one of them.")
        )


def refuse_foreign_lead(lead: Institution | None, *, by: User) -> None:
    if can(by, Can.EDIT_PLAN):
        return
    if lead is None or lead.pk not in own_institutions(by):
        raise FieldRefused(
            "lead", _("Choose your own institution. The coordinator manages actions of other institutions.")
        )


def refuse_bad_code(code: str) -> None:
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        sentence = _("Enter a reference of at most 40 letters, digits, dots, hyphens and underscores.")
        raise FieldRefused("code", sentence)


def refuse_impossible(
    values: ActionValues, *, present: Action | None = None, parts: Sequence[ActionInstitution] = ()
) -> None:
    """Raises `FieldRefused` if the values are invalid in themselves, or do not fit the present action and its
    parts."""
    if not values.title:
        raise FieldRefused("title", _("Enter a title for the action."))
    if values.start and values.due_on and values.due_on < values.start:
        raise FieldRefused("due_on", _("Enter a deadline that is not before the start date."))
    refuse_impossible_budget(values)
    refuse_impossible_parts(values, parts)
    if values.parent is not None and values.parent.withdrawn_at is not None:
        raise FieldRefused("parent", _("This action was withdrawn. Choose another one, or restore it first."))
    if present is not None and values.lead is not None:
        refuse_unreadable(values.lead, Recommendation.objects.filter(actions=present))


def refuse_impossible_budget(values: ActionValues) -> None:
    if values.budget is None:
        if values.funded is not None:
            raise FieldRefused("budget", _("Enter the total budget as well as the funded amount."))
        return
    if values.budget < 0 or (values.funded or 0) < 0:
        raise FieldRefused("budget", _("Enter an amount of zero or more."))
    if not values.currency:
        raise FieldRefused("currency", _("Enter the currency, for example EUR."))
    if values.currency not in list_currencies():
        raise FieldRefused(
            "currency",
            _("“%(code)s” is not an ISO 4217 currency code. Enter a code such as EUR.") % {"code": values.currency},
        )
    if values.funded is not None and values.funded > values.budget:
        raise FieldRefused("funded", _("The funded amount is higher than the total budget. Change one of the two."))


def refuse_impossible_parts(values: ActionValues, parts: Sequence[ActionInstitution]) -> None:
    """Raises `FieldRefused` for an institution that would lead and support, or that has closed and is new here."""
    if values.lead and values.lead.pk in {institution.pk for institution in values.supporting}:
        sentence = _(
            "An institution cannot be both lead and supporting institution. Remove it from one of the two fields."
        )
        raise FieldRefused("supporting", sentence)
    present_parts = {(part.institution_id, part.part) for part in parts}
    lead_part = [(values.lead, Part.LEAD)] if values.lead else []
    for institution, part in [*lead_part, *((supporter, Part.SUPPORTING) for supporter in values.supporting)]:
        if (institution.pk, part) not in present_parts and not institution.is_active(on=timezone.localdate()):
            sentence = _("%(institution)s no longer exists. Choose its successor.")
            name = "lead" if part == Part.LEAD else "supporting"
            raise FieldRefused(name, sentence % {"institution": institution})


def refuse_unreadable(lead: Institution, records: QuerySet) -> None:
    """Raises `FieldRefused`, without naming the records: the person may not be allowed to know them."""
    readable = readable_by(records, lead.pk)
    if records.exclude(pk__in=readable.order_by().values("pk")).exists():
        sentence = _(
            "%(institution)s does not have access to all records that this action addresses. Grant it access "
            "to those records first."
        )
        raise FieldRefused("lead", sentence % {"institution": lead})


def locked_tree() -> dict[int, int | None]:
    """The parent of each action. Locks all rows, so that only one action is moved at a time."""
    return dict(Action.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))


def refuse_bad_place(pk: int | None, parent: Action | None, tree: dict[int, int | None]) -> None:
    """Raises `FieldRefused` if the action would be part of itself, or too deep."""
    above = list(way_up(parent.pk if parent else None, tree))
    if pk is not None and pk in above:
        raise FieldRefused("parent", _("An action cannot be part of itself. Choose another action."))
    if len(above) + (height(pk, tree) if pk else 1) > MOST_LEVELS:
        sentence = _("Actions can have at most %(most)d levels. Choose one at a higher level.")
        raise FieldRefused("parent", sentence % {"most": MOST_LEVELS})


def way_up(pk: int | None, tree: dict[int, int | None]) -> Iterable[int]:
    while pk is not None:
        yield pk
        pk = tree.get(pk)


def height(pk: int, tree: dict[int, int | None]) -> int:
    """The number of levels of the action and everything below it."""
    levels, below = 0, {pk}
    while below:
        levels += 1
        below = {child for child, parent in tree.items() if parent in below}
    return levels
