"""Cleans a file in a process of its own: one that takes too much memory or time is killed and the file refused."""

import sys
from pathlib import Path
from tempfile import gettempdir
from threading import BoundedSemaphore

from django.utils.translation import gettext as _

import servanda
from servanda.kit.clean_files.parts import NOT_CLEANED, NotCleaned, Reason
from servanda.kit.files.programs import Bounds, TookTooLong, run_within
from servanda.kit.refusal import Refused

BOUNDS = Bounds(seconds=60, memory=1_500_000_000, file_size=300_000_000)
PROCESS = "servanda.kit.clean_files.process"  # a name, not an import: its libraries are not loaded into this process
AT_ONCE = BoundedSemaphore(2)  # the machine has enough memory for two processes, however many people send files
ROOT = Path(servanda.__file__).parents[1]
PLAIN = frozenset({"text/csv", "text/plain"})  # they hold nothing but their text
DRAWN_ANEW = frozenset({"image/png", "image/jpeg"})  # every place that receives pictures re-encodes them anyway


def cleaned(path: Path, mime: str, name: str) -> bytes:
    """The file without properties, comments, tracked changes and former versions; its text stays the same.

    Raises `Refused`, with what to do next, where the file cannot be cleaned.
    """
    if mime in PLAIN or mime in DRAWN_ANEW:
        return path.read_bytes()
    try:
        return cleaned_apart(path, mime)
    except NotCleaned as problem:
        raise Refused(sentence_of(problem.reason, name)) from problem


def cleaned_apart(path: Path, mime: str) -> bytes:
    """The same for a caller that has sentences of its own. Raises `NotCleaned` with the reason."""
    # -P: with -m alone, Python looks for modules first in the working directory, to which everyone can write.
    program = [sys.executable, "-P", "-m", PROCESS, str(path.resolve()), mime]
    try:
        with AT_ONCE:
            ended = run_within(program, BOUNDS, folder=Path(gettempdir()), env={"PYTHONPATH": str(ROOT)})
    except TookTooLong as problem:
        raise NotCleaned(Reason.TOO_LARGE) from problem
    if ended.code == NOT_CLEANED:
        raise NotCleaned(Reason(ended.output.decode()))
    if ended.code:
        raise NotCleaned(Reason.DAMAGED)
    return ended.output


def sentence_of(reason: Reason, name: str) -> str:
    sentences = {
        Reason.DAMAGED: _(
            "Personal details cannot be removed from %(file)s: it is damaged. "
            "Save it as PDF without properties and send it again."
        ),
        Reason.LOCKED: _(
            "Personal details cannot be removed from %(file)s: it is encrypted. "
            "Save it as PDF without a password and without properties, and send it again."
        ),
        Reason.EMBEDDED: _(
            "Personal details cannot be removed from %(file)s: it contains other files or programs. "
            "Save it as PDF without properties and send it again."
        ),
        Reason.PICTURE: _(
            "Personal details cannot be removed from %(file)s: it contains images of an unsupported type. Save "
            "it as PDF without properties and send it again."
        ),
        Reason.UNKNOWN: _(
            "Personal details cannot be removed from %(file)s: its format is not supported. Save it as PDF "
            "without properties and send it again."
        ),
        Reason.TOO_LARGE: _(
            "Personal details cannot be removed from %(file)s: it is too large. "
            "Split it, save it as PDF without properties and send it again."
        ),
    }
    return sentences[reason] % {"file": name}
