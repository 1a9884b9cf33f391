"""Marks at the head of a paragraph: its number, the letter or the roman number of an item, a dash of a list."""

import re
from dataclasses import dataclass
from enum import StrEnum

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"  # the order in which Arabic documents letter their items
ALPHABETS = (LATIN, CYRILLIC, ABJAD)
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
# Letters that typists of Russian documents take from the other keyboard, and spellings of the Arabic ones.
ALIKE = str.maketrans({"ا": "أ", "إ": "أ", "آ": "أ", "ى": "ي", "ـ": None, "\u200d": None, "\u200c": None})

_DIGITS = r"[0-9\u0660-\u0669\u06f0-\u06f9]"
NUMBER = re.compile(
    rf"^\s*(?:§\s*|[¶•]\s*)?(?P<n>{_DIGITS}{{1,3}})(?:\.(?P<sub>{_DIGITS}{{1,3}}))?"
    rf"(?:(?<=\.\d)\s+(?=\S)|(?<=\.\d\d)\s+(?=\S)|(?<=\.\d\d\d)\s+(?=\S)|\s?[.．。)](?!{_DIGITS})\s*|\s?[-–—](?=\s"
    rf"|[\u0600-\u06ff]|$)\s*|\s*\t\s*)(?P<rest>.*)$",
    re.S,
)
BARE_NUMBER = re.compile(rf"^\s*(?P<n>{_DIGITS}{{1,3}})\s*\.\s*$")
LETTER = re.compile(
    r"^\s*(?:\([\s\u200c\u200d]*(?P<both>[^\W\d_]{1,5})[\s\u200c\u200d]?[-–ـ]?[\s\u200c\u200d]*\)"
    r"|(?P<one>[^\W\d_]{1,5})\s?\))\s*(?P<rest>.*)$",
    re.S,
)
DOTTED_ROMAN = re.compile(r"^\s*(?P<one>[ivxl]{1,6})\.\s*(?P<rest>.*)$", re.S)
DOTTED_LETTER = re.compile(r"^\s*(?P<one>[a-z])\.\s+(?P<rest>.*)$", re.S)
NUMBERED_ITEM = re.compile(
    rf"^\s*(?:\(\s?(?P<both>{_DIGITS}{{1,2}})\s?\)|(?P<one>{_DIGITS}{{1,2}})\s?[).])\s+(?P<rest>\S.*)$", re.S
)
BULLET = re.compile(r"^\s*(?:[•▪●○■◦\uf0b7\uf0a7\uf02d]\s*|[-–—]\s+)(?P<rest>\S.*)$", re.S)
CLOSES_ITEM = re.compile(r"[:;：؛；،,.]\s*(?:and|or|y|e|o|u|et|ou|и|или|و|أو)?\s*$", re.I)
HEADING_BEHIND = re.compile(r"^(?P<text>.{20,}?[;.])\s+(?P<heading>[A-ZÀ-Ý][^;.:?!]{3,160}[^;.:?!\s\d])\s*$", re.S)
CLOSES_WITHIN = 12  # characters before the next item
NUMBER_HERE = re.compile(rf"(?<![\w.,/])({_DIGITS}{{1,3}})\.\s?(?=[^\W\d_])")
ITEM_HERE = re.compile(r"\(?[\s\u200c\u200d]{0,4}[^\W\d_]{1,4}[\s\u200c\u200d]{0,4}\)\s*(?=\S)")


