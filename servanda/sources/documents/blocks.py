"""The paragraphs of a PDF, DOCX or TXT file, with list numbers, headings and pages from their layout."""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph as WordParagraph

from servanda.kit.database.sentences import gettext as _
from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.articles import articles_in_heading
from servanda.language.documents.marks import BARE_NUMBER, DOTTED_ROMAN, Mark, Sort, bullet_of, item_of, number_of
from servanda.language.documents.operative_parts import begins_point, is_place_and_day, opens_decision
from servanda.language.documents.paragraph_kinds import SHORTENED
from servanda.language.documents.question_numbers import NAMED_WITH_SIGN
from servanda.language.documents.question_words import PART
from servanda.language.documents.segments import CLOSED, closes_bracket, is_chapter
from servanda.language.documents.units import Block
from servanda.sources.candidates import Unreadable
from servanda.sources.documents.document_date import CLOSING
from servanda.sources.documents.head_tables import table_rows
from servanda.sources.documents.masthead import ADOPTED_NOTE
from servanda.sources.documents.paragraph_ends import (
    SHORT_OF_MARGIN,
    falls_short,
    largest_step,
    names_articles,
    text_width,
)
from servanda.sources.documents.symbols import is_symbol
from servanda.sources.files import pdf, word_lines
from servanda.sources.files.document_text import (
    PAGE_NUMBER,
    SAYS_PAGE,
    TextLine,
    footnote_rows,
    furniture_rows,
    is_contents,
    joined,
    kind_of_file,
    page_number_rows,
    text_lines,
    words_of,
)
from servanda.sources.files.word_numbers import AutomaticNumbers
from servanda.sources.printed.texts import without_unseen

MOST_PAGES = 600  # the longest report of a visit has some 150
MOST_SECONDS = 120
MOST_BLOCKS = 20_000
FURNITURE_ROWS = 40
LEAST_ON_PAGES = 3
SHORTEST_REPEATED = 2  # pages: with so few, only the top and bottom lines of both count as repeated
EDGE_ROWS = 3
MASTHEAD_ROWS = 30
SHORTEST_HEAD = 6
WORDS_OF_VERB = 3
HEADING_STYLE = lazy_pattern(r"^(?:heading|titre|título|заголовок|_?\s?_?H(?:Ch|M)?_|_\s?H)", re.I)
LONGEST_TITLE, LONGEST_WITH_ARTICLES = 200, 360


class Clock:
    """Raises `Unreadable` when a file takes too long; checked between pages."""

    def __init__(self, path: Path, now: Callable[[], float] = time.monotonic):
        self.path, self.now = path, now
        self.end = now() + MOST_SECONDS

    def check(self) -> None:
        if self.now() > self.end:
            sentence = _("%(file)s takes too long to be read. Split it, or save it again as DOCX.")
            raise Unreadable(sentence % {"file": self.path.name})


def blocks_of(path: Path) -> list[Block]:
    """The paragraphs of the body in order. Raises `Unreadable` where there are none."""
    return read_blocks(path)[0]


class ReadBlocks(NamedTuple):
    """The paragraphs, the text of headers and footers, the last page with text (0 where the file has no pages), and
    the pages without any text."""

    blocks: list[Block]
    furniture: str
    pages: int = 0
    without_text: Sequence[int] = ()


def read_blocks(path: Path) -> ReadBlocks:
    """Raises `Unreadable`."""
    kind = kind_of_file(path)
    if kind == "pdf":
        found = pdf_blocks(path)
    elif kind == "docx":
        found = word_blocks(path)
    else:
        found = ReadBlocks(*text_blocks(text_lines(path.read_bytes(), path.name)))
    blocks = found.blocks
    if not any(block.text.strip() for block in blocks):
        raise Unreadable(_("%(file)s contains no text. Check the file.") % {"file": path.name})
    if len(blocks) > MOST_BLOCKS:
        sentence = _("%(file)s has more than %(most)s paragraphs. Send only the part that is needed.")
        raise Unreadable(sentence % {"file": path.name, "most": MOST_BLOCKS})
    tidy = [replace(block, text=without_unseen(block.text)) for block in blocks]
    return found._replace(blocks=tidy, furniture=without_unseen(found.furniture))


