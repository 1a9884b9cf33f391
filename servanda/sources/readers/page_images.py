"""Pages of a PDF as pictures, drawn when somebody looks at them."""

from io import BytesIO
from pathlib import Path

from servanda.sources.candidates import Unreadable
from servanda.sources.readers import pdf_lines

WIDTH = 1000  # pixels: enough to read, small enough for a slow link
MOST_SCALE = 4.0
TALLEST = 8_000  # pixels: a page may say that it is a thousand kilometres long


def drawn(path: Path, number: int) -> bytes:
    """One page as PNG, in grey; `Unreadable` when the file has no such page."""
    with pdf_lines.opened(path) as document:
        if not 1 <= number <= len(document):
            raise Unreadable(str(number))
        page = document[number - 1]
        scale = min(MOST_SCALE, WIDTH / max(1.0, page.get_width()), TALLEST / max(1.0, page.get_height()))
        try:
            picture = page.render(scale=scale, grayscale=True).to_pil()
        except ValueError as problem:  # nothing is left of it at this scale
            raise Unreadable(str(number)) from problem
        content = BytesIO()
        picture.save(content, "PNG", optimize=True)
        return content.getvalue()
