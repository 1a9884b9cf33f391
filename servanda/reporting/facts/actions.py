"""Planned actions as facts, as they were at the moment of the report."""

from collections.abc import Iterable
from functools import partial

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.people.access import Can, can
from servanda.planning.earlier import as_they_were
from servanda.planning.models import Action, ActionRecommendation
from servanda.reporting.facts.citing import cited, day_of, days_in, days_of_withdrawal, in_words, keys_of
from servanda.reporting.facts.record_numbers import numbers_of_facts
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def actions(context: FactContext) -> QuerySet:
    about = ActionRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    rows = Action.objects.visible_to(context.user).filter(pk__in=about.values("action"))
    if context.as_of:
        gone = Action.objects.kept_at(context.as_of).filter(pk__in=about.values("action"))
        rows = rows.filter(created_at__lte=context.as_of)
        rows = rows | gone if can(context.user, Can.READ_EVERYTHING) else rows
    rows = rows.filter(days_in(context.start, context.end, begins=F("start"), ends=F("due_on")))
    return rows.order_by(F("due_on").desc(nulls_last=True), "code")


def action_facts(rows: Iterable[Action], context: FactContext) -> list[Fact]:
    found = list(rows)
    gone = {row.pk: day_of(row.withdrawn_at) for row in found}
    about = numbers_of_facts([(ActionRecommendation.objects.all(), "action")], gone, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=str(row),
            text=f"{row.title} ({row.get_status_display()}). {row.description}".strip(),
            citation=cited(
                _("Action"),
                row.title,
                row.get_status_display(),
                in_words(row.due_on),
                about=about.get(row.pk, ()),
            ),
            address=row.get_absolute_url(),
            day=row.due_on,
            withdrawn_on=gone.get(row.pk),
            lead=_("Action, due on %(day)s") % {"day": in_words(row.due_on)} if row.due_on else _("Action"),
            about=about.get(row.pk, ()),
        )
        for row in as_they_were(found, context.as_of, context.user)
    ]


def with_action(context: FactContext) -> QuerySet:
    visible = actions(context).order_by().values("pk")
    return ActionRecommendation.objects.filter(action__in=visible).order_by().values("recommendation")


SOURCE = FactSource(
    "actions",
    gettext_lazy("Actions"),
    actions,
    action_facts,
    with_action,
    is_drafted=True,
    withdrawn=partial(days_of_withdrawal, Action),
    gap=gettext_lazy("No action planned for: %(numbers)s."),
)
