"""Practices as facts of reports: those that a person linked to a record in its scope, and those of its period."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.network.models import Practice
from servanda.network.practices.for_record import linked_practices
from servanda.network.practices.queries import language_for, text_in
from servanda.reporting.facts.citing import cited
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def practices(context: FactContext) -> QuerySet:
    """Reviewed, published and received ones; drafts are not quoted."""
    links = linked_practices(context.records)
    visible = Practice.objects.visible_to(context.user).exclude(state=Practice.State.DRAFT)
    if context.as_of:
        links = links.filter(at__lte=context.as_of)
        visible = visible.filter(Q(reviewed_at__lte=context.as_of) | Q(received_on__lte=context.as_of.date()))
    rows = visible.filter(pk__in=links.order_by().values("practice"))
    return rows.select_related("mechanism").order_by("-written_at", "-pk")


def practice_facts(rows: Iterable[Practice], _context: FactContext) -> list[Fact]:
    return [fact_of(row) for row in rows]


def fact_of(row: Practice) -> Fact:
    title, language = text_in(row, "title", language_for(row))
    result, _language = text_in(row, "result", language)
    day = row.received_on or (row.reviewed_at.date() if row.reviewed_at else None)
    return Fact(
        key=str(row.pk),
        title=title,
        text=f"{title}: {result}",
        citation=cited(_("Practice"), row.owner, date_format(day, "DATE_FORMAT") if day else "", row.origin),
        address=reverse("desk:practice", args=[row.key]),
        day=day,
        language=language,
    )


def with_practice(context: FactContext) -> QuerySet:
    """The records to which one is linked."""
    links = linked_practices(context.records).filter(practice__in=practices(context).order_by().values("pk"))
    return links.order_by().values("recommendation")


def shared_practices(context: FactContext) -> QuerySet:
    """Published or received in the period of the report, whatever record they belong to. One that was only reviewed
    is shared with no one."""
    report = context.section.report
    rows = Practice.objects.visible_to(context.user)
    rows = rows.annotate(shared_on=Coalesce("received_on", TruncDate("published_at"))).exclude(shared_on=None)
    if report.start:
        rows = rows.filter(shared_on__gte=report.start)
    if report.end:
        rows = rows.filter(shared_on__lte=report.end)
    if context.as_of:
        rows = rows.filter(shared_on__lte=context.as_of.date())
    return rows.select_related("mechanism").order_by("shared_on", "pk")


SHARED = FactSource(
    code="shared-practices",
    label=gettext_lazy("Practices shared in the period"),
    rows=shared_practices,
    facts=practice_facts,
    covered=None,
    is_drafted=True,
)

SOURCE = FactSource(
    code="practices",
    label=gettext_lazy("Practices of mechanisms"),
    rows=practices,
    facts=practice_facts,
    covered=with_practice,
)
