"""Puts printed lines of Arabic into reading order: a PDF stores the order in which they were drawn.

It corrects faults found in PDF files: reversed letters of ligatures, mirrored brackets, the dash of "24-" before its
number, ranges of numbers from the last to the first, and document symbols whose parts are swapped.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
VOWEL = re.compile(r"[\u064b-\u065f\u0670]")
LAM, ALIFS = "ل", set("اأإآٱ")
BRACKETS = str.maketrans("()[]«»", ")(][»«")
_NUMBER = r"[0-9\u0660-\u0669]+"
SIGN_BEFORE_NUMBER = re.compile(rf"(?<!\S)([-–،؛.:]+)({_NUMBER}(?:\.{_NUMBER}|[-–]{_NUMBER})?)(?!\S)")
SIGN_BEFORE_SYMBOL = re.compile(r"(?<=[\s\u0600-\u06ff])([.،؛:]+)([A-Z][\w.]*(?:/[\w.-]+)+)$")
RANGE = re.compile(r"(?<=[\s(])([0-9\u0660-\u0669]{1,4})([-–])([0-9\u0660-\u0669]{1,4})(?![\w/-]|\.\w)")
NUMBER_FIRST = re.compile(r"\s*(\d{1,2})\s*-(?!\d)")
MOST_LEFT_OUT = 3  # unrecognised numbers between two recognised ones
Placed = tuple[str, float]  # a character and its distance from the left edge


def has_arabic(text: str) -> bool:
    return len(ARABIC.findall(text)) * 2 > sum(sign.isalpha() for sign in text) and bool(ARABIC.search(text))


def logical(line: list[Placed]) -> str:
    """The text of a line in reading order."""
    text = "".join(sign for sign, _across in symbols_in_order(words_in_order(ligatures_in_order(line))))
    return with_signs_behind_numbers(text.translate(BRACKETS))


def with_signs_behind_numbers(text: str) -> str:
    """The text with signs behind the numbers and symbols that they follow, and ranges from the lower number on."""
    text = SIGN_BEFORE_SYMBOL.sub(r"\2\1", SIGN_BEFORE_NUMBER.sub(r"\2\1", text))
    return RANGE.sub(ascending, text)


def ascending(match: re.Match[str]) -> str:
    """Articles 5-30 are drawn with the 30 on the left, since a dash between numbers has the direction of the line."""
    first, dash, last = match.groups()
    return f"{last}{dash}{first}" if int(first) > int(last) else match[0]


def with_whole_numbers(lines: Iterable[str]) -> Iterator[str]:
    """Complete paragraph numbers that lost their first digit in text recognition: 9, 0, 1 become 9, 10, 11.

    tesseract 5.5 misses the digit at the right edge of every Arabic page.
    """
    last = 0
    for line in lines:
        match = NUMBER_FIRST.match(line)
        if match is None:
            yield line
            continue
        left_out = (int(match[1]) - last - 1) % 10
        if left_out <= MOST_LEFT_OUT:
            last += left_out + 1
        yield f"{last if left_out <= MOST_LEFT_OUT else match[1]}-{line[match.end() :]}"


def without_lost_marks(line: list[Placed]) -> list[Placed]:
    """Drop vowel signs that are drawn separately, which follow a space and not their letter."""
    characters: list[Placed] = []
    for placed in line:
        if not (VOWEL.match(placed[0]) and (not characters or not ARABIC.match(characters[-1][0]))):
            characters.append(placed)
    return characters


def ligatures_in_order(line: list[Placed]) -> list[Placed]:
    """Put the letters of ligatures, which have one position, in order: many files list them from left to right. A lam
    is never joined to an alif before it, so that such a pair tells how the file lists them."""
    groups = [list(group) for _across, group in groupby(line, key=lambda placed: placed[1])]
    are_turned = not any(is_lam_alif(group) for group in groups)
    characters: list[Placed] = []
    for group in groups:
        is_ligature = len(group) > 1 and all(ARABIC.match(sign) for sign, _place in group)
        characters.extend(reversed(group) if is_ligature and are_turned else group)
    return characters


def is_lam_alif(group: list[Placed]) -> bool:
    return len(group) > 1 and group[0][0] == LAM and group[1][0] in ALIFS


def words_in_order(line: list[Placed]) -> list[Placed]:
    """Turn words whose letters the file lists from left to right, as LibreOffice does around a vowel sign."""
    characters: list[Placed] = []
    for is_arabic, group in groupby(line, key=lambda placed: ARABIC.match(placed[0]) is not None):
        run = list(group)
        steps = [(following > previous) - (following < previous) for (_a, previous), (_b, following) in pairwise(run)]
        is_turned = is_arabic and sum(steps) > 0
        characters.extend(sorted(run, key=lambda placed: -placed[1]) if is_turned else run)
    return characters


def symbols_in_order(line: list[Placed]) -> list[Placed]:
    """Order Latin letters and numbers joined by slashes from left to right: CEDAW/C/BGR/CO/8."""
    characters: list[Placed] = []
    for is_word, group in groupby(line, key=lambda placed: is_of_symbol(placed[0])):
        run = list(group)
        letters = [sign for sign, _across in run if sign.isascii() and sign.isalpha()]
        characters.extend(sorted(run, key=lambda placed: placed[1]) if is_word and letters and len(run) > 1 else run)
    return characters


def is_of_symbol(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign in "/.-")
