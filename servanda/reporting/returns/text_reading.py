"""Reads the text of paragraphs of a Word file: its form, fields, links, endnotes, comments and tracked changes.

Insertions are read as part of the text and deletions are not, as if every tracked change were accepted.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.utils.dateparse import parse_date

from servanda.kit.files.word_package import MAIN
from servanda.reporting.documents.blocks import Span, clean, safe_address
from servanda.reporting.models import ReturnedNote
from servanda.reporting.returns.package import Package
from servanda.reporting.returns.styles import Styles
from servanda.sources.printed.texts import without_unseen

W = f"{{{MAIN}}}"
NAMES = {  # of other namespaces
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t": "m:t",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent": "mc:AlternateContent",
}
REFERENCE = re.compile(r"_Ref_\d+(_p)?")
INSTRUCTION = re.compile(r'\s*(\w+)\s+(?:\\l\s+)?(?:"([^"]*)"|(\S+))')
LONGEST_QUOTATION = 400  # characters
SIGNS = {"tab": "\t", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad", "cr": "\n"}
SYMBOLS = {0xF0B7: "•", 0xF0E0: "→", 0xF0FC: "✓", 0xF0FE: "☒", 0xF0A8: "☐", 0xF02D: "–", 0xF0AE: "→", 0xF0A7: "▪"}
HEXADECIMAL, PRIVATE, MISSING = re.compile(r"[0-9A-Fa-f]{1,4}"), (0xE000, 0xF8FF), "\ufffd"
PASSED = {"pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sectPr", "delInstrText", "p", "tbl"}
COMMENT_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
NoteKind = ReturnedNote.Kind
CHANGES = {
    "ins": NoteKind.INSERTED,
    "del": NoteKind.DELETED,
    "moveFrom": NoteKind.MOVED_AWAY,
    "moveTo": NoteKind.MOVED_HERE,
}
GONE = {NoteKind.DELETED, NoteKind.MOVED_AWAY}
PLAIN = Span()


class Change(NamedTuple):
    kind: str
    author: str
    at: str


@dataclass(slots=True)
class Note:
    """A comment, a tracked change or a text outside; `section` is the number of its place in the file, 0 for none."""

    kind: str
    section: int
    author: str = ""
    at: str = ""  # as Word writes it
    quoted: str = ""
    text: str = ""

    @property
    def day(self) -> date | None:
        try:
            return parse_date(self.at[:10])
        except ValueError:
            return None


@dataclass(slots=True)
class Field:
    """A field of Word while it is read: its instruction, and where in the paragraph its text begins."""

    start: int
    instruction: str = ""
    is_shown: bool = False


def local(element: Any) -> str:
    """The name of an element; empty for mere containers."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[len(W) :] if tag.startswith(W) else NAMES.get(tag, "")


def value_of(element: Any, name: str = "val") -> str:
    return element.get(f"{W}{name}", "") if element is not None else ""


def plain(text: str) -> str:
    return without_unseen(clean(text))


