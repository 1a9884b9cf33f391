"""ODT and ODS: the text and its styles, with the pictures that they show; nothing else of the file."""

from pathlib import Path
from typing import Any

from lxml import etree

from servanda.kit.clean_files import pictures
from servanda.kit.clean_files.parts import (
    NotCleaned,
    Reason,
    is_file_name,
    is_web_address,
    namespace,
    parsed,
    read_archive,
    written_archive,
    xml_of,
)

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, OFFICE, TABLE, DRAW = (f"{{{ODF}{name}:1.0}}" for name in ("text", "office", "table", "drawing"))
FORM, MANIFEST = f"{{{ODF}form:1.0}}", f"{{{ODF}manifest:1.0}}"
HREF = "{http://www.w3.org/1999/xlink}href"
KNOWN: tuple[str, ...] = (
    ODF,
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998",
    "http://www.w3.org/1998/Math",
)
KNOWN += ("urn:org:documentfoundation:names:experimental:",)
KNOWN += ("http://openoffice.org/2009/office", "http://openoffice.org/2009/table", "http://openoffice.org/2010/draw")
FORGOTTEN = [f"{TEXT}{name}" for name in ("tracked-changes", "change", "change-start", "change-end")]
FORGOTTEN += [f"{TEXT}{name}" for name in ("author-name", "author-initials", "creator", "initial-creator")]
FORGOTTEN += [f"{TEXT}{name}" for name in ("printed-by", "file-name", "template-name", "dde-connection-decls")]
FORGOTTEN += [f"{TEXT}{name}" for name in ("user-defined", "database-display", "database-name", "script")]
FORGOTTEN += [f"{OFFICE}{name}" for name in ("annotation", "annotation-end", "scripts", "event-listeners", "meta")]
FORGOTTEN += [f"{OFFICE}{name}" for name in ("forms", "dde-source", "change-info", "settings")]
FORGOTTEN += [f"{TABLE}{name}" for name in ("tracked-changes", "table-source", "cell-range-source", "scenario")]
FORGOTTEN += [f"{TABLE}{name}" for name in ("dde-links", "consolidation", "database-ranges", "detective")]
FORGOTTEN += [f"{DRAW}control"]
FORGOTTEN += ["{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}font-face-src"]
UNLINKED = [f"{TEXT}{name}" for name in ("title", "subject", "keywords", "description", "modification-date")]
UNLINKED += [f"{TEXT}{name}" for name in ("modification-time", "creation-date", "creation-time", "print-date")]
UNLINKED += [f"{TEXT}{name}" for name in ("print-time", "editing-cycles", "editing-duration", "placeholder")]
EMBEDDED = [f"{DRAW}{name}" for name in ("object", "object-ole", "plugin", "applet", "floating-frame")]
EMBEDDED += [f"{OFFICE}binary-data"]
SENDER = f"{TEXT}sender-"
STYLES = "styles.xml"


def cleaned(path: Path, mime: str) -> bytes:
    parts = read_archive(path)
    if is_locked(parts):
        raise NotCleaned(Reason.LOCKED)
    if "content.xml" not in parts:
        raise NotCleaned(Reason.DAMAGED)
    shown: dict[str, tuple[str, bytes]] = {}
    files = [("mimetype", mime.encode())]
    for name in ("content.xml", STYLES):
        if name in parts:
            root = parsed(parts[name])
            clean(root, parts, shown)
            files.append((name, xml_of(root)))
    files += shown.values()
    return written_archive([*files, ("META-INF/manifest.xml", manifest(mime, files[1:]))], stored=("mimetype",))


def is_locked(parts: dict[str, bytes]) -> bool:
    if "META-INF/manifest.xml" not in parts:
        return False
    root = parsed(parts["META-INF/manifest.xml"])
    return next(root.iter(f"{MANIFEST}encryption-data"), None) is not None


def clean(root: Any, parts: dict[str, bytes], shown: dict[str, tuple[str, bytes]]) -> None:
    strange = {element.tag for element in root.iter(etree.Element) if not namespace(element.tag).startswith(KNOWN)}
    senders = {element.tag for element in root.iter(etree.Element) if element.tag.startswith(SENDER)}
    etree.strip_elements(root, *FORGOTTEN, *strange, *senders, with_tail=False)
    etree.strip_tags(root, *UNLINKED)
    if next(root.iter(*EMBEDDED), None) is not None:
        raise NotCleaned(Reason.EMBEDDED)
    for element in root.iter(etree.Element):
        forget_attributes(element)
        describe(element)
        if HREF in element.attrib:
            point(element, parts, shown)
    etree.cleanup_namespaces(root)


def forget_attributes(element: Any) -> None:
    for name in element.attrib:
        word = etree.QName(name).localname
        is_strange = name.startswith("{") and not namespace(name).startswith(KNOWN)
        is_trace = word.endswith("rsid") or word in ("protection-key",)
        points_out = name == f"{TABLE}formula" and ("file:" in element.get(name) or "://" in element.get(name))
        if is_strange or is_trace or points_out:
            del element.attrib[name]


def describe(element: Any) -> None:
    """The name of a picture is often that of its file. A description stays unless it is a file name as well."""
    if namespace(element.tag) == DRAW[1:-1]:
        element.attrib.pop(f"{DRAW}name", None)
    if element.tag.endswith(("svg-compatible:1.0}title", "svg-compatible:1.0}desc")):
        element.text = None if is_file_name(element.text or "") else element.text


def point(element: Any, parts: dict[str, bytes], shown: dict[str, tuple[str, bytes]]) -> None:
    """Keep addresses of web pages and places in the text, take pictures along, and remove every other target."""
    target = element.get(HREF).removeprefix("./")
    if target.startswith("#") or is_web_address(target):
        return
    if target not in parts or not target.startswith("Pictures/"):
        del element.attrib[HREF]
        return
    if target not in shown:
        ending, data = pictures.cleaned(parts[target])
        shown[target] = (f"Pictures/{len(shown) + 1}.{ending}", data)
    element.set(HREF, shown[target][0])
    for name in ("mime-type", "filter-name"):
        for space in (DRAW, "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"):
            element.attrib.pop(f"{space}{name}", None)


def manifest(mime: str, files: list[tuple[str, bytes]]) -> bytes:
    root = etree.Element(f"{MANIFEST}manifest", nsmap={"manifest": MANIFEST[1:-1]})
    root.set(f"{MANIFEST}version", "1.2")
    types = {"xml": "text/xml", "png": "image/png", "jpeg": "image/jpeg"}
    for name, kind in [("/", mime), *((name, types[name.rpartition(".")[2]]) for name, _data in files)]:
        entry = etree.SubElement(root, f"{MANIFEST}file-entry")
        entry.set(f"{MANIFEST}full-path", name)
        entry.set(f"{MANIFEST}media-type", kind)
    return xml_of(root)
