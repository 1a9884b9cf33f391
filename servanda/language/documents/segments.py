"""Splits documents of monitoring bodies into numbered paragraphs and lettered items: blocks in, units out.

A block is a paragraph of the file; a unit is what a person would enter into the register as one record. What cannot
be determined (a missing number, a gap) is reported and not guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.marks import (
    BARE_NUMBER,
    Mark,
    Sort,
    bullet_of,
    item_of,
    items_inside,
    letter_of,
    number_of,
    numbered_item_of,
)
from servanda.language.documents.paragraph_kinds import SHORTENED, Kind, is_demand, kind_of, sentences
from servanda.language.documents.units import Block, Gap, Layout, Unit, flag, gaps_between, letter_place

# Numbers that may be missing between two paragraphs. With more, the second number is something else, unless the next
# paragraph continues it: then pages are missing.
MOST_SKIPPED = 6
SHORTEST_PARAGRAPH = 40
LONGEST_HEADING = 160
# "رابعاً-", as Arabic documents number their chapters, with the vowel sign before or behind the last letter
_ARABIC_CHAPTER = r"(?:[أا]ول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر)\u064b?ا\u064b?"
LEVELS_OF_CHAPTER = (
    (lazy_pattern(r"^(?:[IVX]{1,5}|[一二三四五六七八九十]+)\s*[.、)\-–]\s*\S"), 1),
    (lazy_pattern(rf"^{_ARABIC_CHAPTER}\s*[.)\-–]\s*\S"), 1),
    (lazy_pattern(r"^(?:[A-HА-З]|[\u0623-\u064a]{3,5}(?=\s?[-–]))\s*[.)\-–]\s*\S"), 2),
)
OPENING_BRACKET, CLOSING_BRACKET = lazy_pattern("[(（]"), lazy_pattern(r"[)）][.:;]?$")
LONGEST_END = 40
CLOSED = lazy_pattern(
    r"[.!?؟。？！;:；：؛…]\W{0,3}(?:\d{1,3})?$|[;,；؛،]\s*(?:and|or|and/or|y|o|e|u|ou|et|и|или|و|أو)$", re.I
)
ANNOUNCES = lazy_pattern(r"[:：]\W{0,2}(?:\d{1,2})?$")
CONTROL = lazy_pattern(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u2060\ufeff\ufffc\ufffe\uffff\ud800-\udfff]"
)
SUMMARY_TITLE = lazy_pattern(
    r"^\W*(?:[IVX1A]+\s?[.)–-]\s*)?(?:(?:executive\s+)?summary|résumé(?:\s+(?:exécutif|analytique))?|synthèse"
    r"|resumen(?:\s+ejecutivo)?|sumário(?:\s+executivo)?|резюме|(?:ال)?(?:ملخص|موجز)(?:\s+(?:ال)?تنفيذي)?|摘要|概述)\W*$",
    re.I,
)
RECOMMENDS_TITLE = lazy_pattern(r"recommend|recomend|рекоменд|توصيات|التوصيات|建议|\brecommandations", re.I)
SIGNATURE = lazy_pattern(
    r"^\W*(?:done\s+and\s+signed|done\s+(?:at|in)\b|(?:taken|adopted)\s+(?:at|during)\s+(?:the|its)\s+\d|redactad[ao]\s+en|dado\s+y\s+firmado|aprobado\s+por|fait\s+(?:à"
    r"|en)|regístrese"
    r"|adoptée?\s+(?:lors|au\s+cours)\s+de|حُرر\s+في|اعتمدت?\s+في\s+|حررت?\s+في|صدرت?\s+في|اعتُمدت?\s+في"
    r"|approved\s+(?:by|on)\b|annex(?:es)?\b|annexe|anexo|приложение|المرفق)",
    re.I,
)


@dataclass(slots=True)
class Segmented:
    units: list[Unit]
    gaps: list[Gap]


def segment(blocks: Sequence[Block], layout: Layout = Layout.PARAGRAPHS) -> Segmented:
    """The units of a document in order, with deadlines, and the gaps in its numbering."""
    tidy = [replace(block, text=tidied(block.text)) for block in blocks]
    walk = Walk(layout, list(long_marks(tidy)))
    for place, block in enumerate(tidy):
        if block.text:
            walk.add_block(block, place, following(tidy, place))
    units = [unit for paragraph in walk.paragraphs for unit in units_of(paragraph, layout)]
    flag(units)
    return Segmented(units, gaps_between(units))


def long_marks(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Place and number of each numbered paragraph that is longer than a heading or the row of a list."""
    for place, block in enumerate(blocks):
        mark = number_of(f"{block.number} {block.text}".strip())
        if mark and not mark.sub and len(mark.rest) >= SHORTEST_PARAGRAPH:
            yield place, mark.value


