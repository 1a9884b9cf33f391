"""The first draft of a section that lists what happened: each fact with its source. What is quoted already is left
out."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import translation

from servanda.kit.pages.markdown import escaped
from servanda.people.models import User
from servanda.reporting.facts.registry import FactContext, FactSource, fact_sources
from servanda.reporting.models import ReportSection
from servanda.reporting.reports.quoting import add_quotation
from servanda.reporting.reports.scope import context_of, end_of_facts

MOST_FACTS = 200  # of one source in one draft; the rest are offered beside the text


def has_facts_to_draft(section: ReportSection, user: User) -> bool:
    context = context_of(section, user, as_of=end_of_facts(section.report))
    return any(rows.exists() for _source, rows in rows_to_draft(section, context))


def draft_of_facts(section: ReportSection, by: User) -> str:
    """As Markdown, in the language of the report; empty if there is no fact that is not quoted yet."""
    context = context_of(section, by, as_of=end_of_facts(section.report))
    parts: list[str] = []
    with translation.override(section.report.language):
        for source, rows in rows_to_draft(section, context):
            for fact in source.facts(list(rows[:MOST_FACTS]), context):
                quotation = add_quotation(section, source.code, fact, by=by)
                text = " ".join(quotation.text.split())
                parts.append(f"{escaped(text)} {quotation.mark}")
    return "\n\n".join(parts)


def rows_to_draft(section: ReportSection, context: FactContext) -> Iterator[tuple[FactSource, QuerySet]]:
    for source in fact_sources(section.fact_codes):
        if source.is_drafted:
            quoted = section.quotations.filter(source=source.code).values_list("object_id", flat=True)
            yield source, source.rows(context).exclude(pk__in=[int(key) for key in quoted if key.isdecimal()])
