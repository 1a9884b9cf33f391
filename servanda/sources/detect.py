"""Detects the kind of a file by its content, never by its name, and refuses files that are not safe to read."""

import mmap
from enum import StrEnum
from itertools import islice
from pathlib import Path

from django.utils.formats import localize

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import archives, plain_text
from servanda.sources.candidates import Unreadable
from servanda.sources.documents import reader as document_reader
from servanda.sources.files import old_formats, pdf
from servanda.sources.files.pdf import AsksTooMuch
from servanda.sources.uhri import spreadsheet as uhri_xlsx
from servanda.sources.uhri.json_records import BYTE_ORDER_MARK, records
from servanda.sources.upr import thematic_list, working_group


class Shape(StrEnum):
    UHRI_JSON = "uhri-json"
    UHRI_XLSX = "uhri-xlsx"
    UHRI_API = "uhri-api"
    THEMATIC_LIST = "thematic-list"
    WORKING_GROUP = "working-group"  # a report or its addendum
    DOCUMENT = "document"  # of another body: a person checks it unit by unit before it is imported
    OLD_WORD = "doc"  # this and the next two are converted first, and then detected again
    OPEN_TEXT = "odt"
    RICH_TEXT = "rtf"
    SHEET = "sheet"  # any table, to be read through a mapping


TO_BE_CONVERTED = frozenset({Shape.OLD_WORD, Shape.OPEN_TEXT, Shape.RICH_TEXT})
MOST_BYTES = 600_000_000  # the full UHRI export has 400 MB and grows by some 20 a year
START = 4096
PDF_MARK_WITHIN = 1024
PDF_END_WITHIN = 4096
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RICH_TEXT = b"{\\rtf"
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
KEYS_OF_EXPORT = {"AnnotationId", "AnnotationType", "Text", "Countries", "Symbol"}
KEYS_OF_API = {"annotationId", "countryIds", "themesIds", "bodyId", "numberInDocument"}
TELLING_KEYS = 2
RECORDS_LOOKED_AT = 1000
MOST_CONTROL_CHARACTERS = 0.1


def detect(path: Path) -> Shape:
    """The shape of the file. Raises `Unreadable`, with what to do next, for unknown or unsafe files."""
    start = checked_start(path)
    if b"%PDF-" in start[:PDF_MARK_WITHIN]:
        refuse_closed_pdf(path)
        return shape_of_document(path)
    if start.startswith(b"PK"):
        return shape_of_archive(path)
    if start.startswith(OLD_OFFICE):
        return shape_of_old_office(path)
    if start.lstrip().startswith(RICH_TEXT):
        return to_be_converted(path, Shape.RICH_TEXT)
    if start.startswith(IMAGES):
        message = _("%(file)s is a picture. Send the document itself, or a text made from it.")
        raise Unreadable(message % {"file": path.name})
    return shape_of_text(path, start)


