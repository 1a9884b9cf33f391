"""Finds paragraph numbers that have probably lost their last zero: a spreadsheet turns 143.30 into 143.3."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.recommendations.imports.remarks import Tally
from servanda.sources.resolve import Resolved

ONE_DIGIT = re.compile(r"(?P<stem>\d+(?:\.\d+)*)\.(?P<digit>[1-9])")
type Document = tuple[str, str, int | None]  # symbol, body and cycle


@dataclass(slots=True)
class Printed:
    """The paragraph of a row, with a hash of its text and the row's place."""

    paragraph: str
    text: int
    place: str


@dataclass(slots=True)
class Paragraphs:
    """The paragraphs of the rows of a sheet so far, by document."""

    batch: Batch
    rows: dict[Document, list[Printed]] = field(default_factory=dict)

    def add(self, rows: Iterable[Resolved]) -> None:
        for row in rows if self.batch.shape == "sheet" else ():
            if row.paragraph and not row.supplement:
                text = hash(next(iter(row.texts.values()), ""))
                some = self.rows.setdefault((row.symbol, row.body_code, row.cycle), [])
                some.append(Printed(row.paragraph, text, row.where))

    def report_to(self, tally: Tally) -> None:
        """Add a remark for each doubtful paragraph."""
        for rows in self.rows.values():
            for printed, corrected in doubtful_of(rows):
                sentence = _(
                    "Paragraph %(paragraph)s may be %(other)s: spreadsheets drop the last zero of a number. "
                    "Check the number, and format the column as text."
                )
                values = {"paragraph": printed.paragraph, "other": corrected}
                tally.add("paragraph", sentence % values, printed.place)


def doubtful_of(rows: list[Printed]) -> Iterator[tuple[Printed, str]]:
    paragraphs = {row.paragraph for row in rows}
    texts = Counter(paragraph for paragraph, _text in {(row.paragraph, row.text) for row in rows})
    in_place = {place for place in range(len(rows)) if is_between(rows, place, paragraphs)}
    reported = {rows[place].paragraph for place in in_place}
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        is_second = first.setdefault(row.paragraph, row.text) != row.text
        has_neighbours = bool(paragraphs.intersection(around(row.paragraph)))
        is_twice = texts[row.paragraph] > 1 and is_second and has_neighbours and row.paragraph not in reported
        if place in in_place or (is_twice and with_zero(row.paragraph) not in paragraphs):
            yield row, with_zero(row.paragraph)


def with_zero(paragraph: str) -> str:
    return f"{paragraph}0"


def around(paragraph: str) -> tuple[str, ...]:
    """The numbers before and after the one with the zero: 143.29 and 143.31 for 143.3."""
    if not (match := ONE_DIGIT.fullmatch(paragraph)):
        return ()
    tens = int(match["digit"]) * 10
    return f"{match['stem']}.{tens - 1}", f"{match['stem']}.{tens + 1}"


def is_between(rows: list[Printed], place: int, paragraphs: set[str]) -> bool:
    """Whether the row above has the number before the missing one, or the row below the number after it."""
    neighbours = around(rows[place].paragraph)
    if not neighbours or with_zero(rows[place].paragraph) in paragraphs:
        return False
    above = rows[place - 1].paragraph if place else ""
    below = rows[place + 1].paragraph if place + 1 < len(rows) else ""
    return above == neighbours[0] or below == neighbours[1]
