"""Automatic paragraph numbers of a DOCX, which Word computes but does not store."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import cast

from docx.document import Document
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

LEVELS = 9
MOST_STYLES = 20  # styles based on one another; in a damaged file they can form a circle
MOST = 9_999  # higher numbers are not formatted as letters or roman numerals
LONGEST_PATTERN = 60
IN_LIST = f"{qn('w:pPr')}/{qn('w:numPr')}"
LEVEL_IN_LIST, NUMBER_OF_LIST = f"{IN_LIST}/{qn('w:ilvl')}", f"{IN_LIST}/{qn('w:numId')}"
LETTERS = {
    "arabicAbjad": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщэюя",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ",
}


@dataclass(slots=True)
class Level:
    form: str  # decimal, lowerLetter, upperRoman, bullet ...
    pattern: str  # "%1.%2."
    start: int
    style: str = ""  # the paragraph style that implies this level


class ParagraphStyles:
    """The styles of paragraphs, each looked up once: python-docx goes through all of them for each paragraph."""

    def __init__(self) -> None:
        self.found: dict[str | None, list[ParagraphStyle]] = {}

    def of(self, paragraph: Paragraph) -> list[ParagraphStyle]:
        """The style of the paragraph, which may be the usual one, and those on which it is based, nearest first."""
        name = paragraph._p.style
        if name not in self.found:
            self.found[name] = list(islice(with_bases(paragraph.style), MOST_STYLES))
        return self.found[name]


def with_bases(style: ParagraphStyle | None) -> Iterator[ParagraphStyle]:
    while style is not None:
        yield style
        style = cast(ParagraphStyle | None, style.base_style)


class AutomaticNumbers:
    """Counts list paragraphs in the order of the document, as Word does."""

    def __init__(self, document: Document) -> None:
        self.styles = ParagraphStyles()
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        root = part.element if part is not None else None
        self.lists = {} if root is None else lists_of(root, list_styles(document))
        self.counters: dict[str, list[int]] = defaultdict(lambda: [0] * LEVELS)

    def next_for(self, paragraph: Paragraph) -> str:
        place = place_in_list(paragraph, self.styles.of(paragraph))
        if place is None or place.name not in self.lists:
            return ""
        abstract, levels = self.lists[place.name]
        depth = depth_of(place, levels)
        if depth not in levels:
            return ""
        counter = self.counters[abstract]
        counter[depth] = counter[depth] + 1 if counter[depth] else levels[depth].start
        counter[depth + 1 :] = [0] * (LEVELS - depth - 1)
        return printed_number(levels, depth, counter)


def list_styles(document: Document) -> dict[str, str]:
    """The styles of lists, each with the list that defines its levels."""
    lists_by_style = {}
    for style in document.styles.element.findall(f"{qn('w:style')}[@{qn('w:type')}='numbering']"):
        number = style.find(NUMBER_OF_LIST)
        if number is not None:
            lists_by_style[style.get(qn("w:styleId"))] = number.get(qn("w:val"))
    return lists_by_style


def lists_of(root: _Element, styles: dict[str, str]) -> dict[str, tuple[str, dict[int, Level]]]:
    abstracts = {item.get(qn("w:abstractNumId")): item for item in root.findall(qn("w:abstractNum"))}
    numbers = {
        number.get(qn("w:numId")): number.find(qn("w:abstractNumId")).get(qn("w:val"))
        for number in root.findall(qn("w:num"))
    }
    lists = {}
    for number in root.findall(qn("w:num")):
        name = number.get(qn("w:numId"))
        abstract = defining(numbers[name], abstracts, numbers, styles)
        levels = levels_of(abstracts[abstract]) if abstract in abstracts else {}
        is_own = override(levels, number)
        lists[name] = (name if is_own else abstract, levels)
    return lists


def defining(abstract: str, abstracts: dict[str, _Element], numbers: dict[str, str], styles: dict[str, str]) -> str:
    """The list that defines the levels: some lists only refer to a list style, which refers to another list."""
    item = abstracts.get(abstract)
    link = None if item is None else item.find(qn("w:numStyleLink"))
    return abstract if link is None else numbers.get(styles.get(link.get(qn("w:val")), ""), abstract)


def override(levels: dict[int, Level], number: _Element) -> bool:
    """Apply the overrides of a list to its levels; returns whether there are any, so that it counts separately."""
    is_own = False
    for change in number.findall(qn("w:lvlOverride")):
        depth = int(change.get(qn("w:ilvl")))
        level, restart = change.find(qn("w:lvl")), change.find(qn("w:startOverride"))
        if level is not None:
            levels[depth] = level_of(level)
            is_own = True
        if restart is not None:
            if depth in levels:
                levels[depth] = replace(levels[depth], start=int(restart.get(qn("w:val"))))
            is_own = True
    return is_own


def levels_of(abstract: _Element) -> dict[int, Level]:
    return {int(level.get(qn("w:ilvl"))): level_of(level) for level in abstract.findall(qn("w:lvl"))}


def level_of(level: _Element) -> Level:
    return Level(
        value(level, "w:numFmt", "decimal"),
        value(level, "w:lvlText", "")[:LONGEST_PATTERN],
        int(value(level, "w:start", "1")),
        value(level, "w:pStyle", ""),
    )


def value(level: _Element, tag: str, default: str) -> str:
    element = level.find(qn(tag))
    return default if element is None else element.get(qn("w:val"), default)


@dataclass(slots=True)
class Place:
    """The position of a paragraph in a list: its own level, or else the one implied by its styles."""

    name: str
    depth: int | None
    styles: list[str]


def place_in_list(paragraph: Paragraph, styles: list[ParagraphStyle]) -> Place | None:
    """The list of a paragraph: its own, or that of the nearest of its styles that has one."""
    depth = None
    for holder in [paragraph._p, *(style.element for style in styles)]:
        level = holder.find(LEVEL_IN_LIST)
        depth = int(level.get(qn("w:val"))) if depth is None and level is not None else depth
        number = holder.find(NUMBER_OF_LIST)
        if number is not None:
            name = number.get(qn("w:val"))
            return None if name == "0" else Place(name, depth, [style.style_id for style in styles])
    return None


def depth_of(place: Place, levels: dict[int, Level]) -> int:
    if place.depth is not None:
        return place.depth
    depth_by_style = {level.style: depth for depth, level in levels.items() if level.style}
    return next((depth_by_style[style] for style in place.styles if style in depth_by_style), 0)


def printed_number(levels: dict[int, Level], depth: int, counter: list[int]) -> str:
    if levels[depth].form == "bullet":
        return "•"
    text = levels[depth].pattern
    for place in range(depth + 1):
        if place in levels:
            text = text.replace(f"%{place + 1}", formatted(counter[place] or levels[place].start, levels[place].form))
    return text


def formatted(number: int, form: str) -> str:
    if not 0 < number <= MOST:
        return str(number)
    if form in LETTERS:
        return LETTERS[form][(number - 1) % len(LETTERS[form])]
    if form.endswith("Letter"):
        letters = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letters.upper() if form.startswith("upper") else letters
    if form.endswith("Roman"):
        return roman(number).upper() if form.startswith("upper") else roman(number)
    return str(number)


def roman(number: int) -> str:
    text = ""
    for worth, sign in (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ):
        text += sign * (number // worth)
        number %= worth
    return text
