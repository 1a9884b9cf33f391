"""Checks of XLSX, ODS and DOCX before a parser opens them: they are ZIP archives, which may be zip bombs."""

import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from django.utils.formats import localize

from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Unreadable

MOST_BYTES = 60_000_000  # an office file is parsed in memory, where it takes several times its size
MOST_UNPACKED_BYTES = 300_000_000  # twice a sheet of 100,000 recommendations
MOST_RATIO = 150  # honest office files shrink to a tenth, tables of numbers to a fiftieth
MOST_DIRECTORY_BYTES = 2_000_000  # some 30,000 parts
END, LARGE_END, LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
END_BYTES, LARGE_END_BYTES = 22, 56 + 20  # the second with the locator behind it
LONGEST_END = END_BYTES + 65_535 + LARGE_END_BYTES  # with the longest comment
UNSUSPICIOUS_BYTES = 10_000_000  # a part of this size does no harm, whatever its compression ratio
MOST_CELLS = 6_000_000  # a sheet costs memory for every cell between its corners, filled or not
ENCRYPTED = 0x1
COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # office files know no others, nor do errors caught here
CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
PART = 1_000_000
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
LONGEST_ADDRESS = 64
DAMAGE = (zipfile.BadZipFile, ElementTree.ParseError, NotImplementedError, EOFError, ValueError, zlib.error)


def names_inside(path: Path) -> set[str]:
    """The names of an archive's parts; raises `Unreadable` where it is not safe to open."""
    if path.stat().st_size > MOST_BYTES:
        message = _(
            "%(file)s is too large for a document or workbook: at most %(most)d MB. Remove pictures, or split it."
        )
        raise Unreadable(message % {"file": path.name, "most": MOST_BYTES // 1_000_000})
    if size_of_directory(path) > MOST_DIRECTORY_BYTES:
        raise Unreadable(_("%(file)s has too many parts and was not opened.") % {"file": path.name})
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except DAMAGE as error:
        raise damaged(path.name) from error
    refuse_locked(parts, path.name)
    if any(part.compress_type not in COMPRESSIONS for part in parts):
        raise damaged(path.name)
    refuse_bomb(parts, path.name)
    return {part.filename for part in parts}


def size_of_directory(path: Path) -> int:
    """The bytes of the list of parts, as the end of the archive states them; 0 where it has no such end.

    `zipfile` reads the whole list at once and takes ten times its size for it.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LONGEST_END))
        end = file.read()
    is_bare = end[-END_BYTES:].startswith(END) and end.endswith(b"\0\0")  # without a comment, looked for first
    at = len(end) - END_BYTES if is_bare else end.rfind(END)
    if at < 0 or at + END_BYTES > len(end):
        return 0
    large = end[max(0, at - LARGE_END_BYTES) : at]  # of an archive in the ZIP64 format, with its locator
    is_large = large.startswith(LARGE_END) and large[56:].startswith(LOCATOR)
    size = large[40:48] if is_large else end[at + 12 : at + 16]
    return int.from_bytes(size, "little")


def damaged(name: str) -> Unreadable:
    return Unreadable(_("%(file)s is damaged or incomplete. Download it again.") % {"file": name})


def media_type(path: Path) -> str:
    """The media type that an OpenDocument file declares. Raises `Unreadable` where it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "mimetype" not in archive.namelist():
                return ""
            with archive.open("mimetype") as part:
                return part.read(100).decode("ascii", "ignore").strip()
    except DAMAGE as error:
        raise damaged(path.name) from error


def refuse_locked(parts: list[zipfile.ZipInfo], name: str) -> None:
    if any(part.flag_bits & ENCRYPTED for part in parts):
        message = _("%(file)s is protected by a password. Save it without a password and send it again.")
        raise Unreadable(message % {"file": name})


def refuse_bomb(parts: list[zipfile.ZipInfo], name: str) -> None:
    """Each part is checked alone: a picture that does not compress must not hide a text that expands enormously."""
    unpacked = sum(part.file_size for part in parts)
    swells = any(part.file_size > max(UNSUSPICIOUS_BYTES, part.compress_size * MOST_RATIO) for part in parts)
    if unpacked > MOST_UNPACKED_BYTES or swells:
        message = _("%(file)s unpacks to %(size)s MB and was not opened. Remove pictures, or split it.")
        raise Unreadable(message % {"file": name, "size": localize(unpacked // 1_000_000)})


def refuse_vast_sheets(path: Path) -> None:
    """Raises `Unreadable`: one cell in the last corner of a sheet would make a tiny workbook allocate 500 GB."""
    try:
        with zipfile.ZipFile(path) as archive:
            areas = [area(archive, part) for part in archive.infolist() if part.filename.startswith("xl/")]
            areas += [open_document_area(archive)] if "content.xml" in archive.namelist() else []
    except DAMAGE as error:
        message = _("%(file)s is damaged or incomplete. Download it again, or save it again as XLSX.")
        raise Unreadable(message % {"file": path.name}) from error
    if max(areas, default=0) > MOST_CELLS:
        message = _("A sheet of %(file)s spans more than %(most)s cells. Delete the empty cells around the table.")
        raise Unreadable(message % {"file": path.name, "most": localize(MOST_CELLS)})


def area(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """The number of cells in the rectangle around all cells of a sheet."""
    columns: set[bytes] = set()
    last_row, tail = 0, b""
    with archive.open(part) as sheet:
        while piece := sheet.read(PART):
            addresses = CELL.findall(tail + piece)
            columns.update(column for column, _row in addresses)
            last_row = max([last_row, *(int(row) for _column, row in addresses)])
            tail = piece[-LONGEST_ADDRESS:]
    return last_row * max(map(column_number, columns), default=0)


def open_document_area(archive: zipfile.ZipFile) -> int:
    """The same for ODS, where one cell or row may be repeated a million times; empty ones at the end do not count."""
    largest = row = column = last_row = last_column = 0
    row_is_filled = False
    with archive.open("content.xml") as content:
        for _event, element in ElementTree.iterparse(content):
            if element.tag == f"{TABLE}table-cell":
                column += int(element.get(f"{TABLE}number-columns-repeated", 1))
                if len(element):
                    last_column, row_is_filled = max(last_column, column), True
            elif element.tag == f"{TABLE}table-row":
                row += int(element.get(f"{TABLE}number-rows-repeated", 1))
                last_row = row if row_is_filled else last_row
                column, row_is_filled = 0, False
            elif element.tag == f"{TABLE}table":
                largest = max(largest, last_row * last_column)
                row = last_row = last_column = 0
            else:
                continue
            element.clear()
    return largest


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
