"""Divide a section at a place of its text: what is behind it becomes a section of its own, with its endnotes,
comments, questions and translations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.pages.markdown_segments import FENCE, join_segments, segments_of
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.reporting.models import (
    AcceptedGap,
    Report,
    ReportSection,
    SectionDivision,
    SectionNote,
    SectionTranslation,
    UnansweredQuestion,
)
from servanda.reporting.reports.answers import places_of
from servanda.reporting.reports.counting import MARK, plain_text, words_of
from servanda.reporting.reports.gaps import gaps_of_text
from servanda.reporting.reports.outline import new_section, put_in, required_heading
from servanda.reporting.reports.outline_history import record_sources
from servanda.reporting.reports.services import lock_report, store_text
from servanda.reporting.reports.text_gaps import found_in
from servanda.trail.models import Event

LONGEST_LABEL = 60
KEPT = ("institution", "due_on", "theme", "cluster", "guidance")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph begins in the text, and its first line; `heading` is that line if it is one."""

    start: int
    line: str
    heading: str = ""

    def __str__(self) -> str:
        return plain_text(self.line)[:LONGEST_LABEL]


def places_in(text: str) -> list[Place]:
    """The paragraphs before which the text can be divided: all but the first, and none inside of lists and code."""
    return [place for place in paragraphs_in(text) if text[: place.start].strip()]


def paragraphs_in(text: str) -> Iterator[Place]:
    start, fence, is_blank = 0, "", True
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if fence:
            fence = "" if bare.startswith(fence) else fence
        else:
            if bare and is_blank and not line[0].isspace():
                yield Place(start, bare, plain_text(bare) if bare.startswith("#") else "")
            opened = FENCE.match(line)
            fence = opened[1] if opened else ""
        is_blank = not bare
        start += len(line)


@dataclass(frozen=True, slots=True)
class SplitText:
    """The texts of the two sections, and their words without the signs of Markdown."""

    first: str
    second: str

    def is_moved(self, words: str, form: Callable[[str], str] = str) -> bool:
        """Whether only the second text has these words."""
        return bool(words) and words in form(self.second) and words not in form(self.first)


@transaction.atomic
def split_report_section(*, section: ReportSection, number: int, heading: str, seen: int, by: User) -> ReportSection:
    """Divide the text before the paragraph with this number among `places_in` it, from 1; without a heading, that of
    the text at the place is used. Returns the new section, directly behind this one.

    Raises `ChangedMeanwhile` if another user saved the section since, `Refused` if there is no such paragraph, and
    `FieldRefused` without a heading.
    """
    report = lock_report(section.report, by=by)
    locked = ReportSection.objects.select_for_update().get(pk=section.pk, report=report)
    locked.report = report
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    places = places_in(locked.text)
    if not 1 <= number <= len(places):
        raise Refused(_("Select a paragraph of the text."))
    place = places[number - 1]
    second = locked.text[place.start :]
    if place.heading and not heading.strip():
        heading, second = place.heading, second.partition("\n")[2].lstrip("\n")
    halves = SplitText(locked.text[: place.start].rstrip(), second)
    made = section_after(report, locked, required_heading(heading), halves)
    move_parts(locked, made, halves)
    SectionDivision.objects.create(section=locked, made=made, first=halves.first, second=halves.second)
    store_text(locked, halves.first, by=by, is_new_version=True)
    store_text(made, halves.second, by=by, is_new_version=True)
    Event.record("report-section-split", locked, by=by, difference={"sections": ["", made.heading]})
    return made


def section_after(report: Report, section: ReportSection, heading: str, halves: SplitText) -> ReportSection:
    """Before the sections below it, whose text follows; it takes its part of the share of the words."""
    made = new_section(report, heading, like=section)
    for name in KEPT:
        setattr(made, name, getattr(section, name))
    made.content = made.content if section.content == "matrix" else section.content
    words = words_of(halves.second)
    if section.share and (of_both := words + words_of(halves.first)):
        made.share = min(round(section.share * words / of_both), section.share - 1) or None
        section.share -= made.share or 0
        section.save(update_fields=["share"])
    sections = list(report.sections.all())
    put_in(report, sections, next(at for at, row in enumerate(sections, 1) if row.pk == section.pk), [made])
    return made