def closes_bracket(above: str, line: str) -> bool:
    """Whether a short line only ends the bracket that the text above left open: "2)" below "Framework (art."."""
    line = line.strip()
    if len(line) > LONGEST_END or not CLOSING_BRACKET.search(line) or OPENING_BRACKET.search(line):
        return False
    return len(OPENING_BRACKET.findall(above)) > len(re.findall("[)）]", above))


def is_chapter(text: str) -> bool:
    """Whether a text is a chapter heading: "C. Principal areas of concern and recommendations", "III.
    Conclusions"."""
    return any(pattern.match(text) for pattern, _level in LEVELS_OF_CHAPTER)


def tidied(text: str) -> str:
    return re.sub(r"\s+", " ", CONTROL.sub("", text)).strip()


def following(blocks: Sequence[Block], place: int) -> Block | None:
    return next((block for block in blocks[place + 1 : place + 4] if block.text), None)


@dataclass(slots=True)
class Piece:
    """A part of a paragraph: its lead, an item, or text after the items."""

    mark: str  # "", "(a)", "(a)(i)", "•"
    texts: list[str]
    first: int
    last: int
    page: int

    @property
    def text(self) -> str:
        return " ".join(self.texts).strip()


@dataclass(slots=True)
class Paragraph:
    number: str
    headings: tuple[str, ...]
    pieces: list[Piece]
    value: int = 0
    sub: int = 0

    @property
    def is_open(self) -> bool:
        text = self.pieces[-1].text
        return not CLOSED.search(text) or SHORTENED.search(text) is not None

    @property
    def letter(self) -> int:
        """The position in the alphabet of its last lettered item."""
        marks = [piece.mark for piece in self.pieces if re.match(r"\([a-z]", piece.mark)]
        return letter_place(marks[-1]) if marks else 0

    @property
    def digit(self) -> int:
        """The number of its last item, if that is numbered."""
        match = re.match(r"\((\d+)\)", self.pieces[-1].mark)
        return int(match[1]) if match else 0

    @property
    def roman(self) -> int:
        match = re.match(r"\([a-z]+\)\(r(\d+):", self.pieces[-1].mark)
        return int(match[1]) if match else 0


