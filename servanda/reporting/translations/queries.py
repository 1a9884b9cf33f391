"""Translations as pages and clearance see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from servanda.people.models import User
from servanda.reporting.models import Report, ReportSection, ReportTranslation, SectionTranslation
from servanda.reporting.translations.aligning import Segment
from servanda.reporting.translations.checks import missing_in
from servanda.reporting.translations.memory import Remembered, exact_for, memory_key
from servanda.reporting.translations.terms import OfferedTerm, finder_of

State = SectionTranslation.State


@dataclass(slots=True)
class Row:
    """A section in all languages, in the order of the languages."""

    section: ReportSection
    translations: list[SectionTranslation] = field(default_factory=list)


@dataclass(slots=True)
class Progress:
    """How far a translation is."""

    into: ReportTranslation
    total: int = 0
    finished: int = 0
    words: int = 0
    is_own: bool = False  # to be made by the reader


def translations_of(report: Report, user: User) -> tuple[list[Progress], list[Row]]:
    """The languages with their progress, and each section that the person reads in all of them; with as many queries
    for every report."""
    languages = list(report.translations.kept().select_related("translator", "institution").order_by("language"))
    own = set(ReportTranslation.objects.assigned_to(user).filter(report=report).values_list("pk", flat=True))
    found = SectionTranslation.objects.visible_to(user).filter(into__in=languages).defer("segments")
    by_place = {(row.section_id, row.into_id): row for row in found}
    progress = [Progress(into, is_own=into.pk in own) for into in languages]
    rows = []
    for section in report.sections.readable_by(user):
        section.report = report
        row = Row(section)
        for shown in progress:
            translation = by_place.get((section.pk, shown.into.pk)) or SectionTranslation()
            translation.section, translation.into = section, shown.into
            row.translations.append(translation)
            shown.total += 1
            shown.finished += translation.is_finished
            shown.words += translation.words if section.is_counted else 0
        rows.append(row)
    return progress, rows


def unfinished_of(report: Report) -> list[SectionTranslation]:
    """What is not translated, not reviewed, or outdated, in the order of the report."""
    rows = SectionTranslation.objects.unfinished().filter(into__report=report, into__is_dropped=False)
    rows = rows.select_related("into", "section__report").defer("segments")
    return list(rows.order_by("section__place", "section", "into__language"))


def untitled_of(report: Report) -> list[ReportTranslation]:
    """The languages in which the report has no title yet."""
    return list(report.translations.kept().filter(title=""))


@dataclass(slots=True)
class Offered:
    """A paragraph with what helps to translate it, and what its translation lacks."""

    segment: Segment
    terms: list[OfferedTerm]
    remembered: list[Remembered]
    missing: list[str]


def offered_for(translation: SectionTranslation, rows: Iterable[Segment], user: User) -> list[Offered]:
    """Terms and earlier translations for all paragraphs, with as many queries for any number of them."""
    rows = list(rows)
    finder = finder_of(translation.section.report.language, translation.into.language)
    remembered = exact_for(translation, (row.source for row in rows), user)
    return [
        Offered(
            row,
            finder.found_in(row.source),
            [found for found in remembered.get(memory_key(row.source), []) if found.segment.target != row.target],
            missing_in(row.source, row.target) if row.is_translated else [],
        )
        for row in rows
    ]


def assigned_translations(user: User) -> QuerySet[ReportTranslation]:
    """What this person has to translate and is not finished, the earliest deadline first."""
    unfinished = SectionTranslation.objects.unfinished().order_by().values("into")
    rows = ReportTranslation.objects.assigned_to(user).filter(pk__in=unfinished)
    return rows.select_related("report").order_by(F("due_on").asc(nulls_last=True), "pk")
