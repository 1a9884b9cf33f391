"""Puts printed lines of Arabic into reading order: a PDF stores the order in which they were drawn.

It corrects faults found in PDF files: reversed letters of ligatures, mirrored brackets, the dash of "24-" before its
number, ranges of numbers from the last to the first, and document symbols whose parts are swapped.
"""

import math
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
# Of the size of the font: where two signs are further apart, there is a space between them.
NO_SPACE, BEFORE_BRACKET = 0.4, 0.25
LONGEST_STEP = 0.7  # of the size of the font, between the origins of two digits of one number
OF_LIGATURE = 0.2  # points
OUT_OF_PLACE = 1.0  # points by which a sign stands right of the one before it
_LATIN = r"[A-Za-z0-9](?:[A-Za-z0-9/.-]*[A-Za-z0-9])?"
# Turned within a line that is sorted from the right: symbols and words of Latin letters, and numbers.
FROM_LEFT = re.compile(
    rf"(?=[\d/.-]*[A-Za-z]){_LATIN}(?:[ :,]{{1,2}}(?=[\d/.-]*[A-Za-z]){_LATIN})*|{_NUMBER}(?:[.,:/]{_NUMBER})*"
)
# "AL TST 4/2023", the reference of a letter, whose number stands on the right of its letters
REFERENCE = re.compile(r"(\d{1,3}/(?:19|20)\d\d)\s+((?:AL|JAL|UA|JUA|OL|JOL)\s+[A-Z]{3})(?![A-Z])")
DAY_LAST = re.compile(r"^([A-Z][a-z]{2,8} (?:19|20)\d\d) (\d{1,2})$")  # "August 2022 30"
MOST_LEFT_OUT = 3  # unrecognised numbers between two recognised ones
Placed = tuple[str, float]  # a character and its distance from the left edge


def has_arabic(text: str) -> bool:
    return len(ARABIC.findall(text)) * 2 > sum(sign.isalpha() for sign in text) and bool(ARABIC.search(text))


def logical(line: list[Placed]) -> str:
    """The text of a line in reading order."""
    text = "".join(sign for sign, _across in symbols_in_order(words_in_order(ligatures_in_order(line))))
    return with_signs_behind_numbers(text.translate(BRACKETS))


Drawn = tuple[str, float, float, float, float]  # a sign, its origin across and up, and its left and right edge


def in_drawn_order(line: list[Drawn], size: float) -> str:
    """The text of a line by where its signs stand on the page, where the file draws some of them apart from their
    words, as LibreOffice does with brackets of a second font; empty where it does not."""
    letters = list(with_joined_origins(sign for sign in line if not sign[0].isspace() and not VOWEL.match(sign[0])))
    if not any(is_out_of_place(before, sign) for before, sign in pairwise(letters)):
        return ""
    edges = {across: (left, right) for _sign, across, _up, left, right in letters}
    ordered = ligatures_in_order([(sign, across) for sign, across, *_rest in letters])
    marked = with_vowels(ordered, edges, [drawn for drawn in line if VOWEL.match(drawn[0])])
    drawn = [(sign, across, *edges[across]) for sign, across in marked]
    drawn += [
        (" ", across, left, right) for sign, across, _up, left, right in line if sign.isspace() and right > left
    ]
    text, before = "", drawn[0]
    for row in sorted(drawn, key=lambda row: -row[1]):
        is_apart = text[-1:] not in ("", " ") and are_apart(before, row, size)
        text, before = f"{text} {row[0]}" if is_apart else text + row[0], row
    turned = FROM_LEFT.sub(lambda match: match[0][::-1], " ".join(text.split()))
    return RANGE.sub(ascending, REFERENCE.sub(r"\2 \1", turned.translate(BRACKETS)))


def latin_in_drawn_order(line: list[Drawn], size: float) -> str:
    """The same for a line of Latin letters and numbers among Arabic: "CRC/C/TST/Q/ - 5 6" is "CRC/C/TST/Q/5-6"."""
    if day := DAY_LAST.match("".join(sign for sign, *_rest in line).strip()):
        return f"{day[2]} {day[1]}"
    letters = [drawn for drawn in line if not drawn[0].isspace()]
    if not any(sign[1] < before[1] - OUT_OF_PLACE for before, sign in pairwise(letters)):
        return ""
    blanks = [drawn for drawn in line if drawn[0].isspace() and drawn[4] > drawn[3]]
    text, before = "", None
    for sign, across, _up, left, right in sorted([*letters, *blanks], key=lambda drawn: drawn[1]):
        row = (sign, across, left, right)
        is_apart = before is not None and text[-1:] != " " and not sign.isspace() and are_apart(row, before, size)
        text, before = f"{text} {sign}" if is_apart else text + sign, row
    return " ".join(text.split())


def are_apart(right: tuple[str, float, float, float], left: tuple[str, float, float, float], size: float) -> bool:
    """Whether there is a space between two signs, given with their origins and edges."""
    if right[0].isdigit() and left[0].isdigit():
        return right[1] - left[1] > size * LONGEST_STEP
    return right[2] - left[3] > size * (BEFORE_BRACKET if left[0] in "()" else NO_SPACE)


def with_joined_origins(letters: Iterable[Drawn]) -> Iterator[Drawn]:
    """The letters of a ligature, whose origins may differ by a hair, with one origin."""
    before = math.inf
    for sign, across, up, left, right in letters:
        before = before if abs(across - before) < OF_LIGATURE else across
        yield sign, before, up, left, right


def with_vowels(letters: list[Placed], edges: dict[float, tuple[float, float]], vowels: list[Drawn]) -> list[Placed]:
    """The letters, each with the vowel signs that are drawn nearest to it."""
    marked = [sign for sign, _across in letters]
    middles = [sum(edges[across]) / 2 for _sign, across in letters]
    for sign, _across, _up, left, right in vowels:
        middle = (left + right) / 2
        nearest = min(range(len(letters)), key=lambda nth: abs(middles[nth] - middle))
        marked[nearest] += sign
    return [(sign, across) for sign, (_sign, across) in zip(marked, letters, strict=True)]


def is_out_of_place(before: Drawn, sign: Drawn) -> bool:
    """Whether a sign stands right of the one before it, apart from signs that are read from the left."""
    is_from_left = sign[0].isascii() and (sign[0].isalnum() or sign[0] in "/.,:-")
    return not is_from_left and sign[1] > before[1] + OUT_OF_PLACE


def with_signs_behind_numbers(text: str) -> str:
    """The text with signs behind the numbers and symbols that they follow, and ranges from the lower number on."""
    text = SIGN_BEFORE_SYMBOL.sub(r"\2\1", SIGN_BEFORE_NUMBER.sub(r"\2\1", text))
    return RANGE.sub(ascending, REFERENCE.sub(r"\2 \1", text))


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
