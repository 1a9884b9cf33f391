"""Agreements as facts of reports: those that were in force in the period of the report."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.network.models import Agreement
from servanda.people.versioning import changed_since
from servanda.reporting.facts.citing import cited, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def agreements(context: FactContext) -> QuerySet:
    """Without those that were changed since the day of the facts: what they were is not kept."""
    report = context.section.report
    rows = Agreement.objects.visible_to(context.user).annotate(begins=Coalesce("start", "signed_on"))
    if report.start:
        rows = rows.filter(Q(end=None) | Q(end__gte=report.start))
    if report.end:
        rows = rows.filter(begins__lte=report.end)
    if context.as_of:
        rows = rows.filter(created_at__lte=context.as_of)
        rows = rows.exclude(pk__in=changed_since(Agreement, "agreement-edited", context.as_of))
    return rows.prefetch_related("parties").order_by("begins", "pk")


def agreement_facts(rows: Iterable[Agreement], _context: FactContext) -> list[Fact]:
    return [fact_of(row) for row in rows]


def fact_of(row: Agreement) -> Fact:
    parties, day = "; ".join(sorted(party.name for party in row.parties.all())), in_words(row.signed_on)
    values = {"title": row.title, "kind": row.get_kind_display(), "parties": parties, "day": day}
    return Fact(
        key=str(row.pk),
        title=row.title,
        text=_("%(title)s (%(kind)s: %(parties)s), signed on %(day)s.") % values,
        citation=cited(_("Agreement"), row.title, day),
        address=row.get_absolute_url(),
        day=row.signed_on,
    )


SOURCE = FactSource(
    code="agreements",
    label=gettext_lazy("Agreements"),
    rows=agreements,
    facts=agreement_facts,
    covered=None,
    is_drafted=True,
)
