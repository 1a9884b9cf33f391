"""A Word file whose fields are filled in, as parts to which the blocks of a report are added under free numbers."""

import posixpath
from copy import deepcopy
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from servanda.kit.clean_files.parts import parsed, written_archive, xml_of
from servanda.kit.files.word_package import (
    CORE,
    CUSTOM,
    HEAD,
    MAIN,
    NAMESPACES,
    PACKAGE,
    RELATIONS,
    TYPE,
    Properties,
    core_properties,
    custom_properties,
)
from servanda.reporting.documents import word_frame
from servanda.reporting.documents.word_blocks import BlockWriter

W = f"{{{MAIN}}}"
REL = f"{{{PACKAGE}/relationships}}"
TYPES = f"{{{PACKAGE}/content-types}}"
DOCUMENT, LIST_OF_TYPES, LINKS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
STYLED = ("pStyle", "rStyle", "tblStyle")
IN_STYLE = ("basedOn", "next", "link")
BEHIND_ENDNOTES = ("compat", "themeFontLang", "clrSchemeMapping", "decimalSymbol", "listSeparator")


class FilledPackage:
    def __init__(self, content: bytes) -> None:
        with ZipFile(BytesIO(content)) as file:
            self.parts = {name: file.read(name) for name in file.namelist()}
        self.document = parsed(self.parts[DOCUMENT])
        self.body = self.document.find(f"{W}body")
        self.types = parsed(self.parts[LIST_OF_TYPES])
        self.links = parsed(self.parts.get(LINKS) or f'<Relationships xmlns="{PACKAGE}/relationships"/>'.encode())
        self.roots: dict[str, Any] = {}  # of the parts that are changed, by their kind
        self.keys: dict[tuple[str, str], str] = {}
        self.pictures = 0
        self.numbers = self.notes = 0  # what is added to the numbers of lists and endnotes

    # What is there

    @property
    def beside_body(self) -> str:
        """The XML of headers, footers and notes."""
        texts = [part for name, part in self.parts.items() if name.endswith(".xml") and name != DOCUMENT]
        return b"".join(texts).decode()

    @property
    def last_picture(self) -> int:
        return self.last_id(DRAWN, "id")

    def last_id(self, tag: str, name: str, root: Any = None) -> int:
        values = [element.get(name, "") for element in (self.document if root is None else root).iter(tag)]
        return max((int(value) for value in values if value.isdecimal()), default=0)

    def part(self, kind: str, empty: str) -> Any:
        """The part of a kind to which the text refers; a new one where it has none."""
        if kind not in self.roots:
            name = self.name_of(kind)
            if name is None:
                name = f"word/{kind}.xml"
                self.parts[name] = empty.encode()
                self.relate(kind, f"/{name}")
                etree.SubElement(self.types, f"{TYPES}Override", PartName=f"/{name}", ContentType=type_of(kind))
            self.roots[kind] = parsed(self.parts[name])
        return self.roots[kind]

    def name_of(self, kind: str) -> str | None:
        for link in self.links:
            if link.get("Type", "").rpartition("/")[2] == kind and link.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/word", link.get("Target"))).lstrip("/")
        return None

    # What blocks refer to

    def add_picture(self, content: bytes) -> str:
        self.pictures += 1
        name = f"word/media/report{self.pictures}.png"
        self.parts[name] = content
        return self.relate("image", f"/{name}")

    def add_link(self, address: str) -> str:
        return self.relate("hyperlink", address, is_external=True)

    def relate(self, kind: str, target: str, *, is_external: bool = False) -> str:
        if (kind, target) not in self.keys:
            key = self.keys[kind, target] = f"rIdReport{len(self.keys) + 1}"
            link = etree.SubElement(
                self.links, f"{REL}Relationship", Id=key, Type=f"{RELATIONS}/{kind}", Target=target
            )
            if is_external:
                link.set("TargetMode", "External")
        return self.keys[kind, target]

    # What is added

    def prepare(self, writer: BlockWriter) -> None:
        """Add the lists and endnotes of the report, and have its styles at hand."""
        self.styles = StyleMap(self.part("styles", writer.styles), parsed(writer.styles.encode()))
        self.add_lists(parsed(writer.numbering.encode()))
        notes = parsed(writer.endnotes().encode())
        if len(notes) > 2:  # beside the two separators
            self.add_endnotes(notes)

    def add_lists(self, ours: Any) -> None:
        theirs = self.part("numbering", f'<w:numbering xmlns:w="{MAIN}"/>')
        self.numbers = self.last_id(f"{W}num", f"{W}numId", theirs)
        shapes = self.last_id(f"{W}abstractNum", f"{W}abstractNumId", theirs)
        at = len(theirs.findall(f"{W}abstractNum"))
        end = at + len(theirs.findall(f"{W}num"))
        for shape in ours.findall(f"{W}abstractNum"):
            raise_number(shape, f"{W}abstractNumId", shapes)
            theirs.insert(at, shape)
            at, end = at + 1, end + 1
        for number in ours.findall(f"{W}num"):
            raise_number(number, f"{W}numId", self.numbers)
            raise_number(number.find(f"{W}abstractNumId"), f"{W}val", shapes)
            theirs.insert(end, number)
            end += 1

    def add_endnotes(self, ours: Any) -> None:
        empty = f'<w:endnotes xmlns:w="{MAIN}">{word_frame.SEPARATORS}</w:endnotes>'
        theirs = self.part("endnotes", empty)
        self.notes = self.last_id(f"{W}endnote", f"{W}id", theirs)
        for note in ours[2:]:
            raise_number(note, f"{W}id", self.notes)
            self.restyle(note)
            theirs.append(note)
        settings = self.part("settings", f'<w:settings xmlns:w="{MAIN}"/>')
        if settings.find(f"{W}endnotePr") is None:
            frame = parsed(word_frame.settings("", "").encode())
            behind = [element for name in BEHIND_ENDNOTES for element in settings.iter(f"{W}{name}")]
            at = min((settings.index(element) for element in behind), default=len(settings))
            settings.insert(at, frame.find(f"{W}endnotePr"))

    def elements(self, xml: str) -> list[Any]:
        """Blocks with the numbers and styles that they have in this file."""
        root = parsed(f"<w:body {NAMESPACES}>{xml}</w:body>".encode())
        for number in root.iter(f"{W}numId"):
            raise_number(number, f"{W}val", self.numbers)
        for mark in root.iter(f"{W}endnoteReference"):
            raise_number(mark, f"{W}id", self.notes)
        self.restyle(root)
        return list(root)

    def restyle(self, root: Any) -> None:
        for element in root.iter(*(f"{W}{name}" for name in STYLED)):
            element.set(f"{W}val", self.styles.key_of(element.get(f"{W}val")))

    # The file

    def written(self, properties: Properties) -> bytes:
        for kind, root in self.roots.items():
            self.parts[self.name_of(kind) or ""] = xml_of(root)
        etree.cleanup_namespaces(self.document, keep_ns_prefixes=[key for key in self.document.nsmap if key])
        self.parts[DOCUMENT], self.parts[LINKS] = xml_of(self.document), xml_of(self.links)
        self.add_properties(properties)
        self.parts[LIST_OF_TYPES] = xml_of(self.types)
        first = (LIST_OF_TYPES, "_rels/.rels")
        return written_archive([(name, self.parts[name]) for name in (*first, *sorted({*self.parts} - {*first}))])

    def add_properties(self, properties: Properties) -> None:
        links = parsed(self.parts["_rels/.rels"])
        added = [("core", f"{PACKAGE}/relationships/metadata/core-properties", CORE, core_properties(properties))]
        if properties.copy:
            custom = custom_properties(properties.copy)
            added.append(("custom", f"{RELATIONS}/custom-properties", CUSTOM, custom))
        for name, relation, kind, xml in added:
            self.parts[f"docProps/{name}.xml"] = (HEAD + xml).encode()
            target = f"docProps/{name}.xml"
            etree.SubElement(links, f"{REL}Relationship", Id=f"rIdOf{name}", Type=relation, Target=target)
            etree.SubElement(self.types, f"{TYPES}Override", PartName=f"/{target}", ContentType=kind)
        self.parts["_rels/.rels"] = xml_of(links)