@dataclass(slots=True)
class Walk:
    """Walks through the blocks, keeping track of the headings above and the current paragraph."""

    layout: Layout
    marks: Sequence[tuple[int, int]] = ()  # place and number of the paragraphs of the whole document
    paragraphs: list[Paragraph] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    ended: bool = False
    pending: str = ""  # a number on its own line before its paragraph

    @property
    def now(self) -> Paragraph | None:
        return self.paragraphs[-1] if self.paragraphs else None

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _level, text in self.headings)

    def add_block(self, block: Block, place: int, next_block: Block | None) -> None:
        if self.ended:
            return
        if not block.number and BARE_NUMBER.match(block.text):
            self.pending = block.text
            return
        block, self.pending = replace(block, number=block.number or self.pending), ""
        text = f"{block.number} {block.text}".strip()
        if self.paragraphs and SIGNATURE.match(block.text) and not block.number:
            self.ended = True
        elif number := self.number(block, text, place):
            self.open(number, place, block.page)
        elif self.is_heading(block, next_block):
            self.enter(block.text)
        elif item := self.item(text):
            self.add(item, place, block.page)
        else:
            self.continue_text(block, place)

    def number(self, block: Block, text: str, place: int) -> Mark | None:
        mark = number_of(text)
        if mark is None or (not block.number and not mark.rest):
            return None
        last = self.now
        numbered = next((paragraph for paragraph in reversed(self.paragraphs) if paragraph.value), None)
        if numbered is None:
            return mark if block.number or mark.value <= 3 or CLOSED.search(mark.rest) else None
        if mark.sub:
            is_next = mark.value == numbered.value and 0 <= mark.sub - numbered.sub - 1 <= MOST_SKIPPED
            return mark if is_next or (mark.value == numbered.value + 1 and mark.sub == 1) else None
        skipped = mark.value - numbered.value - 1
        if skipped == 0 and (block.number or not last or not last.is_open or len(mark.rest) > LONGEST_HEADING):
            return mark
        is_near = 0 <= skipped <= MOST_SKIPPED or (skipped > 0 and self.goes_on(mark.value, numbered.value, place))
        if is_near and (block.number or (last and not last.is_open)):
            return mark
        restarts = mark.value == 1 and block.number and self.layout == Layout.OPERATIVE
        return mark if restarts else None

    def goes_on(self, value: int, last: int, place: int) -> bool:
        """Whether paragraphs are missing: the next number follows this one, and none returns to the last one."""
        later = [number for there, number in self.marks if there > place]
        return later[:1] == [value + 1] and not any(last < number <= last + 1 + MOST_SKIPPED for number in later)

    def is_heading(self, block: Block, next_block: Block | None) -> bool:
        text = block.text
        if block.is_heading and not (text[0].islower() and self.now and self.now.is_open):
            return len(text) <= LONGEST_HEADING * 2
        if len(text) > LONGEST_HEADING or block.number or text[-1] in ".;:,؛،：；" or bullet_of(text):
            return False
        if is_chapter(text):
            return True
        if text[0].islower() or item_of(text) or block.is_heading is False or (self.now and self.now.is_open):
            return False
        return bool(
            next_block and (number_of(f"{next_block.number} {next_block.text}".strip()) or next_block.is_heading)
        )

    def enter(self, text: str) -> None:
        """Add a heading, which replaces those of the same and deeper levels."""
        level = next((level for pattern, level in LEVELS_OF_CHAPTER if pattern.match(text)), 3)
        self.headings = [(above, title) for above, title in self.headings if above < level]
        self.headings.append((level, text))

    def item(self, text: str) -> Mark | None:
        paragraph = self.now
        if paragraph is None:
            return None
        if bullet := bullet_of(text):
            return bullet
        is_announced = paragraph.digit or ANNOUNCES.search(paragraph.pieces[-1].text)
        if is_announced and (numbered := numbered_item_of(text, expected=paragraph.digit + 1)):
            return numbered
        expected = letter_of(paragraph.letter + 1)
        mark = item_of(text, expected=expected, after_roman=paragraph.roman, dotted=self.layout == Layout.OPERATIVE)
        if mark is None:
            return None
        if mark.sort == Sort.LETTER:
            skipped = mark.value - paragraph.letter - 1
            return mark if 0 <= skipped <= 2 or (mark.value == 1 and not paragraph.is_open) else None
        return mark

    def open(self, mark: Mark, place: int, page: int) -> None:
        parts = items_inside(mark.rest)
        piece = Piece("", [parts[0]], place, place, page)
        self.paragraphs.append(Paragraph(mark.printed, self.path, [piece], mark.value, mark.sub))
        for part in parts[1:]:
            if item := self.item(part):
                self.add(item, place, page)

    def add(self, mark: Mark, place: int, page: int) -> None:
        paragraph = self.now
        if paragraph is None:
            return
        printed = f"({mark.printed})"
        if mark.sort == Sort.BULLET:
            printed = "•"
        elif mark.sort == Sort.ROMAN:
            above = f"({letter_of(paragraph.letter)})" if paragraph.letter else ""
            printed = f"{above}(r{mark.value}:{mark.printed})"
        if (
            mark.sort != Sort.BULLET
            and mark.value > 1
            and len(paragraph.pieces) > 1
            and not paragraph.pieces[-1].mark
        ):
            tail = paragraph.pieces.pop()
            paragraph.pieces[-1].texts.append(tail.text)
            paragraph.pieces[-1].last = tail.last
        paragraph.pieces.append(Piece(printed, [mark.rest], place, place, page))

    def continue_text(self, block: Block, place: int) -> None:
        """Add text without a mark: it continues the current piece, or becomes a piece of its own."""
        paragraph = self.now
        if paragraph is None or (self.layout == Layout.OPERATIVE and self.stands_alone(paragraph)):
            if self.layout == Layout.OPERATIVE:
                self.paragraphs.append(Paragraph("", self.path, [Piece("", [block.text], place, place, block.page)]))
            return
        last = paragraph.pieces[-1]
        if paragraph.is_open or ANNOUNCES.search(last.text) or block.text[:1].islower():
            last.texts.append(block.text)
            last.last = place
        else:
            paragraph.pieces.append(Piece("", [block.text], place, place, block.page))

    def stands_alone(self, paragraph: Paragraph) -> bool:
        return not paragraph.is_open


