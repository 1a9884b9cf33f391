"""Blocks of a document, the units that are found in them, and what a set of units tells: terms and gaps."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from servanda.language.documents import deadlines
from servanda.language.documents.deadlines import Deadline
from servanda.language.documents.marks import item_of, letter_of, number_of
from servanda.language.documents.paragraph_kinds import Kind, kind_of


class Layout(StrEnum):
    """How a family of documents prints what it asks for."""

    PARAGRAPHS = "paragraphs"  # numbered all through; items are lettered
    OPERATIVE = "operative"  # a list behind "RECOMMENDS THAT THE STATE:", or the operative points of a judgment
    INFORMATION = "information"  # nothing in it is addressed to one State, as in a general comment


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the file; `number` is what its list prints before it, where the file keeps that apart."""

    text: str
    number: str = ""
    is_heading: bool | None = None  # None: the file does not tell
    page: int = 0


@dataclass(slots=True)
class Unit:
    """What could become one record. `number` is "24", "24(a)", "24(a)(i)", or "" where the document has none."""

    number: str
    kind: Kind
    text: str
    lead: str = ""  # the words above a list that its items need to be understood
    headings: tuple[str, ...] = ()
    page: int = 0
    first: int = 0  # place of its first and of its last block
    last: int = 0
    follow_up: bool = False  # it asks for a reply by a day of its own, or such a paragraph names it
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
    """Numbers that the document should have between two that it has."""

    after: str
    before: str
    missing: tuple[str, ...]


def flag(units: Iterable[Unit]) -> None:
    """Mark what has a term of its own, and the paragraphs that a follow-up paragraph names."""
    units = list(units)
    asked: dict[str, Deadline] = {}
    for one in units:
        whole = one.whole
        one.dissemination = deadlines.is_dissemination(whole, one.headings)
        if deadlines.is_follow_up(whole, one.headings) and not one.dissemination:
            one.follow_up = True
            one.deadline = deadlines.deadline_of(whole)
            if one.deadline:
                asked |= dict.fromkeys(deadlines.named_paragraphs(whole), one.deadline)
        elif one.dissemination or deadlines.is_next_report(whole):
            one.deadline = deadlines.deadline_of(whole)
    for one in units:
        term = (
            asked.get(one.number) or asked.get(one.paragraph) or asked.get(re.sub(r"(\(\w+\)).*", r"\1", one.letter))
        )
        if term and not one.follow_up and one.kind == Kind.RECOMMENDATION:
            one.follow_up, one.deadline = True, term


def gaps_between(units: Sequence[Unit]) -> list[Gap]:
    """Numbers that are skipped between paragraphs, and letters that are skipped within one."""
    gaps = []
    for before, after in zip(units, units[1:], strict=False):
        missing: list[str] = []
        first, second = before.paragraph, after.paragraph
        if first.isdecimal() and second.isdecimal() and int(second) > int(first) + 1:
            missing = [str(number) for number in range(int(first) + 1, int(second))]
        elif first and first == second and (letters := letter_place(after.letter)):
            here = letter_place(before.letter)
            if letters > here + 1:
                missing = [f"{first}({letter_of(value)})" for value in range(here + 1, letters)]
        if missing:
            gaps.append(Gap(before.number, after.number, tuple(missing)))
    return gaps


def letter_place(mark: str) -> int:
    letters = re.match(r"\(([a-z]{1,2})\)", mark)
    return 0 if not letters else ord(letters[1][0]) - 96 + (26 if len(letters[1]) == 2 else 0)


def kind_of_part(text: str, whole: Kind) -> Kind:
    """What a part of a unit does: what its own words say, else what the whole did."""
    own = kind_of(text)
    return own if own != Kind.INFORMATION else whole


def mark_of_part(text: str) -> tuple[str, str, str]:
    """The number or the letter that a part begins with, and its text without it."""
    if number := number_of(text):
        return number.printed, "", number.rest
    item = item_of(text)
    return ("", item.printed, item.rest) if item else ("", "", text)
