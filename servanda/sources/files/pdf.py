"""Reads PDFs in a process of its own: a tiny file may expand to more than the memory of any machine, and a bug of the
library may crash its process. Then only that file is refused.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir
from threading import BoundedSemaphore

import servanda
from servanda.kit.database.sentences import gettext as _
from servanda.kit.files.programs import Bounds, TookTooLong, run_within
from servanda.sources.candidates import Unreadable
from servanda.sources.files import pdf_process
from servanda.sources.files.pdf_lines import Reason, Row

MOST_MEMORY = 1_500_000_000
MOST_SAID = 100_000_000
MOST_SECONDS = 30  # for one page, or for the lines of the first pages
MOST_SECONDS_ON_A_PAGE = 10  # a person is waiting for a page
WIDTH = 1000  # pixels: enough to read, small enough for a slow link
MOST_SCALE = 4.0
TALLEST = 8_000  # pixels: a page can claim to be a thousand kilometres long
AT_ONCE = BoundedSemaphore(2)  # the machine has enough memory for two processes, however many people send files
ROOT = Path(servanda.__file__).parents[1]


class AsksTooMuch(Unreadable):
    """Reading took too long or crashed the process; callers must not try again with another reader."""


def pages(path: Path) -> int:
    """The number of pages. Raises `Unreadable`."""
    return int(run_reader(path, "pages", {}))


def lines(path: Path, *, first: int = 0, most: int = 0, seconds: int = MOST_SECONDS) -> tuple[list[Row], int]:
    """Text, page, "small print at the foot", bold, left and right edge and foot of every line, and the number of
    pages.

    No lines are returned for more pages than `most`; `first` limits reading to the first pages. Raises `Unreadable`.
    """
    reply = json.loads(run_reader(path, "lines", {"first": first, "most": most}, seconds=seconds))
    return [(*row,) for row in reply["lines"]], reply["pages"]


def is_scan(path: Path, *, first: int) -> bool:
    """Whether there are pages but no text on the first ones. Raises `Unreadable`."""
    return run_reader(path, "scan", {"first": first}, seconds=MOST_SECONDS_ON_A_PAGE) == b"yes"


def picture(path: Path, number: int, *, seconds: int, **most: float) -> bytes:
    """One page as greyscale PNG, limited by `scale`, `width`, `height` and `pixels`. Raises `Unreadable`."""
    return run_reader(path, "picture", {"number": number, **most}, seconds=seconds)


def run_reader(path: Path, question: str, arguments: Mapping[str, float], *, seconds: int = MOST_SECONDS) -> bytes:
    # -P: with -m alone, Python looks for modules first in the working directory, to which everyone can write.
    python = [sys.executable, "-P", "-m", pdf_process.__name__]
    program = [*python, str(path.resolve()), question, json.dumps(dict(arguments))]
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
            "%(file)s could not be read: it needs too much memory or is damaged. Print it to a new PDF, or "
            "send it as DOCX."
        )
        raise AsksTooMuch(sentence % {"file": path.name})
    return ended.output


def sentence_of(reason: Reason, path: Path) -> str:
    sentences = {
        Reason.DAMAGED: _("%(file)s is damaged or incomplete. Download it again."),
        Reason.LOCKED: _("%(file)s is protected by a password. Send it without a password."),
        Reason.NO_PAGE: _("%(file)s does not have this page."),
        Reason.TOO_LONG: _("%(file)s takes too long to be read. Split it, or save it again as DOCX."),
        Reason.NO_TEXT: _(
            "%(file)s contains only images of pages, no text. Send a version with text, or enter the contents "
            "yourself."
        ),
    }
    return sentences[reason] % {"file": path.name}


def drawn(path: Path, number: int) -> bytes:
    """One page as greyscale PNG for the browser. Raises `Unreadable` where there is no such page."""
    most = {"scale": MOST_SCALE, "width": WIDTH, "height": TALLEST, "pixels": WIDTH * TALLEST}
    # A page of the desk shows several, and each occupies a thread for this long.
    seconds = MOST_SECONDS_ON_A_PAGE
    return picture(path, number, seconds=seconds, **most, optimize=True)
