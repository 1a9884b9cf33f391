"""Detect the kind of a file by its content; the extension of its name has to match."""

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from servanda.kit.files import archives
from servanda.kit.files.downloads import TYPES
from servanda.kit.refusal import Refused, Unreadable
from servanda.progress.evidence.office_files import LIST_OF_TYPES, address_to_load, has_macros
from servanda.sources.printed.texts import clean_label

MOST_PIXELS = 50_000_000
MOST_SCANS = 50  # of a JPEG file: programs write ten, and each takes the time of the whole picture
SCAN = b"\xff\xda"  # the compressed data has no such pair of bytes
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
MARKUP = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "<head", "<body", "<iframe")
TEXT = 1_000_000


class FileKind(NamedTuple):
    mime: str
    endings: tuple[str, ...]


PDF = FileKind(TYPES["pdf"], (".pdf",))
PNG = FileKind("image/png", (".png",))
JPEG = FileKind("image/jpeg", (".jpg", ".jpeg"))
DOCX = FileKind(TYPES["docx"], (".docx",))
XLSX = FileKind(TYPES["xlsx"], (".xlsx",))
ODT = FileKind(f"{OPEN_DOCUMENT}text", (".odt",))
ODS = FileKind(f"{OPEN_DOCUMENT}spreadsheet", (".ods",))
CSV = FileKind("text/csv", (".csv",))
TXT = FileKind("text/plain", (".txt",))
KINDS = (PDF, DOCX, XLSX, ODT, ODS, PNG, JPEG, CSV, TXT)
ACCEPTED = ",".join(ending for kind in KINDS for ending in kind.endings)


def kind_of(path: Path, name: str) -> FileKind:
    """The kind of the file. Raises `Refused` if it is not accepted, or if its name ends otherwise."""
    with path.open("rb") as file:
        start = file.read(8)
    ending = Path(name).suffix.lower()
    kind = by_signature(path, start, name) or by_text(path, ending)
    if kind is None:
        raise Refused(
            _("The format of %(file)s is not accepted. Accepted formats: %(kinds)s.")
            % {"file": name, "kinds": allowed()}
        )
    if ending not in kind.endings:
        sentence = _("The name of %(file)s does not match its content. Rename it to end in %(ending)s.")
        raise Refused(sentence % {"file": name, "ending": kind.endings[0]})
    return kind


def allowed() -> str:
    return ", ".join(kind.endings[0].lstrip(".").upper() for kind in KINDS)


def by_signature(path: Path, start: bytes, name: str) -> FileKind | None:
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    return by_parts(path, name) if start.startswith(b"PK\x03\x04") else None


def by_parts(path: Path, name: str) -> FileKind | None:
    """The kind of an office file, which is an archive. Raises `Refused` if it is unsafe to unpack, or would run or
    load something when it is opened."""
    try:
        parts = archives.names_inside(path)
        media_type = archives.media_type(path)
        if is_program(parts) or (LIST_OF_TYPES in parts and has_macros(path)):
            raise Refused(_("%(file)s contains macros. Save it without macros, then send it again.") % {"file": name})
        address = address_to_load(path) if LIST_OF_TYPES in parts else ""
    except Unreadable as problem:
        sentence = _("%(file)s was not saved: it is damaged, password-protected, or too large when unpacked.")
        raise Refused(sentence % {"file": name}) from problem
    if address:
        sentence = _(
            "%(file)s loads “%(address)s” when it is opened. Remove that template or object, then send it again."
        )
        raise Refused(sentence % {"file": name, "address": clean_label(address)[:100]})
    if LIST_OF_TYPES in parts:
        if "word/document.xml" in parts:
            return DOCX
        return XLSX if "xl/workbook.xml" in parts else None
    return {ODT.mime: ODT, ODS.mime: ODS}.get(media_type)


def is_program(parts: set[str]) -> bool:
    return any(
        part.endswith((".bin", ".exe", ".dll", ".js", ".vbs")) and "vba" in part for part in map(str.lower, parts)
    )


def by_text(path: Path, ending: str) -> FileKind | None:
    """Text must be valid UTF-8, have the right ending, and not be markup that a browser would run."""
    kind = next((kind for kind in (CSV, TXT) if ending in kind.endings), None)
    if kind is None:
        return None
    with path.open(encoding="utf-8-sig") as file:
        try:
            start = file.read(TEXT)
            more = start
            while more:
                if "\0" in more:
                    return None
                more = file.read(TEXT)
        except UnicodeDecodeError:
            return None
    return None if start.lstrip().lower().startswith(MARKUP) else kind


def without_metadata(path: Path, kind: FileKind, name: str) -> bytes | None:
    """A picture saved again without its metadata (place, time, camera); None if it is no picture.

    Raises `Refused` if it cannot be read, or has too many pixels or scans.
    """
    if kind not in (PNG, JPEG):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if kind is JPEG and path.read_bytes().count(SCAN) > MOST_SCANS:
                raise ValueError("too many scans")
            with Image.open(path, formats=[kind.mime.partition("/")[2].upper()]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValueError("too many pixels")
                return redrawn(picture, kind)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as problem:
        sentence = _("%(file)s cannot be read as an image or is too large. Save it again, then send it.")
        raise Refused(sentence % {"file": name}) from problem


def redrawn(picture: Image.Image, kind: FileKind) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    modes: dict[FileKind, Callable[[str], str]] = {
        JPEG: lambda mode: mode if mode in ("L", "RGB", "CMYK") else "RGB",
        PNG: lambda mode: mode if mode in ("1", "L", "LA", "P", "RGB", "RGBA") else "RGBA",
    }
    plain = upright.convert(modes[kind](upright.mode))
    plain.info = {key: value for key, value in plain.info.items() if key == "transparency"}
    drawn = BytesIO()
    plain.save(drawn, format="JPEG" if kind is JPEG else "PNG", **({"quality": 90} if kind is JPEG else {}))
    return drawn.getvalue()
