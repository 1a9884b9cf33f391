"""Addenda to Working Group reports: the position of the State on each recommendation, with its reasons."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servanda.kit.database.sentences import gettext as _
from servanda.sources.candidates import Candidate, Kind, PrintedPosition, Problem, Stand, Unreadable
from servanda.sources.documents.cover import Cover
from servanda.sources.files.document_text import TextLine, joined, running_lines
from servanda.sources.printed.positions import IMPLEMENTED, printed_position, stand_of_answer
from servanda.sources.printed.states import states_in
from servanda.sources.upr.addendum_segments import Segment, Style, segments, sentences, style_of

COVER_LINES = 40
COVER_END = re.compile(
    r"presented\s+by\s+the\s+state\s+under\s+review|^\s*(?:addendum|additif|adición)\W*$|^\s*original", re.I
)
NOTES = re.compile(r"^\s*(?:end)?notes?\W*$", re.I)
DECLARED = re.compile(r"(?:list\s+in|in|under|of)\s+paragraphs?\s+(\d{2,3})\b[^.]{0,80}\breport", re.I)
STATUS = re.compile(
    r"^\W*(?:fully\s+|partially\s+|partly\s+|not\s+)?(?:accepted|supported|noted|rejected|acceptée?|aceptada)\b", re.I
)
ABOUT = re.compile(r"recommendation|definitive statement|\brecommandation|recomendaci", re.I)
ANNOUNCES = re.compile(r"following|below|:\s*$", re.I)
SOON = (
    15  # characters from the start of an answer within which its verb comes: "enjoy the support", "Slovenia accepts"
)


@dataclass(slots=True)
class Answer:
    number: str
    page: int
    raw: str
    position: PrintedPosition | None
    comment: str = ""


def answers(lines: list[TextLine], cover: Cover, names: Mapping[str, str], name: str) -> Iterator[Candidate]:
    """One answer for each recommendation that the addendum names. Raises `Unreadable` where it names none.

    If the addendum numbers the recommendations without their paragraph in the report, answers have the bare number as
    `paragraph` and `order`.
    """
    body = content(running_lines(lines))
    style = style_of(joined(body))
    answers_by_number = collected(segments(body, style), style, cover.symbol, names)
    if not answers_by_number:
        raise Unreadable(
            _(
                "%(file)s is an addendum, but it does not cite recommendations by number. Enter the positions "
                "through the thematic list or a spreadsheet."
            )
            % {"file": name}
        )
    declared = DECLARED.search(joined(lines))
    return iter([candidate(answer, declared[1] if declared else "", cover) for answer in answers_by_number.values()])


def content(lines: list[TextLine]) -> list[TextLine]:
    """The lines between the cover and the notes."""
    start = max((row + 1 for row, line in enumerate(lines[:COVER_LINES]) if COVER_END.search(line.text)), default=0)
    ends = (row for row in range(len(lines) // 2, len(lines)) if NOTES.match(lines[row].text))
    return lines[start : next(ends, len(lines))]


def collected(
    segments_found: list[Segment], style: Style, symbol: str, names: Mapping[str, str]
) -> dict[str, Answer]:
    answered: dict[str, Answer] = {}
    current: PrintedPosition | None = None
    for segment in segments_found:
        if segment.kind == "heading":
            current = printed_position(segment.text)
        elif segment.kind == "paragraph":
            current = add_statements(answered, segment, style, symbol, current)
        else:
            add_answer(answered, segment, style, symbol, current, names)
    return answered


def add_statements(
    answered: dict[str, Answer], segment: Segment, style: Style, symbol: str, current: PrintedPosition | None
) -> PrintedPosition | None:
    """Add the positions of a paragraph such as "accepts the recommendations 1-5, 14"; returns the position that holds
    for the text below."""
    for sentence in sentences(segment.text):
        numbers = style.named(sentence)
        stated = printed_position(sentence)
        if numbers:
            current = in_words(stated, current) if stated else current
            for number in numbers:
                position = placed(current, symbol, segment.number)
                answered.setdefault(number, Answer(number, segment.page, sentence, position))
        elif stated and ANNOUNCES.search(sentence) and ABOUT.search(sentence):
            current = stated
    return current


def in_words(stated: PrintedPosition, heading: PrintedPosition | None) -> PrintedPosition:
    """The position of the sentence, with the words of the heading where these say more ("already implemented")."""
    if heading and heading.stand == stated.stand and IMPLEMENTED.search(heading.words):
        return heading
    printed_words = re.split(r"\s*:|\s+(?:nos?\.?\s*)?\d", stated.words)[0]
    return PrintedPosition(stated.stand, printed_words)


def placed(position: PrintedPosition | None, symbol: str, paragraph: str) -> PrintedPosition | None:
    return position and PrintedPosition(position.stand, position.words, symbol, paragraph)


def add_answer(
    answered: dict[str, Answer],
    segment: Segment,
    style: Style,
    symbol: str,
    current: PrintedPosition | None,
    names: Mapping[str, str],
) -> None:
    numbers, remaining = (segment.numbers, segment.text) if segment.numbers else head_of(segment, style)
    comment = without_recommendation(remaining, names)
    stated = stated_position(comment)
    explicit = stated if stated and is_explicit(comment) else None
    for number in numbers:
        place = segment.number if segment.kind == "answer" and not segment.numbers else number
        position = placed(explicit or current or stated, symbol, place)
        answer = answered.setdefault(number, Answer(number, segment.page, segment.text, position))
        answer.comment = "\n".join(part for part in (answer.comment, comment) if part)
        answer.raw = answer.raw if segment.text in answer.raw else f"{answer.raw}\n{segment.text}"


def head_of(segment: Segment, style: Style) -> tuple[list[str], str]:
    head = style.head(segment.text) if style.head else None
    return head or ([], segment.text)


def without_recommendation(text: str, names: Mapping[str, str]) -> str:
    """The answer without the recommendation, if the addendum repeats that with its States before it."""
    ends = [match.end() for match in re.finditer(r"\(([^()]*)\)\s*[.;:]?", text) if states_in(match[1], names)]
    remaining = text[ends[-1] :] if ends and text[ends[-1] :].strip() else text
    return re.sub(r"^[\s.:;,)\]–-]+", "", remaining).strip()


def is_explicit(comment: str) -> bool:
    first = next(sentences(comment), "")
    stated = printed_position(first)
    starts_so = stated is not None and bool(stated.words) and first.find(stated.words[:SOON]) < SOON
    return bool(STATUS.match(comment)) or starts_so or (stated is not None and ABOUT.search(first) is not None)


def stated_position(comment: str) -> PrintedPosition | None:
    """The position in the sentences about the recommendation, with the words of the first of them."""
    if status := STATUS.match(comment):
        return printed_position(status[0])
    about_it = [line for place, line in enumerate(sentences(comment)) if place == 0 or ABOUT.search(line)]
    stand = stand_of_answer(" ".join(about_it))
    first = next((position for line in about_it if (position := printed_position(line))), None)
    return PrintedPosition(stand, first.words) if stand and first else None


def candidate(answer: Answer, prefix: str, cover: Cover) -> Candidate:
    number = f"{prefix}.{answer.number}" if prefix and "." not in answer.number else answer.number
    place = _("reply to recommendation %(number)s") % {"number": number}
    position = answer.position or not_supported(answer, cover.symbol)
    if position:
        position.comment = answer.comment
    return Candidate(
        where=_("page %(page)s, %(where)s") % {"page": answer.page, "where": place} if answer.page else place,
        raw=answer.raw,
        kind=Kind.ANSWER,
        countries=[cover.state] if cover.state else [],
        body="UPR",
        symbol=cover.report_symbol,
        paragraph=number,
        order=None if "." in number else int(number),
        original=cover.language,
        published=cover.published,
        cycle=cover.cycle,
        session=cover.session,
        position=position,
        comment=answer.comment,
        problems=[] if answer.position else [unclear(position)],
    )


def not_supported(answer: Answer, symbol: str) -> PrintedPosition | None:
    """An answer that does not support the recommendation notes it: Council resolution 5/1, annex, paragraph 32."""
    if not answer.comment:
        return None
    return PrintedPosition(Stand.NOTED, next(sentences(answer.comment)), symbol, answer.number)


def unclear(position: PrintedPosition | None) -> Problem:
    if position is None:
        return Problem("position", _("The addendum does not state whether the recommendation is supported or noted."))
    message = _(
        "The reply neither supports nor rejects the recommendation. It is recorded as noted: check the position."
    )
    return Problem("position", message, fatal=False)