# PDF


def pdf_blocks(path: Path) -> ReadBlocks:
    rows, pages = pdf.lines(path, most=MOST_PAGES, seconds=MOST_SECONDS)
    if pages > MOST_PAGES:
        sentence = _("%(file)s has %(pages)s pages; at most %(most)s are read. Send only the part that is needed.")
        raise Unreadable(sentence % {"file": path.name, "pages": pages, "most": MOST_PAGES})
    lines = [TextLine(*row) for row in rows]
    furniture = furniture_rows(lines) | edge_rows(lines)
    dropped = furniture | footnote_rows(lines, furniture) | repeated_rows(lines)
    body_lines = [
        line for row, line in enumerate(lines) if row not in dropped and line.text.strip() and not is_contents(line)
    ]
    with_text = {line.page for line in lines if line.text.strip()}
    return ReadBlocks(
        blocks_from_lines(body_lines),
        furniture_of(lines, dropped),
        lines[-1].page if lines else 0,
        [number for number in range(1, pages + 1) if number not in with_text],
    )


def furniture_of(lines: list[TextLine], dropped: set[int]) -> str:
    edges = dict.fromkeys(lines[row].text.strip() for row in sorted(dropped))
    return "\n".join([*edges][:FURNITURE_ROWS])


def edge_rows(lines: list[TextLine]) -> set[int]:
    """Rows at the edges of pages, or of the masthead, that hold only a symbol, and those with page numbers."""
    edges = set(rows_at_edges(lines))
    masthead = {row for row, line in enumerate(lines) if line.page <= 1 and row < MASTHEAD_ROWS}
    symbols = {row for row in edges | masthead if is_symbol(lines[row].text)}
    complete_symbols = [lines[row].text.strip() for row in symbols]
    cut_off = {row for row in edges if is_cut_off(lines[row].text.strip(), complete_symbols)}
    numbers = {row for row in edges if PAGE_NUMBER.match(lines[row].text) or SAYS_PAGE.match(lines[row].text)}
    return symbols | cut_off | numbers


def is_cut_off(text: str, symbols: list[str]) -> bool:
    """Whether a running head is the beginning of a symbol that the document prints completely elsewhere."""
    return len(text) >= SHORTEST_HEAD and any(symbol.startswith(text) and symbol != text for symbol in symbols)


def rows_at_edges(lines: list[TextLine]) -> list[int]:
    pages: dict[int, list[int]] = {}
    for row, line in enumerate(lines):
        if line.text.strip():
            pages.setdefault(line.page, []).append(row)
    return [row for rows in pages.values() for row in {*rows[:EDGE_ROWS], *rows[-EDGE_ROWS:]}]


def repeated_rows(lines: list[TextLine]) -> set[int]:
    """Headers and footers: rows at the edge of many pages that differ at most in numbers."""
    edges = rows_at_edges(lines)
    pages = {lines[row].page for row in edges}
    occurrences = Counter(without_numbers(lines[row].text) for row in edges)
    often = max(LEAST_ON_PAGES, len(pages) * 0.4)
    outermost = {
        row
        for page in pages
        for row in outermost_rows(lines, [row for row in edges if lines[row].page == page])
        if len(pages) == SHORTEST_REPEATED and occurrences[without_numbers(lines[row].text)] == SHORTEST_REPEATED
    }
    return outermost | {
        row
        for row in edges
        if occurrences[without_numbers(lines[row].text)] >= often
        and not (number_of(lines[row].text) and len(lines[row].text) > 30)
    }


def outermost_rows(lines: list[TextLine], rows: list[int]) -> set[int]:
    """The top and bottom row of a page, if the file has their positions."""
    drawn = [row for row in rows if lines[row].right]
    return {choose(drawn, key=lambda row: lines[row].foot) for choose in (max, min)} if drawn else set()


