"""Widths of the columns of a printed table, by what they contain."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import truediv

PADDING = 0.4  # of a cell, left and right together
NARROWEST = 1.0
BOLD = 1.2  # how much wider headings are
STEP, MOST_STEPS, SAMPLE = 0.4, 60, 150  # for finding widths: centimetres, steps, and rows looked at
BREAKS = re.compile(r"[ \n\t]+")  # a no-break space keeps a date whole


@dataclass(frozen=True, slots=True)
class Space:
    """The width that a table has, in centimetres, and how much of it letters take."""

    width: float
    letter: float  # on average
    widest_word: float  # a longer word is broken


def widths_by_content(
    headings: Sequence[str], rows: Sequence[Sequence[str]], space: Space, *, breakable: Collection[int] = ()
) -> list[float]:
    """Each column fits its longest word, and the rest goes where it shortens the table most. Words of the columns
    `breakable` do not widen their column."""
    every = rows[:: -(-len(rows) // SAMPLE) or 1]
    lengths = [[len(text) for text in row] for row in every]
    least = [
        max(space_of_words(heading, space.letter * BOLD), min(longest, space.widest_word), NARROWEST)
        for heading, longest in zip(headings, longest_words(len(headings), every, space, breakable), strict=True)
    ]
    rest = space.width - sum(least)
    if rest < 0:
        return [width * space.width / sum(least) for width in least]
    totals = [sum(column) for column in zip(*lengths, strict=True)] or [0] * len(least)
    widths = [*least]
    widths[totals.index(max(totals))] += rest
    for _step in range(MOST_STEPS):
        shorter = min(moved(widths, least), key=lambda some: height(lengths, some, space), default=widths)
        if height(lengths, shorter, space) >= height(lengths, widths, space):
            break
        widths = shorter
    return widths


def longest_words(
    count: int, rows: Sequence[Sequence[str]], space: Space, breakable: Collection[int]
) -> Iterator[float]:
    for place in range(count):
        texts = [] if place in breakable else [row[place] for row in rows]
        yield max((space_of_words(text, space.letter) for text in texts), default=0)


def space_of_words(text: str, letter: float) -> float:
    return max(map(len, BREAKS.split(text))) * letter + PADDING


def moved(widths: Sequence[float], least: Sequence[float]) -> Iterator[list[float]]:
    """All ways to make one column a step wider and another one narrower."""
    places = range(len(widths))
    for narrower in (place for place in places if widths[place] - STEP >= least[place]):
        for wider in (place for place in places if place != narrower):
            changed = [*widths]
            changed[narrower] -= STEP
            changed[wider] += STEP
            yield changed


def height(lengths: Sequence[Sequence[int]], widths: Sequence[float], space: Space) -> float:
    """Lines of the whole table, as fractions."""
    room = [(width - PADDING) / space.letter for width in widths]
    return sum(max(map(truediv, row, room)) for row in lengths)
