"""Read a Word file that came back, as a preview."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from servanda.kit.files.viruses import refuse_infected
from servanda.kit.refusal import FieldRefused, Unreadable
from servanda.people.models import User
from servanda.reporting.documents.blocks import MARK, Block, Kind, Span, clean
from servanda.reporting.models import (
    Report,
    ReportSection,
    ReturnedNote,
    ReturnedSection,
    SentCopy,
    SentSection,
    TemplateSection,
    WordReturn,
)
from servanda.reporting.reports.services import lock_report, refuse_others
from servanda.reporting.reports.splitting import SplitText, printed
from servanda.reporting.returns.chunks import first_numbers, runs_of, text_of
from servanda.reporting.returns.comparing import proposal_of
from servanda.reporting.returns.copies import hash_of
from servanda.reporting.returns.package import Package, opened
from servanda.reporting.returns.parts import Divisions, divisions_since
from servanda.reporting.returns.reading import Note, ReturnedFile, WordReader, copies_of
from servanda.sources.printed.texts import without_unseen
from servanda.trail.models import Event

MOST_COMMENTS = 2_000
MOST_NOTES = 10_000
MOST_PARAGRAPHS = 30_000
State = ReturnedSection.State
type IsPrinted = Callable[[str], bool]


def read_word_return(*, report: Report, file: File, name: str, by: User) -> WordReturn:
    """Read a Word file of this report that came back, as a preview: the report stays as it is.

    Raises `FieldRefused` with the cause if it cannot be read, belongs to another report or was read before.
    """
    refuse_others(by)
    name = without_unseen(name)[:255]
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    if earlier := WordReturn.objects.filter(report=report, sha256=sha256).first():
        sentence = _("This file was already read as %(name)s.")
        raise FieldRefused("file", sentence % {"name": earlier.name})
    with stored(file) as path, unreadable_as_refusal(path, name):
        refuse_infected(path, name)
        package = opened(path)
        copy = find_copy(report, package)
        refuse_too_much(package)
        sections = list(copy.sections.select_related("section"))
        with translation.override(report.language):
            citations = {row.number: citations_of(row) for row in sections}
        found = WordReader(
            package,
            {row.number: row.heading for row in sections},
            {number: first_numbers(texts) for number, texts in citations.items()},
            printed_in(copy),
        ).read()
    refuse_too_many(len(found.notes))
    with transaction.atomic():
        locked = lock_report(report, by=by)
        word_return = WordReturn.objects.create(
            report=locked, copy=copy, name=name, size=file.size, sha256=sha256, by=by
        )
        add_sections(word_return, found, sections, citations)
        add_notes(word_return, found, sections)
        Event.record("word-return-read", locked, by=by, difference={"file": ["", name]})
    return word_return


@contextmanager
def stored(file: File) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "returned.docx"
        with path.open("wb") as target:
            for piece in file.chunks():
                target.write(piece)
        yield path


@contextmanager
def unreadable_as_refusal(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except Unreadable as problem:
        raise FieldRefused("file", str(problem).replace(path.name, name)) from problem


def find_copy(report: Report, package: Package) -> SentCopy:
    keys = copies_of(package)
    rows = SentCopy.objects.filter(key__in=keys).select_related("report")
    if copy := rows.filter(report=report).first():
        return copy
    if other := rows.first():
        sentence = _("This is a file of another report: “%(title)s”. Open that report and send the file there.")
        raise FieldRefused("file", sentence % {"title": other.report.title})
    if keys:
        raise FieldRefused("file", _("This file was created by another system, so its sections are unknown here."))
    sentence = _(
        "This file was not made here, or a program removed the hidden marks of its sections. Download the report for"
        " Word, copy the changes to that file, and send it."
    )
    raise FieldRefused("file", sentence)


def refuse_too_much(package: Package) -> None:
    comments = len(package.part("comments"))
    if comments > MOST_COMMENTS:
        sentence = _(
            "The file has %(count)d comments, and at most %(most)d can be read. Delete those that are settled."
        )
        raise FieldRefused("file", sentence % {"count": comments, "most": MOST_COMMENTS})
    paragraphs = sum(1 for _paragraph in package.body.iter("{*}p"))
    if paragraphs > MOST_PARAGRAPHS:
        sentence = _("The file has %(count)d paragraphs, and at most %(most)d can be read. Split it.")
        raise FieldRefused("file", sentence % {"count": paragraphs, "most": MOST_PARAGRAPHS})


def refuse_too_many(notes: int) -> None:
    if notes > MOST_NOTES:
        sentence = _(
            "The file has %(count)d tracked changes and comments, and at most %(most)d can be read. Accept a part of"
            " the changes in Word, then send it again."
        )
        raise FieldRefused("file", sentence % {"count": notes, "most": MOST_NOTES})


def citations_of(row: SentSection) -> dict[int, str]:
    """The texts of the endnotes of a section, by the numbers of their marks, as they were sent."""
    known = {int(number): text for number, text in row.citations.items()}
    missing = _("[The source of this note is missing.]")
    numbers = {int(number) for number in MARK.findall(row.text)}
    return {number: clean(text) for number, text in known.items()} | dict.fromkeys(numbers - known.keys(), missing)


def printed_in(copy: SentCopy) -> IsPrinted:
    hashes = frozenset(copy.printed.split())
    return lambda text: hash_of(text) in hashes


def add_sections(
    word_return: WordReturn,
    found: ReturnedFile,
    sections: list[SentSection],
    citations: Mapping[int, Mapping[int, str]],
) -> None:
    """A row for each section whose text differs, or that is not in the file."""
    is_printed = printed_in(word_return.copy)
    keys = {row.number: row.section.key for row in sections}
    rows = []
    for sent in sections:
        if sent.number not in found.sections:
            rows.append(ReturnedSection(word_return=word_return, sent=sent, state=State.MISSING))
            continue
        blocks = [with_section_keys(block, keys) for block in found.sections[sent.number]]
        if sent.section.content == TemplateSection.Content.MATRIX:
            blocks = [row for block in blocks if (row := without_matrix(block, found, sent, is_printed))]
        text = proposal_of(sent.text, blocks, citations[sent.number], depth=sent.section.depth)
        if text != sent.text:
            rows.append(ReturnedSection(word_return=word_return, sent=sent, text=text))
    ReturnedSection.objects.bulk_create(rows)


def with_section_keys(block: Block, keys: Mapping[int, str]) -> Block:
    """References name sections by number in the file, and by key here."""

    def named(span: Span) -> Span:
        number = span.address.removeprefix("#")
        if not (span.address.startswith("#") and number.isdecimal()):
            return span
        return replace(span, address=f"#{keys[int(number)]}" if int(number) in keys else "")

    block.spans = [named(span) for span in block.spans]
    block.rows = [[[named(span) for span in cell] for cell in row] for row in block.rows]
    return block


def without_matrix(block: Block, found: ReturnedFile, sent: SentSection, is_printed: IsPrinted) -> Block | None:
    """None for the matrix itself; its rows that differ are texts outside of the section."""
    if block.kind != Kind.TABLE:
        return block
    rows = [[text_of(runs_of(cell)) for cell in row] for row in block.rows]
    differing = [row for row in rows if any(cell and not is_printed(cell) for cell in row)]
    if len(differing) * 2 > len(rows):
        return block
    for row in differing:
        text = " | ".join(cell for cell in row if cell)
        found.notes.append(Note(ReturnedNote.Kind.OUTSIDE, sent.number, text=text))
    return None


def add_notes(word_return: WordReturn, found: ReturnedFile, sections: list[SentSection]) -> None:
    by_number = {row.number: row for row in sections}
    is_printed, divisions = printed_in(word_return.copy), divisions_since(word_return)
    notes = [*found.notes]
    for number, heading in found.headings.items():
        sent = by_number.get(number)
        if sent and " ".join(clean(sent.heading).split()) != heading:
            notes.append(Note(ReturnedNote.Kind.OUTSIDE, number, text=_("Heading: %(text)s") % {"text": heading}))
    for number, blocks in found.sections.items():
        if number not in by_number:
            texts = (text for block in blocks for text in texts_of(block))
            notes += [
                Note(ReturnedNote.Kind.OUTSIDE, 0, text=text) for text in texts if text and not is_printed(text)
            ]
    ReturnedNote.objects.bulk_create(
        ReturnedNote(
            word_return=word_return,
            section=section_of(note, by_number[note.section].section, divisions)
            if note.section in by_number
            else None,
            place=place,
            kind=note.kind,
            author=note.author[:200],
            day=note.day,
            quoted=note.quoted.strip(),
            text=note.text.strip(),
        )
        for place, note in enumerate(notes)
    )


def section_of(note: Note, section: ReportSection, divisions: Divisions) -> ReportSection:
    """The part with what the note is about, if the section was divided since the file was made."""
    quoted = " ".join(note.quoted.split())
    for division in divisions.get(section.pk, []):
        if SplitText(division.first, division.second).is_moved(quoted, printed):
            return section_of(note, division.made, divisions)
    return section


def texts_of(block: Block) -> Iterator[str]:
    yield text_of(runs_of(block.spans))
    for row in block.rows:
        yield " | ".join(filter(None, (text_of(runs_of(cell)) for cell in row)))
