"""Operative parts: the list behind "RECOMMENDS THAT THE STATE:", and the points of a judgment or a decision."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from servanda.language.kinds import SHORTENED, Kind, is_demand, kind_of
from servanda.language.marks import BARE_NUMBER, Mark, Sort, ascii_digits, bullet_of, item_of, number_of
from servanda.language.segment import ANNOUNCES, CLOSED, SIGNATURE
from servanda.language.units import Block, Unit

MOST_SKIPPED = 3
LONGEST_OPENER = 700
LONGEST_VERB = 90
_ASKS = (
    r"recommends?|reiterates?|recomend(?:ó|a|aron|ou)|recomienda\w*|reitera\w*|recommande\w*|réitère\w*|orders?"
    r"|ordena|dispone|dispõe|ordonne"
    r"|insta|exhorta|urges|requests?|requiere|solicita"
)
_FINDS = r"declares?|declara|déclare|decides?|decide|décide|resuelve|resolves?|holds?|finds?|estima|considera|dit"
BODY = (
    r"(?:inter-?american\s+)?commission\w*|comisi[oó]n\w*|comissão|cidh|iachr|court|corte|cour|tribunal"
    r"|deputies|délégués|committee|comité|state|estado|état"
)
OPENER = re.compile(
    rf"\b(?:{BODY})\b.{{0,200}}?\b(?:{_ASKS}|{_FINDS})\b|\b(?:recommendations?|recomendaciones|recommandations)\s+"
    rf"(?:de\s+la|of\s+the|to\s+the|al\s+estado|de\s+la\s+cidh)"
    r"|^\W*(?:operative\s+(?:part|provisions)|puntos\s+resolutivos|dispositif|por\s+tanto|for\s+these\s+reasons"
    r"|par\s+ces\s+motifs|(?:the|les)\s+(?:deputies|délégués))\b",
    re.I,
)
VERB_ALONE = re.compile(
    rf"^\W*(?:(?:the|la|le|les|el|y|and|et)\s+)?(?:{BODY})?\W*\b(?P<verb>{_ASKS}|{_FINDS})\b[^.;]{{0,30}}$", re.I
)
ASKS = re.compile(rf"\b(?:{_ASKS})\b", re.I)
VOTE = re.compile(
    r"^\W*(?:y\s+)?(?:unanim\w*|por\s+(?:unanimidad|\w+\s+votos?)|by\s+(?:a\s+vote|\w+\s+votes?|unanimity|a\s+"
    r"majority)|à\s+l.unanimité|par\s+\w+\s+voix|disient\w+|dissent\w*"
    r"|judges?\s)\b.{0,160}$|^\W*(?:el|la|los|las)\s+jue(?:z|za|ces|zas)\b",
    re.I,
)
STOP = re.compile(
    r"^\W*(?:[IVXL]+\s?\.?\s*)?(?:publication|publicación|publicação|notification|notificación|compliance\s+"
    r"analysis|análisis\s+de(?:l)?\s+cumplimiento"
    r"|comuníquese|publíquese|redactada|emitida|let\s+it\s+be)\b"
    r"|^.{0,60}\b(?:vice-?president[ea]?|president[ea]?|registrar|secretari[oa])\W*$",  # who signed
    re.I,
)
FINDS_FIRST = re.compile(
    r"^\W*(?:dismiss|declar|hold|find|uphold|decide|reject|observe|note|rul|desestim|declara|admit|decid|rejett"
    r"|déclar|dit\b)\w*",
    re.I,
)
REASONS = re.compile(
    r"^\W*(?:for\s+these\s+reasons|por\s+tanto|par\s+ces\s+motifs|(?:the|la)\s+(?:court|corte|cour)\s*,?\W*$)", re.I
)
STATE_FIRST = re.compile(r"\b(?:estado|state|état)s?\b", re.I)
ORDERS_LATER = re.compile(r"\b(?:orders?|ordena|ordonne|should|shall|deber?á)\b", re.I)
START_OF_POINT = 90


@dataclass(slots=True)
class Points:
    """The points that are found, one after the other, and the sentence above them."""

    asks: bool
    of_court: bool
    lead: str = ""
    number: int = 0
    roman: int = 0
    pending: str = ""
    units: list[Unit] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        if not self.units:
            return False
        text = self.units[-1].text
        return not CLOSED.search(text) or SHORTENED.search(text) is not None

    def begin(self, number: str, text: str, block: Block, place: int) -> None:
        self.drop_title()
        self.units.append(Unit(number, self.kind(text), text, self.lead, page=block.page, first=place, last=place))

    def drop_title(self) -> None:
        """A short line without a number that nothing went on with was a title between the points."""
        if self.units and not self.units[-1].number and is_short_title(self.units[-1].text):
            self.units.pop()

    def kind(self, text: str) -> Kind:
        if self.of_court and FINDS_FIRST.match(text) and not ORDERS_LATER.search(text):
            return Kind.INFORMATION
        if is_demand(text):
            return Kind.RECOMMENDATION
        if self.asks and (not self.of_court or STATE_FIRST.search(text[:START_OF_POINT])):
            return Kind.RECOMMENDATION
        return Kind.INFORMATION if self.of_court else kind_of(text)

    def go_on(self, text: str, place: int) -> None:
        unit = self.units[-1]
        unit.text = f"{unit.text} {text}".strip()
        unit.last = place
        unit.kind = self.kind(unit.text)


def operative_units(blocks: Sequence[Block], *, of_court: bool = False) -> list[Unit]:
    """The points of the last operative part; none when the document has none. What a court finds is no demand."""
    start = opening(blocks)
    if start is None:
        return []
    opener = blocks[start]
    points = Points(bool(ASKS.search(opener.text)) or is_title(opener), of_court)
    points.lead = opener.text if ANNOUNCES.search(opener.text) and len(opener.text) <= LONGEST_OPENER else ""
    for place, block in enumerate(blocks[start + 1 :], start + 1):
        if block.text and is_end(block, points):
            break
        if block.text:
            meet(points, block, place)
    points.drop_title()
    return [unit for unit in points.units if unit.text]


def opening(blocks: Sequence[Block]) -> int | None:
    """The block that opens the last operative part: of a judgment its first verb, of a report its last list."""
    found = [place for place, block in enumerate(blocks) if is_opener(block) and place + 1 < len(blocks)]
    if not found:
        return None
    last = found[-1]
    for place in reversed(found):
        if last - place > LONGEST_VERB or any(SIGNATURE.match(block.text) for block in blocks[place:last]):
            break
        if is_title(blocks[place]) or VERB_ALONE.match(blocks[place].text):
            last = place
    return last


def is_opener(block: Block) -> bool:
    text = block.text.strip()
    if not text or len(text) > LONGEST_OPENER:
        return False
    if len(text) <= LONGEST_VERB and VERB_ALONE.match(text):
        return True
    return OPENER.search(text) is not None and (ANNOUNCES.search(text) is not None or is_title(block))


def is_title(block: Block) -> bool:
    text = block.text.strip()
    letters = [sign for sign in text if sign.isalpha()]
    shouts = sum(sign.isupper() for sign in letters) > len(letters) * 0.8
    return bool(OPENER.search(text)) and not CLOSED.search(text) and len(text) < 160 and (shouts or len(text) < 80)


def is_end(block: Block, points: Points) -> bool:
    if not points.units:
        return False
    if SIGNATURE.match(block.text) or STOP.match(block.text):
        return True
    mark = number_of(f"{block.number} {block.text}".strip())
    return bool(mark and points.number and mark.value > points.number + 1 + MOST_SKIPPED)


def meet(points: Points, block: Block, place: int) -> None:
    text = f"{block.number} {block.text}".strip()
    if bare := BARE_NUMBER.match(text):
        points.pending = str(ascii_digits(bare["n"]))
    elif len(text) <= LONGEST_VERB and VERB_ALONE.match(text):
        points.asks = bool(ASKS.search(text))
    elif not is_between(text, block):
        meet_point(points, text, block, place)


def is_between(text: str, block: Block) -> bool:
    """How the judges voted, a heading, "For these reasons": no point."""
    mark = number_of(text)
    return bool(VOTE.match(text) or block.is_heading or REASONS.match(mark.rest if mark else block.text))


def meet_point(points: Points, text: str, block: Block, place: int) -> None:
    if mark := number_of(text):
        numbered(points, mark, block, place)
    elif (mark := item_of(text, after_roman=points.roman, dotted=True)) and mark.sort == Sort.ROMAN:
        points.roman = mark.value
        points.begin(mark.printed, mark.rest, block, place)
    elif mark := item_of(text):
        lettered(points, mark, block, place)
    elif mark := bullet_of(text):
        points.begin("", mark.rest, block, place)
    else:
        unmarked(points, text, block, place)


def numbered(points: Points, mark: Mark, block: Block, place: int) -> None:
    last = points.units[-1] if points.units else None
    drawn_late = mark.rest[:1].islower() and last is not None and not last.number and points.is_open
    points.number = mark.value
    if drawn_late and last is not None:  # the number stands in the margin, and the file names it a line too late
        last.number = mark.printed
        points.go_on(mark.rest, place)
    else:
        points.begin(mark.printed, mark.rest, block, place)


def lettered(points: Points, mark: Mark, block: Block, place: int) -> None:
    last = points.units[-1] if points.units else None
    above = re.match(r"\d+", last.number) if last else None
    if last and ANNOUNCES.search(last.text) and "(" not in last.number:
        points.lead = f"{points.lead} {last.text}".strip()
        points.units.pop()
    points.begin(f"{above[0] if above else ''}({mark.printed})", mark.rest, block, place)


def unmarked(points: Points, text: str, block: Block, place: int) -> None:
    if points.pending:
        number, points.pending = points.pending, ""
        points.number = int(number)
        last = points.units[-1] if points.units else None
        if last is not None and not last.number and points.is_open:
            last.number = number
            points.go_on(text, place)
        else:
            points.begin(number, text, block, place)
    elif (
        points.is_open
        and not (points.units and not points.units[-1].number and is_short_title(points.units[-1].text))
        or (points.units and text[:1].islower())
    ):
        points.go_on(text, place)
    elif ANNOUNCES.search(text):
        points.lead = text
    else:
        points.begin("", text, block, place)


def is_short_title(text: str) -> bool:
    """ "On recognition of the Ogiek as an indigenous population": a title between the points."""
    return len(text) < 120 and not CLOSED.search(text)
