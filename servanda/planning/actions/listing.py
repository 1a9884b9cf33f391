"""The list of actions: filters, orders, and annotations of rows."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import NegatedExpression, OrderBy
from django.db.models.functions import Coalesce, Length
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, page_number, words_in
from servanda.people.models import User
from servanda.planning.models import (
    Action,
    ActionCluster,
    ActionInstitution,
    ActionQuerySet,
    ActionRecommendation,
    Indicator,
)
from servanda.recommendations.models import ClusterMember, Recommendation

MOST_WORDS = 8
BY_CODE = (Length("code"), "code")  # A-2 before A-10
LATE, NEAR, MINE_LATE, MINE_NEAR = "late", "soon", "mine-late", "mine-soon"
WHEN = {
    LATE: gettext_lazy("Overdue"),
    NEAR: gettext_lazy("Due within 30 days"),
    MINE_LATE: gettext_lazy("Overdue, led by my institutions"),
    MINE_NEAR: gettext_lazy("Due within 30 days, led by my institutions"),
}
NO_RECORD, NO_INDICATOR, NO_LEAD = "recommendation", "indicator", "lead"
WITHOUT = {
    NO_RECORD: gettext_lazy("No recommendation"),
    NO_INDICATOR: gettext_lazy("No indicator"),
    NO_LEAD: gettext_lazy("No lead institution"),
}
ORDERS = {
    "code": gettext_lazy("Reference"),
    "due": gettext_lazy("Due"),
    "title": gettext_lazy("Title"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFilter(ListFilter):
    words: str = ""
    plan: str = ""
    institution: str = ""
    status: str = ""
    when: str = ""
    without: str = ""
    order: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choices = {"status": Action.Status.values, "when": WHEN, "without": WITHOUT, "order": ORDERS}
        return cls(
            **{name: words_in(params, name) for name in ("words", "plan", "institution")},
            **{name: value if (value := words_in(params, name)) in choices[name] else "" for name in choices},
            number=page_number(params),
        )


def find_actions(user: User, filters: ActionFilter, *, on: date) -> ActionQuerySet:
    """The visible actions that match the filters, in the chosen order."""
    actions = narrow(Action.objects.visible_to(user), filters, user, on=on)
    for word in filters.words.split()[:MOST_WORDS]:
        actions = actions.filter(has_word("title", word) | has_word("description", word) | has_word("code", word))
    orders: dict[str, list[str | OrderBy]] = {"due": [F("due_on").asc(nulls_last=True)], "title": ["title"]}
    return actions.order_by(*orders.get(filters.order, []), *BY_CODE, "pk")


def narrow(actions: ActionQuerySet, filters: ActionFilter, user: User, *, on: date) -> ActionQuerySet:
    if filters.plan:
        actions = actions.filter(plan__code=filters.plan)
    if filters.institution:
        parts = ActionInstitution.objects.filter(institution__code=filters.institution)
        actions = actions.filter(pk__in=parts.values("action"))
    if filters.status:
        actions = actions.filter(status=filters.status)
    if filters.when in (MINE_LATE, MINE_NEAR):
        actions = actions.filter(pk__in=Action.objects.led_by(user).order_by().values("pk"))
    if filters.when in (LATE, MINE_LATE):
        actions = actions.late(on=on)
    if filters.when in (NEAR, MINE_NEAR):
        actions = actions.due_soon(on=on)
    return actions.filter(lacks(filters.without, user)) if filters.without else actions


def lacks(missing: str, user: User) -> Q | NegatedExpression:
    """The condition for actions without something; links to what is hidden from the reader do not count."""
    if missing == NO_RECORD:
        through = ActionCluster.objects.reaching(Recommendation.every_kind.opened_to(user))
        return ~Q(pk__in=answers_seen_by(user).values("action")) & ~Q(pk__in=through.values("action"))
    if missing == NO_INDICATOR:
        linked = Indicator.actions.through.objects.filter(
            indicator__in=Indicator.objects.visible_to(user).order_by().values("pk")
        )
        return ~Q(pk__in=linked.values("action"))
    return ~Exists(ActionInstitution.objects.filter(part="lead", action=OuterRef("pk")))


def answers_seen_by(user: User) -> QuerySet[ActionRecommendation]:
    """Links of actions to records that are open to this person."""
    opened = Recommendation.every_kind.opened_to(user).order_by().values("pk")
    return ActionRecommendation.objects.filter(recommendation__in=opened)


def members_seen_by(user: User) -> QuerySet:
    """Members of clusters that are open to this person, one row for each action on their cluster (`answer`)."""
    answered = "cluster__action_answers__action"
    opened = Recommendation.every_kind.opened_to(user).order_by().values("pk")
    return ClusterMember.objects.reached().filter(recommendation__in=opened).annotate(answer=F(answered))


def not_named() -> NegatedExpression:
    return ~Exists(
        ActionRecommendation.objects.filter(action=OuterRef("answer"), recommendation=OuterRef("recommendation"))
    )


def count_of(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def with_row_facts(actions: ActionQuerySet, user: User) -> ActionQuerySet:
    """Annotate what the rows of the list show: the number of records and the lead."""
    answers = answers_seen_by(user).filter(action=OuterRef("pk")).order_by().values("action")
    lead = ActionInstitution.objects.filter(action=OuterRef("pk"), part="lead")
    through = members_seen_by(user).filter(not_named(), answer=OuterRef("pk")).order_by().values("answer")
    return actions.select_related("plan").annotate(
        answered=count_of(answers) + count_of(through),
        lead_name=Subquery(lead.values("institution__name")[:1]),
    )
