"""Assessments as facts: all of them, or the independent ones."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from servanda.progress.models import Assessment, Voice
from servanda.reporting.facts.citing import cited, day_of, days_in, in_words, keys_of, listed
from servanda.reporting.facts.record_numbers import RecordNumber
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def assessments(context: FactContext) -> QuerySet:
    rows = Assessment.objects.visible_to(context.user)
    rows = rows.latest_at(context.as_of) if context.as_of else rows.latest()
    rows = rows.filter(recommendation__in=keys_of(context.records))
    rows = rows.filter(days_in(context.start, context.end, begins=F("date"), ends=F("date")))
    return rows.select_related("recommendation__document", "recommendation__body", "institution", "grade").order_by(
        "-date", "-pk"
    )


def assessment_facts(rows: Iterable[Assessment], _context: FactContext) -> list[Fact]:
    rows = list(rows)
    about = {row.pk: (RecordNumber.of(row.recommendation),) for row in rows}
    return [
        Fact(
            key=str(row.pk),
            title=f"{row.recommendation.code}: {row.grade.label}",
            text=f"{row.grade.label}. {row.reason}".strip(),
            citation=cited(
                row.get_voice_display(),
                row.institution or row.author,
                row.symbol,
                row.paragraph,
                in_words(row.date),
                about=about[row.pk],
            ),
            address=reverse("desk:record", args=[row.recommendation.code]),
            day=row.date,
            withdrawn_on=day_of(row.retracted_at),
            lead=listed(row.get_voice_display(), row.institution or row.author, in_words(row.date)),
            about=about[row.pk],
        )
        for row in rows
    ]


def days_of_retraction(keys: Collection[int]) -> dict[str, date]:
    rows = Assessment.objects.filter(pk__in=keys, retracted_at__isnull=False).values_list("pk", "retracted_at")
    return {str(pk): timezone.localdate(moment) for pk, moment in rows}


def with_assessment(context: FactContext) -> QuerySet:
    return assessments(context).order_by().values("recommendation")


def independent_assessments(context: FactContext) -> QuerySet:
    return assessments(context).filter(voice=Voice.INDEPENDENT)


def with_independent_assessment(context: FactContext) -> QuerySet:
    return independent_assessments(context).order_by().values("recommendation")


SOURCES = (
    FactSource(
        "assessments",
        gettext_lazy("Assessments"),
        assessments,
        assessment_facts,
        with_assessment,
        is_drafted=True,
        gap=gettext_lazy("No published assessment of: %(numbers)s."),
        withdrawn=days_of_retraction,
    ),
    FactSource(
        "independent-assessments",
        gettext_lazy("Independent assessments"),
        independent_assessments,
        assessment_facts,
        with_independent_assessment,
        is_drafted=True,
        withdrawn=days_of_retraction,
    ),
)