def checked_start(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MOST_BYTES:
        message = _("%(file)s has %(size)s MB; at most %(most)s MB can be read. Split it.")
        values = {"file": path.name, "size": localize(size // 1_000_000), "most": MOST_BYTES // 1_000_000}
        raise Unreadable(message % values)
    with path.open("rb") as file:
        start = file.read(START)
    if not start.removeprefix(BYTE_ORDER_MARK).strip(b" \t\r\n\x00"):
        raise Unreadable(_("%(file)s is empty. Send it again.") % {"file": path.name})
    return start


def refuse_closed_pdf(path: Path) -> None:
    """Raises `Unreadable` for incomplete PDFs and for those that need a password. Many UN documents are encrypted
    only to prevent editing, and open without one."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        complete = content.find(b"%%EOF", max(0, len(content) - PDF_END_WITHIN)) >= 0
        encrypted = content.find(b"/Encrypt") >= 0
    if not complete:
        message = _("%(file)s is incomplete. Download it again.")
        raise Unreadable(message % {"file": path.name})
    if encrypted:
        try:
            pdf.pages(path)
        except AsksTooMuch:
            raise
        except Unreadable as error:
            message = _("%(file)s is protected by a password. Save it without a password and send it again.")
            raise Unreadable(message % {"file": path.name}) from error


def shape_of_old_office(path: Path) -> Shape:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        streams = {name: content.find(name.encode("utf-16-le")) >= 0 for name in ("EncryptedPackage", "WordDocument")}
    if streams["EncryptedPackage"]:
        message = _("%(file)s is protected by a password. Save it without a password and send it again.")
        raise Unreadable(message % {"file": path.name})
    if streams["WordDocument"]:
        return to_be_converted(path, Shape.OLD_WORD)
    message = _("%(file)s is an old Excel or Office file. Open it and save it as XLSX or DOCX.")
    raise Unreadable(message % {"file": path.name})


def to_be_converted(path: Path, shape: Shape) -> Shape:
    """The shape; raises `Unreadable` where no program can convert it or the file is too large."""
    if path.stat().st_size > archives.MOST_BYTES:
        raise Unreadable(_("%(file)s is too large for a document of this kind.") % {"file": path.name})
    if old_formats.program() is None:
        raise Unreadable(old_formats.not_installed(path.name))
    return shape


def shape_of_document(path: Path) -> Shape:
    return Shape.DOCUMENT if document_reader.recognise(path) else Shape.WORKING_GROUP


def shape_of_archive(path: Path) -> Shape:
    names = archives.names_inside(path)
    if "word/document.xml" in names:
        return Shape.THEMATIC_LIST if thematic_list.recognise(path) else shape_of_document(path)
    if "xl/workbook.xml" in names:
        return Shape.UHRI_XLSX if uhri_xlsx.recognise(path) else Shape.SHEET
    media_type = archives.media_type(path) if "content.xml" in names else ""
    if media_type.endswith("opendocument.spreadsheet"):
        archives.refuse_vast_sheets(path)
        return Shape.SHEET
    if media_type.endswith("opendocument.text"):
        return to_be_converted(path, Shape.OPEN_TEXT)
    message = _(
        "%(file)s contains other files, or is of a type that cannot be read. Send a DOCX, XLSX, ODS or PDF file."
    )
    raise Unreadable(message % {"file": path.name})


def shape_of_text(path: Path, start: bytes) -> Shape:
    text = start.removeprefix(BYTE_ORDER_MARK).lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        message = _("%(file)s is a web page or a text with mark-up. Download the data file, or save it as DOCX.")
        raise Unreadable(message % {"file": path.name})
    if text.startswith((b"[", b"{")):
        return shape_of_json(path)
    encoding = plain_text.encoding_of(path)
    if encoding.startswith("utf-16") and start.decode(encoding, "replace").lstrip("\ufeff \r\n").startswith(
        ("[", "{")
    ):
        message = _("%(file)s is JSON in UTF-16. Save it in UTF-8.")
        raise Unreadable(message % {"file": path.name})
    if is_text(start, encoding):
        if plain_text.separator_of(path, encoding):
            return Shape.SHEET
        if working_group.recognise(path):
            return Shape.WORKING_GROUP
        if document_reader.recognise(path):
            return Shape.DOCUMENT
    message = _("%(file)s is of a type that cannot be read. Send a JSON, XLSX, ODS, CSV, DOCX or PDF file.")
    raise Unreadable(message % {"file": path.name})


def is_text(start: bytes, encoding: str) -> bool:
    text = start.decode(encoding, "replace")
    control = sum(not sign.isprintable() and not sign.isspace() for sign in text)
    return control <= len(text) * MOST_CONTROL_CHARACTERS


def shape_of_json(path: Path) -> Shape:
    """The shape by the keys of the first record; raises `Unreadable` where these are unknown."""
    for record in islice(records(path), RECORDS_LOOKED_AT):
        if isinstance(record, dict):
            for shape, keys in ((Shape.UHRI_JSON, KEYS_OF_EXPORT), (Shape.UHRI_API, KEYS_OF_API)):
                if len(keys & record.keys()) >= TELLING_KEYS:
                    return shape
            break
    message = _("%(file)s is JSON, but does not contain UHRI records. Save the data as CSV or XLSX.")
    raise Unreadable(message % {"file": path.name})
