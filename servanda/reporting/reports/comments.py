"""The first draft of a chapter on the views of others: each published comment to the letter, with the reply to it and
its source. Nothing is invented, and what is quoted already is left out."""

from django.db.models import QuerySet
from django.utils import translation

from servanda.kit.pages.markdown import escaped
from servanda.people.models import User
from servanda.reporting.facts.comments import COMMENTS, SOURCE, comments
from servanda.reporting.models import ConsultationComment, ReportSection
from servanda.reporting.reports.quoting import add_quotation
from servanda.reporting.reports.scope import context_of, end_of_facts

MOST_AT_ONCE = 100


def draft_of_comments(section: ReportSection, by: User) -> str:
    """As Markdown, by author; empty if the section wants no comments, or has quoted all of them."""
    rows = list(comments_to_draft(section, by).order_by("organisation", "section__place", "pk")[:MOST_AT_ONCE])
    if not rows:
        return ""
    context = context_of(section, by, as_of=end_of_facts(section.report))
    with translation.override(section.report.language):
        facts = SOURCE.facts(rows, context)
    parts: list[str] = []
    for fact in facts:
        quotation = add_quotation(section, COMMENTS, fact, by=by)
        parts += [f"**{escaped(' '.join(fact.title.split()))}**", f"{escaped(quotation.text)} {quotation.mark}"]
    return "\n\n".join(parts)


def comments_to_draft(section: ReportSection, by: User) -> QuerySet:
    """Those that the section does not quote yet; none where its template asks for no comments."""
    if COMMENTS not in section.fact_codes:
        return ConsultationComment.objects.none()
    rows = comments(context_of(section, by, as_of=end_of_facts(section.report)))
    quoted = section.quotations.filter(source=COMMENTS).values_list("object_id", flat=True)
    return rows.exclude(pk__in=[int(key) for key in quoted])