class Sort(StrEnum):
    NUMBER = "number"
    LETTER = "letter"
    ROMAN = "roman"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark and the text behind it; `printed` is what the document shows, in ASCII where it has a number."""

    sort: Sort
    printed: str
    value: int
    rest: str
    sub: int = 0  # the 15 of "69.15"


def number_of(text: str) -> Mark | None:
    """ "12. The Committee", "12- " before Arabic, "٣٠-", "69.15 Ensure"."""
    found = NUMBER.match(text)
    if not found or found["rest"][:1] in tuple(";,.)]:"):
        return None
    if found["rest"][:1].islower() and text.rstrip()[: found.start("rest")].endswith("."):
        return None  # "Article 7 1.c"
    value, sub = ascii_digits(found["n"]), ascii_digits(found["sub"] or "0")
    printed = f"{value}.{sub}" if sub else str(value)
    return Mark(Sort.NUMBER, printed, value, found["rest"], sub) if value else None


def ascii_digits(printed: str) -> int:
    return int("".join(str(int(sign)) for sign in printed))


def item_of(
    text: str, *, expected: str = "", after_roman: int = 0, dotted: bool = False, dotted_letters: bool = False
) -> Mark | None:
    """The letter or roman number at the head of an item.

    "(i)" is a letter when the item before was (h), and a roman number otherwise; "(c)" and "(v)" likewise.
    """
    found = LETTER.match(text) or (DOTTED_ROMAN.match(text) if dotted else None)
    if dotted_letters and found is None:
        found = DOTTED_LETTER.match(text)
    if not found:
        return None
    sign = (found.groupdict().get("both") or found["one"]).strip()
    rest = found["rest"]
    place = letter_value(sign)
    roman = roman_value(sign.lower())
    if dotted and roman:
        return Mark(Sort.ROMAN, sign.lower(), roman, rest)
    if place and (not roman or letter_of(place) == expected):
        return Mark(Sort.LETTER, letter_of(place), place, rest)
    if roman and roman in (1, after_roman + 1):
        return Mark(Sort.ROMAN, sign.lower(), roman, rest)
    if place:
        return Mark(Sort.LETTER, letter_of(place), place, rest)
    return None


def numbered_item_of(text: str, *, expected: int) -> Mark | None:
    """ "(1) Adopt", "1) Adopt", "1. Adopt" as the next item below a sentence that announces items."""
    found = NUMBERED_ITEM.match(text)
    if not found or ascii_digits(found["both"] or found["one"]) != expected:
        return None
    return Mark(Sort.LETTER, str(expected), expected, found["rest"])


def bullet_of(text: str) -> Mark | None:
    found = BULLET.match(text)
    return Mark(Sort.BULLET, "•", 0, found["rest"]) if found else None


def letter_value(sign: str) -> int:
    """Which letter of its alphabet this is, from 1; "aa" is 27; 0 for what is no letter of an item."""
    plain = sign.lower().translate(ALIKE)
    if len(plain) == 2 and plain[0] == plain[1] and plain[0] in LATIN:
        return len(LATIN) + LATIN.index(plain[0]) + 1
    if len(plain) != 1:
        return 0
    return next((letters.index(plain) + 1 for letters in ALPHABETS if plain in letters), 0)


def letter_of(value: int) -> str:
    """Items are named alike in all languages, so that 24 (b) is found whatever the version says."""
    return LATIN[value - 1] if value <= len(LATIN) else LATIN[(value - 1) % len(LATIN)] * 2


def roman_value(sign: str) -> int:
    if not sign or any(letter not in ROMAN for letter in sign):
        return 0
    worth = [ROMAN[letter] for letter in sign]
    return sum(-now if now < after else now for now, after in zip(worth, [*worth[1:], 0], strict=True))


def items_inside(text: str) -> list[str]:
    """A paragraph that prints its items in one go, cut before each: "...: (a) Ensure ...; (b) Adopt ..."."""
    cuts, wanted = [0], 1
    for found in ITEM_HERE.finditer(text):
        mark = item_of(text[found.start() :], expected=letter_of(wanted))
        if (
            mark
            and mark.sort == Sort.LETTER
            and mark.value == wanted
            and CLOSES_ITEM.search(text[max(0, found.start() - CLOSES_WITHIN) : found.start()])
        ):
            cuts.append(found.start())
            wanted += 1
    if wanted <= 2:  # a single (a) is a reference, not a list
        return [text]
    return [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def heading_behind(text: str) -> tuple[str, str]:
    """A paragraph and the heading of the next one, where the line ends between them were lost."""
    found = HEADING_BEHIND.match(text)
    return (found["text"], found["heading"]) if found else (text, "")


def numbers_inside(text: str) -> list[str]:
    """A text whose paragraphs lost their line ends, cut before 1., 2., 3. as long as they follow each other."""
    cuts, wanted = [0], 1
    for found in NUMBER_HERE.finditer(text):
        if ascii_digits(found[1]) == wanted:
            cuts.append(found.start(1))
            wanted += 1
    if wanted <= 2:
        return [text]
    return [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
