"""What the families of formats share: why a file is not cleaned, archives, XML, addresses, descriptions."""

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
NOT_CLEANED = 3  # the code with which the process ends when it says why
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
    """Raises `NotCleaned` where it is damaged, locked or too large, and where two parts have the same name: programs
    differ in which of the two they show."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = [part for part in archive.infolist() if not part.is_dir()]
            if any(part.flag_bits & ENCRYPTED for part in found):
                raise NotCleaned(Reason.LOCKED)
            if sum(part.file_size for part in found) > MOST_UNPACKED:
                raise NotCleaned(Reason.TOO_LARGE)
            if len({part.filename.lower() for part in found}) < len(found):
                raise NotCleaned(Reason.DAMAGED)
            return {part.filename: archive.read(part) for part in found}
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
    """The root, without comments and instructions; a document type, in which entities swell, is refused."""
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
    """The element, and not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def is_web_address(address: str) -> bool:
    return bool(WEB.match(address))


def is_file_name(description: str) -> bool:
    """Programs write the path of a picture where its description belongs."""
    return bool(PATH.search(description))
