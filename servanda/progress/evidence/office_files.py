"""What an office file would run or fetch when it is opened: macros, and templates and objects from the web."""

import re
from pathlib import Path
from zipfile import ZipFile

from servanda.kit.clean_files.parts import NotCleaned, parsed
from servanda.kit.files import archives

LIST_OF_TYPES = "[Content_Types].xml"
PROGRAMS = ("macroenabled", "vbaproject", "macrosheet")  # in the content type of a part, which may have any name
# Kinds of relations whose target is opened with the file. Pictures from the web are not among them: texts copied from
# web pages have them, and they run nothing. Workbooks ask before they read others.
OPENED = ("/attachedTemplate", "/aFChunk", "/control", "/frame", "/oleObject", "/package", "/subDocument")
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]+):", re.IGNORECASE)  # two letters or more: one is a disk
MOST_BYTES = 20_000_000  # of all lists of relations


def has_macros(path: Path) -> bool:
    """Raises `Unreadable` where the list of types is damaged."""
    types = (row.get("ContentType", "").lower() for row in rows(path, [LIST_OF_TYPES]))
    return any(program in kind for kind in types for program in PROGRAMS)


def address_to_load(path: Path) -> str:
    """The first address of the web that the file opens by itself; empty if there is none.

    Templates on a disk or in the network of an office are common and stay. Raises `Unreadable` where the file is
    damaged.
    """
    with ZipFile(path) as file:
        lists = [part for part in file.infolist() if part.filename.lower().endswith(".rels")]
    if sum(part.file_size for part in lists) > MOST_BYTES:
        raise archives.damaged(path.name)
    for row in rows(path, [part.filename for part in lists]):
        target = row.get("Target", "")
        scheme = SCHEME.match(target)
        is_opened = row.get("TargetMode") == "External" and row.get("Type", "").endswith(OPENED)
        if is_opened and scheme and scheme[1].lower() != "file":
            return target.strip()
    return ""


def rows(path: Path, names: list[str]) -> list:
    """The elements of these parts, in one list."""
    try:
        with ZipFile(path) as file:
            return [row for name in names for row in parsed(file.read(name))]
    except (*archives.DAMAGE, NotCleaned, KeyError) as problem:
        raise archives.damaged(path.name) from problem