def units_of(paragraph: Paragraph, layout: Layout) -> list[Unit]:
    """The units of a paragraph: the paragraph itself, or its items with their lead, and any concern before the
    lead."""
    units: list[Unit] = []
    lead, lead_kind, above = "", None, ""
    for place, piece in enumerate(paragraph.pieces):
        later = paragraph.pieces[place + 1] if place + 1 < len(paragraph.pieces) else None
        if not piece.mark and later is not None and later.mark:
            preceding, lead = split_lead(piece.text)
            lead_kind, above = kind_of(lead), ""
            if preceding and kind_of(preceding) != Kind.INFORMATION:
                units.append(unit(paragraph, "", preceding, piece, layout))
            elif preceding:
                lead = f"{preceding} {lead}"
            continue
        if is_group(piece, later):
            above = piece.text
            continue
        if "(r" not in piece.mark:
            above = ""
        kind = Kind.RECOMMENDATION if above and is_demand(above) else lead_kind if piece.mark else None
        units.append(unit(paragraph, piece.mark, piece.text, piece, layout, kind, f"{lead} {above}".strip()))
        if not piece.mark:
            lead, lead_kind = "", None
    return units


def is_group(piece: Piece, later: Piece | None) -> bool:
    """Whether an item only introduces sub-items: "(b) Take measures: (i) ...; (ii) ..."."""
    return later is not None and "(r" in later.mark and "(r" not in piece.mark and bool(piece.mark)


def split_lead(text: str) -> tuple[str, str]:
    """The text before the sentence that introduces the items, and that sentence."""
    parts = sentences(text)
    return " ".join(parts[:-1]).strip(), parts[-1].strip() if parts else ""


def unit(
    paragraph: Paragraph, mark: str, text: str, piece: Piece, layout: Layout, kind: Kind | None = None, lead: str = ""
) -> Unit:
    letters = re.sub(r"r\d+:", "", mark) if mark != "•" else ""
    return Unit(
        number=f"{paragraph.number}{letters}",
        kind=Kind.INFORMATION if layout == Layout.INFORMATION else kind_of_item(kind, text, paragraph),
        text=text,
        lead=lead if mark else "",
        headings=paragraph.headings,
        page=piece.page,
        first=piece.first,
        last=piece.last,
    )


def kind_of_item(kind: Kind | None, text: str, paragraph: Paragraph) -> Kind:
    """The kind of an item, from its lead and its own words; items below a heading "Recommendations" are demands."""
    if any(SUMMARY_TITLE.match(title) for title in paragraph.headings):
        return Kind.INFORMATION
    own = kind_of(text)
    if kind is None:
        return own
    if kind == Kind.INFORMATION and own != kind:
        return own
    if kind == Kind.INFORMATION and paragraph.headings and RECOMMENDS_TITLE.search(paragraph.headings[-1]):
        return Kind.RECOMMENDATION
    return Kind.RECOMMENDATION if kind == Kind.CONCERN and is_demand(text) else kind
