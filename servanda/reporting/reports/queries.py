"""Reports and sections as pages show them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil, floor
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import ngettext

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.models import Recommendation
from servanda.reporting.facts.answers import ANSWERS
from servanda.reporting.facts.comments import COMMENTS
from servanda.reporting.facts.registry import Fact, FactContext, FactSource, fact_sources
from servanda.reporting.models import ConsultedSection, Quotation, Report, ReportSection, SectionNote, TemplateSection
from servanda.reporting.models.templates import CONCLUSION
from servanda.reporting.reports.counting import FULL, warning_of
from servanda.reporting.reports.earlier import look_back_conditions
from servanda.reporting.reports.scope import context_of, end_of_facts
from servanda.reporting.reports.uses import with_uses
from servanda.sources.printed.texts import without_unseen

FACTS_AT_ONCE = 10
SHOWN_BESIDE = ("open_notes", "has_earlier", "has_promises")


@dataclass(frozen=True, slots=True)
class Measured:
    """Words beside their limit."""

    words: int
    limit: int | None
    warning: str  # "", "near" or "over"

    @property
    def share(self) -> int:
        """In percent, not rounded across a bar: 199 of 200 are not yet 100%, and 201 are more."""
        if not self.limit:
            return 0
        return (ceil if self.warning == "over" else floor)(self.words * FULL / self.limit)


@dataclass(frozen=True, slots=True)
class OfferedFacts:
    """Facts of one source for a section, with the number of records without any, and of facts known only after the
    date of the facts (`is_new`: these are shown)."""

    source: FactSource
    facts: list[Fact]
    total: int
    records: int
    gaps: int
    new: int = 0
    is_new: bool = False


def measured(words: int, limit: int | None) -> Measured:
    return Measured(words, limit, warning_of(words, limit))


def find_reports(user: User) -> QuerySet[Report]:
    """The reports of the person, with the words that count and the sections without a text."""
    counted = Sum("sections__words", filter=Q(sections__is_counted=True), default=0)
    rows = Report.objects.visible_to(user).select_related("obligation__body", "template")
    return rows.annotate(counted_words=counted, empty_sections=number_of_gaps())


def number_of_gaps() -> Coalesce:
    """Of each report, the sections without a text, except headings whose sections have it instead."""
    gaps = ReportSection.objects.filter(report=OuterRef("pk")).without_text()
    counted = gaps.order_by().values("report").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def sections_for(user: User) -> QuerySet[ReportSection]:
    """The sections that the institutions of this person are still to write, the earliest deadline first."""
    rows = ReportSection.objects.written_for(user).to_be_written().select_related("report", "institution")
    return rows.order_by(F("due_on").asc(nulls_last=True), "report", "place", "pk")


def gaps_in_words(headings: Sequence[str]) -> str:
    """A sentence on the sections that have to be written first, with their number and the first of them."""
    sentence = ngettext(
        "%(count)d section has no text. Write it first: %(sections)s.",
        "%(count)d sections have no text. Write them first, beginning with %(sections)s.",
        len(headings),
    )
    first = ", ".join(f"“{heading}”" for heading in headings[:3])
    return sentence % {"count": len(headings), "sections": first}


def sections_of(report: Report, user: User) -> list[ReportSection]:
    rows = report.sections.readable_by(user).select_related("report", "institution", "changed_by")
    return list(rows.defer("text"))


def total_of(report: Report, user: User) -> Measured | None:
    """The words of the whole report; only for those who see all its sections."""
    if not can(user, Can.EDIT_REPORTS):
        return None
    words = report.sections.filter(is_counted=True).aggregate(words=Sum("words", default=0))["words"]
    return measured(words, report.word_limit)


def facts_beside(section: ReportSection, user: User) -> dict[str, Any]:
    """What the page of a section shows of its report and its notes, in one query: the list is at its budget."""
    report, notes = section.report, SectionNote.objects.open().filter(section=section.pk).order_by()
    of_declaration = TemplateSection.objects.filter(template=report.template_id, key=CONCLUSION)
    found = (
        Report.objects.filter(pk=report.pk)
        .order_by()
        .annotate(
            words=Sum("sections__words", filter=Q(sections__is_counted=True), default=0),
            open_notes=Subquery(notes.values("section").annotate(number=Count("pk")).values("number")),
            is_of_declaration=Exists(of_declaration),
            **look_back_conditions(report, user),
        )
    )
    row: dict[str, Any] = dict(found.values("words", "is_of_declaration", *SHOWN_BESIDE).get())
    report.template.is_of_declaration = row["is_of_declaration"]
    total = measured(row["words"], report.word_limit) if can(user, Can.EDIT_REPORTS) else None
    return {name: row[name] for name in SHOWN_BESIDE} | {"total": total}


def sources_of(section: ReportSection) -> list[FactSource]:
    """The kinds of facts that the section wants; also answers where it has questions, and comments where its draft
    was open for them."""
    questions = ReportSection.questions.through.objects.filter(reportsection=OuterRef("pk"))
    consulted = ConsultedSection.objects.filter(section=OuterRef("pk"))
    row = ReportSection.objects.filter(pk=section.pk).order_by()
    found = row.values_list(Exists(questions), Exists(consulted)).get()
    further = {code for code, is_found in zip((ANSWERS, COMMENTS), found, strict=True) if is_found}
    return fact_sources({*section.fact_codes, *further})


def offered_facts(
    section: ReportSection,
    code: str,
    user: User,
    *,
    sources: Sequence[FactSource] | None = None,
    start: int = 0,
    is_new: bool = False,
) -> OfferedFacts | None:
    """The facts of one source that the section wants, newest first; None if it wants none. They are those known on
    the day of the facts, or only those that became known afterwards."""
    sources = sources_of(section) if sources is None else sources
    source = next((source for source in sources if source.code == code), sources[0] if sources else None)
    if source is None:
        return None
    as_of = end_of_facts(section.report)
    context = context_of(section, user, as_of=as_of, is_of_section=True)
    rows = source.rows(context)
    new = 0
    if as_of:
        today = context_of(section, user, as_of=None, is_of_section=True)
        added = source.rows(today).exclude(pk__in=rows.order_by().values("pk"))
        new = added.count()
        if is_new:
            rows, context = added, today
    records = context.records.order_by() if source.covered else Recommendation.objects.none()
    facts = source.facts(rows[start : start + FACTS_AT_ONCE], context)
    return OfferedFacts(
        source=source,
        facts=with_uses(section, source, with_period(section.report, source, context, facts), user),
        total=rows.count(),
        records=records.count(),
        gaps=records.exclude(pk__in=source.covered(context)).count() if source.covered else 0,
        new=new,
        is_new=bool(as_of and is_new),
    )


def with_period(report: Report, source: FactSource, context: FactContext, facts: Sequence[Fact]) -> list[Fact]:
    """The facts, those outside of the period of the report marked."""
    if not (report.start or report.end):
        return list(facts)
    rows = source.rows(replace(context, start=report.start, end=report.end))
    inside = rows.order_by().filter(pk__in=[fact.key for fact in facts]).values_list("pk", flat=True)
    keys = {str(key) for key in inside}
    return [replace(fact, is_outside=fact.key not in keys) for fact in facts]


def fact_of(section: ReportSection, code: str, key: str, user: User) -> tuple[FactSource, Fact] | None:
    """A fact that this person may quote in this section, by its source and key."""
    source = next((source for source in sources_of(section) if source.code == code), None)
    if source is None or not (key.isdecimal() and len(key) <= 18):
        return None
    for as_of in dict.fromkeys([end_of_facts(section.report), None]):
        found = facts_by_key(section, source, [int(key)], user, as_of=as_of)
        if key in found and found[key].withdrawn_on is None:
            return source, found[key]
    return None


def facts_by_key(
    section: ReportSection, source: FactSource, keys: Collection[int], user: User, *, as_of: datetime | None = None
) -> dict[str, Fact]:
    """The facts with these keys, as they are now or were then, in the language of the report."""
    context = context_of(section, user, as_of=as_of)
    rows = source.rows(context).filter(pk__in=keys)
    with translation.override(section.report.language):
        return {fact.key: fact for fact in source.facts(rows, context)}


def changed_facts(section: ReportSection, quotations: Iterable[Quotation], user: User) -> dict[int, Fact | None]:
    """By the number of the quotation, what its source says now if that is not what the section quotes; None for a
    fact that is no longer offered to this person."""
    quoted: defaultdict[str, list[Quotation]] = defaultdict(list)
    for quotation in quotations:
        if quotation.object_id.isdecimal():
            quoted[quotation.source].append(quotation)
    changed: dict[int, Fact | None] = {}
    for source in fact_sources(quoted):
        of_source = quoted[source.code]
        now = facts_by_key(section, source, {int(quotation.object_id) for quotation in of_source}, user)
        for quotation in of_source:
            fact = now.get(quotation.object_id)
            if fact is None or without_unseen(fact.text) != quotation.text:
                changed[quotation.number] = fact
    return changed


def days_of_withdrawal(quotations: Iterable[Quotation]) -> dict[int, date]:
    """By the number of the quotation the day on which its source was withdrawn, with one query for each source."""
    quoted: defaultdict[str, list[Quotation]] = defaultdict(list)
    for quotation in quotations:
        if quotation.object_id.isdecimal():
            quoted[quotation.source].append(quotation)
    days: dict[int, date] = {}
    for source in fact_sources(quoted):
        if source.withdrawn is not None:
            found = source.withdrawn({int(quotation.object_id) for quotation in quoted[source.code]})
            rows = [quotation for quotation in quoted[source.code] if quotation.object_id in found]
            days |= {quotation.number: found[quotation.object_id] for quotation in rows}
    return days
