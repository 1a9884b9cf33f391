"""Lines of a PDF with what their print tells: raised footnote marks left out, small print marked."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from django.utils.translation import gettext as _

from servanda.sources.candidates import Unreadable

SMALL = 0.93  # of the size of the body: footnotes are set in 8 or 9 points where the body has 10 or 12
RAISED = 0.8
SAMPLE = 12
MARKS = "0123456789*,"


@dataclass(slots=True)
class PrintedLine:
    text: str
    page: int
    size: float
    foot: float  # distance from the lower edge of the page


def read(path: Path, *, pages: int | None = None) -> Iterator[tuple[str, int, bool]]:
    """Text, page and "small print at the foot" of every line."""
    lines = printed(path, pages)
    if not any(line.text.strip() for line in lines):
        raise Unreadable(
            _("%(file)s has no text, only pictures of pages. Please send a version with text.") % {"file": path.name}
        )
    body = body_size(lines)
    lowest = lowest_body_line(lines, body)
    for line in lines:
        yield line.text, line.page, line.size < body * SMALL and line.foot < lowest.get(line.page, 0)


def printed(path: Path, pages: int | None) -> list[PrintedLine]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(reason(path, error)) from error
    try:
        count = min(len(document), pages or len(document))
        return [line for number in range(count) for line in page_lines(document[number], number + 1)]
    except pypdfium2.PdfiumError as error:
        raise Unreadable(reason(path, error)) from error
    finally:
        document.close()


def reason(path: Path, error: pypdfium2.PdfiumError) -> str:
    if "password" in str(error).lower():
        return _("%(file)s is protected by a password. Please send it without.") % {"file": path.name}
    return _("%(file)s is damaged or incomplete. Please download it again.") % {"file": path.name}


def page_lines(page: pypdfium2.PdfPage, number: int) -> Iterator[PrintedLine]:
    textpage = page.get_textpage()
    characters = [pdfium.FPDFText_GetUnicode(textpage, place) for place in range(textpage.count_chars())]
    start = 0
    for place, code in enumerate([*characters, 10]):
        if code in (10, 13):
            if place > start:
                yield printed_line(textpage, characters, start, place, number)
            start = place + 1


def printed_line(
    textpage: pypdfium2.PdfTextPage, characters: list[int], start: int, end: int, page: int
) -> PrintedLine:
    step = max(1, (end - start) // SAMPLE)
    visible = [place for place in range(start, end) if not chr(characters[place]).isspace()]
    sizes = Counter(size_of(textpage, place) for place in visible[::step])
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    text = "".join(
        chr(characters[place]) for place in range(start, end) if not is_raised_mark(textpage, characters, place, size)
    )
    return PrintedLine(text, page, size, foot_of(textpage, visible[0]) if visible else 0.0)


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


def foot_of(textpage: pypdfium2.PdfTextPage, place: int) -> float:
    left, right, bottom, top = (ctypes.c_double() for _unused in range(4))
    pdfium.FPDFText_GetCharBox(textpage, place, left, right, bottom, top)
    return bottom.value


def body_size(lines: list[PrintedLine]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def lowest_body_line(lines: list[PrintedLine], body: float) -> dict[int, float]:
    lowest: dict[int, float] = {}
    for line in lines:
        if line.size >= body * SMALL and line.text.strip():
            lowest[line.page] = min(line.foot, lowest.get(line.page, line.foot))
    return lowest
