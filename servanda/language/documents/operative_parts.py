"""Finds operative parts: the list after "RECOMMENDS THAT THE STATE:", or the points of a judgment or decision."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from servanda.language.documents.dates import days_in
from servanda.language.documents.marks import (
    BARE_NUMBER,
    Mark,
    Sort,
    ascii_digits,
    bracketed_inside,
    bracketed_of,
    bullet_of,
    item_of,
    letter_of,
    letter_value,
    number_of,
)
from servanda.language.documents.operative_words import (
    ASKING,
    ASKS,
    ASKS_OF_STATE,
    BEFORE_POINT,
    BODY_ALONE,
    BULLET,
    DATED_ROW,
    FINDING,
    FINDS_FIRST,
    GIVEN_REASONS,
    LETTER,
    LONGEST_OPENER,
    LONGEST_VERB,
    MOST_SKIPPED,
    NUMBER,
    OF_PARTIES,
    OPENER,
    ORDERS_LATER,
    PAYS,
    PLAIN,
    POINT_BEGINS,
    ROMAN,
    SESSION,
    START_OF_POINT,
    STATE_FIRST,
    STOP,
    TITLE,
    TITLE_ABOVE,
    VERB_ALONE,
    VERB_BEGINS,
    VOTE,
    VOTE_BEHIND,
)
from servanda.language.documents.paragraph_kinds import SHORTENED, Kind, is_demand, kind_of
from servanda.language.documents.segments import ANNOUNCES, CLOSED, SIGNATURE
from servanda.language.documents.units import Block, Unit


@dataclass(slots=True)
class Level:
    """A level of a list: the kind of its marks, the last mark, and the lead of its sub-items."""

    sort: str
    mark: str
    lead: str = ""


@dataclass(slots=True)
class Points:
    """Collects the points and the sentences that introduce them."""

    asks: bool
    of_court: bool
    lead: str = ""
    number: int = 0
    opened: int = 0  # the number of the paragraph that introduces the points
    roman: int = 0
    pending: str = ""
    units: list[Unit] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        if not self.units:
            return False
        text = self.units[-1].text
        return not CLOSED.search(text) or SHORTENED.search(text) is not None

    @property
    def announces(self) -> bool:
        """Whether the last point introduces the following text: "Recommends that the State:", or only "Holds"."""
        text = self.units[-1].text if self.units else ""
        return bool(ANNOUNCES.search(text)) or (len(text) <= LONGEST_VERB and VERB_ALONE.match(text) is not None)

    def begin(self, sort: str, mark: str, text: str, block: Block, place: int) -> None:
        self.drop_title()
        depth = next((depth for depth, level in enumerate(self.levels) if level.sort == sort), None)
        if depth is not None:
            del self.levels[depth:]
        elif self.levels and self.announces:
            self.levels[-1].lead = self.units.pop().text
        elif sort == PLAIN:
            self.levels.clear()
        while self.levels and not self.levels[-1].mark and not self.levels[-1].lead:
            self.levels.pop()
        self.levels.append(Level(sort, mark))
        number = "".join(
            level.mark if not depth else f"({level.mark})" for depth, level in enumerate(self.levels) if level.mark
        )
        number = f"({number})" if sort == LETTER and len(self.levels) == 1 else number
        leads = " ".join(filter(None, (self.lead, *(level.lead for level in self.levels))))
        self.units.append(Unit(number, self.kind(text, leads), text, leads, page=block.page, first=place, last=place))

    def leave_list(self) -> None:
        """The numbers of the paragraphs go on behind the list: what introduces it says nothing of them."""
        self.asks, self.lead, self.opened = False, "", -1
        self.levels.clear()

    def drop_title(self) -> None:
        """Drop the last point if it was only a title: a short line without a number that was not continued."""
        is_plain = bool(self.levels) and self.levels[-1].sort == PLAIN
        if self.units and is_plain and not self.units[-1].number and is_short_title(self.units[-1].text):
            self.units.pop()

    def kind(self, text: str, lead: str = "") -> Kind:
        below = " ".join(level.lead for level in self.levels).strip()
        if self.of_court and OF_PARTIES.match(text):
            return Kind.INFORMATION
        if self.of_court and FINDS_FIRST.match(below or text):
            combined = f"{below} {text}"
            is_order = ORDERS_LATER.search(combined) and (STATE_FIRST.search(combined) or PAYS.search(combined))
            return Kind.RECOMMENDATION if is_order else Kind.INFORMATION
        asks_above = is_demand(self.lead) and STATE_FIRST.search(self.lead) is not None
        if is_demand(text) or is_demand(below) or asks_above or (self.of_court and ASKS_OF_STATE.match(text)):
            return Kind.RECOMMENDATION
        if self.asks and (not self.of_court or STATE_FIRST.search(text[:START_OF_POINT])):
            return Kind.RECOMMENDATION
        return Kind.INFORMATION if self.of_court else kind_of(text)

    def continue_last(self, text: str, place: int) -> None:
        unit = self.units[-1]
        unit.text = f"{unit.text} {text}".strip()
        unit.last = place
        unit.kind = self.kind(unit.text)


def operative_units(blocks: Sequence[Block], *, of_court: bool = False) -> list[Unit]:
    """The points of the last operative part; empty where there is none. Findings of a court are not demands."""
    start = opening(blocks, of_court=of_court)
    if start is None:
        return []
    opener = blocks[start]
    points = Points(bool(ASKS.search(opener.text)) or (is_title(opener) and not TITLE.match(opener.text)), of_court)
    introduced = number_of(f"{opener.number} {opener.text}".strip())
    points.opened = introduced.value if introduced else -1
    points.lead = opener.text if ANNOUNCES.search(opener.text) and len(opener.text) <= LONGEST_OPENER else ""
    if not points.lead:
        add_inline_points(points, opener, start)
    for place, block in enumerate(blocks[start + 1 :], start + 1):
        if block.text and is_end(block, points):
            break
        for part in bracketed_inside(block.text) if block.text else ():
            add_block(points, replace(block, text=part), place)
    points.drop_title()
    return [unit for unit in points.units if unit.text]


def opening(blocks: Sequence[Block], *, of_court: bool = False) -> int | None:
    """The block that begins the last operative part: in a judgment its first verb, in a report its last list."""
    openers = [
        place
        for place, block in enumerate(blocks)
        if (is_opener(block) and place + 1 < len(blocks)) or (of_court and decision_in(block.text))
    ]
    if not openers:
        return None
    last = openers[-1]
    for place in reversed(openers):
        if last - place > LONGEST_VERB or any(SIGNATURE.match(block.text) for block in blocks[place:last]):
            break
        if TITLE.match(blocks[place].text):
            last = place if last - place <= TITLE_ABOVE else last
        elif is_title(blocks[place]) or VERB_ALONE.match(blocks[place].text):
            last = place
    return last


def is_opener(block: Block) -> bool:
    text = VOTE_BEHIND.sub("", block.text.strip())
    if not text or len(text) > LONGEST_OPENER:
        return False
    if len(text) <= LONGEST_VERB and VERB_ALONE.match(text):
        return True
    return OPENER.search(text) is not None and (
        ANNOUNCES.search(text) is not None or is_title(block) or gives_reasons(text)
    )


def gives_reasons(text: str) -> bool:
    """Whether the text only introduces a decision: "For the above reasons, the Commission"."""
    match = GIVEN_REASONS.match(text)
    return match is not None and match.end() >= len(text.rstrip())


def decision_in(text: str) -> str:
    """The decision in the sentence that introduces it: "For these reasons, the Court, Declares ..."."""
    match = GIVEN_REASONS.match(text)
    decision = text[match.end() :].strip() if match else ""
    if not decision or ANNOUNCES.search(decision):
        return ""
    return decision if re.match(rf"(?:{ASKING}|{FINDING}|takes\s+note|prend)(?!\w)", decision, re.I) else ""


def is_title(block: Block) -> bool:
    text = block.text.strip()
    letters = [sign for sign in text if sign.isalpha()]
    shouts = sum(sign.isupper() for sign in letters) > len(letters) * 0.8
    return bool(OPENER.search(text)) and not CLOSED.search(text) and len(text) < 160 and (shouts or len(text) < 80)


def opens_decision(line: str) -> bool:
    """Whether a line begins the operative part: its title, or the introduction of the decision."""
    return TITLE.match(line) is not None or gives_reasons(line)


def begins_point(line: str, above: str) -> bool:
    """Whether a line begins a point with a capitalised verb, after a line that ends or introduces it."""
    return POINT_BEGINS.match(line) is not None and BEFORE_POINT.search(above) is not None


def is_end(block: Block, points: Points) -> bool:
    if not points.units:
        return False
    if SIGNATURE.match(block.text) or STOP.match(block.text) or is_place_and_day(block.text):
        return True
    mark = number_of(f"{block.number} {block.text}".strip())
    return bool(mark and points.number and mark.value > points.number + 1 + MOST_SKIPPED)


def is_place_and_day(text: str) -> bool:
    """Whether a line is the end of a decision: "Kigali, Rwanda, 15th November 1999.", "18th Session, Praia, October
    1995"."""
    if len(text) > DATED_ROW or not any(map(str.isdigit, text)):
        return False
    day = next(days_in(text), None)
    return bool(SESSION.match(text)) or bool(
        day
        and re.fullmatch(r"[A-ZÀ-Ý\u0600-\u06ff][^\d:;]{2,60}", text[: day.start])
        and not text[day.end :].strip(" .*")
    )


