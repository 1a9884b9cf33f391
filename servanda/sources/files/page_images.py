"""Pages of a PDF as pictures, drawn when somebody looks at them."""

from pathlib import Path

from servanda.sources.files import pdf

WIDTH = 1000  # pixels: enough to read, small enough for a slow link
MOST_SCALE = 4.0
TALLEST = 8_000  # pixels: a page may say that it is a thousand kilometres long


def drawn(path: Path, number: int) -> bytes:
    """One page as PNG, in grey; `Unreadable` when the file has no such page."""
    most = {"scale": MOST_SCALE, "width": WIDTH, "height": TALLEST, "pixels": WIDTH * TALLEST}
    # A page of the desk shows several, and each takes a thread from everybody else for as long.
    seconds = pdf.MOST_SECONDS_OF_A_LOOK
    return pdf.picture(path, number, seconds=seconds, **most, optimize=True)
