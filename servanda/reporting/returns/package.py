"""The parts of a Word file that came back. Files that are not safe to read are refused, with the cause.

Nothing of the file is stored but the texts that are read in it, without control characters.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _

from servanda.kit.clean_files.parts import NotCleaned, parsed
from servanda.kit.files import archives
from servanda.kit.refusal import Unreadable

MOST_XML = 40_000_000  # bytes of one part: a report with an annex of 1,000 rows has 6 million
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # DOC, and every encrypted file of Word
TYPES, MAIN = "[Content_Types].xml", "officeDocument"
STRICT = "http://purl.oclc.org/ooxml/"
ALWAYS = {"styles", "numbering", "endnotes", "footnotes", "comments", "header", "footer"}


@dataclass
class Package:
    """The XML of a Word file: the body, and the parts that belong to it, by the kind of their relation."""

    body: Any
    parts: dict[str, list[Any]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)  # addresses of the web by the key of their relation
    properties: Any = None

    def part(self, kind: str) -> Any:
        """The first part of a kind, or an empty one."""
        return next(iter(self.parts.get(kind, ())), ())


def opened(path: Path) -> Package:
    """Raises `Unreadable` with the cause if it is not a Word file that can be read safely."""
    refuse_other_files(path)
    names = archives.names_inside(path)
    try:
        with ZipFile(path) as file:
            if TYPES not in names:
                raise Unreadable(damaged(path))
            refuse_programs(file, names, path)
            return package_of(file, names, path)
    except (*archives.DAMAGE, NotCleaned, OSError, KeyError) as problem:
        raise Unreadable(damaged(path)) from problem


def refuse_other_files(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_OFFICE:
        sentence = _(
            "%(file)s is in the old format of Word, or protected by a password. Save it as DOCX without a password."
        )
        raise Unreadable(sentence % {"file": path.name})
    if not start.startswith(b"PK"):
        raise Unreadable(_("%(file)s is not a Word file. Save it as DOCX.") % {"file": path.name})


def refuse_programs(file: ZipFile, names: set[str], path: Path) -> None:
    types = " ".join(row.get("ContentType", "").lower() for row in parsed(file.read(TYPES)))
    has_programs = "macroenabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names)
    if has_programs:
        raise Unreadable(_("%(file)s contains macros. Save it as DOCX, without macros.") % {"file": path.name})


def package_of(file: ZipFile, names: set[str], path: Path) -> Package:
    of_package = {kind: target for kind, target, _key, _out in relations(file, names, "")}
    main = of_package.get(MAIN, "")
    package = Package(body_of(xml_of(file, main, path), path) if main in names else None)
    if package.body is None:
        raise Unreadable(_("%(file)s is not a Word file. Save it as DOCX.") % {"file": path.name})
    for kind, target, key, is_outside in relations(file, names, main):
        if is_outside:
            package.links[key] = target
        elif kind in ALWAYS and target in names:
            package.parts.setdefault(kind, []).append(xml_of(file, target, path))
    if (properties := of_package.get("custom-properties", "")) in names:
        package.properties = xml_of(file, properties, path)
    return package


def body_of(root: Any, path: Path) -> Any:
    if root.tag.startswith(f"{{{STRICT}"):
        sentence = _("%(file)s was saved as “Strict Open XML”. Save it as “Word document (DOCX)”.")
        raise Unreadable(sentence % {"file": path.name})
    return root.find("{*}body")


def relations(file: ZipFile, names: set[str], source: str) -> Iterator[tuple[str, str, str, bool]]:
    """Kind, target, key, and whether the target is outside of the file."""
    folder, name = posixpath.split(source)
    place = posixpath.join(folder, "_rels", f"{name}.rels")
    if place not in names:
        return
    for row in parsed(file.read(place)):
        target, is_outside = row.get("Target", ""), row.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        yield row.get("Type", "").rpartition("/")[2], target, row.get("Id", ""), is_outside


def xml_of(file: ZipFile, name: str, path: Path) -> Any:
    if file.getinfo(name).file_size > MOST_XML:
        size = file.getinfo(name).file_size // 1_000_000
        sentence = _("%(file)s has a text of %(size)d MB and was not opened. Split the document.")
        raise Unreadable(sentence % {"file": path.name, "size": size})
    return parsed(file.read(name))


def damaged(path: Path) -> str:
    return _("%(file)s is damaged or incomplete. Open it in Word, save it again, and send that file.") % {
        "file": path.name
    }
