"""Reads lists of questions: lists of issues, questionnaires, calls for input, and advance questions of States.

A question is a numbered paragraph with everything below it, because a State replies to paragraphs; its lettered items
are lines of its text. Paragraphs that ask nothing, such as "The Committee may also take up ...", are information.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.articles import articles_in_heading, articles_in_question
from servanda.language.documents.duties import Duty
from servanda.language.documents.marks import bullet_of, item_of
from servanda.language.documents.paragraph_kinds import Kind
from servanda.language.documents.question_numbers import (
    BARE,
    MISREAD,
    MISREAD_AS,
    Number,
    capital_at,
    line_of,
    number_at,
    rows_apart,
)
from servanda.language.documents.question_words import (
    ANSWER,
    ANSWER_BEHIND,
    ASKS,
    CHOICE,
    ENDS,
    FOOTNOTE,
    NO_QUESTIONS_BELOW,
    PART,
    PREVIOUS,
    PROCEDURE,
    QUESTIONS_TO,
    TRANSLATION,
    asks,
    speaks_of_procedure,
)
from servanda.language.documents.segments import CLOSED, closes_bracket, is_chapter
from servanda.language.documents.terms import terms_in
from servanda.language.documents.units import Block, Unit

NOTE_BEHIND = lazy_pattern(r"(?<=[。？！؟])\s?\d{1,2}$")  # the number of a footnote
LONGEST_HEADING = 160
LONGEST_NAME = 80
MOST_SKIPPED = 3
LONGEST_TITLE = 12  # words of a numbered heading


@dataclass(slots=True)
class Found:
    """A numbered paragraph while its lines are being collected."""

    number: str
    lines: list[str]
    headings: tuple[str, ...]
    first: int
    last: int
    page: int
    asked_by: str = ""
    is_translation: bool = False
    has_mark: bool = True
    is_instruction: bool = False  # below a heading such as "How to submit"

    @property
    def text(self) -> str:
        lines = (NOTE_BEHIND.sub("", line) for line in self.lines)
        return ANSWER_BEHIND.sub("", "\n".join(lines)).strip()

    @property
    def is_open(self) -> bool:
        return not CLOSED.search(self.lines[-1]) if self.lines else True


def question_units(
    blocks: Sequence[Block],
    *,
    state_of: Callable[[str], str] | None = None,
    of_themes: bool = False,
    of_committee: bool = False,
) -> list[Unit]:
    """The questions of a list with their numbers and articles, and its other numbered paragraphs as information.

    `state_of` gives the code of a State that a line names and nothing else, or "": questions of States stand below
    the names of the States that ask them, and where they have dashes or no marks at all, they are numbered by their
    order there. In a list of themes (`of_themes`) each numbered paragraph is a theme, which asks nothing in words.
    A list of a committee (`of_committee`) has no instructions below headings such as "General information".
    """
    walk = Walk(state_of, has_numbers=has_numbers(blocks), has_capitals=has_capitals(blocks))
    walk.unmarked = walk.unmarked_places(blocks) if state_of else set()
    rows = list(rows_apart(blocks))
    for nth, (place, block) in enumerate(rows, 1):
        if walk.ended:
            break
        walk.add(block, place, [below for _place, below in rows[nth : nth + 3] if below.text.strip()])
    found = list(without_titles(walk.found))
    if of_committee:
        found = [replace(paragraph, is_instruction=False) for paragraph in found]
    units = [unit_of(paragraph, by_state=state_of is not None) for paragraph in found]
    for above, paragraph, unit in zip([None, *units], found, units, strict=False):
        is_expected = of_themes or is_after_question(above) or (of_committee and PREVIOUS.search(unit.text))
        if not state_of and is_expected and not paragraph.is_instruction and is_sentence_of_substance(unit):
            unit.kind = Kind.QUESTION
    return units


def is_after_question(above: Unit | None) -> bool:
    """Whether a paragraph goes on with the numbers of a question: bodies ask in more words than are known here."""
    return above is not None and above.kind == Kind.QUESTION


def is_sentence_of_substance(unit: Unit) -> bool:
    is_open = unit.kind == Kind.INFORMATION and not speaks_of_procedure(unit.text.split("\n")[0])
    return is_open and CLOSED.search(unit.text) is not None


def has_numbers(blocks: Sequence[Block]) -> bool:
    """Whether at least two paragraphs that ask something are numbered; otherwise dashes count as questions."""
    numbered = [number for block in blocks if (number := number_at(line_of(block)))]
    return sum(number.is_strong and ASKS.search(number.rest) is not None for number in numbered) > 1


def has_capitals(blocks: Sequence[Block]) -> bool:
    """Whether questions have capital letters in place of numbers."""
    return not has_numbers(blocks) and sum(capital_at(line_of(block)) is not None for block in blocks) > 1


@dataclass(slots=True)
class Walk:
    state_of: Callable[[str], str] | None
    has_numbers: bool
    has_capitals: bool = False
    unmarked: set[int] = field(default_factory=set)  # places of blocks below a State that puts no marks
    found: list[Found] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    asked_by: str = ""
    is_translation: bool = False
    has_new_heading: bool = True
    is_collecting: bool = False  # a question is open, to which lines without a number belong
    pending: str = ""
    ended: bool = False
    last: tuple[int, ...] = ()

    def add(self, block: Block, place: int, following: Sequence[Block]) -> None:
        line = line_of(block)
        if not line or (FOOTNOTE.match(line) and not block.number and not ASKS.search(line)):
            return
        if self.ends_heading(line):
            self.headings[-1] = f"{self.headings[-1]} {line}"
            return
        if not block.number and BARE.match(line) and not self.pending:
            self.pending = line
            return
        if self.pending:
            number = number_at(line)
            has_own = number is not None and number.is_strong
            line, self.pending = line if has_own else f"{self.pending.rstrip('.．)、')}. {line}", ""
        if not self.enter_state(line, block):
            self.add_line(line, block, place, following)

    def ends_heading(self, line: str) -> bool:
        """Whether the line ends the heading above, whose articles take two lines: then "2)" is no number."""
        is_below = not self.is_collecting and not self.pending and bool(self.headings)
        return is_below and closes_bracket(self.headings[-1], line)

    def add_line(self, line: str, block: Block, place: int, following: Sequence[Block]) -> None:
        if number := self.number_here(line, block, following):
            self.open(number, block, place)
        elif self.is_new_question(line, block) or self.is_unmarked_question(line, block, place):
            mark = bullet_of(line)
            self.open(Number((self.last[0] + 1 if self.last else 1,), mark.rest if mark else line), block, place)
        elif self.is_heading(line, block, following):
            self.enter(line)
        else:
            self.continue_question(line, block, place)

    def names_state(self, line: str, block: Block) -> bool:
        return self.state_of is not None and is_name(line, block) and bool(self.state_of(line) or line.isupper())

    def unmarked_places(self, blocks: Sequence[Block]) -> set[int]:
        """Blocks below States that put their questions as paragraphs without numbers and dashes."""
        places: set[int] = set()
        section: list[int] | None = None
        for place, block in enumerate(blocks):
            line = line_of(block)
            if self.names_state(line, block):
                places.update(section or ())
                section = []
            elif section is not None and line:
                is_marked = (
                    number_at(line) is not None or bullet_of(line) is not None or bool(TRANSLATION.match(line))
                )
                section = None if is_marked else [*section, place]
        return places.union(section or ())

    def enter_state(self, line: str, block: Block) -> bool:
        """Whether the line names the State that asks what follows, or announces a translation of its questions."""
        if self.state_of is None:
            return False
        line = self.state_behind_title(line) or line
        is_state = self.names_state(line, block)
        if not is_state and not TRANSLATION.match(line):
            return False
        self.asked_by = self.state_of(line) if is_state else self.asked_by
        self.is_translation, self.is_collecting, self.has_new_heading = not is_state, False, True
        self.headings, self.last = [], ()
        return True

    def state_behind_title(self, line: str) -> str:
        """The State that asks, where it is on the line of the title: "ADVANCE QUESTIONS TO TESTLAND NORWAY"."""
        title = QUESTIONS_TO.match(line)
        words = line[title.end() :].split() if title and self.state_of else []
        endings = (" ".join(words[place:]) for place in range(1, len(words)))
        return next((ending for ending in endings if self.state_of and self.state_of(ending)), "")

    def number_here(self, line: str, block: Block, following: Sequence[Block]) -> Number | None:
        """The number of a new paragraph: the next of the list, or the first below a new heading."""
        number = (capital_at(line) if self.has_capitals else number_at(line)) or self.misread(line)
        if number is None or (not number.rest and not number.is_named):
            return None
        if not number.is_named and self.is_numbered_heading(number, following):
            return None
        is_listed = bool(block.number) and not bullet_of(f"{block.number} x")
        is_sure = is_listed or number.is_strong
        if number.is_named or self.follows(number.parts, is_sure=is_sure) or self.goes_on(number, following):
            return number if number.is_strong or is_listed or not self.is_open else None
        return None

    def is_numbered_heading(self, number: Number, following: Sequence[Block]) -> bool:
        """Whether the numbers of the questions go on below a line that has a number of its own, as a heading has."""
        if ASKS.search(number.rest) or CLOSED.search(number.rest):
            return False
        expected = (*self.last[:-1], self.last[-1] + 1) if self.last else (1,)
        below = [found for block in following if (found := number_at(line_of(block)))]
        return any(found.parts == expected and ASKS.search(found.rest) for found in below)

    def goes_on(self, number: Number, following: Sequence[Block]) -> bool:
        """Whether the list goes on behind a gap, such as a page that is a picture, with two questions in a row."""
        if len(number.parts) != 1 or not self.last or number.parts[0] <= self.last[0] or not number.is_strong:
            return False
        below = [found for block in following if (found := number_at(line_of(block)))]
        pair = [number, *(found for found in below if found.is_strong and found.parts == (number.parts[0] + 1,))]
        return len(pair) > 1 and not self.is_open and all(ASKS.search(found.rest) for found in pair)

    def misread(self, line: str) -> Number | None:
        """A number whose digits text recognition took for letters, where it would be the next one."""
        match = MISREAD.match(line)
        if match is None or not self.last or self.is_open:
            return None
        digits = match["sign"].translate(MISREAD_AS)
        return Number((int(digits),), match["rest"].strip()) if digits == str(self.last[0] + 1) else None

    @property
    def is_open(self) -> bool:
        return self.is_collecting and bool(self.found) and self.found[-1].is_open

    def follows(self, parts: tuple[int, ...], *, is_sure: bool) -> bool:
        if not any(parts):
            return False
        if not self.last:
            return parts[-1] == 1 or (is_sure and parts[0] <= MOST_SKIPPED)
        for depth in range(len(parts), 0, -1):
            same = parts[: depth - 1] == self.last[: depth - 1]
            above = self.last[depth - 1] if len(self.last) >= depth else 0
            tail_starts = all(part == 1 for part in parts[depth:])
            step = parts[depth - 1] - above
            if same and tail_starts and (step == 1 or (is_sure and not self.is_open and 1 < step <= MOST_SKIPPED)):
                return True
        return parts[-1] == 1 and len(parts) == 1 and self.has_new_heading and not self.is_open

    def open(self, number: Number, block: Block, place: int) -> None:
        lines, where = [number.rest] if number.rest else [], (tuple(self.headings), place, place, block.page)
        has_mark = place not in self.unmarked
        self.found.append(Found(number.printed, lines, *where, self.asked_by, self.is_translation, has_mark))
        self.last, self.is_collecting, self.has_new_heading = number.parts, True, False

    def is_new_question(self, line: str, block: Block) -> bool:
        """Whether a dash begins a question, in lists without numbers."""
        if self.has_numbers and not self.state_of:
            return False
        return bullet_of(line) is not None and not CHOICE.match(line)

    def is_unmarked_question(self, line: str, block: Block, place: int) -> bool:
        """Whether a paragraph is a question of a State that puts no marks; it may continue on the next page."""
        return (
            place in self.unmarked
            and bool(self.asked_by or ASKS.search(line))
            and not block.is_heading
            and not self.is_open
            and bool(CLOSED.search(line))
        )

    def is_heading(self, line: str, block: Block, following: Sequence[Block]) -> bool:
        if (
            block.number
            or (len(line) > LONGEST_HEADING and not block.is_heading)
            or ANSWER.match(line)
            or bullet_of(line)
        ):
            return False
        if block.is_heading and not (line[:1].islower() and self.is_open):
            return True
        if not self.is_open and (PART.match(line) or NO_QUESTIONS_BELOW.match(line)):
            return True
        if item_of(line) or line[-1:] in ".;:,؛،：；?？؟。" and not self.state_of:
            return False
        if is_chapter(line) and not self.is_open:
            return True
        begins = bool(following) and self.begins(following[0])
        return begins and not self.is_open and not ASKS.search(line) and not line[:1].islower()

    def begins(self, block: Block) -> bool:
        line = line_of(block)
        number = number_at(line)
        is_numbered = number is not None and number.is_strong
        return is_numbered or self.is_new_question(line, block) or bool(block.is_heading)

    def enter(self, line: str) -> None:
        chapters = [title for title in self.headings[:1] if is_chapter(title)]
        self.headings = [line] if is_chapter(line) else [*chapters, line]
        self.is_collecting, self.has_new_heading = False, True
        if self.found and ENDS.match(line):
            self.ended = True

    def continue_question(self, line: str, block: Block, place: int) -> None:
        """Lines without a number of their own: items, further paragraphs, or the rest of a sentence."""
        if self.found and ENDS.match(line) and not self.is_open:
            self.ended = True
        if self.ended or not self.is_collecting or not self.found or ANSWER.match(line):
            return
        paragraph = self.found[-1]
        if begins_item(line) or not paragraph.is_open:
            paragraph.lines.append(line)
        else:
            paragraph.lines[-1:] = [f"{paragraph.lines[-1]} {line}".strip()] if paragraph.lines else [line]
        paragraph.last = place


def is_name(line: str, block: Block) -> bool:
    return not block.number and len(line) <= LONGEST_NAME and not CLOSED.search(line)


def begins_item(line: str) -> bool:
    number = number_at(line)
    is_numbered = number is not None and number.is_strong
    return is_numbered or any(mark(line) is not None for mark in (item_of, bullet_of, CHOICE.match))


def without_titles(found: Sequence[Found]) -> Iterator[Found]:
    """Without numbered headings, such as "1. Legal framework" above 1.1; they become headings of what is below."""
    title, prefix = "", [""]
    for place, paragraph in enumerate(found):
        parts = paragraph.number.split(".")
        if title and parts[: len(prefix)] != prefix:
            title = ""
        later = found[place + 1].number.split(".") if place + 1 < len(found) else []
        is_above = len(later) > len(parts) and later[: len(parts)] == parts
        if is_above and not ASKS.search(paragraph.text) and len(paragraph.text.split()) <= LONGEST_TITLE:
            title, prefix = paragraph.text, parts
            continue
        headings = (*paragraph.headings, title) if title else paragraph.headings
        is_instruction = any(NO_QUESTIONS_BELOW.match(heading) for heading in headings)
        yield replace(paragraph, headings=headings, is_instruction=is_instruction)


def unit_of(paragraph: Found, *, by_state: bool) -> Unit:
    text = paragraph.text
    unit = Unit(
        paragraph.number,
        Kind.QUESTION,
        text,
        headings=paragraph.headings,
        page=paragraph.page,
        first=paragraph.first,
        last=paragraph.last,
        articles=articles_of(paragraph),
        asked_by=paragraph.asked_by,
    )
    if by_state:
        is_question = not paragraph.is_translation and (paragraph.has_mark or ASKS.search(text))
        unit.kind = Kind.QUESTION if is_question else Kind.INFORMATION
        return unit
    if paragraph.is_instruction or not asks(text):
        unit.kind, unit.deadline = Kind.INFORMATION, next(iter(terms_in(text)), None)
        if unit.deadline and PROCEDURE.search(text):
            unit.kind, unit.duty = Kind.OBLIGATION, Duty.REPLY
    return unit


def articles_of(paragraph: Found) -> str:
    """Those in brackets in the question itself, or else those of the nearest heading that names any."""
    above = (articles_in_heading(title) for title in reversed(paragraph.headings))
    return articles_in_question(paragraph.text) or next((articles for articles in above if articles), "")