def move_parts(section: ReportSection, made: ReportSection, halves: SplitText) -> None:
    """Move quotations, notes, reasons, questions and translations of the second text to the new section."""
    move_reasons(section, made, halves)
    move_quotations(section, made, halves)
    move_questions(section, made, halves)
    notes = [note.pk for note in section.notes.threads() if halves.is_moved(note.passage)]
    of_threads = SectionNote.objects.filter(pk__in=notes) | SectionNote.objects.filter(parent__in=notes)
    of_threads.update(section=made)
    returned = section.returned_notes.all()
    moved = [note.pk for note in returned if halves.is_moved(" ".join(note.quoted.split()), printed)]
    returned.filter(pk__in=moved).update(section=made)
    for translation in section.translations.all():
        divide_translation(translation, made.translations.get(into=translation.into_id), halves, section.text)


def printed(text: str) -> str:
    return " ".join(plain_text(text).split())


def move_reasons(section: ReportSection, made: ReportSection, halves: SplitText) -> None:
    """Move each reason with its gap. A gap whose question stays in the first section gets the reason of the
    question."""
    questions = list(section.questions.select_related("document", "asked_by"))
    moved = places_of(halves.second.split("\n\n"), questions).keys()
    by_key = {row.key: row for row in section.accepted_gaps.all()}
    by_question = {row.question_id: row for row in section.unanswered.all()}
    new = list(found_in(halves.second, questions))
    old = list(gaps_of_text(section))
    for before, after in zip(old[len(old) - len(new) :], new, strict=True):
        row: AcceptedGap | UnansweredQuestion | None = by_key.get(before.key)
        if before.is_of_question and before.question and before.question not in moved:
            row = by_question[before.question]
        if row is not None:
            AcceptedGap.objects.create(section=made, key=after.key, reason=row.reason, by=row.by)
    kept = {gap.key for gap in old[: len(old) - len(new)]}
    section.accepted_gaps.filter(key__in={gap.key for gap in old} - kept).delete()


def move_quotations(section: ReportSection, made: ReportSection, halves: SplitText) -> None:
    """One whose mark is in both texts is copied."""
    before, behind = (set(MARK.findall(text)) for text in (halves.first, halves.second))
    for quotation in section.quotations.all():
        if quotation.mark not in behind:
            continue
        if quotation.mark in before:
            quotation.pk = None
        quotation.section = made
        quotation.save()
    record_sources(section)
    record_sources(made)


def move_questions(section: ReportSection, made: ReportSection, halves: SplitText) -> None:
    """Those whose heading is in the second text, with the reason for which one goes without an answer."""
    questions = list(section.questions.select_related("document", "asked_by"))
    moved = places_of(halves.second.split("\n\n"), questions).keys()
    section.questions.remove(*moved)
    made.questions.add(*moved)
    section.unanswered.filter(question__in=moved).update(section=made)


def divide_translation(old: SectionTranslation, new: SectionTranslation, halves: SplitText, text: str) -> None:
    """Each paragraph goes with its source; what was reviewed is reviewed again with its heading."""
    is_up_to_date = old.source_text == text
    behind = set(segments_of(halves.second)) - set(segments_of(halves.first))
    new.segments = [pair for pair in old.segments if pair[0] in behind]
    old.segments = [pair for pair in old.segments if pair[0] not in behind]
    if new.segments:
        new.state, new.changed_by, new.changed_at = new.State.DRAFT, old.changed_by, old.changed_at
    for row, source in ((old, halves.first), (new, halves.second)):
        row.source_text = source if is_up_to_date and row.segments else row.source_text
        row.words = words_of(join_segments(row.segments))
        row.version += 1
        row.save()
