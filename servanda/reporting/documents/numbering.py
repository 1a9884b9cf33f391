"""Numbers of headings and paragraphs in the form of the United Nations, and what refers to them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servanda.kit.files.word import is_right_to_left
from servanda.reporting.documents.blocks import Block, Kind, Span

OWN_NUMBER = re.compile(r"(?:[IVX]+|[A-Z]|\d+(?:\.\d+)*|[\u0621-\u064a]{1,5})\s?[.)\u2013\u2014-]\s")
NUMBERED_LEVELS = 3
BULLET = "•"
ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
PARAGRAPH_NUMBER = "#"  # the text of a link that prints the number of the first paragraph of a section


def number_blocks(blocks: Sequence[Block], *, has_own_numbers: bool) -> None:
    """Set the numbers of headings and paragraphs. Paragraphs are numbered through the whole report. Headings are
    not, if some of the report's own begin with a number already."""
    counts = [0] * NUMBERED_LEVELS
    paragraphs = 0
    for block in blocks:
        if block.kind == Kind.PARAGRAPH:
            paragraphs += 1
            block.number = f"{paragraphs}."
        elif block.kind == Kind.ITEM and block.list_number:
            block.number = item_number(block) if block.is_ordered else BULLET
        elif block.kind == Kind.HEADING and block.is_ordered and not has_own_numbers:
            place = block.level - 1
            counts[place] += 1
            counts[place + 1 :] = [0] * (NUMBERED_LEVELS - place - 1)
            block.number = heading_number(counts[: place + 1])


def heading_number(counts: Sequence[int]) -> str:
    """I., A., 1. by its level; in Arabic script the letters of the abjad and the numbers below them."""
    if is_right_to_left(get_language() or ""):
        first = ABJAD[(max(counts[0], 1) - 1) % len(ABJAD)]
        return "-".join([first, *map(str, counts[1:])]) + "-"
    last = max(counts[-1], 1)
    return (roman(last), letters(last), str(last))[len(counts) - 1] + "."


def item_number(block: Block) -> str:
    """(a), (i), (1) by its level; in Arabic script (أ), (1)."""
    if is_right_to_left(get_language() or ""):
        return f"({ABJAD[(block.place - 1) % len(ABJAD)] if block.level == 0 else block.place})"
    forms = (letters(block.place).lower(), roman(block.place).lower(), str(block.place))
    return f"({forms[min(block.level, 2)]})"


def roman(number: int) -> str:
    text = ""
    for value, sign in ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def letters(number: int) -> str:
    """A to Z, then AA to ZZ, as Word counts."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def has_own_number(heading: str) -> bool:
    return OWN_NUMBER.match(heading) is not None


def resolve_references(blocks: Sequence[Block]) -> None:
    """Give links to sections their text: the heading, or the number of the first paragraph."""
    headings = {block.anchor: block for block in blocks if block.anchor}
    paragraphs = first_paragraphs(blocks)
    for block in blocks:
        block.spans = list(resolved(block.spans, headings, paragraphs))
        block.rows = [[list(resolved(cell, headings, paragraphs)) for cell in row] for row in block.rows]


def first_paragraphs(blocks: Sequence[Block]) -> dict[str, Block]:
    """The first numbered paragraph of each section, by the key of the section."""
    found: dict[str, Block] = {}
    key = ""
    for block in blocks:
        key = block.anchor or key
        if block.kind == Kind.PARAGRAPH and key and key not in found:
            found[key] = block
    return found


def resolved(spans: Sequence[Span], headings: dict[str, Block], paragraphs: dict[str, Block]) -> Iterator[Span]:
    for span in spans:
        key = span.address.removeprefix("#")
        if not span.address.startswith("#"):
            yield span
        elif key not in headings:
            missing = _("[There is no section “%(key)s”.]") % {"key": key}
            yield replace(span, address="", text=span.text or missing)
        elif span.text == PARAGRAPH_NUMBER:
            number = paragraphs[key].number.rstrip(".") if key in paragraphs else _("[no paragraph]")
            yield replace(span, text=number, is_paragraph_number=key in paragraphs)
        else:
            yield replace(span, text=span.text or headings[key].text, is_heading_text=not span.text)
