"""Membership as facts of reports: who joined, left or was suspended in the period of the report."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from servanda.network.models import MembershipStep
from servanda.reporting.facts.citing import cited, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def steps(context: FactContext) -> QuerySet:
    report = context.section.report
    rows = MembershipStep.objects.visible_to(context.user).kept()
    if report.start:
        rows = rows.filter(day__gte=report.start)
    if report.end:
        rows = rows.filter(day__lte=report.end)
    if context.as_of:
        rows = rows.filter(at__lte=context.as_of)
    return rows.select_related("profile").order_by("day", "pk")


def step_facts(rows: Iterable[MembershipStep], _context: FactContext) -> list[Fact]:
    return [fact_of(row) for row in rows]


def fact_of(row: MembershipStep) -> Fact:
    step, day = row.get_kind_display(), in_words(row.day)
    return Fact(
        key=str(row.pk),
        title=str(row),
        text=f"{row.profile}: {step} ({day}).",
        citation=cited(_("Membership"), row.profile, step, day),
        address=row.get_absolute_url(),
        day=row.day,
    )


SOURCE = FactSource(
    code="members",
    label=pgettext_lazy("members", "Members"),
    rows=steps,
    facts=step_facts,
    covered=None,
    is_drafted=True,
)
