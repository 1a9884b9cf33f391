"""Lines of a PDF with information from their layout: without raised footnote marks, and with small print flagged."""

import ctypes
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from servanda.sources.files.right_to_left import (
    ARABIC,
    VOWEL,
    has_arabic,
    in_drawn_order,
    latin_in_drawn_order,
    logical,
    with_signs_behind_numbers,
    with_whole_numbers,
    without_lost_marks,
)

SMALL = 0.93  # share of the body's size: footnotes have 8 or 9 points where the body has 10 or 12
RAISED = 0.8
SAMPLE = 12
MARKS = "0123456789*,"
NAME_OF_FONT = 80  # characters of it that are looked at
RECOGNISED = b"GlyphLessFont"  # the font of the invisible text that tesseract puts behind the picture of a page
NEAR_ROWS = 4
SAME_ROW = 2.0  # points
RAISED_LETTER = 0.6  # of the size of the font
NEXT_ROW = 0.8  # of the size of the font; a raised mark stands less high
HOLE = 3  # times the size of the font: no space between words is so wide
BLANK = 0.9  # of the font size, between the starts of two letters: a larger distance means a space
MOST_CHARACTERS = 200_000  # on one page; even the smallest print leaves room for only a tenth of them
BOLD = 600  # font weight; running text has 400
WORDS_OF_FOOTERS = re.compile(r"\b(?:GE|page|página|pág|of|de|sur|из|страница|صفحة|من)\b|\([A-Z]\)", re.I)


@dataclass(slots=True)
class PrintedLine:
    text: str
    page: int
    size: float
    foot: float  # distance from the lower edge of the page
    bold: bool = False
    left: float = 0.0
    right: float = 0.0
    has_guessed_size: bool = False  # the size of recognised (OCR) Arabic is unreliable


Row = tuple[str, int, bool, bool, float, float, float]


class Reason(StrEnum):
    DAMAGED = "damaged"
    LOCKED = "locked"
    NO_TEXT = "no-text"
    NO_PAGE = "no-page"
    TOO_LONG = "too-long"


class NotRead(Exception):
    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason


def read(document: pypdfium2.PdfDocument, pages: int) -> Iterator[Row]:
    """Text, page, "small print at the foot", bold, left and right edge and foot of every line."""
    lines = printed(document, pages)
    if not any(line.text.strip() for line in lines):
        raise NotRead(Reason.NO_TEXT)
    recognised = [line for line in lines if line.has_guessed_size]
    for line, text in zip(recognised, with_whole_numbers([line.text for line in recognised]), strict=True):
        line.text = text
    body = body_size(lines)
    lowest = lowest_body_line(lines, body)
    for line in lines:
        is_small = line.size < body * SMALL and line.foot < lowest.get(line.page, 0) and not line.has_guessed_size
        yield line.text, line.page, is_small, line.bold, line.left, line.right, line.foot


def printed(document: pypdfium2.PdfDocument, pages: int) -> list[PrintedLine]:
    lines: list[PrintedLine] = []
    for number in range(pages):
        page = document[number].get_textpage()
        if page.count_chars() > MOST_CHARACTERS:
            raise NotRead(Reason.TOO_LONG)
        lines.extend(page_lines(page, number + 1))
    return lines


def page_lines(textpage: pypdfium2.PdfTextPage, number: int) -> list[PrintedLine]:
    characters = [pdfium.FPDFText_GetUnicode(textpage, place) for place in range(textpage.count_chars())]
    lines = []
    start = 0
    is_arabic = any(ARABIC.match(chr(code)) for code in characters)
    for place, code in enumerate([*characters, 10]):
        if code in (10, 13):
            rows = rows_of(textpage, characters, start, place)
            line_rows = [
                printed_line(textpage, characters, first, end, number, is_arabic=is_arabic) for first, end in rows
            ]
            lines.extend(sorted(line_rows, key=lambda line: -line.foot) if len(line_rows) > 1 else line_rows)
            start = place + 1
    if not any(has_arabic(line.text) for line in lines):
        return lines
    for line in lines:
        if not any(map(str.isalpha, line.text)):
            line.text = with_signs_behind_numbers(line.text)
    return pieced_together(lines)


