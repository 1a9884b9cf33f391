"""Numbers of questions, and the lines in which they are printed: paragraphs, and rows of tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.articles import articles_in_heading
from servanda.language.documents.marks import ascii_digits
from servanda.language.documents.question_words import ASKS, NUMBER_COLUMN
from servanda.language.documents.segments import tidied
from servanda.language.documents.units import Block

_DIGIT = r"[0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]"
_WORD = r"(?:questions?|pregunta|pergunta|вопрос|(?:ال)?سؤال|问题|q|p)"
_SIGN = r"(?:no\.?|n[°º.]|núm\.?|№|رقم)?"
NAMED = lazy_pattern(
    rf"^\s*{_WORD}\s*{_SIGN}\s*(?P<n>{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,2}}){{0,2}})"
    r"\s*(?:[.:)：．–—-]|\s|$)\s*(?P<rest>.*)$",
    re.I | re.S,
)
NAMED_WITH_SIGN = lazy_pattern(
    rf"^\s*{_WORD}\s*{_SIGN}\s*{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,2}}){{0,2}}\s?[.:)：．]", re.I
)
NUMBERED = lazy_pattern(
    rf"^\s*(?:[|·~]\s*)?(?:[（(]\s*(?P<both>{_DIGIT}{{1,3}})\s*[)）]"
    rf"|(?P<n>{_DIGIT}{{1,3}}(?:\s?\.\s?{_DIGIT}{{1,2}}){{0,2}})"
    rf"(?P<sign>\s?[.．)）、:：](?!{_DIGIT})|\s?[-–—](?=\s|[\u0600-\u06ff]|$)|(?=\s)))"
    r"\s*(?P<rest>.*)$",
    re.S,
)
MISREAD = lazy_pattern(r"^\s*(?P<sign>[lIO|oSB\d]{1,3})\s?[.)]\s+(?=\S)(?P<rest>.*)$", re.S)
MISREAD_AS = str.maketrans("lI|OoSB", "1110058")
ROW_NUMBER = lazy_pattern(r"\s*(\d{1,3})\s+(?=[^\W\d_a-zа-яà-öø-ÿ])")
CAPITAL = lazy_pattern(r"^\s*(?P<letter>[A-Z])\s?[.)]\s+(?P<rest>\S.*)$", re.S)
BARE = lazy_pattern(rf"^\s*(?:[|·~]\s*)?(?:{_DIGIT}{{1,3}}(?:\.{_DIGIT}{{1,2}}){{0,2}})\s*[.．)、]?\s*$")


@dataclass(slots=True)
class Number:
    parts: tuple[int, ...]
    rest: str
    is_strong: bool = True  # a number with a sign behind it, or in a list of the file
    is_named: bool = False  # "Question 3"
    letter: str = ""  # "A. Please describe", in questionnaires without numbers

    @property
    def printed(self) -> str:
        return self.letter or ".".join(map(str, self.parts))


def rows_apart(blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    """The blocks with their places; apart are rows of a table whose numbers have no sign, which a PDF runs together:
    "1 Which laws apply? 2 Since when?"."""
    for place, block in enumerate(blocks):
        text, number = block.text, ROW_NUMBER.match(block.text)
        while number and (below := row_below(text, int(number[1]) + 1)):
            yield place, replace(block, text=text[: below.start()])
            text = text[below.end() - len(below[1]) :].lstrip()
            number = ROW_NUMBER.match(text)
        yield place, replace(block, text=text)


def row_below(text: str, number: int) -> re.Match[str] | None:
    return re.search(rf"(?<=[.?!;؟；。？])\s+({number}\s+)(?=[^\W\d_a-zа-яà-öø-ÿ])", text)


def line_of(block: Block) -> str:
    """A block with its automatic number; of a row of a table, the number, the question and its articles."""
    if "\t" in block.text and not block.number:
        return row_of_table(block.text)
    return f"{block.number} {tidied(block.text)}".strip()


def row_of_table(text: str) -> str:
    """A row of a table, or a paragraph with a tab behind its mark."""
    cells = [tidied(cell) for cell in text.split("\t")]
    mark = number_at(f"{cells[0]} ")
    if BARE.match(cells[0]) and len(cells) > 1:
        question = cells[1] if ASKS.search(cells[1]) else max(cells[1:], key=len)
        named = next((cell for cell in cells[1:] if cell != question and articles_in_heading(cell)), "")
        return f"{cells[0].strip(' .．、)|·~')}. {question}{f' ({named})' if named else ''}"
    if NUMBER_COLUMN.match(cells[0]):
        return ""
    if mark and mark.is_strong and mark.rest:  # "3. What is done?" beside the reply
        return cells[0]
    return " ".join(cell for cell in cells if cell)


def number_at(text: str) -> Number | None:
    """The number with which a line begins, with or without the word "Question"."""
    if match := NAMED.match(text):
        return Number(parts_of(match["n"]), match["rest"].strip(), is_named=True)
    if match := NUMBERED.match(text):
        is_strong = bool(match["both"] or match["sign"].strip() or "." in match["n"])
        return Number(parts_of(match["both"] or match["n"]), match["rest"].strip(), is_strong)
    return None


def capital_at(text: str) -> Number | None:
    """The capital letter with which a question begins; a chapter, such as "A. General information", asks nothing."""
    match = CAPITAL.match(text)
    if match is None or not ASKS.search(match["rest"]):
        return None
    return Number((ord(match["letter"]) - ord("A") + 1,), match["rest"].strip(), letter=match["letter"])


def parts_of(printed: str) -> tuple[int, ...]:
    return tuple(ascii_digits(part.strip()) for part in printed.split("."))
