"""Evidence as facts."""

from collections.abc import Iterable
from functools import partial

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy

from servanda.progress.models import Evidence, EvidenceRecommendation
from servanda.reporting.facts.citing import (
    cited,
    day_of,
    days_in,
    days_of_withdrawal,
    in_words,
    keys_of,
    withdrawn_since,
)
from servanda.reporting.facts.record_numbers import numbers_of_facts
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def evidence(context: FactContext) -> QuerySet:
    about = EvidenceRecommendation.objects.filter(recommendation__in=keys_of(context.records)).order_by()
    rows = Evidence.objects.visible_to(context.user)
    if context.as_of:
        gone = withdrawn_since(Evidence, context.as_of, context.user).filter(is_submitted=True).order_by()
        rows = Evidence.objects.filter(Q(pk__in=rows.order_by().values("pk")) | Q(pk__in=gone.values("pk")))
    rows = rows.filter(pk__in=about.values("evidence"))
    if context.as_of:
        rows = rows.filter(added_at__lte=context.as_of)
    day = Coalesce("date", TruncDate("added_at"))
    rows = rows.filter(days_in(context.start, context.end, begins=day, ends=day))
    return rows.order_by(F("date").desc(nulls_last=True), "-added_at", "-pk")


def evidence_facts(rows: Iterable[Evidence], context: FactContext) -> list[Fact]:
    rows = list(rows)
    keys = [row.pk for row in rows]
    about = numbers_of_facts([(EvidenceRecommendation.objects.all(), "evidence")], keys, context.records)
    return [
        Fact(
            key=str(row.pk),
            title=row.title,
            text=row.title,
            citation=cited(
                row.title, row.get_kind_display(), in_words(row.date), row.link, about=about.get(row.pk, ())
            ),
            address=reverse("desk:evidence_file", args=[row.key]) if row.file else row.link,
            day=row.date,
            language=row.language,
            withdrawn_on=day_of(row.withdrawn_at),
            lead=str(row.get_kind_display()),
            about=about.get(row.pk, ()),
        )
        for row in rows
    ]


def with_evidence(context: FactContext) -> QuerySet:
    visible = evidence(context).order_by().values("pk")
    return EvidenceRecommendation.objects.filter(evidence__in=visible).order_by().values("recommendation")


SOURCE = FactSource(
    "evidence",
    gettext_lazy("Evidence"),
    evidence,
    evidence_facts,
    with_evidence,
    is_drafted=True,
    withdrawn=partial(days_of_withdrawal, Evidence),
)