class TextReader:
    """`citations` gives the number of an endnote by section and text; `is_printed` knows what was made here."""

    def __init__(
        self,
        package: Package,
        citations: Mapping[int, Mapping[str, int]],
        is_printed: Callable[[str], bool],
    ) -> None:
        self.package = package
        self.citations = citations
        self.is_printed = is_printed
        self.styles = Styles(package)
        self.notes_of = {kind: notes_in(package.part(kind)) for kind in ("endnotes", "footnotes")}
        self.comments = {value_of(row, "id"): comment_of(row) for row in package.part("comments")}
        self.section = 0
        self.notes: list[Note] = []
        self.spans: list[Span] = []
        self.fields: list[Field] = []
        self.open_comments: list[str] = []
        self.placed: set[str] = set()  # comments whose place was found
        self.changes: list[Change] = []  # around what is being read
        self.handlers: dict[str, Callable[[Any, Span], None]] = {
            **dict.fromkeys(["t", "delText", "m:t"], self.words),
            **dict.fromkeys(SIGNS, self.sign),
            **dict.fromkeys(CHANGES, self.change),
            **dict.fromkeys(["drawing", "pict", "object"], self.picture),
            **dict.fromkeys(COMMENT_MARKS, self.comment_mark),
            **dict.fromkeys(["endnoteReference", "footnoteReference"], self.note),
            "r": self.run,
            "br": self.line_break,
            "sym": self.symbol,
            "instrText": self.instruct,
            "fldChar": self.field_mark,
            "fldSimple": self.simple_field,
            "hyperlink": self.link,
            "mc:AlternateContent": self.alternative,
        }

    def inline(self, parent: Iterable[Any], form: Span = PLAIN) -> None:
        for element in parent:
            name = local(element)
            if handler := self.handlers.get(name):
                handler(element, form)
            elif name not in PASSED:
                self.inline(element, form)

    def run(self, run: Any, form: Span) -> None:
        self.inline(run, self.styles.form_of(run, form))

    def alternative(self, element: Any, form: Span) -> None:
        """The first of several forms of one thing."""
        self.inline(element[:1], form)

    # Text

    def words(self, element: Any, form: Span) -> None:
        self.write(element.text or "", form)

    def sign(self, element: Any, form: Span) -> None:
        self.write(SIGNS[local(element)], form)

    def symbol(self, element: Any, form: Span) -> None:
        """A character of a named font. What only such a font can show is a mark that something is missing."""
        code = value_of(element, "char")
        number = int(code, 16) if HEXADECIMAL.fullmatch(code) else 0
        is_private = PRIVATE[0] <= number <= PRIVATE[1]
        self.write(SYMBOLS.get(number, MISSING) if is_private or not number else chr(number), form)

    def line_break(self, element: Any, form: Span) -> None:
        if value_of(element, "type") not in ("page", "column"):
            self.write("\n", form)

    @property
    def is_gone(self) -> bool:
        return any(change.kind in GONE for change in self.changes)

    def write(self, text: str, form: Span) -> None:
        text = plain(text)
        self.quote(text)
        if self.changes:
            self.tracked(self.changes[-1], text)
        if self.is_gone or (self.fields and not self.fields[-1].is_shown):
            return
        for place, line in enumerate(text.split("\n")):
            if place:
                self.spans.append(Span(is_break=True))
            if line:
                self.spans.append(replace(form, text=line))

    # Tracked changes, endnotes, pictures, comments

    def change(self, element: Any, form: Span) -> None:
        self.changes.append(Change(CHANGES[local(element)], *author_of(element)))
        self.inline(element, form)
        self.changes.pop()

    def tracked(self, change: Change, text: str) -> None:
        last = self.notes[-1] if self.notes else None
        same = last and (last.kind, last.section, last.author, last.at) == (change.kind, self.section, *change[1:])
        if last and same:
            last.text += text
        elif text.strip():
            self.notes.append(Note(change.kind, self.section, change.author, change.at, text=text))

    def note(self, element: Any, _form: Span) -> None:
        """The mark of an endnote that was sent; the text of another one is put in parentheses."""
        kind = local(element).removesuffix("Reference") + "s"
        row = self.notes_of[kind].get(value_of(element, "id"), ())
        self.comments_in(row)
        if self.is_gone:
            return
        text = text_of(row)
        if number := self.citations.get(self.section, {}).get(" ".join(text.split())):
            self.spans.append(Span(note=number))
        elif text:
            self.write(f" ({text})", PLAIN)

    def picture(self, element: Any, _form: Span) -> None:
        boxes = list(element.iter(f"{W}txbxContent"))
        for box in boxes:
            if not any(around.tag.endswith("}Fallback") for around in box.iterancestors()):
                self.comments_in(box)
                self.outside(visible_text(box))
        described = next((child.get("descr") for child in element.iter("{*}docPr") if child.get("descr")), "")
        if not boxes and not (described and self.is_printed(described)):
            self.outside(f"[{plain(described) or local(element)}]")

    def outside(self, text: str) -> None:
        if text.strip():
            self.notes.append(Note(NoteKind.OUTSIDE, self.section, text=text.strip()))

    def comments_in(self, around: Iterable[Any]) -> None:
        """Assign comments in a note or text box to the section that contains its mark."""
        outer, self.open_comments = self.open_comments, []
        for block in around:
            for element in block.iter(f"{W}t", *(f"{W}{name}" for name in COMMENT_MARKS)):
                if local(element) == "t":
                    self.quote(plain(element.text or ""))
                else:
                    self.comment_mark(element)
        self.open_comments = outer

    def quote(self, text: str) -> None:
        for key in self.open_comments:
            if (comment := self.comments.get(key)) and len(comment.quoted) < LONGEST_QUOTATION:
                comment.quoted = (comment.quoted + text)[:LONGEST_QUOTATION]

    def comment_mark(self, element: Any, _form: Span = PLAIN) -> None:
        key = value_of(element, "id")
        if key not in self.comments:
            return
        if key not in self.placed:
            self.placed.add(key)
            self.comments[key].section = self.section
            self.notes.append(self.comments[key])
        if local(element) == "commentRangeStart":
            self.open_comments.append(key)
        elif key in self.open_comments:
            self.open_comments.remove(key)

    # Fields and links

    def link(self, element: Any, form: Span) -> None:
        if anchor := value_of(element, "anchor"):
            self.inline(element, replace(form, address=f"#{anchor}"))
            return
        key = next((value for name, value in element.items() if name.endswith("}id")), "")
        self.inline(element, replace(form, address=safe_address(self.package.links.get(key, ""))))

    def instruct(self, element: Any, _form: Span) -> None:
        if self.fields and not self.fields[-1].is_shown:
            self.fields[-1].instruction += element.text or ""

    def field_mark(self, element: Any, _form: Span) -> None:
        if self.is_gone:
            return
        kind = value_of(element, "fldCharType")
        if kind == "begin":
            self.fields.append(Field(len(self.spans)))
        elif kind == "separate" and self.fields:
            self.fields[-1].is_shown, self.fields[-1].start = True, len(self.spans)
        elif kind == "end" and self.fields:
            self.close_field(self.fields.pop())

    def simple_field(self, element: Any, form: Span) -> None:
        read = Field(len(self.spans), value_of(element, "instr"), is_shown=True)
        self.inline(element, form)
        self.close_field(read)

    def close_field(self, read: Field) -> None:
        """References and links; of other fields, the text that they show."""
        found = INSTRUCTION.match(read.instruction)
        name, target = (found[1].upper(), found[2] or found[3] or "") if found else ("", "")
        if name == "REF" and REFERENCE.fullmatch(target):
            is_number = target.endswith("_p")
            reference = Span("", address=f"#{target}", is_paragraph_number=is_number, is_heading_text=not is_number)
            self.spans[read.start :] = [reference]
        elif name == "HYPERLINK":
            address = safe_address(target) or (f"#{target}" if REFERENCE.fullmatch(target) else "")
            self.spans[read.start :] = [replace(span, address=address) for span in self.spans[read.start :]]


