"""Blocks and units of documents, and facts about a set of units: deadlines and gaps."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from servanda.language.documents import deadlines
from servanda.language.documents.deadlines import Deadline
from servanda.language.documents.marks import item_of, letter_of, number_of
from servanda.language.documents.paragraph_kinds import Kind, kind_of


class Layout(StrEnum):
    """How a family of documents presents its demands."""

    PARAGRAPHS = "paragraphs"  # continuous numbers; items are lettered
    OPERATIVE = "operative"  # a list after "RECOMMENDS THAT THE STATE:", or the operative points of a judgment
    INFORMATION = "information"  # nothing in it is addressed to one State, as in a general comment


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the file; `number` is its automatic list number, if the file stores that separately."""

    text: str
    number: str = ""
    is_heading: bool | None = None  # None: the file does not tell
    page: int = 0


@dataclass(slots=True)
class Unit:
    """A possible record. `number` is "24", "24(a)", "24(a)(i)", or "" where the document has none."""

    number: str
    kind: Kind
    text: str
    lead: str = ""  # the text above a list, without which its items cannot be understood
    headings: tuple[str, ...] = ()
    page: int = 0
    first: int = 0  # place of its first and of its last block
    last: int = 0
    follow_up: bool = False  # it requests a reply by a deadline, or a paragraph that does so refers to it
    dissemination: bool = False
    deadline: Deadline | None = None

    @property
    def paragraph(self) -> str:
        return self.number.split("(")[0]

    @property
    def letter(self) -> str:
        return self.number[len(self.paragraph) :]

    @property
    def whole(self) -> str:
        return f"{self.lead} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers missing between two units of the document."""

    after: str
    before: str
    missing: tuple[str, ...]


def flag(units: Iterable[Unit]) -> None:
    """Set deadlines, follow-up and dissemination, also on paragraphs to which a follow-up paragraph refers."""
    units = list(units)
    deadlines_by_number: dict[str, Deadline] = {}
    for unit in units:
        text = unit.whole
        unit.dissemination = deadlines.is_dissemination(text, unit.headings)
        if deadlines.is_follow_up(text, unit.headings) and not unit.dissemination:
            unit.follow_up = True
            unit.deadline = deadlines.deadline_of(text)
            if unit.deadline:
                deadlines_by_number |= dict.fromkeys(deadlines.named_paragraphs(text), unit.deadline)
        elif unit.dissemination or deadlines.is_next_report(text):
            unit.deadline = deadlines.deadline_of(text)
    for unit in units:
        term = (
            deadlines_by_number.get(unit.number)
            or deadlines_by_number.get(unit.paragraph)
            or deadlines_by_number.get(re.sub(r"(\(\w+\)).*", r"\1", unit.letter))
        )
        if term and not unit.follow_up and unit.kind == Kind.RECOMMENDATION:
            unit.follow_up, unit.deadline = True, term


def gaps_between(units: Sequence[Unit]) -> list[Gap]:
    """Numbers missing between paragraphs, and letters missing within one."""
    gaps = []
    for previous, following in zip(units, units[1:], strict=False):
        missing: list[str] = []
        first, second = previous.paragraph, following.paragraph
        if first.isdecimal() and second.isdecimal() and int(second) > int(first) + 1:
            missing = [str(number) for number in range(int(first) + 1, int(second))]
        elif first and first == second and (letters := letter_place(following.letter)):
            previous_letter = letter_place(previous.letter)
            if letters > previous_letter + 1:
                missing = [f"{first}({letter_of(value)})" for value in range(previous_letter + 1, letters)]
        if missing:
            gaps.append(Gap(previous.number, following.number, tuple(missing)))
    return gaps


def letter_place(mark: str) -> int:
    letters = re.match(r"\(([a-z]{1,2})\)", mark)
    return 0 if not letters else ord(letters[1][0]) - 96 + (26 if len(letters[1]) == 2 else 0)


def kind_of_part(text: str, unit_kind: Kind) -> Kind:
    """The kind of a part of a unit, by its own words or else that of the unit."""
    own = kind_of(text)
    return own if own != Kind.INFORMATION else unit_kind


def mark_of_part(text: str) -> tuple[str, str, str]:
    """The number or letter at the start of a part, and its text without it."""
    if number := number_of(text):
        return number.printed, "", number.rest
    item = item_of(text)
    return ("", item.printed, item.rest) if item else ("", "", text)
