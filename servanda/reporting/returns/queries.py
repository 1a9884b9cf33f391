"""Returned Word files as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from servanda.reporting.models import Report, ReportSection, ReturnedNote, ReturnedPart, ReturnedSection, WordReturn
from servanda.reporting.returns.comparing import Merged, merged, paragraph_difference, paragraphs_of
from servanda.reporting.returns.parts import Divisions, Part, divisions_since, parts_of

State, Kind = ReturnedSection.State, ReturnedNote.Kind
CHANGES = (Kind.INSERTED, Kind.DELETED, Kind.MOVED_AWAY, Kind.MOVED_HERE)
MOST_CHANGES = 50  # tracked ones of a section at once


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """The changes of the file to the sent text of a part, and what accepting them changes in today's text."""

    section: ReportSection
    difference: list[tuple[str, str]]
    present_difference: list[tuple[str, str]]
    merged: Merged | None
    is_uncertain: bool
    is_changed: bool
    decision: ReturnedPart | None  # where the section was divided


@dataclass(frozen=True, slots=True)
class Compared:
    """A changed section, with its parts if it was divided since; else, with itself."""

    returned: ReturnedSection
    parts: list[ComparedPart]
    changes: list[ReturnedNote]

    @property
    def section(self) -> ReportSection:
        return self.returned.sent.section

    @property
    def is_uncertain(self) -> bool:
        return any(part.is_uncertain for part in self.parts)


def find_returns(report: Report) -> QuerySet[WordReturn]:
    """With how many sections are to be decided, and how many comments are open."""
    undecided = Count("sections", filter=Q(sections__state=State.PROPOSED), distinct=True)
    is_open = Q(notes__kind=Kind.COMMENT, notes__is_resolved=False)
    rows = report.returns.select_related("by", "copy")
    return rows.annotate(undecided=undecided, open_comments=Count("notes", filter=is_open, distinct=True))


def counts_of(word_return: WordReturn) -> dict[str, int]:
    """Sections, comments and texts outside of the sections."""
    by_kind = dict(word_return.notes.order_by().values_list("kind").annotate(Count("pk")))
    return {
        "sections": word_return.sections.count(),
        "comments": by_kind.get(Kind.COMMENT, 0),
        "outside": by_kind.get(Kind.OUTSIDE, 0),
    }


def sections_to_compare(word_return: WordReturn) -> QuerySet[ReturnedSection]:
    return word_return.sections.select_related("sent__section__report").prefetch_related("parts")


def notes_of(word_return: WordReturn, kind: str) -> QuerySet[ReturnedNote]:
    return word_return.notes.filter(kind=kind).select_related("section__report")


def compared(word_return: WordReturn, rows: Iterable[ReturnedSection]) -> list[Compared]:
    rows = list(rows)
    changes: dict[int, list[ReturnedNote]] = {}
    sections = [row.sent.section_id for row in rows]
    for note in word_return.notes.filter(section__in=sections, kind__in=CHANGES):
        changes.setdefault(note.section_id or 0, []).append(note)
    divisions = divisions_since(word_return)
    return [
        Compared(row, compare(row, divisions), changes.get(row.sent.section_id, [])[:MOST_CHANGES]) for row in rows
    ]


def compare(row: ReturnedSection, divisions: Divisions) -> list[ComparedPart]:
    if row.state == State.MISSING:
        return []
    decisions = {decision.section_id: decision for decision in row.parts.all()}
    return [
        compare_part(part, decisions.get(part.section.pk), is_proposed=row.state == State.PROPOSED)
        for part in parts_of(row, divisions)
    ]


def compare_part(part: Part, decision: ReturnedPart | None, *, is_proposed: bool) -> ComparedPart:
    section = part.section
    is_conflict = is_proposed and decision is None and paragraphs_of(section.text) != paragraphs_of(part.sent)
    result = merged(part.sent, section.text, part.proposed) if is_conflict else None
    present = paragraph_difference(section.text, result.text) if result else []
    difference = paragraph_difference(part.sent, part.proposed)
    return ComparedPart(section, difference, present, result, part.is_uncertain, part.is_changed, decision)