class StyleMap:
    """The styles of the report in the template: those of the same name and type, or added ones."""

    def __init__(self, theirs: Any, ours: Any) -> None:
        self.theirs = theirs
        self.ours = {style.get(f"{W}styleId"): style for style in ours.iter(f"{W}style")}
        self.known = {name_of(style): style.get(f"{W}styleId") for style in theirs.iter(f"{W}style")}
        self.used = {*self.known.values()}

    def key_of(self, key: str) -> str:
        style = self.ours[key]
        if (name := name_of(style)) not in self.known:
            self.add(style, key)
        return self.known[name]

    def add(self, style: Any, key: str) -> None:
        new = key if key not in self.used else f"Report{key}"
        self.known[name_of(style)] = new
        self.used.add(new)
        copied = deepcopy(style)
        copied.set(f"{W}styleId", new)
        copied.attrib.pop(f"{W}default", None)
        for link in copied.iter(*(f"{W}{name}" for name in IN_STYLE)):
            link.set(f"{W}val", self.key_of(link.get(f"{W}val")))
        self.theirs.append(copied)


def name_of(style: Any) -> tuple[str, str]:
    name = style.find(f"{W}name")
    return style.get(f"{W}type", ""), ("" if name is None else name.get(f"{W}val", "")).lower()


def raise_number(element: Any, name: str, by: int) -> None:
    element.set(name, str(int(element.get(name)) + by))


def type_of(kind: str) -> str:
    return f"{TYPE}.{kind}+xml"
