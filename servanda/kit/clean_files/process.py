"""A process that cleans one file and exits; `apart` starts it with limits.

It imports nothing else of Servanda, so that it starts fast. Where it cannot clean the file, it prints the reason.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from servanda.kit.clean_files.parts import NOT_CLEANED, NotCleaned, Reason

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ODT, ODS = f"{OPEN_DOCUMENT}text", f"{OPEN_DOCUMENT}spreadsheet"


def cleaned(path: str, mime: str) -> bytes:
    clean = cleaner_of(mime)
    try:
        return clean(Path(path))
    except (MemoryError, RecursionError) as problem:
        raise NotCleaned(Reason.TOO_LARGE) from problem


def cleaner_of(mime: str) -> Callable[[Path], bytes]:
    """Imports only what this format needs: loading a library takes longer than cleaning most files."""
    if mime == "application/pdf":
        from servanda.kit.clean_files import pdf_files

        return pdf_files.cleaned
    if mime == f"{OFFICE}wordprocessingml.document":
        from servanda.kit.clean_files import words

        return words.cleaned
    if mime == f"{OFFICE}spreadsheetml.sheet":
        from servanda.kit.clean_files import sheets

        return sheets.cleaned
    if mime in (ODT, ODS):
        from servanda.kit.clean_files import open_document

        return partial(open_document.cleaned, mime=mime)
    raise NotCleaned(Reason.UNKNOWN)


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(cleaned(*sys.argv[1:]))
    except NotCleaned as problem:
        sys.stdout.write(problem.reason)
        sys.exit(NOT_CLEANED)
