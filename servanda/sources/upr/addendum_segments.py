"""Splits an addendum into numbered paragraphs, headings and answers to named recommendations."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from servanda.sources.files.document_text import TextLine, joined
from servanda.sources.printed.positions import printed_position
from servanda.sources.printed.references import BARE, LIST, NO, WORD, bare_numbers, bare_numbers_in, expanded

DOTTED = re.compile(r"(?<![\d.,/])(\d{2,3})\.(\d{1,3})(?!\d|\s?(?:%|per\s?cent|million|billion))")
FEWEST = 3  # numbers with the same first part, from which on that part counts as a paragraph of the report
PARAGRAPH = re.compile(r"^\s*(\d{1,2})\.\s+(?=[A-ZÀ-Ý“\"])(.*)$")
HEADING = re.compile(r"^\s*(?:(?:[IVX]+|[A-Z]|\d)\s*[.)]\s*)?(?=[A-ZÀ-Ý])(?=[^.;]*\b[Rr]ecom)[^.;]*$")
LONGEST_HEADING = 170
MOST_SKIPPED = 12  # numbers that may be missing in a list
UNFINISHED = re.compile(r"(?:,|;|\b(?:and|et|y)|&|[-–])\s*$")
CLOSED = re.compile(r"[.:;!?\d]\W*$")
NAMED_HEAD = re.compile(rf"^\s*{WORD}\s*{NO}({BARE})(.*)$", re.I | re.S)
WORD_BEFORE = re.compile(rf"^[^\w(]*(?:{WORD}\s*{NO})?", re.I)
SERIAL_HEAD = re.compile(r"^\s*((?:\d{1,3}\.?\s*,\s*)*\d{1,3}\.)(?P<open>,?)(?:\s+(?P<rest>.*))?$")

Head = Callable[[str], tuple[list[str], str] | None]


@dataclass(slots=True)
class Segment:
    kind: str  # "paragraph", "heading" or "answer"
    number: str = ""  # of the paragraph in the addendum
    page: int = 0
    lines: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)  # of the recommendations answered

    @property
    def text(self) -> str:
        return joined(self.lines)


@dataclass(frozen=True, slots=True)
class Style:
    """How an addendum names recommendations: "115.3", "recommendation 3", or by its own paragraphs "3."."""

    named: Callable[[str], list[str]]
    head: Head | None


def style_of(text: str) -> Style:
    prefixes = {
        part for part, count in Counter(match[1] for match in DOTTED.finditer(text)).items() if count >= FEWEST
    }
    if prefixes:
        return Style(lambda run: expanded(run, prefixes=prefixes), lambda line: dotted_head(line, prefixes))
    if len(bare_numbers_in(text)) >= FEWEST:
        return Style(bare_numbers_in, bare_head)
    return Style(bare_numbers_in, None)


def dotted_head(text: str, prefixes: Set[str]) -> tuple[list[str], str] | None:
    prefix = WORD_BEFORE.match(text)
    run = LIST.match(text, prefix.end() if prefix else 0)
    numbers = expanded(run[0], prefixes=prefixes) if run and DOTTED.match(run[0]) else []
    return (numbers, text[run.end() :]) if run and numbers else None


def bare_head(text: str) -> tuple[list[str], str] | None:
    match = NAMED_HEAD.match(text)
    return (bare_numbers(match[1]), match[2]) if match else None


def segments(lines: list[TextLine], style: Style) -> list[Segment]:
    return serial_segments(lines) if style.head is None else named_segments(lines, style.head)


def named_segments(lines: list[TextLine], head: Head) -> list[Segment]:
    named_segments_so_far = [Segment("paragraph")]
    for line, next_line in zip(lines, [*lines[1:], None], strict=True):
        current = named_segments_so_far[-1]
        previous = current.lines[-1] if current.lines else "."
        if UNFINISHED.search(previous) and current.kind != "heading":
            current.lines.append(line.text)
        elif is_bare_heading(line.text, previous) and next_line and head(next_line.text):
            named_segments_so_far.append(
                Segment("heading", number_so_far(named_segments_so_far), line.page, [line.text])
            )
        elif opened := opened_segment(line, named_segments_so_far, head):
            named_segments_so_far.append(opened)
        elif current.kind == "heading" and not line.text.strip()[:1].islower():
            named_segments_so_far.append(
                Segment("paragraph", number_so_far(named_segments_so_far), line.page, [line.text])
            )
        else:
            current.lines.append(line.text)
    return named_segments_so_far


def opened_segment(line: TextLine, segments_so_far: list[Segment], head: Head) -> Segment | None:
    paragraph = PARAGRAPH.match(line.text)
    if paragraph and int(paragraph[1]) == int(number_so_far(segments_so_far) or 0) + 1:
        return Segment("paragraph", paragraph[1], line.page, [paragraph[2]])
    previous = segments_so_far[-1].lines[-1] if segments_so_far[-1].lines else "."
    if head(line.text):
        return Segment("answer", number_so_far(segments_so_far), line.page, [line.text])
    if is_heading(line.text) and (CLOSED.search(previous) or segments_so_far[-1].kind == "heading"):
        return Segment("heading", number_so_far(segments_so_far), line.page, [line.text])
    return None


def number_so_far(segments_so_far: list[Segment]) -> str:
    return next((segment.number for segment in reversed(segments_so_far) if segment.number), "")


def is_heading(text: str) -> bool:
    return len(text) < LONGEST_HEADING and bool(HEADING.match(text)) and printed_position(text) is not None


def is_bare_heading(text: str, previous: str) -> bool:
    """Whether a line is a heading without a position, such as "Comments on further recommendations"."""
    is_short = len(text) < LONGEST_HEADING and bool(HEADING.match(text)) and bool(CLOSED.search(previous))
    return is_short and not DOTTED.search(text) and printed_position(text) is None


def serial_segments(lines: list[TextLine]) -> list[Segment]:
    """Answers with the numbers of the recommendations; the column of numbers may continue beside the text."""
    answers: list[Segment] = []
    numbers_seen: set[int] = set()
    is_open = False
    for line in lines:
        head = SERIAL_HEAD.match(line.text)
        numbers = bare_numbers(head[1]) if head else []
        if head and is_open and numbers:
            answers[-1].numbers += numbers
            answers[-1].lines.append(head["rest"] or "")
        elif head and numbers and is_next(int(numbers[0]), numbers_seen):
            answers.append(Segment("answer", ", ".join(numbers), line.page, [head["rest"] or ""], numbers))
        elif answers:
            answers[-1].lines.append(line.text)
        numbers_seen.update(int(number) for number in numbers if answers and number in answers[-1].numbers)
        is_open = bool(head and head["open"])
    return answers


def is_next(number: int, numbers_seen: set[int]) -> bool:
    return number not in numbers_seen and number <= max(numbers_seen, default=0) + MOST_SKIPPED


def sentences(text: str) -> Iterator[str]:
    yield from re.split(r"(?<=[.;])\s+(?=[A-ZÀ-Ý“])", text)
