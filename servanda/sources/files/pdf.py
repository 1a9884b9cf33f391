"""A PDF, read by a process of its own: two thousand bytes may swell to what no machine holds, and a fault of the
library ends its process. Then one file is refused, and nobody else waits for their page.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir
from threading import BoundedSemaphore

from django.utils.translation import gettext as _

import servanda
from servanda.kit.files.programs import Bounds, TookTooLong, run_within
from servanda.sources.candidates import Unreadable
from servanda.sources.files import pdf_process
from servanda.sources.files.pdf_lines import Reason, Row

MOST_MEMORY = 1_500_000_000
MOST_SAID = 100_000_000
MOST_SECONDS = 30  # for one page, or for the lines of the first
MOST_SECONDS_OF_A_LOOK = 10  # somebody waits for the page that shows what is found
WIDTH = 1000  # pixels: enough to read, small enough for a slow link
MOST_SCALE = 4.0
TALLEST = 8_000  # pixels: a page may say that it is a thousand kilometres long
AT_ONCE = BoundedSemaphore(2)  # so much memory is there twice, however many ask
ROOT = Path(servanda.__file__).parents[1]


class AsksTooMuch(Unreadable):
    """It does not end, or ends what reads it: nobody should try again with another reader."""


def pages(path: Path) -> int:
    """How many there are; `Unreadable` where it is damaged or locked."""
    return int(asked(path, "pages", {}))


def lines(path: Path, *, first: int = 0, most: int = 0, seconds: int = MOST_SECONDS) -> tuple[list[Row], int]:
    """Text, page, "small print at the foot", bold, left and right edge and foot of every line, and how many pages
    there are; no line where there are more pages than `most`. `first` limits it to the first pages."""
    answer = json.loads(asked(path, "lines", {"first": first, "most": most}, seconds=seconds))
    return [(*row,) for row in answer["lines"]], answer["pages"]


def is_scan(path: Path, *, first: int) -> bool:
    """Whether there are pages, and no letter on the first of them."""
    return asked(path, "scan", {"first": first}, seconds=MOST_SECONDS_OF_A_LOOK) == b"yes"


def picture(path: Path, number: int, *, seconds: int, **most: float) -> bytes:
    """One page as PNG, in grey, within `scale`, `width`, `height` and `pixels`; `Unreadable` where there is none."""
    return asked(path, "picture", {"number": number, **most}, seconds=seconds)


def asked(path: Path, question: str, told: Mapping[str, float], *, seconds: int = MOST_SECONDS) -> bytes:
    # -P: with -m alone the folder where it starts, in which everybody writes, is where it looks for modules first.
    python = [sys.executable, "-P", "-m", pdf_process.__name__]
    program = [*python, str(path.resolve()), question, json.dumps(dict(told))]
    bounds = Bounds(seconds=seconds, memory=MOST_MEMORY, file_size=MOST_SAID)
    try:
        with AT_ONCE:
            ended = run_within(program, bounds, folder=Path(gettempdir()), env={"PYTHONPATH": str(ROOT)})
    except TookTooLong as problem:
        raise AsksTooMuch(sentence_of(Reason.TOO_LONG, path)) from problem
    if ended.code == pdf_process.NOT_READ:
        raise Unreadable(sentence_of(Reason(ended.output.decode()), path))
    if ended.code:
        sentence = _(
            "%(file)s could not be read: it asks for more memory than a document needs, or is damaged. "
            "Please print it into a new PDF, or send it as DOCX."
        )
        raise AsksTooMuch(sentence % {"file": path.name})
    return ended.output


def sentence_of(reason: Reason, path: Path) -> str:
    sentences = {
        Reason.DAMAGED: _("%(file)s is damaged or incomplete. Please download it again."),
        Reason.LOCKED: _("%(file)s is protected by a password. Please send it without."),
        Reason.NO_PAGE: _("%(file)s has no such page."),
        Reason.TOO_LONG: _("%(file)s takes too long to be read. Please split it, or save it again as DOCX."),
        Reason.NO_TEXT: _("%(file)s has no text, only pictures of pages. Please send a version with text."),
    }
    return sentences[reason] % {"file": path.name}


def drawn(path: Path, number: int) -> bytes:
    """One page as PNG, in grey; `Unreadable` when the file has no such page."""
    most = {"scale": MOST_SCALE, "width": WIDTH, "height": TALLEST, "pixels": WIDTH * TALLEST}
    # A page of the desk shows several, and each takes a thread from everybody else for as long.
    seconds = MOST_SECONDS_OF_A_LOOK
    return picture(path, number, seconds=seconds, **most, optimize=True)
