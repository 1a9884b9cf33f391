"""Lists in letters, however their items are marked: numbers, letters, roman numerals, dashes, "Question 1", "First".

A list is found by its marks alone; what it is about is told by the paragraph above it and the form of its items.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.marks import letter_value, number_of, roman_value
from servanda.language.documents.question_numbers import number_at
from servanda.language.documents.segments import CLOSED, tidied
from servanda.language.documents.units import Block
from servanda.sources.documents.letters.words import straight

MOST_BETWEEN = 15  # rows between two items of a list, such as headings and a break of the page
NAMED, NUMBER, CAPITAL, LETTER, ROMAN, ORDINAL, BULLET = (
    "named", "number", "capital", "letter", "roman", "ordinal", "bullet",
)  # fmt: skip
BULLETS = lazy_pattern(
    r"^\s*(?:[•▪●○■◦‣►➢✓❖♦·*→\uf0b7\uf0a7\uf02d\uf0d8]\s*|[-–—]\s*(?=[^\W\d_])|o\s+(?=[A-ZÀ-Ý¿]))(?P<rest>\S.*)$",
    re.S,
)
DEGREE = lazy_pattern(r"^\s*(?P<n>\d{1,2})\s?(?:\.?[°º][.)]?|\.-)\s*(?P<rest>\S.*)$", re.S)
BOTH = lazy_pattern(r"^\s*[(\[]\s*(?P<sign>\d{1,2}|[^\W\d_]{1,5})\s*[)\]]\s*[-–.:]?\s*(?P<rest>\S.*)$", re.S)
ONE = lazy_pattern(
    r"^\s*(?P<sign>[^\W\d_]{1,5})\s?(?:[)]|[.](?=\s)|\s?[-–—/](?=\s|[\u0600-\u06ff]))\s*(?P<rest>\S.*)$", re.S
)
_ORDINALS = (
    r"first(?:ly)?|one|premièrement|primer[oa]?|en\s+primer\s+lugar|en\s+premier\s+lieu|primeir[oa]|اولا",
    r"second(?:ly)?|two|deuxièmement|segund[oa]|en\s+segundo\s+lugar|en\s+deuxième\s+lieu|ثانيا",
    r"third(?:ly)?|three|troisièmement|tercer[oa]?|en\s+tercer\s+lugar|en\s+troisième\s+lieu|terceir[oa]|ثالثا",
    r"fourth(?:ly)?|four|quatrièmement|cuart[oa]|en\s+cuarto\s+lugar|en\s+quatrième\s+lieu|quart[oa]|رابعا",
    r"fifth(?:ly)?|five|cinquièmement|quint[oa]|en\s+quinto\s+lugar|خامسا",
    r"sixth(?:ly)?|six|sixièmement|sext[oa]|en\s+sexto\s+lugar|سادسا",
    r"seventh(?:ly)?|septièmement|séptim[oa]|سابعا",
    r"eighth(?:ly)?|huitièmement|octav[oa]|ثامنا",
)
_LAST = r"final(?:ly|ement|mente)|lastly|last|enfin|por\s+último|por\s+fim|واخيرا|اخيرا"
ORDINALS = tuple(lazy_pattern(rf"^\W*(?:{names})\s*[,:.،–—)-]\s*(?P<rest>\S.*)$", re.I | re.S) for names in _ORDINALS)
LAST = lazy_pattern(rf"^\W*(?:{_LAST})\s*[,:.،–—-]\s*(?P<rest>\S.*)$", re.I | re.S)
# Where an item may begin inside a paragraph: before a mark with a bracket or a dot, or a word such as "Second,".
INLINE_CUT = lazy_pattern(
    r"(?<=\s)(?:and\s+|et\s+|y\s+|e\s+|و\s?)?(?=[(\[]\s?(?:\d{1,2}|[^\W\d_]{1,4})\s?[)\]]\s*\S)"
    r"|(?<=[:;,.?؟؛،]\s)(?:and\s+|et\s+|y\s+|e\s+|و\s?)?(?=(?:\d{1,2}|[^\W\d_]{1,4})[.)]\s*\S)"
    r"|(?<=\s)(?=\.?[أبجدهوزحطي]\s?\)\s)"
    r"|(?<=[:;,.?؟؛،]\s)(?=[^\W\d_]{3,16}\s?[,،:])"
    r"|(?<=\s)(?=(?:question|pregunta|pergunta|السؤال)\s+\d)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph, or the part of one that has a mark inside; `place` is that of its block."""

    text: str
    place: int
    page: int = 0
    number: str = ""
    is_heading: bool = False

    @property
    def whole(self) -> str:
        return f"{self.number} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Mark:
    sort: str
    value: int
    rest: str
    printed: str = ""


