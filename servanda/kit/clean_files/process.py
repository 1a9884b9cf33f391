"""A process that cleans one file and exits; `apart` starts it with limits.

It imports nothing else of Servanda, so that it starts fast. Where it cannot clean the file, it prints the reason.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from servanda.kit.clean_files import open_document, pdf_files, sheets, words
from servanda.kit.clean_files.parts import NOT_CLEANED, NotCleaned, Reason

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ODT, ODS = f"{OPEN_DOCUMENT}text", f"{OPEN_DOCUMENT}spreadsheet"
CLEANERS: dict[str, Callable[[Path], bytes]] = {
    "application/pdf": pdf_files.cleaned,
    f"{OFFICE}wordprocessingml.document": words.cleaned,
    f"{OFFICE}spreadsheetml.sheet": sheets.cleaned,
    ODT: partial(open_document.cleaned, mime=ODT),
    ODS: partial(open_document.cleaned, mime=ODS),
}


def cleaned(path: str, mime: str) -> bytes:
    if mime not in CLEANERS:
        raise NotCleaned(Reason.UNKNOWN)
    try:
        return CLEANERS[mime](Path(path))
    except (MemoryError, RecursionError) as problem:
        raise NotCleaned(Reason.TOO_LARGE) from problem


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(cleaned(*sys.argv[1:]))
    except NotCleaned as problem:
        sys.stdout.write(problem.reason)
        sys.exit(NOT_CLEANED)