def rows_of(
    textpage: pypdfium2.PdfTextPage, characters: list[int], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """The printed rows in what pdfium treats as one line: for recognised Arabic, a whole paragraph in reverse
    order. A row whose other pieces are printed inside it is cut there."""
    if start < end and has_arabic("".join(map(chr, characters[start:end]))):
        visible = [place for place in range(start, end) if not chr(characters[place]).isspace()]
        columns = columns_of(textpage, visible)
        for previous, place in pairwise(visible):
            jump = abs(origin_of(textpage, place)[1] - origin_of(textpage, previous)[1])
            if jump > size_of(textpage, previous) * NEXT_ROW or columns[previous] != columns[place]:
                yield start, place
                start = place
    if start < end:
        yield start, end


def columns_of(textpage: pypdfium2.PdfTextPage, visible: list[int]) -> dict[int, int]:
    """For each character, how many wide holes are on its left."""
    columns: dict[int, int] = {}
    column, edge = 0, math.inf
    for left, right, place in sorted((*box_of(textpage, place)[:2], place) for place in visible):
        column += left - edge > HOLE * size_of(textpage, place)
        columns[place], edge = column, right if edge == math.inf else max(edge, right)
    return columns


def printed_line(
    textpage: pypdfium2.PdfTextPage, characters: list[int], start: int, end: int, page: int, *, is_arabic: bool
) -> PrintedLine:
    """`is_arabic`: whether the page has Arabic letters, among which some files draw signs in another order."""
    step = max(1, (end - start) // SAMPLE)
    visible = [place for place in range(start, end) if not chr(characters[place]).isspace()]
    sample = visible[::step]
    sizes = Counter(size_of(textpage, place) for place in sample)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    places = [place for place in range(start, end) if not is_raised_mark(textpage, characters, place, size)]
    if has_arabic("".join(map(chr, characters[start:end]))):
        places = without_mark_on_left(textpage, characters, places, size)
    text = whole_signs("".join(chr(characters[place]) for place in places))
    line = PrintedLine(text, page, size, box_of(textpage, visible[0])[2] if visible else 0.0)
    line.bold = bool(sample) and sum(is_bold(textpage, place) for place in sample) * 2 > len(sample)
    boxes = [box_of(textpage, place) for place in sample + visible[-1:]]
    line.left, line.right = min((box[0] for box in boxes), default=0.0), max((box[1] for box in boxes), default=0.0)
    if visible:
        line.foot = statistics.median(origin_of(textpage, place)[1] for place in sample)
    if not is_arabic:
        return line
    signs = [(chr(characters[place]), *origin_of(textpage, place), *box_of(textpage, place)[:2]) for place in places]
    if has_arabic(text):
        line.has_guessed_size = bool(visible) and font_of(textpage, visible[0]) == RECOGNISED
        to_be_read_from_the_right(line, signs)
    elif not ARABIC.search(text):
        line.text = latin_in_drawn_order(signs, size) or text
    return line


def without_mark_on_left(
    textpage: pypdfium2.PdfTextPage, characters: list[int], places: list[int], size: float
) -> list[int]:
    """pdfium puts a raised footnote mark at the left end of a piece of Arabic before the text that follows it."""
    first = next((nth for nth, place in enumerate(places) if chr(characters[place]) not in MARKS), 0)
    if not first or any(size_of(textpage, place) >= size * RAISED for place in places[:first]):
        return places
    rest = [origin_of(textpage, place)[0] for place in places[first:]]
    is_on_left = origin_of(textpage, places[0])[0] < max(rest) - size
    return places[first:] if is_on_left else places


def whole_signs(text: str) -> str:
    """pdfium returns characters beyond U+FFFF, such as emoji, as surrogates; unpaired ones are dropped."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def to_be_read_from_the_right(line: PrintedLine, signs: list[tuple[str, float, float, float, float]]) -> None:
    placed = without_lost_marks([(sign, across) for sign, across, *_rest in signs])
    line.text = ("" if line.has_guessed_size else in_drawn_order(signs, line.size)) or logical(placed)
    positions = [across for sign, across in placed if not sign.isspace()]
    if positions:
        line.left, line.right = min(positions), max(positions)
        # a vowel sign stands higher than its letter, with which it may be alone in a piece of the row
        ups = [up for sign, _across, up, *_box in signs if not sign.isspace() and not VOWEL.match(sign)]
        line.foot = statistics.median(ups) if ups else line.foot


def pieced_together(lines: list[PrintedLine]) -> list[PrintedLine]:
    """One line for each printed row: vowel signs split a row of Arabic into pieces, in any order."""
    rows: list[list[PrintedLine]] = []
    for above, line in zip([None, *lines], lines, strict=False):
        if above is not None and is_mark_beside(line, above):
            continue
        row = next((row for row in rows[-NEAR_ROWS:] if is_same_row(row, line)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    return [one_line(row) for row in rows]


def is_mark_beside(line: PrintedLine, above: PrintedLine) -> bool:
    """Whether a line is nothing but the raised footnote mark at the left end of the line before it."""
    is_small = line.size < above.size * RAISED and all(sign in MARKS for sign in line.text.strip())
    is_near = 0 < line.foot - above.foot < above.size and abs(line.right - above.left) < above.size
    return bool(line.text.strip()) and is_small and is_near


def is_same_row(row: list[PrintedLine], line: PrintedLine) -> bool:
    return all(
        abs(piece.foot - line.foot) < max(height_of(piece), height_of(line))
        and piece.text.strip()
        and line.text.strip()
        and (line.right <= piece.left + SAME_ROW or line.left >= piece.right - SAME_ROW)
        for piece in row
    )


def height_of(piece: PrintedLine) -> float:
    """How much higher or lower the piece may stand: some files draw a letter with a vowel sign apart and higher."""
    text = piece.text.strip()
    return piece.size * RAISED_LETTER if len(text) == 1 and ARABIC.match(text) else SAME_ROW


def one_line(row: list[PrintedLine]) -> PrintedLine:
    if len(row) == 1:
        return row[0]
    pieces = sorted(row, key=lambda piece: -piece.right)
    first = pieces[0]
    text = first.text
    for previous, following in pairwise(pieces):
        text += following.text if previous.left - following.right < BLANK * first.size else f" {following.text}"
    text = with_signs_behind_numbers(text)
    return replace(first, text=text, left=min(piece.left for piece in pieces))


def is_raised_mark(textpage: pypdfium2.PdfTextPage, characters: list[int], place: int, size: float) -> bool:
    if chr(characters[place]) not in MARKS or size_of(textpage, place) >= size * RAISED:
        return False
    while place and chr(characters[place]) in MARKS:
        place -= 1
    return chr(characters[place]) not in "\r\n" and size_of(textpage, place) >= size * RAISED


def size_of(textpage: pypdfium2.PdfTextPage, place: int) -> float:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, place, ctypes.byref(matrix))
    return round(pdfium.FPDFText_GetFontSize(textpage, place) * math.hypot(matrix.b, matrix.d), 1)


def is_bold(textpage: pypdfium2.PdfTextPage, place: int) -> bool:
    """Whether the font is bold, by its weight or its name: many files do not set the weight."""
    if pdfium.FPDFText_GetFontWeight(textpage, place) >= BOLD:
        return True
    return b"bold" in font_of(textpage, place).lower()


def font_of(textpage: pypdfium2.PdfTextPage, place: int) -> bytes:
    name, flags = ctypes.create_string_buffer(NAME_OF_FONT), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, place, name, NAME_OF_FONT, flags)
    return name.value


def box_of(textpage: pypdfium2.PdfTextPage, place: int) -> tuple[float, float, float]:
    """Left, right and lower edge of a character."""
    left, right, bottom, top = (ctypes.c_double() for _unused in range(4))
    pdfium.FPDFText_GetCharBox(textpage, place, left, right, bottom, top)
    return left.value, right.value, bottom.value


def origin_of(textpage: pypdfium2.PdfTextPage, place: int) -> tuple[float, float]:
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, place, across, up)
    return across.value, up.value


def body_size(lines: list[PrintedLine]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def lowest_body_line(lines: list[PrintedLine], body: float) -> dict[int, float]:
    lowest: dict[int, float] = {}
    for line in lines:
        if line.size >= body * SMALL and line.text.strip() and not is_footer(line.text):
            lowest[line.page] = min(line.foot, lowest.get(line.page, line.foot))
    return lowest


def is_footer(text: str) -> bool:
    """Whether a line is a page number or the job number of the United Nations, which stand below the footnotes."""
    return not any(map(str.isalpha, WORDS_OF_FOOTERS.sub("", text)))
