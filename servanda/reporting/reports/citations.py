"""Citations of quotations in the language of a translation, as far as their source is still what was quoted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import translation

from servanda.people.models import User
from servanda.reporting.facts.citing import without_numbers
from servanda.reporting.facts.registry import FactSource, fact_sources
from servanda.reporting.models import Quotation, ReportSection
from servanda.reporting.reports.scope import context_of, end_of_facts


def translate_citations(sections: Sequence[ReportSection], language: str, user: User) -> None:
    """Give the quotations of these sections, which are not saved, their citations in this language.

    A citation stays as it is if its fact is no longer offered to this person, if the fact says something else by now
    than the report, or if the language is none of the interface.
    """
    if language not in dict(settings.LANGUAGES):
        return
    for source, section, quotations in quoted_in(sections):
        known = citations_of(source, section, quotations, language, user)
        for quotation in quotations:
            quotation.citation = known.get((quotation.object_id, quotation.citation), quotation.citation)


def quoted_in(sections: Sequence[ReportSection]) -> Iterator[tuple[FactSource, ReportSection, list[Quotation]]]:
    """The quotations of each source; those of a source that depends on the section, section by section."""
    found: defaultdict[tuple[str, int], list[Quotation]] = defaultdict(list)
    by_key = {section.pk: section for section in sections}
    of_section = {source.code for source in fact_sources() if source.covered is None}
    for section in sections:
        for quotation in section.quotations.all():
            if quotation.object_id.isdecimal():
                place = section.pk if quotation.source in of_section else sections[0].pk
                found[quotation.source, place].append(quotation)
    for (code, place), quotations in found.items():
        for source in fact_sources([code]):
            yield source, by_key[place], quotations


def citations_of(
    source: FactSource, section: ReportSection, quotations: Sequence[Quotation], language: str, user: User
) -> dict[tuple[str, str], str]:
    """Citations in the other language, by fact and by citation in the language of the report."""
    keys = {int(quotation.object_id) for quotation in quotations}
    found: dict[tuple[str, str], str] = {}
    for as_of in dict.fromkeys([end_of_facts(section.report), None]):
        context = context_of(section, user, as_of=as_of)
        rows = list(source.rows(context).filter(pk__in=keys))
        with translation.override(section.report.language):
            own = source.facts(rows, context)
        with translation.override(language):
            others = source.facts(rows, context)
        for fact, other in zip(own, others, strict=True):
            found.setdefault((fact.key, fact.citation), other.citation)
            merged = [without_numbers(row.citation, row.about) for row in (fact, other)]
            found.setdefault((fact.key, merged[0]), merged[1])
    return found