def without_numbers(text: str) -> str:
    return re.sub(r"[\d\s\u0660-\u0669]+", "", text).casefold()


def blocks_from_lines(lines: list[TextLine]) -> list[Block]:
    width = text_width(lines)
    largest = largest_step(lines, width)
    word_counts = words_of(lines)
    is_bold_text = sum(line.bold for line in lines) * 2 > len(lines)
    groups: list[list[TextLine]] = []
    rows = table_rows(lines, largest)
    for place, line in enumerate(lines):
        if groups and place not in rows and continues_paragraph(groups[-1], line, largest, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [block_of(group, word_counts, is_bold_text=is_bold_text) for group in groups]


def block_of(group: list[TextLine], word_counts: Counter[str], *, is_bold_text: bool) -> Block:
    text = joined(group, word_counts)
    heading = None
    if group[0].right and not is_bold_text:
        is_bold = all(line.bold for line in group)
        heading = is_bold and is_short_enough(text) and not number_of(text) and not item_of(text)
        heading = heading and text[-1:] not in ".;:"
    return Block(text, "", heading or None, group[0].page)


def is_short_enough(text: str) -> bool:
    """A heading that ends with articles in brackets may name several subjects."""
    named = text.rstrip()[-1:] in ")）" and articles_in_heading(text)
    return len(text) <= (LONGEST_WITH_ARTICLES if named else LONGEST_TITLE)


def continues_paragraph(group: list[TextLine], line: TextLine, largest: float, width: float) -> bool:
    """Whether a line continues the paragraph above it."""
    last = group[-1]
    if last.right and last.bold != line.bold and all(above.bold for above in group) != line.bold:
        return False
    if (line.bold or not line.right) and (is_chapter(line.text.strip()) or is_below_chapter(group, line, width)):
        return False
    if not line.right and (BARE_NUMBER.match(line.text) or BARE_NUMBER.match(last.text)):
        return False  # a number from the margin of a page that was converted to text
    number = number_of(line.text)
    is_marked = bool(bullet_of(line.text)) or is_item(line.text) or number is not None
    above = last.text.strip()
    closed = CLOSED.search(above) is not None and not SHORTENED.search(above)
    if line.page != last.page:
        return not closed and not is_marked
    is_apart = last.foot - line.foot > largest or (
        closed and (falls_short(last, width) or names_articles(line, width))
    )
    if last.right and is_apart:
        return False
    if last.bold == line.bold and closes_bracket(" ".join(row.text for row in group), line.text):
        return True
    if opens_alone(line, above, closed=closed):
        return False
    return not is_marked or marked_line_continues(group, line, number, width, closed=closed)


def is_below_chapter(group: list[TextLine], line: TextLine, width: float) -> bool:
    """Whether a line is a heading of its own below the last line of a chapter's heading."""
    last, is_new = group[-1], line.bold and line.text.strip()[:1].isupper()
    is_short = last.bold and last.right - last.left < width * SHORT_OF_MARGIN
    return is_new and is_short and is_chapter(group[0].text.strip())


def marked_line_continues(
    group: list[TextLine], line: TextLine, number: Mark | None, width: float, *, closed: bool
) -> bool:
    """Whether a line that seems to begin with a list mark continues a sentence: "article" / "2. of the Act"."""
    last = group[-1]
    if not last.right and number and number.rest[:1].isupper() and not SHORTENED.search(last.text.strip()):
        return False
    if not last.right and number is None and len(last.text.split()) <= WORDS_OF_VERB:
        return False  # "3. Holds" above "(a) that the State is to pay"
    short = last.right and last.right - last.left < width * SHORT_OF_MARGIN
    return not (closed or short or last.bold or number_stands_out(group, line))


def opens_alone(line: TextLine, above: str, *, closed: bool) -> bool:
    """Whether a line begins a paragraph of its own: "Question 3:", "Part II", the closing formula of a decision or,
    where paragraphs are not separated, a verb that opens a point."""
    if closed and (NAMED_WITH_SIGN.match(line.text) or PART.match(line.text)):
        return True
    is_formula = CLOSING.match(line.text) is not None
    opens = (closed or opens_decision(above)) and opens_decision(line.text.strip())
    if line.right:
        return opens or (closed and is_formula)
    is_dated = any(map(is_place_and_day, (line.text, above))) or is_symbol(line.text) or is_symbol(above)
    return opens or is_formula or is_dated or begins_point(line.text, above)


def is_item(text: str) -> bool:
    mark = item_of(text)
    return mark is not None and mark.sort in (Sort.LETTER, Sort.ROMAN) or DOTTED_ROMAN.match(text) is not None


def number_stands_out(group: list[TextLine], line: TextLine) -> bool:
    """Whether a number is printed in the margin, or indented differently from the lines above."""
    return bool(line.right) and len(group) > 1 and abs(group[-1].left - line.left) > 8


# DOCX


def word_blocks(path: Path) -> ReadBlocks:
    document = word_lines.opened(path)
    with word_lines.malformed_as_unreadable(path):
        return ReadBlocks(*blocks_of_word(document, Clock(path)))


def blocks_of_word(document: Document, clock: Clock) -> tuple[list[Block], str]:
    numbers = AutomaticNumbers(document)
    blocks: list[Block] = []
    for place, item in enumerate(word_lines.contents(document.element.body, document._body)):
        if not place % 200:
            clock.check()
        if isinstance(item, Table):
            blocks += [Block(row.strip()) for row in word_lines.table_lines(item, numbers) if row.strip()]
        else:
            blocks += word_paragraph(item, numbers)
    headers = [
        paragraph.text
        for section in document.sections[:2]
        for part in (section.first_page_header, section.header, section.footer)
        for paragraph in part.paragraphs
    ]
    notes = [note for note in word_lines.footnotes(document) if ADOPTED_NOTE.match(note)]
    edges = [text for text in headers if text.strip()]
    return blocks, "\n".join([*edges, *(f"* {note.lstrip('* ')}" for note in notes)])


def word_paragraph(paragraph: WordParagraph, numbers: AutomaticNumbers) -> list[Block]:
    number, text = numbers.next_for(paragraph), word_lines.printed_text(paragraph)
    parts = [part for part in text.split("\n") if part.strip()]
    if not parts:
        return []
    styles = numbers.styles.of(paragraph)
    heading = is_word_heading(paragraph, text, styles[0].name or "" if styles else "")
    return [Block(parts[0], number, heading), *(Block(part, "", heading) for part in parts[1:])]


def is_word_heading(paragraph: WordParagraph, text: str, style: str) -> bool | None:
    if HEADING_STYLE.match(style):
        return True
    runs = [run for run in word_lines.runs_of(paragraph) if run.text.strip()]
    is_bold = bool(runs) and all(run.bold for run in runs)
    short = is_short_enough(text) and text.strip()[-1:] not in ".;:"
    return True if is_bold and short and not number_of(text) else None


# Text


def text_blocks(lines: list[TextLine]) -> tuple[list[Block], str]:
    """Paragraphs are separated by blank lines, and by a list mark after a line that ends a sentence."""
    furniture = furniture_rows(lines) | (
        edge_rows(lines) | repeated_rows(lines) if lines[-1:] and lines[-1].page else set()
    )
    dropped = furniture | page_number_rows(lines)
    groups: list[list[TextLine]] = []
    fresh = True
    for row, line in enumerate(lines):
        if row in dropped or not line.text.strip():
            fresh = True
            continue
        if is_contents(line):
            continue
        if not fresh and groups and continues_paragraph(groups[-1], line, 0.0, 0.0):
            groups[-1].append(line)
        else:
            groups.append([line])
        fresh = False
    word_counts = words_of([line for group in groups for line in group])
    return [block_of(group, word_counts, is_bold_text=False) for group in groups], furniture_of(lines, furniture)
