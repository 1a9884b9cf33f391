"""Reads a Word file that came back: blocks of each section, comments, tracked changes, and texts outside."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from servanda.kit.files.word_package import COPY_PROPERTY
from servanda.reporting.documents.blocks import Block, Kind, Span
from servanda.reporting.documents.word import COPY_MARK
from servanda.reporting.documents.word_blocks import SECTION_MARK
from servanda.reporting.returns.package import Package
from servanda.reporting.returns.styles import ParagraphStyle
from servanda.reporting.returns.text_reading import (
    CHANGES,
    PASSED,
    REFERENCE,
    Change,
    Note,
    NoteKind,
    TextReader,
    W,
    author_of,
    local,
    value_of,
    visible_text,
)

KEY = re.compile(r"[0-9a-f]{32}")
LONGEST_NUMBER = 5  # digits


@dataclass(slots=True)
class ReturnedFile:
    sections: dict[int, list[Block]]
    headings: dict[int, str]
    notes: list[Note]


def copies_of(package: Package) -> list[str]:
    """The keys of the sent copy that this file belongs to, from a bookmark at its title or a property."""
    names = [value_of(mark, "name") for mark in package.body.iter(f"{W}bookmarkStart")]
    found = [name.removeprefix(COPY_MARK) for name in names if name.startswith(COPY_MARK)]
    for row in package.properties if package.properties is not None else ():
        if row.get("name") == COPY_PROPERTY:
            found.append("".join(row.itertext()).strip())
    return [key for key in dict.fromkeys(found) if KEY.fullmatch(key)]


class WordReader(TextReader):
    """Reads one file. `headings` are those that were sent, by number: a section whose bookmark is lost is found by
    them."""

    def __init__(
        self,
        package: Package,
        headings: Mapping[int, str],
        citations: Mapping[int, Mapping[str, int]],
        is_printed: Callable[[str], bool],
    ) -> None:
        super().__init__(package, citations, is_printed)
        self.moved_headings = self.find_moved_headings()
        at_headings = self.at_headings()
        lost = {number for number in headings if f"{SECTION_MARK}{number}" not in at_headings}
        self.lost = {" ".join(headings[number].split()): number for number in sorted(lost, reverse=True)}
        self.sections: dict[int, list[Block]] = {0: []}
        self.headings: dict[int, str] = {}
        self.references: dict[str, int] = {}  # sections by the names of bookmarks
        self.of_blocks: dict[str, Callable[[Any], None]] = {
            **dict.fromkeys(["commentRangeStart", "commentRangeEnd"], self.comment_mark),
            **dict.fromkeys(["customXml", "smartTag"], self.blocks),
            "p": self.paragraph,
            "tbl": self.table,
            "bookmarkStart": self.mark,
            "sdt": self.content_control,
            "altChunk": self.embedded,
            "mc:AlternateContent": self.first_form,
            **dict.fromkeys(CHANGES, self.changed_blocks),
        }

    def at_headings(self) -> set[str]:
        """The names of bookmarks that begin at a heading. LibreOffice moves the bookmark of a section that ends with
        a table to its end."""
        first: dict[str, Any] = {}
        for mark in self.package.body.iter(f"{W}bookmarkStart"):
            around = next(mark.iterancestors(f"{W}p"), None)
            if around not in self.moved_headings:
                first.setdefault(value_of(mark, "name"), around)
        return {name for name, around in first.items() if around is not None and self.styles.of(around).is_heading}

    def find_moved_headings(self) -> set[Any]:
        """Headings that tracked changes took away from here and put elsewhere: their sections begin there."""
        headings = [row for row in self.package.body.iter(f"{W}p") if self.styles.of(row).is_heading]
        shown = {visible_text(row) for row in headings}
        gone = [row for row in headings if not visible_text(row) and is_joined(row)]
        return {row for row in gone if visible_text(row, with_deleted=True) in shown}

    def read(self) -> ReturnedFile:
        self.blocks(self.package.body)
        self.flush(ParagraphStyle("normal"))
        self.notes += [comment for key, comment in self.comments.items() if key not in self.placed]
        self.resolve_references()
        return ReturnedFile(self.sections, self.headings, self.notes)

    def blocks(self, parent: Any) -> None:
        for element in parent:
            name = local(element)
            if handler := self.of_blocks.get(name):
                handler(element)
            elif name not in PASSED and element.find(f".//{W}p") is not None:
                self.blocks(element)  # of a container that this does not know: its text is not lost

    def changed_blocks(self, element: Any) -> None:
        self.changes.append(Change(CHANGES[local(element)], *author_of(element)))
        self.blocks(element)
        self.changes.pop()

    def first_form(self, element: Any) -> None:
        """The first of several forms of the same blocks."""
        self.blocks(next(iter(element), ()))

    def content_control(self, element: Any) -> None:
        if not is_table_of_contents(element):
            for content in element.iterchildren(f"{W}sdtContent"):
                self.blocks(content)

    def embedded(self, _element: Any) -> None:
        self.outside("[altChunk]")

    def mark(self, element: Any) -> None:
        """A bookmark: a section begins, or a place that others refer to. LibreOffice may write one twice."""
        name = value_of(element, "name")
        number = name.removeprefix(SECTION_MARK)
        if name.startswith(SECTION_MARK) and number.isdecimal() and len(number) <= LONGEST_NUMBER:
            self.begin(int(number))
        elif REFERENCE.fullmatch(name):
            self.references.setdefault(name, self.section)

    def begin(self, number: int) -> None:
        """Text before it whose paragraph mark was deleted stays in the section where it was."""
        if number not in self.sections:
            if self.spans:
                self.flush(ParagraphStyle("normal"))
            self.section, self.sections[number] = number, []

    def paragraph(self, element: Any) -> None:
        for mark in () if element in self.moved_headings else element.iter(f"{W}bookmarkStart"):
            self.mark(mark)
        style = self.styles.of(element)
        if style.is_heading and (words := " ".join(visible_text(element).split())) in self.lost:
            self.begin(self.lost.pop(words))
        self.inline(element)
        self.end_line()
        if not is_joined(element):
            self.flush(style)

    def end_line(self) -> None:
        """Of what a comment quotes and a tracked change says, also where its paragraph goes on in the next."""
        self.quote(" ")
        if self.notes and self.notes[-1].kind in CHANGES.values():
            self.notes[-1].text = self.notes[-1].text.rstrip() + "\n"

    def flush(self, style: ParagraphStyle) -> None:
        """Close the paragraph that is being read."""
        spans, self.spans, self.fields = self.spans, [], []
        text = "".join(span.text for span in spans)
        is_empty = not text.strip() and not any(span.note for span in spans) and not style.is_code
        if is_empty or (style.is_generated and self.is_printed(text)):
            return
        if style.is_caption:
            self.outside(text)
        elif block := style.block(spans):
            self.add(block, text)

    def add(self, block: Block, text: str) -> None:
        """The first heading of a section is its own."""
        is_first = self.section and self.section not in self.headings and not self.sections[self.section]
        if block.kind == Kind.HEADING and is_first:
            self.headings[self.section] = " ".join(text.split())
        else:
            self.sections[self.section].append(block)

    def table(self, table: Any) -> None:
        rows = []
        for row in rows_of(table):
            if (change := row.find(f"{W}trPr/{W}del")) is not None:
                self.tracked(Change(NoteKind.DELETED, *author_of(change)), visible_text(row, with_deleted=True))
                continue
            if (change := row.find(f"{W}trPr/{W}ins")) is not None and row.find(f".//{W}ins//{W}t") is None:
                self.tracked(Change(NoteKind.INSERTED, *author_of(change)), visible_text(row))
            cells = [cell for cell in row.iterchildren(f"{W}tc", f"{W}sdt") if cell.find(f".//{W}cellDel") is None]
            rows.append([self.cell(cell) for cell in cells])
        if any(span.text.strip() or span.note for row in rows for cell in row for span in cell):
            self.sections[self.section].append(Block(Kind.TABLE, rows=rows))

    def cell(self, cell: Any) -> list[Span]:
        around, self.spans = self.spans, []
        for paragraph in cell.iter(f"{W}p"):
            if next(paragraph.iterancestors(f"{W}txbxContent", f"{W}tc")).tag != f"{W}tc":
                continue  # of a text box, which is read with its picture
            for mark in paragraph.iter(f"{W}bookmarkStart"):
                self.mark(mark)
            if self.spans:
                self.spans.append(Span(" "))
            self.inline(paragraph)
        spans, self.spans = self.spans, around
        return spans

    def resolve_references(self) -> None:
        """Links to bookmarks become links to sections, by number; those to other bookmarks are plain text."""
        for blocks in self.sections.values():
            for block in blocks:
                block.spans = [self.resolved(span) for span in block.spans]
                block.rows = [[[self.resolved(span) for span in cell] for cell in row] for row in block.rows]

    def resolved(self, span: Span) -> Span:
        if not span.address.startswith("#"):
            return span
        if section := self.references.get(span.address.removeprefix("#"), 0):
            return replace(span, address=f"#{section}")
        return replace(span, address="", is_paragraph_number=False, is_heading_text=False)


def rows_of(table: Any) -> Iterable[Any]:
    for child in table:
        if local(child) == "tr":
            yield child
        elif local(child) in ("sdt", "sdtContent", "customXml"):
            yield from rows_of(child)


def is_joined(paragraph: Any) -> bool:
    """Its mark was deleted: its text goes on in the next paragraph."""
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is not None and (marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None)


def is_table_of_contents(element: Any) -> bool:
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return value_of(gallery) == "Table of Contents"