def add_block(points: Points, block: Block, place: int) -> None:
    text = f"{block.number} {block.text}".strip()
    if bare := BARE_NUMBER.match(text):
        points.pending = str(ascii_digits(bare["n"]))
    elif len(text) <= LONGEST_VERB and VERB_ALONE.match(text):
        points.asks = bool(ASKS.search(text))
        if ANNOUNCES.search(text) and STATE_FIRST.search(text):
            points.lead = text
            points.levels.clear()
    elif not add_inline_points(points, block, place) and not is_between(text, block):
        add_point(points, text, block, place)


def add_inline_points(points: Points, block: Block, place: int) -> bool:
    """Add the points in the sentence that introduces the decision, split before each capitalised verb; returns
    whether there are any."""
    decided = decision_in(block.text) if points.of_court else ""
    for part in VERB_BEGINS.split(decided) if decided else ():
        if part.strip():
            points.begin(PLAIN, "", part.strip(), block, place)
    return bool(decided)


def is_between(text: str, block: Block) -> bool:
    """Whether a block is no point: votes of the judges, a heading, "For these reasons"."""
    mark = number_of(text)
    text_after_mark = mark.rest if mark else block.text
    return bool(
        VOTE.match(text) or block.is_heading or gives_reasons(text_after_mark) or BODY_ALONE.match(text_after_mark)
    )


