"""A process that cleans one file and exits; `apart` starts it with limits.

It imports nothing else of Servanda, so that it starts fast. Where it cannot clean the file, it prints the reason.
"""

import sys
from importlib import import_module
from pathlib import Path

from servanda.kit.clean_files.parts import NOT_CLEANED, NotCleaned, Reason

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ODT, ODS = f"{OPEN_DOCUMENT}text", f"{OPEN_DOCUMENT}spreadsheet"
# The module of each format. It alone is imported: loading a library takes longer than cleaning most files.
CLEANERS = {
    "application/pdf": "pdf_files",
    f"{OFFICE}wordprocessingml.document": "words",
    f"{OFFICE}spreadsheetml.sheet": "sheets",
    ODT: "open_document",
    ODS: "open_document",
}


def cleaned(path: str, mime: str) -> bytes:
    if mime not in CLEANERS:
        raise NotCleaned(Reason.UNKNOWN)
    cleaner = import_module(f"servanda.kit.clean_files.{CLEANERS[mime]}")
    options = {"mime": mime} if mime in (ODT, ODS) else {}
    try:
        content: bytes = cleaner.cleaned(Path(path), **options)
    except (MemoryError, RecursionError) as problem:
        raise NotCleaned(Reason.TOO_LARGE) from problem
    return content


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(cleaned(*sys.argv[1:]))
    except NotCleaned as problem:
        sys.stdout.write(problem.reason)
        sys.exit(NOT_CLEANED)
