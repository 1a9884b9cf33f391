"""What the paragraphs and runs of a Word file are, by their styles and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from servanda.kit.files.word_package import MAIN
from servanda.reporting.documents.blocks import DEEPEST_HEADING, Block, Kind, Span
from servanda.reporting.returns.package import Package

W = f"{{{MAIN}}}"
OFF = {"0", "false", "off", "none"}
MONOSPACED = "Courier New"
QUOTES = {"quote", "intense quote"}


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """`name` is that of the style in every language of Word, such as "heading 1"."""

    name: str
    is_item: bool = False
    is_ordered: bool = False
    level: int = 0
    first: int = 1  # number of an ordered list

    @property
    def is_heading(self) -> bool:
        return self.name.startswith("heading ")

    @property
    def is_caption(self) -> bool:
        return self.name == "caption"

    @property
    def is_code(self) -> bool:
        return self.name == "code text"

    @property
    def is_generated(self) -> bool:
        return self.is_caption or self.name in ("gap", "chart")

    def block(self, spans: Sequence[Span]) -> Block | None:
        """None for an entry of a table of contents."""
        if self.name.startswith("toc ") or self.name in ("contents heading", "toc heading"):
            return None
        if self.is_heading:
            level = self.name.removeprefix("heading ")
            return Block(Kind.HEADING, spans, level=min(max(whole(level), 1), DEEPEST_HEADING))
        if self.name in QUOTES:
            return Block(Kind.QUOTE, spans)
        if self.is_code:
            return Block(Kind.CODE, spans)
        if self.is_item:
            return Block(
                Kind.ITEM, spans, level=self.level, is_ordered=self.is_ordered, list_number=1, place=self.first
            )
        if self.name == "list text":
            return Block(Kind.ITEM, spans)
        return Block(Kind.PARAGRAPH, spans)


class Styles:
    def __init__(self, package: Package) -> None:
        self.names: dict[str, str] = {}
        self.fonts: dict[str, Any] = {}
        self.default = "normal"
        for style in package.part("styles"):
            name = style.find(f"{W}name")
            if name is not None and style.get(f"{W}styleId"):
                self.names[style.get(f"{W}styleId")] = (name.get(f"{W}val") or "").lower()
        self.lists = lists_of(package.part("numbering"))
        # Numbers of the paragraphs themselves are no list.
        self.numbers = {
            number_of(paragraph)[0]
            for paragraph in package.body.iter(f"{W}p")
            if self.name_of(paragraph) == "single text"
        }

    def name_of(self, paragraph: Any) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.names.get(style.get(f"{W}val") or "", "normal") if style is not None else self.default

    def of(self, paragraph: Any) -> ParagraphStyle:
        name = self.name_of(paragraph)
        key, level = number_of(paragraph)
        if name == "single text" or name.startswith("heading ") or (key in self.numbers and key):
            return ParagraphStyle(name if name.startswith("heading ") else "single text")
        if key and key != "0":
            is_ordered, first = self.lists.get((key, level), (False, 1))
            return ParagraphStyle(name, is_item=True, is_ordered=is_ordered, level=min(level, 2), first=first)
        if name.startswith(("list bullet", "list number")):
            return ParagraphStyle(name, is_item=True, is_ordered=name.startswith("list number"))
        return ParagraphStyle(name)

    def form_of(self, run: Any, around: Span) -> Span:
        """Bold, italic or monospaced, within a link or not."""
        properties = run.find(f"{W}rPr")
        if properties is None:
            return around
        fonts = properties.find(f"{W}rFonts")
        is_code = fonts is not None and fonts.get(f"{W}ascii") == MONOSPACED
        style = properties.find(f"{W}rStyle")
        name = self.names.get(style.get(f"{W}val") or "", "") if style is not None else ""
        return Span(
            "",
            name == "strong" or is_on(properties, "b") or (is_on(properties, "bCs") and is_on(properties, "rtl")),
            name == "emphasis" or is_on(properties, "i") or (is_on(properties, "iCs") and is_on(properties, "rtl")),
            is_code,
            address=around.address,
        )


def is_on(properties: Any, name: str) -> bool:
    element = properties.find(f"{W}{name}")
    return element is not None and (element.get(f"{W}val") or "1") not in OFF


def number_of(paragraph: Any) -> tuple[str, int]:
    """The key of its list, and its level."""
    numbers = paragraph.find(f"{W}pPr/{W}numPr")
    if numbers is None:
        return "", 0
    key, level = numbers.find(f"{W}numId"), numbers.find(f"{W}ilvl")
    depth = whole(level.get(f"{W}val")) if level is not None else 0
    return (key.get(f"{W}val") or "") if key is not None else "", depth


def lists_of(numbering: Sequence[Any]) -> dict[tuple[str, int], tuple[bool, int]]:
    """Whether each level of each list is ordered, and its first number."""
    shapes: dict[tuple[str, int], bool] = {}
    found: dict[tuple[str, int], tuple[bool, int]] = {}
    for shape in numbering:
        if shape.tag == f"{W}abstractNum":
            for level in shape.iterchildren(f"{W}lvl"):
                form = level.find(f"{W}numFmt")
                place = (shape.get(f"{W}abstractNumId") or "", whole(level.get(f"{W}ilvl")))
                shapes[place] = form is not None and form.get(f"{W}val") not in ("bullet", "none")
    for number in numbering:
        if number.tag != f"{W}num":
            continue
        abstract = number.find(f"{W}abstractNumId")
        key = abstract.get(f"{W}val") if abstract is not None else ""
        starts = {
            whole(row.get(f"{W}ilvl")): whole(start.get(f"{W}val"))
            for row in number.iterchildren(f"{W}lvlOverride")
            if (start := row.find(f"{W}startOverride")) is not None
        }
        for (shape_key, level), is_ordered in shapes.items():
            if shape_key == key:
                found[number.get(f"{W}numId") or "", level] = (is_ordered, starts.get(level, 1))
    return found


def whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
