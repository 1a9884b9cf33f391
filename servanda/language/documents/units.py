"""Blocks and units of documents, and facts about a set of units: deadlines and gaps."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from servanda.language.documents import deadlines
from servanda.language.documents.dates import ALIF
from servanda.language.documents.due_days import is_bare
from servanda.language.documents.duties import Duty, combined_in, term_of_reply
from servanda.language.documents.marks import item_of, letter_of, number_of
from servanda.language.documents.paragraph_kinds import Kind, kind_of
from servanda.language.documents.terms import Term, later, terms_in

# Announced by the body rather than requested: "The Committee will establish and communicate the due date".
OWN_DOCUMENTS = frozenset({Duty.PERIODIC_REPORT, Duty.LOIPR, Duty.COMMON_CORE})
NOT_REQUESTED = frozenset({Duty.PERIODIC_REPORT, Duty.LOIPR})


class Layout(StrEnum):
    """How a family of documents presents its demands."""

    PARAGRAPHS = "paragraphs"  # continuous numbers; items are lettered
    OPERATIVE = "operative"  # a list after "RECOMMENDS THAT THE STATE:", or the operative points of a judgment
    QUESTIONS = "questions"  # a list of issues, a questionnaire, or questions of States
    LETTER = "letter"  # numbered questions after "your observations on the following matters:"
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
    deadline: Term | None = None
    duty: Duty | None = None  # what is due to the body, if the unit is an obligation
    combined: str = ""  # the reports that are to be combined: "eighth and ninth"
    articles: str = ""  # of the treaty that a question is about: "2, 3, 26"
    asked_by: str = ""  # the State that asks, as printed

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
    terms_by_number: dict[str, Term] = {}
    for unit in units:
        text = unit.whole
        unit.dissemination = deadlines.is_dissemination(text, unit.headings)
        owed = deadlines.owed_by(text, unit.headings)
        if owed:
            unit.deadline = owed[1]
        if deadlines.is_follow_up(text, unit.headings) and not unit.dissemination:
            unit.follow_up, text = True, deadlines.without_earlier_requests(text)
            unit.deadline = unit.deadline or terms_in(text)[0]
            named = named_units(units, deadlines.named_paragraphs(text))
            terms_by_number |= dict.fromkeys(named, unit.deadline)
    for unit in units:
        term = (
            terms_by_number.get(unit.number)
            or terms_by_number.get(re.sub(r"(\d\(\w+\)).*", r"\1", unit.number))
            or terms_by_number.get(unit.paragraph)
            or terms_by_number.get(re.sub(r"(\(\w+\)).*", r"\1", unit.letter))
        )
        if term and not unit.follow_up and unit.kind == Kind.RECOMMENDATION:
            unit.follow_up, unit.deadline = True, term


def named_units(units: Iterable[Unit], named: Iterable[str]) -> list[str]:
    """The numbers that a paragraph names; instead of "4 (a)" the whole paragraph 4 where that is one unit."""
    numbers = [unit.number for unit in units]
    return [
        number if any(known.startswith(number) for known in numbers) else number.partition("(")[0] for number in named
    ]


def mark_obligations(units: list[Unit], *, issued: date | None, of_case: bool, is_answered: bool = False) -> None:
    """Turn paragraphs that make a report or a reply due to the body into obligations. A day that is not after the
    document itself is no deadline. A record stays beside an obligation whose paragraph also asks for something else.
    """
    for unit in list(units):
        unit.deadline = after_issue(unit.deadline, issued)
        if unit.kind == Kind.CONCERN or (of_case and unit.kind != Kind.RECOMMENDATION):
            continue
        owed = deadlines.owed_by(unit.whole, unit.headings, of_case=of_case, is_answered=is_answered)
        if of_case:  # every point of a judgment has its term, and "AND ESTABLISHES:" above it is no verb of its own
            owed = owed or deadlines.owed_by(unit.text, of_case=True)
            unit.deadline = unit.deadline or next(iter([*terms_in(unit.text), *terms_in(unit.lead)]), None)
        announced = NOT_REQUESTED | ({Duty.REPLY} if is_answered else set())
        if owed is None or (unit.kind == Kind.INFORMATION and owed[0] not in announced):
            continue
        duty, term = owed[0], after_issue(owed[1], issued)
        if term and term.day and issued and term.day <= issued:
            continue
        if unit.kind == Kind.RECOMMENDATION and duty in OWN_DOCUMENTS and deadlines.asks_for_more(unit.whole):
            units.insert(units.index(unit) + 1, replace(unit, deadline=None, follow_up=False))
        unit.kind, unit.duty, unit.deadline = Kind.OBLIGATION, duty, term
        unit.follow_up = duty == Duty.FOLLOW_UP
        unit.combined = combined_in(unit.whole) if duty in (Duty.PERIODIC_REPORT, Duty.LOIPR) else ""


def after_issue(term: Term | None, issued: date | None) -> Term | None:
    """The term without the day behind its length if that is the one from which it is counted: a day in parentheses
    is the deadline only if it lies well after the document."""
    if not term or not term.length or not term.day:
        return term
    if issued and term.day <= issued:
        return replace(term, day=None)
    if not term.clock or not is_bare(term.words.translate(ALIF)):
        return term
    if issued is None or term.day - issued < (later(issued, term.count, term.length) - issued) / 2:
        return replace(term, day=None)
    return term


def mark_replies(units: Iterable[Unit]) -> None:
    """Mark records that ask for information by a day as followed up until then, where one sentence asks for measures
    and for information on them."""
    for unit in units:
        if unit.kind == Kind.RECOMMENDATION and (term := term_of_reply(unit.text)):
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
