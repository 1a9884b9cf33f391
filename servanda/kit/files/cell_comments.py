"""Comments on the cells of a workbook: the notes and threads of XLSX, and the annotations of ODS."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from servanda.kit.files.cell_colours import MAIN, PACKAGE, PLACE, column_number, part_of

MOST_BYTES = 30_000_000  # of the XML of one part
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet of Excel
MOST, LONGEST, LONGEST_AUTHOR = 2_000, 4_000, 100  # comments of a sheet, characters of one and of its author
THREADS = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
DAMAGE = (ElementTree.ParseError, ValueError, KeyError, zipfile.BadZipFile, zlib.error)


class CellComment(NamedTuple):
    row: int  # from 1
    column: int  # from 0
    author: str
    text: str


def cell_comments(path: Path, sheet: str) -> list[CellComment]:
    """In the order of their cells; none of a text file. Expects a workbook that `archives` has checked.

    What cannot be read counts as none.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            is_opendocument = "content.xml" in archive.namelist()
            found = of_opendocument(archive, sheet) if is_opendocument else of_xlsx(archive, sheet)
            return sorted(tidied(found))[:MOST]
    except DAMAGE:
        return []


def tidied(comments: Iterable[CellComment]) -> Iterator[CellComment]:
    for row, column, author, text in comments:
        if words := text.replace("\0", "").strip():
            yield CellComment(row, column, " ".join(author.split())[:LONGEST_AUTHOR], words[:LONGEST])


def of_xlsx(archive: zipfile.ZipFile, sheet: str) -> Iterator[CellComment]:
    """A thread also leaves a note for older programs, which is passed over."""
    part = part_of(archive, sheet)
    if part is None:
        return
    targets = related(archive, part)
    threads = [comment for name in targets.get("threadedComment", []) for comment in of_threads(archive, name)]
    yield from threads
    threaded = {comment[:2] for comment in threads}
    for name in targets.get("comments", []):
        yield from (comment for comment in of_notes(archive, name) if comment[:2] not in threaded)


def related(archive: zipfile.ZipFile, part: str) -> dict[str, list[str]]:
    """The parts that belong to a sheet, by the last word of their type."""
    folder, name = posixpath.split(part)
    relations = parsed(archive, f"{folder}/_rels/{name}.rels")
    found: dict[str, list[str]] = {}
    for relation in relations.iter(f"{PACKAGE}Relationship") if relations is not None else ():
        target = relation.get("Target", "")
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        found.setdefault(relation.get("Type", "").rpartition("/")[2], []).append(place)
    return found


def parsed(archive: zipfile.ZipFile, part: str) -> ElementTree.Element | None:
    if part not in archive.namelist() or archive.getinfo(part).file_size > MOST_BYTES:
        return None
    return ElementTree.fromstring(archive.read(part))


def of_notes(archive: zipfile.ZipFile, part: str) -> Iterator[CellComment]:
    root = parsed(archive, part)
    if root is None:
        return
    authors = [author.text or "" for author in root.iter(f"{MAIN}author")]
    for note in root.iter(f"{MAIN}comment"):
        number = int(note.get("authorId", "-1"))
        text = "".join(part.text or "" for part in note.iter(f"{MAIN}t"))
        author = authors[number] if 0 <= number < len(authors) else ""
        yield from at_place(note.get("ref", ""), author, text.removeprefix(f"{author}:") if author else text)


def of_threads(archive: zipfile.ZipFile, part: str) -> Iterator[CellComment]:
    root, persons = parsed(archive, part), parsed(archive, "xl/persons/person.xml")
    if root is None:
        return
    rows = persons if persons is not None else ()
    names = {row.get("id"): row.get("displayName", "") for row in rows}
    for comment in root.iter(f"{THREADS}threadedComment"):
        text = comment.findtext(f"{THREADS}text", "")
        yield from at_place(comment.get("ref", ""), names.get(comment.get("personId"), ""), text)


def at_place(reference: str, author: str, text: str) -> Iterator[CellComment]:
    match = PLACE.fullmatch(reference)
    if match and int(match[2]) <= MOST_ROWS and (column := column_number(match[1])) < MOST_COLUMNS:
        yield CellComment(int(match[2]), column, author, text)


def of_opendocument(archive: zipfile.ZipFile, sheet: str) -> Iterator[CellComment]:
    root = parsed(archive, "content.xml")
    for table in root.iter(f"{TABLE}table") if root is not None else ():
        if table.get(f"{TABLE}name") == sheet:
            yield from of_rows(table)


def of_rows(table: ElementTree.Element) -> Iterator[CellComment]:
    number = 1
    for row in table.iter(f"{TABLE}table-row"):
        column = 0
        for cell in row:
            for note in cell.findall(f"{OFFICE}annotation"):
                text = "\n".join("".join(line.itertext()) for line in note.findall(f"{TEXT}p"))
                yield CellComment(number, column, note.findtext(CREATOR, ""), text)
            column += int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        number += int(row.get(f"{TABLE}number-rows-repeated", "1"))