def author_of(change: Any) -> tuple[str, str]:
    return plain(value_of(change, "author")), value_of(change, "date")


def comment_of(row: Any) -> Note:
    author = plain(value_of(row, "author"))
    return Note(NoteKind.COMMENT, 0, author, value_of(row, "date"), text=text_of(row))


def visible_text(element: Any, *, with_deleted: bool = False) -> str:
    pieces: list[str] = []
    for child in element.iter(f"{W}t", f"{W}delText", f"{W}tab", f"{W}br", f"{W}p", f"{W}tc"):
        if local(child) in ("t", "delText"):
            around: set[str] = {local(parent) for parent in child.iterancestors()}
            if with_deleted or not around & {"del", "moveFrom"}:
                pieces.append(child.text or "")
        else:
            pieces.append(" ")
    return plain("".join(pieces)).strip()


def text_of(blocks: Iterable[Any]) -> str:
    """Of a comment or a note: its paragraphs as lines."""
    paragraphs = (paragraph for block in blocks for paragraph in block.iter(f"{W}p"))
    return "\n".join(filter(None, (visible_text(paragraph) for paragraph in paragraphs)))


def notes_in(part: Iterable[Any]) -> dict[str, Any]:
    return {value_of(row, "id"): row for row in part if not value_of(row, "type")}
