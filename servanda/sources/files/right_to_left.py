"""A printed line of Arabic in the order in which it is read: a PDF keeps the order in which it was drawn.

What is mended was met in PDF files: letters of a ligature the wrong way round, brackets that look to the other side,
the dash of "24-" before its number, and document symbols whose parts changed places.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
VOWEL = re.compile(r"[\u064b-\u065f\u0670]")
BRACKETS = str.maketrans("()[]«»", ")(][»«")
SIGN_BEFORE_NUMBER = re.compile(r"(?<!\S)([-–،؛.:]+)([0-9\u0660-\u0669]+(?:\.[0-9\u0660-\u0669]+)?)(?!\S)")
NUMBER_FIRST = re.compile(r"\s*(\d{1,2})\s*-(?!\d)")
MOST_LEFT_OUT = 3  # numbers that were not recognised at all, between two that were
Placed = tuple[str, float]  # a character and how far from the left edge it stands


def has_arabic(text: str) -> bool:
    return len(ARABIC.findall(text)) * 2 > sum(sign.isalpha() for sign in text) and bool(ARABIC.search(text))


def logical(line: list[Placed]) -> str:
    """The text of a line as it is read from right to left."""
    text = "".join(sign for sign, _across in symbols_in_order(ligatures_in_order(line)))
    text = text.translate(BRACKETS)
    return SIGN_BEFORE_NUMBER.sub(r"\2\1", text)


def with_whole_numbers(lines: Iterable[str]) -> Iterator[str]:
    """Paragraphs counted on where a program that recognised them lost the first digit: 9, 0, 1 are 9, 10, 11.

    Met in every Arabic page that tesseract 5.5 read: it does not see the digit at the right edge.
    """
    last = 0
    for line in lines:
        found = NUMBER_FIRST.match(line)
        if found is None:
            yield line
            continue
        left_out = (int(found[1]) - last - 1) % 10
        if left_out <= MOST_LEFT_OUT:
            last += left_out + 1
        yield f"{last if left_out <= MOST_LEFT_OUT else found[1]}-{line[found.end() :]}"


def without_lost_marks(line: list[Placed]) -> list[Placed]:
    """Vowel signs that are drawn on their own come behind a blank, far from their letter."""
    kept: list[Placed] = []
    for placed in line:
        if not (VOWEL.match(placed[0]) and (not kept or not ARABIC.match(kept[-1][0]))):
            kept.append(placed)
    return kept


def ligatures_in_order(line: list[Placed]) -> list[Placed]:
    """Letters drawn as one sign stand at one place, and the file names them from left to right."""
    found: list[Placed] = []
    for _across, group in groupby(line, key=lambda placed: placed[1]):
        letters = list(group)
        is_ligature = len(letters) > 1 and all(ARABIC.match(sign) for sign, _place in letters)
        found.extend(reversed(letters) if is_ligature else letters)
    return found


def symbols_in_order(line: list[Placed]) -> list[Placed]:
    """Latin letters and numbers joined by strokes are read from left to right: CEDAW/C/BGR/CO/8."""
    found: list[Placed] = []
    for is_word, group in groupby(line, key=lambda placed: is_of_symbol(placed[0])):
        run = list(group)
        letters = [sign for sign, _across in run if sign.isascii() and sign.isalpha()]
        found.extend(sorted(run, key=lambda placed: placed[1]) if is_word and letters and len(run) > 1 else run)
    return found


def is_of_symbol(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign in "/.-")
