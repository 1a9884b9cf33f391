"""The first draft of answers to questions: each question to the letter, then what institutions answered, with its
source. Nothing is invented, and what is quoted already is left out."""

from collections import defaultdict

from django.utils import translation

from servanda.kit.pages.markdown import escaped
from servanda.people.models import User
from servanda.reporting.facts.answers import ANSWERS, SOURCE, answers
from servanda.reporting.facts.registry import Fact
from servanda.reporting.models import ReportSection
from servanda.reporting.reports.quoting import add_quotation
from servanda.reporting.reports.scope import context_of, end_of_facts
from servanda.sources.models import Question


def draft_of_answers(section: ReportSection, by: User) -> str:
    """As Markdown, in the order of the questions; empty if there is no approved answer that is not quoted yet."""
    quoted = section.quotations.filter(source=ANSWERS).values_list("object_id", flat=True)
    context = context_of(section, by, as_of=end_of_facts(section.report))
    rows = list(answers(context).exclude(pk__in=[int(key) for key in quoted]).order_by("institution__code", "pk"))
    with translation.override(section.report.language):
        facts = {fact.key: fact for fact in SOURCE.facts(rows, context)}
    by_question: defaultdict[int, list[Fact]] = defaultdict(list)
    for row in rows:
        by_question[row.question_id].append(facts[str(row.pk)])
    questions = Question.objects.filter(pk__in=by_question).order_by("document__symbol", "document", "place", "pk")
    parts: list[str] = []
    for question in questions:
        parts.append(f"**{escaped(numbered(question))}**")
        for fact in by_question[question.pk]:
            quotation = add_quotation(section, ANSWERS, fact, by=by)
            parts.append(f"{escaped(quotation.text)} {quotation.mark}")
    return "\n\n".join(parts)


def numbered(question: Question) -> str:
    """On one line: emphasis ends with its paragraph."""
    text = " ".join(question.text.split())
    return f"{question.label}. {text}" if question.document and question.label else text
