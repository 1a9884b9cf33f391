"""Actions and obligations whose deadline has passed, as facts of reports."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.planning.earlier import as_they_were
from servanda.planning.models import Action, ActionRecommendation
from servanda.reporting.facts.actions import action_facts, actions
from servanda.reporting.facts.citing import cited, days_of_withdrawal, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource
from servanda.sources.models import Obligation
from servanda.sources.models.obligations import is_late


def day_of_facts(context: FactContext) -> date:
    return timezone.localdate(context.as_of) if context.as_of else timezone.localdate()


def late_actions(context: FactContext) -> QuerySet:
    """By their state on the day of the facts."""
    rows, on = actions(context), day_of_facts(context)
    then = as_they_were(list(rows), context.as_of, context.user)
    return rows.filter(pk__in=[row.pk for row in then if row.is_late(on=on)])


def with_late_action(context: FactContext) -> QuerySet:
    late = late_actions(context).order_by().values("pk")
    return ActionRecommendation.objects.filter(action__in=late).order_by().values("recommendation")


def late_obligations(context: FactContext) -> QuerySet:
    """Of any body: public ones, binding or requested, that were not submitted by the day of the facts."""
    on = day_of_facts(context)
    pending = Q(state__in=Obligation.UNFINISHED) | Q(submission__submitted_on__gt=on)
    rows = Obligation.objects.visible_to(context.user).reported_on().filter(pending, is_late(on))
    rows = rows.filter(confidentiality=Obligation.Confidentiality.PUBLIC)
    if context.as_of:
        rows = rows.filter(created_at__lte=context.as_of)
    return rows.select_related("body").order_by("due_on", "code")


def obligation_facts(rows: Iterable[Obligation], _context: FactContext) -> list[Fact]:
    return [fact_of(row) for row in rows]


def fact_of(row: Obligation) -> Fact:
    name, day = f"{row.body.short}: {row.title or row.get_kind_display()}", in_words(row.due_on)
    return Fact(
        key=str(row.pk),
        title=name,
        text=_("%(obligation)s was due on %(day)s and has not been submitted.") % {"obligation": name, "day": day},
        citation=cited(row.code, name, day),
        address=reverse("desk:obligation", args=[row.code]),
        day=row.due_on,
    )


SOURCES = (
    FactSource(
        "late-actions",
        gettext_lazy("Overdue actions"),
        late_actions,
        action_facts,
        with_late_action,
        is_drafted=True,
        withdrawn=partial(days_of_withdrawal, Action),
    ),
    FactSource(
        "late-obligations",
        gettext_lazy("Overdue obligations"),
        late_obligations,
        obligation_facts,
        covered=None,
        is_drafted=True,
    ),
)
