"""The parts of a printed report, and how the Markdown of a section becomes such parts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from struct import unpack

from markdown_it.token import Token

from servanda.kit.files.word import direction_in
from servanda.kit.pages.markdown import SCHEMES, reader
from servanda.reporting.reports.left_out import DIRECTIONS
from servanda.reporting.translations.checks import SYMBOL

MARK = re.compile(r"\[\^(\d+)\]")
DEEPEST_HEADING = 5


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    PICTURE = "picture"
    GAP = "gap"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one form. `note` is the number of an endnote behind it; `address` is where a link leads,
    `#key` to a section of the report; its text may be what Word computes there."""

    text: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    is_break: bool = False
    address: str = ""
    note: int = 0
    is_paragraph_number: bool = False
    is_heading_text: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with what it shows in words."""

    content: bytes  # PNG, at twice its size
    alternative: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height at which it is shown, in pixels, by the head of the file."""
        width, height = unpack(">II", self.content[16:24])
        return width // 2, height // 2


@dataclass(slots=True)
class Block:
    kind: Kind
    spans: Sequence[Span] = ()
    level: int = 0  # of a heading from 1; of an item or a quotation from 0
    number: str = ""  # of a heading, paragraph or item, as it is printed
    list_number: int = 0  # items of one list share it; 0 in later paragraphs of an item
    place: int = 0  # of an item in an ordered list
    is_ordered: bool = False  # an item with a number, or a heading that is numbered
    anchor: str = ""  # the key of the section that begins here
    rows: Sequence[Sequence[Sequence[Span]]] = ()  # of a table; the first is its head
    picture: Picture | None = None

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(slots=True)
class Notes:
    """The endnotes of the whole report, in the order of their marks."""

    texts: list[str] = field(default_factory=list)
    keys: list[tuple[str, int]] = field(default_factory=list)  # section and number of its mark

    def add(self, section: str, number: int, text: str) -> int:
        self.texts.append(clean(text))
        self.keys.append((section, number))
        return len(self.texts)


def clean(text: str) -> str:
    """The text without characters that change the direction of what follows."""
    return DIRECTIONS.sub("", text)


def direction_of(text: str, *, is_rtl: bool) -> str:
    """The direction of a paragraph of a report, which reads from right to left itself if `is_rtl`. Symbols of
    documents do not count: they have Latin letters in every language."""
    return direction_in(SYMBOL.sub("", text), is_rtl=is_rtl)


def safe_address(address: str) -> str:
    """To the web, to a mail or to a section of the report; anything else is no link."""
    scheme, colon, _rest = address.partition(":")
    return address if address.startswith("#") or (colon and scheme.lower() in SCHEMES) else ""


@dataclass(slots=True)
class Container:
    """A quotation or a list around the paragraphs that are being read."""

    kind: Kind
    level: int = 0
    list_number: int = 0
    is_ordered: bool = False
    place: int = 0  # of the item in an ordered list
    is_item_new: bool = False


@dataclass(slots=True)
class SectionReader:
    """Reads the Markdown of one section. `citations` are the texts of its endnotes, by the numbers of their marks."""

    key: str
    depth: int
    citations: Mapping[int, str]
    notes: Notes
    missing: str  # the text of an endnote whose source is unknown
    lists: int = 0  # the number of lists read so far, including those of earlier sections
    containers: list[Container] = field(default_factory=list)

    def read(self, markdown: str) -> Iterator[Block]:
        tokens = iter(reader().parse(clean(markdown.replace("\0", ""))))
        for token in tokens:
            match token.type:
                case "heading_open":
                    level = min(self.depth + max(1, int(token.tag[1]) - 1), DEEPEST_HEADING)
                    yield Block(Kind.HEADING, self.spans(next(tokens)), level=level)
                case "inline":
                    yield self.paragraph(token)
                case "fence" | "code_block":
                    yield Block(Kind.CODE, [Span(token.content.rstrip("\n"), is_code=True)])
                case "table_open":
                    yield Block(Kind.TABLE, rows=list(self.rows(tokens)))
                case _:
                    self.open_or_close(token)

    def open_or_close(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.open_list(is_ordered=token.type == "ordered_list_open")
            case "blockquote_open":
                self.containers.append(Container(Kind.QUOTE, sum(map(is_quote, self.containers))))
            case "bullet_list_close" | "ordered_list_close" | "blockquote_close":
                self.containers.pop()
            case "list_item_open":
                self.containers[-1].is_item_new = True
                self.containers[-1].place = int(token.info or 0)

    def open_list(self, *, is_ordered: bool) -> None:
        self.lists += 1
        level = sum(container.kind == Kind.ITEM for container in self.containers)
        self.containers.append(Container(Kind.ITEM, level, self.lists, is_ordered))

    def paragraph(self, token: Token) -> Block:
        if not self.containers:
            return Block(Kind.PARAGRAPH, self.spans(token))
        inmost = self.containers[-1]
        block = Block(inmost.kind, self.spans(token), level=inmost.level, is_ordered=inmost.is_ordered)
        if inmost.is_item_new:  # a second paragraph of the item has no number of its own
            block.list_number, block.place = inmost.list_number, inmost.place
            inmost.is_item_new = False
        return block

    def rows(self, tokens: Iterator[Token]) -> Iterator[list[list[Span]]]:
        row: list[list[Span]] = []
        for token in tokens:
            match token.type:
                case "tr_open":
                    row = []
                case "inline":
                    row.append(self.spans(token))
                case "tr_close":
                    yield row
                case "table_close":
                    return

    def spans(self, token: Token) -> list[Span]:
        return list(self.pieces(token.children or []))

    def pieces(self, children: Sequence[Token]) -> Iterator[Span]:
        form, is_link_empty = Span(), False
        for child in children:
            match child.type:
                case "strong_open" | "strong_close":
                    form = replace(form, is_bold=child.nesting > 0)
                case "em_open" | "em_close":
                    form = replace(form, is_italic=child.nesting > 0)
                case "link_open":
                    form, is_link_empty = replace(form, address=safe_address(str(child.attrGet("href") or ""))), True
                case "link_close":
                    yield from [form] if is_link_empty else []
                    form, is_link_empty = replace(form, address=""), False
                case _:
                    is_link_empty = is_link_empty and not child.content
                    yield from self.words(form, child)

    def words(self, form: Span, child: Token) -> Iterator[Span]:
        match child.type:
            case "softbreak":
                yield replace(form, text=" ")
            case "hardbreak":
                yield replace(form, is_break=True)
            case "code_inline":
                yield replace(form, text=child.content, is_code=True)
            case _:
                yield from self.with_notes(form, child.content)

    def with_notes(self, form: Span, text: str) -> Iterator[Span]:
        """Each mark of an endnote stands directly behind the word before it."""
        end = 0
        for mark in MARK.finditer(text):
            if before := text[end : mark.start()].rstrip():
                yield replace(form, text=before)
            number = int(mark[1])
            note = self.notes.add(self.key, number, self.citations.get(number, self.missing))
            yield replace(form, address="", note=note)
            end = mark.end()
        if text[end:]:
            yield replace(form, text=text[end:])


def is_quote(container: Container) -> bool:
    return container.kind == Kind.QUOTE
