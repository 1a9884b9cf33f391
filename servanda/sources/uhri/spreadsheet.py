"""The spreadsheet of the Universal Human Rights Index: 16 columns, two of them misspelt, with lists in cells."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files.workbook import Cell, as_line, load, sheet_rows
from servanda.sources.candidates import Candidate, Problem, Unreadable
from servanda.sources.uhri import json_export as uhri_json

COLUMNS = {
    "Text": "Text",
    "Countries Concerned": "Countries",
    "Recommending Body": "Body",
    "Document Symbol": "Symbol",
    "Themes": "Themes",
    "Affected Persons": "AffectedPersons",
    "Sdgs": "Sdgs",
    "Document Publication Date": "PublicationDate",
    "UPR Recommending States": "UprRecommendingCountry",
    "UPR Position": "UprPositions",
    "Type": "AnnotationType",
    "OHCHR Annotation Id": "AnnotationId",
    "UPR Session": "UprSession",
    "Date of publication on UHRI": "PublicationDateOnUhri",
    "Regions Concerned": "Regions",
    "Recommending Regions": "UprRecommendingRegions",
}
UNREAD = {"Regions", "UprRecommendingRegions"}  # they can be derived from the States
TELLING = 8  # known headers in one row that identify a UHRI export; no other sheet has half as many
HEADER_WITHIN = 10  # rows; people put a title above a table, but rarely a page
MOST_CHARACTERS = 32_767  # Excel silently truncates cells at this length


def read(path: Path) -> Iterator[Candidate]:
    """One candidate for each row that is not empty; `where` is the row as the spreadsheet program numbers it."""
    book = load(path)
    rows = sheet_rows(book, book.sheet_names[0], path.name)
    columns = header(rows, path.name)
    count = 0
    for number, row in rows:
        if any(cell not in ("", None) for cell in row):
            count += 1
            yield candidate(number, row, columns)
    if not count:
        raise Unreadable(_("%(file)s contains no records.") % {"file": path.name})


def recognise(path: Path) -> bool:
    """Whether this is the original export; with added columns it is a sheet to be mapped."""
    book = load(path)
    rows = islice(sheet_rows(book, book.sheet_names[0], path.name), HEADER_WITHIN)
    head = next((row for _number, row in rows if known_headers(row) >= TELLING), ())
    return bool(head) and all(key_of(cell) for cell in head if str(cell or "").strip())


def known_headers(row: Sequence[Cell]) -> int:
    return len(set(filter(None, map(key_of, row))))


def header(rows: Iterator[tuple[int, Sequence[Cell]]], name: str) -> dict[str, int]:
    """Key -> index of its column, from the first row that looks like the header. Raises `Unreadable`."""
    for number, row in rows:
        if known_headers(row) >= TELLING:
            keys = [key_of(cell) for cell in row]
            refuse_incomplete(keys, name)
            return {key: place for place, key in enumerate(keys) if key}
        if number >= HEADER_WITHIN:
            break
    raise Unreadable(_("%(file)s has no row with the column names of a UHRI export.") % {"file": name})


def refuse_incomplete(keys: list[str], name: str) -> None:
    missing = [title for title, key in COLUMNS.items() if key not in keys and key not in UNREAD]
    doubled = [title for title, key in COLUMNS.items() if keys.count(key) > 1]
    if missing:
        values = {"file": name, "columns": ", ".join(missing)}
        raise Unreadable(_("%(file)s lacks these columns: %(columns)s. Download it again.") % values)
    if doubled:
        values = {"file": name, "columns": ", ".join(doubled)}
        raise Unreadable(_("%(file)s has these columns twice: %(columns)s. Remove one of each pair.") % values)


def key_of(cell: Cell) -> str:
    """The key of the JSON export for a header, whatever its spelling ("Reccomending Body")."""
    close = get_close_matches(folded(str(cell or "")), FOLDED_COLUMNS, n=1, cutoff=0.9)
    return FOLDED_COLUMNS[close[0]] if close else ""


def folded(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.casefold())


FOLDED_COLUMNS = {folded(title): key for title, key in COLUMNS.items()}


def candidate(number: int, row: Sequence[Cell], columns: dict[str, int]) -> Candidate:
    record = {key: row[place] for key, place in columns.items() if place < len(row)}
    row_candidate = uhri_json.candidate(record, _("row %(number)s") % {"number": number}, as_line(row))
    if len(str(record.get("Text") or "")) >= MOST_CHARACTERS:
        message = _("The spreadsheet has cut this text at %(limit)s characters.") % {"limit": MOST_CHARACTERS}
        row_candidate.problems.append(Problem("Text", message, fatal=False))
    return row_candidate
