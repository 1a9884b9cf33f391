"""Shared by all formats: reasons for not cleaning a file, archives, XML, addresses, descriptions."""

import re
import zipfile
import zlib
from collections.abc import Iterable
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

MOST_UNPACKED = 300_000_000
ENCRYPTED = 0x1
NOT_CLEANED = 3  # exit code of the process when it prints the reason
NO_DATE = (1980, 1, 1, 0, 0, 0)
WEB = re.compile(r"(?i)\s*(https?|mailto):")
PATH = re.compile(r"[\\/]|\.\w{2,5}\s*$")  # a place on a disk, or the name of a file


class Reason(StrEnum):
    DAMAGED = "damaged"
    LOCKED = "locked"
    EMBEDDED = "embedded"  # a file inside the file, or a program
    PICTURE = "picture"  # a kind of picture that is not known here
    UNKNOWN = "unknown"
    TOO_LARGE = "too-large"


class NotCleaned(Exception):
    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason


def read_archive(path: Path) -> dict[str, bytes]:
    """Raises `NotCleaned` where it is damaged, locked or too large, or where two parts have the same name, because
    programs differ in which of the two they show."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            if any(part.flag_bits & ENCRYPTED for part in parts):
                raise NotCleaned(Reason.LOCKED)
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise NotCleaned(Reason.TOO_LARGE)
            if len({part.filename.lower() for part in parts}) < len(parts):
                raise NotCleaned(Reason.DAMAGED)
            return {part.filename: archive.read(part) for part in parts}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as problem:
        raise NotCleaned(Reason.DAMAGED) from problem


def written_archive(parts: Iterable[tuple[str, bytes]], *, stored: tuple[str, ...] = ()) -> bytes:
    """Without dates, comments and extra fields."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, NO_DATE)
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return content.getvalue()


def parsed(data: bytes) -> Any:
    """The root, without comments and processing instructions.

    Raises `NotCleaned` for invalid XML and for any document type, because entities in one could expand without limit.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise NotCleaned(Reason.DAMAGED) from problem
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise NotCleaned(Reason.DAMAGED)
    return root


def xml_of(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: Any) -> str:
    return etree.QName(element).localname


def namespace(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def drop(element: Any) -> None:
    """Remove the element but keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)


def is_web_address(address: str) -> bool:
    return bool(WEB.match(address))


def is_file_name(description: str) -> bool:
    """Some programs write the path of a picture where its description belongs."""
    return bool(PATH.search(description))