@dataclass(slots=True)
class Item:
    printed: str
    rows: list[Row]
    rest: str
    index: int  # of its first row
    last: int = 0

    @property
    def text(self) -> str:
        return " ".join([self.rest, *(row.whole for row in self.rows[1:])]).strip()


@dataclass(slots=True)
class Listed:
    """A list: its items and the rows from the first to the last."""

    sort: str
    items: list[Item]

    @property
    def first(self) -> int:
        return self.items[0].index

    @property
    def last(self) -> int:
        return self.items[-1].last


def rows_of(blocks: Sequence[Block]) -> list[Row]:
    """The paragraphs, and apart the items that stand inside one."""
    texts = [straight(tidied(block.text)) for block in blocks]
    rows: list[Row] = []
    for place, (block, text) in enumerate(zip(blocks, texts, strict=True)):
        following = next((other for other in texts[place + 1 : place + 3] if other), "")
        parts = parts_inside(text, following) if text else []
        is_heading = bool(block.is_heading) and len(parts) < 2
        rows += [
            Row(part, place, block.page, "" if nth else block.number, is_heading) for nth, part in enumerate(parts)
        ]
    return rows


def parts_inside(text: str, following: str = "") -> list[str]:
    """A paragraph before each of at least two consecutive marks inside it, or inside it and at the beginning of the
    following: "...: (a) the arrest; (b) the trial"."""
    cuts = [cut.end() for cut in INLINE_CUT.finditer(text)]
    if not cuts:
        return [text]
    marked = [(0, list(marks_at(text))), *((cut, list(marks_at(text[cut:]))) for cut in cuts)]
    below = list(marks_at(following))
    for sort in (NAMED, NUMBER, LETTER, ROMAN, CAPITAL, ORDINAL):
        if places := consecutive(marked, below, sort):
            return pieces(text, places)
    return [text]


def consecutive(marked: Sequence[tuple[int, list[Mark]]], below: Sequence[Mark], sort: str) -> list[int]:
    """Where marks of one sort begin that follow one another, from 1 or from the mark with which the text begins."""
    own = next((mark.value for mark in marked[0][1] if mark.sort == sort), 0)
    value, places = own, []
    for cut, marks in marked[1:]:
        if any(mark.sort == sort and mark.value == value + 1 for mark in marks):
            places.append(cut)
            value += 1
    goes_on_below = any(mark.sort == sort and mark.value == value + 1 for mark in below)
    return places if len(places) + bool(own) > 1 or (places and goes_on_below) else []


def pieces(text: str, cuts: Sequence[int]) -> list[str]:
    places = [0, *cuts, len(text)]
    return [part for start, end in zip(places, places[1:], strict=False) if (part := text[start:end].strip())]


def marks_at(text: str, number: str = "") -> Iterator[Mark]:
    """The marks that may stand at the beginning of a paragraph; "(i)" is a letter or a roman numeral."""
    whole = f"{number} {text}".strip()
    named = number_at(whole)
    if named and named.is_named and named.rest:
        yield Mark(NAMED, named.parts[0], named.rest, named.printed)
    if mark := numbered(whole):
        yield mark
        return
    if match := BOTH.match(whole) or ONE.match(whole):
        yield from lettered(match["sign"].strip(), match["rest"])
    for value, pattern in enumerate(ORDINALS, 1):
        if match := pattern.match(whole.translate(str.maketrans("أإآ", "ااا")).replace("ً", "")):
            yield Mark(ORDINAL, value, match["rest"], str(value))
    if match := BULLETS.match(whole):
        yield Mark(BULLET, 0, match["rest"])


