"""A process that answers one question about one PDF and exits; `pdf` starts it with limits.

It imports nothing else of Servanda, so that it starts fast. Where it cannot read the file, it prints the reason.
"""

import json
import sys
from collections.abc import Callable
from io import BytesIO

import pypdfium2

from servanda.sources.files import pdf_lines
from servanda.sources.files.pdf_lines import NotRead, Reason

NOT_READ = 3  # exit code when it prints a reason instead of an answer
POINTS = 72  # to the inch


def pages(document: pypdfium2.PdfDocument) -> bytes:
    return b"%d" % len(document)


def lines(document: pypdfium2.PdfDocument, first: int, most: int) -> bytes:
    """The lines of the first pages (0: all); none for a document of more than `most` pages."""
    count = len(document)
    if most and count > most:
        return json.dumps({"pages": count, "lines": []}).encode()
    rows = list(pdf_lines.read(document, min(count, first or count)))
    return json.dumps({"pages": count, "lines": rows}).encode()


def scan(document: pypdfium2.PdfDocument, first: int) -> bytes:
    """Whether there are pages but no text on the first ones; pages after the first text are not opened."""
    texts = (document[at].get_textpage().get_text_range() for at in range(min(first, len(document))))
    return b"yes" if len(document) and not any(text.strip() for text in texts) else b"no"


def picture(
    document: pypdfium2.PdfDocument,
    *,
    number: int,
    scale: float,
    width: float,
    height: float,
    pixels: float,
    optimize: bool,
) -> bytes:
    """One page as greyscale PNG, within all four limits."""
    if not 1 <= number <= len(document):
        raise NotRead(Reason.NO_PAGE)
    page = document[number - 1]
    across, up = max(1.0, page.get_width()), max(1.0, page.get_height())
    scale = min(scale, width / across, height / up, (pixels / (across * up)) ** 0.5)
    content = BytesIO()
    try:
        # The picture contains its resolution, so that a page made of it has the original size.
        drawn = page.render(scale=scale, grayscale=True).to_pil()
        drawn.save(content, "PNG", optimize=optimize, dpi=(scale * POINTS, scale * POINTS))
    except ValueError as problem:  # the page is too small at this scale
        raise NotRead(Reason.NO_PAGE) from problem
    return content.getvalue()


ANSWERS: dict[str, Callable[..., bytes]] = {answer.__name__: answer for answer in (pages, lines, scan, picture)}


def answered(path: str, question: str, options: str) -> bytes:
    try:
        with pypdfium2.PdfDocument(path) as document:
            return ANSWERS[question](document, **json.loads(options))
    except pypdfium2.PdfiumError as problem:
        raise NotRead(Reason.LOCKED if "password" in str(problem).lower() else Reason.DAMAGED) from problem


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(answered(*sys.argv[1:]))
    except NotRead as problem:
        sys.stdout.write(problem.reason)
        sys.exit(NOT_READ)
