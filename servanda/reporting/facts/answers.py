"""What institutions answered to the questions of a section, once their authority approved it."""

from collections.abc import Iterable
from functools import partial

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.progress.models import Update
from servanda.reporting.facts.citing import cited, days_of_withdrawal, in_words
from servanda.reporting.facts.registry import Fact, FactContext, FactSource
from servanda.reporting.facts.updates import APPROVED, with_approval
from servanda.sources.models import Question

ANSWERS = "answers"


def answers(context: FactContext) -> QuerySet:
    questions = Question.objects.listed().filter(report_sections=context.section).order_by().values("pk")
    rows = Update.objects.visible_to(context.user).filter(state__in=APPROVED, question__in=questions)
    if context.as_of:
        rows = with_approval(rows).filter(approved_at__lte=context.as_of)
    rows = rows.select_related("institution", "question__document", "question__asked_by")
    return rows.order_by(F("published_at").desc(nulls_last=True), "-changed_at", "-pk")


def answer_facts(rows: Iterable[Update], _context: FactContext) -> list[Fact]:
    return [
        Fact(
            key=str(row.pk),
            title=f"{row.institution}: {row.question.reference if row.question else ''}",
            text="\n\n".join(filter(None, [row.text, row.figures])),
            citation=cited(
                _("Answer"),
                row.institution,
                row.question.reference if row.question else "",
                in_words((row.published_at or row.changed_at).date()),
            ),
            address=reverse("desk:update", args=[row.pk]),
            day=(row.published_at or row.changed_at).date(),
            language=row.language,
        )
        for row in rows
    ]


SOURCE = FactSource(
    ANSWERS,
    gettext_lazy("Answers"),
    answers,
    answer_facts,
    covered=None,
    withdrawn=partial(days_of_withdrawal, Update),
)