def numbered(whole: str) -> Mark | None:
    """The number with which a paragraph begins: "1.", "(1)", "1°"."""
    if match := DEGREE.match(whole):
        return Mark(NUMBER, int(match["n"]), match["rest"], match["n"])
    if (mark := number_of(whole)) and not mark.sub:
        return Mark(NUMBER, mark.value, mark.rest, mark.printed)
    number = number_at(whole)
    if number and not number.is_named and number.is_strong and len(number.parts) == 1 and number.rest:
        return Mark(NUMBER, number.parts[0], number.rest, number.printed)
    return None


def lettered(sign: str, rest: str) -> Iterator[Mark]:
    if sign.isdecimal():
        yield Mark(NUMBER, int(sign), rest, str(int(sign)))
    if value := roman_value(sign.lower()):
        yield Mark(ROMAN, value, rest, sign.lower())
    if value := letter_value(sign):
        yield Mark(CAPITAL if sign.isupper() and sign.isascii() else LETTER, value, rest, sign.lower())


def lists_in(rows: Sequence[Row]) -> list[Listed]:
    """Every list of the rows, also those inside another, in the order of their first items."""
    marks = [list(marks_at(row.text, row.number)) for row in rows]
    found: list[Listed] = []
    for index, here in enumerate(marks):
        for mark in here:
            is_taken = any(listed.sort == mark.sort and listed.first <= index <= listed.last for listed in found)
            if mark.value in (0, 1) and not is_taken:
                found.append(list_from(rows, marks, index, mark))
    found += [listed for listed in [open_list(rows, marks, found)] if listed]
    return sorted(found, key=lambda listed: (listed.first, -listed.last))


def open_list(rows: Sequence[Row], marks: Sequence[Sequence[Mark]], found: Sequence[Listed]) -> Listed | None:
    """The list of numbers whose beginning is missing: questions that go on with the numbers of the paragraphs."""
    if any(listed.sort == NUMBER for listed in found):
        return None
    for index, here in enumerate(marks):
        for mark in here:
            if mark.sort == NUMBER:
                listed = list_from(rows, marks, index, mark)
                return listed if len(listed.items) > 1 else None
    return None


def list_from(rows: Sequence[Row], marks: Sequence[Sequence[Mark]], index: int, mark: Mark) -> Listed:
    items = [Item(mark.printed, [rows[index]], mark.rest, index, index)]
    value = mark.value
    while following := next_item(rows, marks, items[-1].index, mark.sort, value):
        place, mark = following
        items[-1].rows += rows[items[-1].index + 1 : place]
        items[-1].last = place - 1
        value = mark.value
        items.append(Item(mark.printed, [rows[place]], mark.rest, place, place))
    return Listed(mark.sort, items)


def next_item(
    rows: Sequence[Row], marks: Sequence[Sequence[Mark]], index: int, sort: str, value: int
) -> tuple[int, Mark] | None:
    """The next item of a list, below what belongs to the item above."""
    wanted = value + 1 if value else 0
    is_open = not CLOSED.search(rows[index].text)
    for place in range(index + 1, min(index + 1 + MOST_BETWEEN, len(rows))):
        found = next((mark for mark in marks[place] if mark.sort == sort and mark.value == wanted), None)
        if found:
            return place, found
        if value and any(mark.sort == sort and mark.value == 1 for mark in marks[place]):
            return None  # another list begins
        if sort == ORDINAL and (last := LAST.match(rows[place].text)):
            return place, Mark(ORDINAL, wanted, last["rest"], str(wanted))
        if sort in (BULLET, ORDINAL) and not marks[place] and not is_open and not goes_on(rows[place].text):
            return None  # a paragraph of its own
        is_open = not CLOSED.search(rows[place].text)
    return None


def goes_on(text: str) -> bool:
    return text[:1].islower()
