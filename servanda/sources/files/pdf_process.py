"""A process that answers one question about one PDF and ends; `pdf_apart` starts it, within bounds.

It knows nothing of the rest of the house, so that it starts at once. What is wrong with the file it says in a word.
"""

import json
import sys
from collections.abc import Callable
from io import BytesIO

import pypdfium2

from servanda.sources.files import pdf_lines
from servanda.sources.files.pdf_lines import NotRead, Reason

NOT_READ = 3  # the code with which it ends when it says why there is no answer
POINTS = 72  # to the inch


def pages(document: pypdfium2.PdfDocument) -> bytes:
    return b"%d" % len(document)


def lines(document: pypdfium2.PdfDocument, first: int, most: int) -> bytes:
    """The lines of the first pages, 0 for all; a document of more pages than `most` has none."""
    count = len(document)
    if most and count > most:
        return json.dumps({"pages": count, "lines": []}).encode()
    read = list(pdf_lines.read(document, min(count, first or count)))
    return json.dumps({"pages": count, "lines": read}).encode()


def scan(document: pypdfium2.PdfDocument, first: int) -> bytes:
    """Whether there are pages, and no letter on the first of them; behind a letter that is found none is opened."""
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
    """One page as PNG, in grey, no larger than any of the four allows."""
    if not 1 <= number <= len(document):
        raise NotRead(Reason.NO_PAGE)
    page = document[number - 1]
    across, up = max(1.0, page.get_width()), max(1.0, page.get_height())
    scale = min(scale, width / across, height / up, (pixels / (across * up)) ** 0.5)
    content = BytesIO()
    try:
        # The resolution is told with the picture, so that a page that is made of it has the size of the first.
        drawn = page.render(scale=scale, grayscale=True).to_pil()
        drawn.save(content, "PNG", optimize=optimize, dpi=(scale * POINTS, scale * POINTS))
    except ValueError as problem:  # nothing is left of it at this scale
        raise NotRead(Reason.NO_PAGE) from problem
    return content.getvalue()


ANSWERS: dict[str, Callable[..., bytes]] = {answer.__name__: answer for answer in (pages, lines, scan, picture)}


def answered(path: str, question: str, told: str) -> bytes:
    try:
        with pypdfium2.PdfDocument(path) as document:
            return ANSWERS[question](document, **json.loads(told))
    except pypdfium2.PdfiumError as problem:
        raise NotRead(Reason.LOCKED if "password" in str(problem).lower() else Reason.DAMAGED) from problem


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(answered(*sys.argv[1:]))
    except NotRead as problem:
        sys.stdout.write(problem.reason)
        sys.exit(NOT_READ)