def add_point(points: Points, text: str, block: Block, place: int) -> None:
    if mark := number_of(text):
        add_numbered(points, mark, block, place)
    elif mark := next_letter(points, text):
        points.begin(LETTER, mark.printed, mark.rest, block, place)
    elif (mark := item_of(text, after_roman=points.roman, dotted=True)) and mark.sort == Sort.ROMAN:
        points.roman = mark.value
        points.begin(ROMAN, mark.printed, mark.rest, block, place)
    elif mark := item_of(text, dotted_letters=True) or (bracketed_of(text) if points.of_court else None):
        points.begin(LETTER, mark.printed, mark.rest, block, place)
    elif mark := bullet_of(text):
        points.begin(BULLET, "", mark.rest, block, place)
    else:
        add_unmarked(points, text, block, place)


def next_letter(points: Points, text: str) -> Mark | None:
    """The letter after the last one, which may be a roman numeral as well: "c)" after "b)"."""
    level = next((level for level in points.levels if level.sort == LETTER), None)
    if level is None or points.announces:
        return None
    expected = letter_of(letter_value(level.mark) + 1)
    mark = item_of(text, expected=expected)
    return mark if mark and (mark.sort, mark.printed) == (Sort.LETTER, expected) else None


def add_numbered(points: Points, mark: Mark, block: Block, place: int) -> None:
    last = points.units[-1] if points.units else None
    drawn_late = mark.rest[:1].islower() and last is not None and not last.number and points.is_open
    if mark.value == points.opened + 1 and not any(level.sort == NUMBER for level in points.levels):
        points.leave_list()
    points.number = mark.value
    if drawn_late and last is not None:  # the number is in the margin, and the file has it one line too late
        last.number = mark.printed
        points.continue_last(mark.rest, place)
    else:
        points.begin(NUMBER, mark.printed, mark.rest, block, place)


def add_unmarked(points: Points, text: str, block: Block, place: int) -> None:
    if points.pending:
        number, points.pending = points.pending, ""
        points.number = int(number)
        last = points.units[-1] if points.units else None
        if last is not None and not last.number and points.is_open:
            last.number = number
            points.continue_last(text, place)
        else:
            points.begin(NUMBER, number, text, block, place)
    elif points.units and begins_point(text, points.units[-1].text):
        points.begin(PLAIN, "", text, block, place)
    elif (
        points.is_open
        and not (points.units and not points.units[-1].number and is_short_title(points.units[-1].text))
        or (points.units and text[:1].islower())
    ):
        points.continue_last(text, place)
    elif ANNOUNCES.search(text):
        points.lead = text
        points.levels.clear()
    else:
        points.begin(PLAIN, "", text, block, place)


def is_short_title(text: str) -> bool:
    """Whether a line is a title between points: "On recognition of the Ogiek as an indigenous population"."""
    return len(text) < 120 and not CLOSED.search(text) and not POINT_BEGINS.match(text)
