"""Automatic paragraph numbers of a DOCX, which Word computes and does not store."""

from collections import defaultdict
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

LEVELS = 9
MOST_STYLES = 20  # of which one is based on the next; in a damaged file they go round in a circle
MOST = 9_999  # a higher number is no letter and no roman number any more
LONGEST_PATTERN = 60
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


class AutomaticNumbers:
    """Counts list paragraphs in the order of the document, as Word does."""

    def __init__(self, document: Document) -> None:
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        root = part.element if part is not None else None
        self.lists = {} if root is None else lists_of(root)
        self.counters: dict[str, list[int]] = defaultdict(lambda: [0] * LEVELS)

    def next_for(self, paragraph: Paragraph) -> str:
        found = place_in_list(paragraph)
        if found is None or found[0] not in self.lists:
            return ""
        abstract, levels = self.lists[found[0]]
        depth = found[1]
        if depth not in levels:
            return ""
        counter = self.counters[abstract]
        counter[depth] = counter[depth] + 1 if counter[depth] else levels[depth].start
        counter[depth + 1 :] = [0] * (LEVELS - depth - 1)
        return printed_number(levels, depth, counter)


def lists_of(root: _Element) -> dict[str, tuple[str, dict[int, Level]]]:
    abstracts = {item.get(qn("w:abstractNumId")): levels_of(item) for item in root.findall(qn("w:abstractNum"))}
    lists = {}
    for number in root.findall(qn("w:num")):
        abstract = number.find(qn("w:abstractNumId")).get(qn("w:val"))
        name, levels = number.get(qn("w:numId")), dict(abstracts.get(abstract, {}))
        restarts = number.findall(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
        for restart in restarts:
            depth = int(restart.getparent().get(qn("w:ilvl")))
            if depth in levels:
                levels[depth] = Level(levels[depth].form, levels[depth].pattern, int(restart.get(qn("w:val"))))
        lists[name] = (name if restarts else abstract, levels)
    return lists


def levels_of(abstract: _Element) -> dict[int, Level]:
    return {
        int(level.get(qn("w:ilvl"))): Level(
            value(level, "w:numFmt", "decimal"),
            value(level, "w:lvlText", "")[:LONGEST_PATTERN],
            int(value(level, "w:start", "1")),
        )
        for level in abstract.findall(qn("w:lvl"))
    }


def value(level: _Element, tag: str, default: str) -> str:
    found = level.find(qn(tag))
    return default if found is None else found.get(qn("w:val"), default)


def place_in_list(paragraph: Paragraph) -> tuple[str, int] | None:
    """The list and the level of a paragraph, from itself or from the nearest style that has them."""
    holders = [paragraph._p]
    style = paragraph.style
    while style is not None and len(holders) <= MOST_STYLES:
        holders.append(style.element)
        style = style.base_style
    for holder in holders:
        number = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            depth = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:ilvl')}")
            name = number.get(qn("w:val"))
            return None if name == "0" else (name, 0 if depth is None else int(depth.get(qn("w:val"))))
    return None


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
