"""DOCX and XLSX: a package rebuilt from the parts that are on a list, under names of our own."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from lxml import etree

from servanda.kit.clean_files import pictures
from servanda.kit.clean_files.parts import (
    NotCleaned,
    Reason,
    drop,
    is_file_name,
    is_web_address,
    local,
    namespace,
    parsed,
    read_archive,
    written_archive,
    xml_of,
)

KNOWN = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/office/",
    "urn:schemas-microsoft-com:",
    "http://www.w3.org/XML/",
)
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STAY_WITHOUT_TARGET = {"blip", "imagedata", "hyperlink"}
DESCRIBED = {"docPr", "cNvPr"}
CONTENT_TYPE = re.compile(r"[a-z]*/?[a-zA-Z0-9.+-]*")
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Rules:
    folder: str
    main: str  # by this name programs tell what kind of file it is
    main_type: str
    kinds: frozenset[str]  # what a kept part may point to, by the last word of the relationship
    implied: frozenset[str]  # those to which no attribute points
    last: frozenset[str]  # looked at when all others were
    clean: Callable[["Kept", dict[str, Any]], None]


@dataclass
class Kept:
    source: str
    name: str
    kind: str
    content_type: str
    relations: list[tuple[str, str, "Kept | str"]] = field(default_factory=list)  # a text is an address outside
    root: Any = None  # of XML
    data: bytes = b""  # of a picture


def cleaned_package(path: Path, rules: Rules) -> bytes:
    parts = {name.lstrip("/"): data for name, data in read_archive(path).items()}
    types = content_types(parts)
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types.values()):
        raise NotCleaned(Reason.EMBEDDED)
    kept = list(walked(parts, types, rules))
    return written_archive([*frame(kept), *written(kept)])


def content_types(parts: dict[str, bytes]) -> dict[str, str]:
    if "[Content_Types].xml" not in parts:
        raise NotCleaned(Reason.DAMAGED)
    root = parsed(parts["[Content_Types].xml"])
    found = {one.get("PartName", "").lstrip("/").lower(): one.get("ContentType", "") for one in root}
    if any(not CONTENT_TYPE.fullmatch(kind) for kind in found.values()):
        raise NotCleaned(Reason.DAMAGED)
    return found


def walked(parts: dict[str, bytes], types: dict[str, str], rules: Rules) -> Iterator[Kept]:
    main = [target for _id, kind, target, is_outside in relations(parts, "") if kind == "officeDocument"]
    if len(main) != 1:
        raise NotCleaned(Reason.DAMAGED)
    first = Kept(main[0], f"{rules.folder}/{rules.main}", "officeDocument", rules.main_type)
    waiting, found, context = [first], {main[0]: first}, dict[str, Any]()
    while waiting:
        waiting.sort(key=lambda one: one.kind in rules.last)
        kept = waiting.pop(0)
        read(kept, parts, rules, context)
        if kept.root is not None:
            waiting += pointed_to(kept, parts, types, rules, found)
        yield kept


def read(kept: Kept, parts: dict[str, bytes], rules: Rules, context: dict[str, Any]) -> None:
    if kept.source not in parts:
        raise NotCleaned(Reason.DAMAGED)
    data = parts[kept.source]
    if kept.kind == "image":
        ending, kept.data = pictures.cleaned(data)
        kept.name = f"{kept.name.rpartition('.')[0]}.{ending}"
        return
    kept.root = parsed(data)
    forget_strange(kept.root)
    rules.clean(kept, context)
    forget_descriptions(kept.root)
    etree.strip_elements(kept.root, "{*}extLst", with_tail=False)
    forget_declarations(kept.root)


def relations(parts: dict[str, bytes], source: str) -> Iterator[tuple[str, str, str, bool]]:
    """Name, kind, target, and whether the target is outside."""
    folder, name = posixpath.split(source)
    data = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if data is None:
        return
    for one in parsed(data).iter(f"{{{RELATIONS}}}Relationship"):
        target, is_outside = one.get("Target", ""), one.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", folder, unquote(target.partition("#")[0]))).lstrip("/")
        yield one.get("Id", ""), one.get("Type", "").rpartition("/")[2], target, is_outside


def pointed_to(
    kept: Kept, parts: dict[str, bytes], types: dict[str, str], rules: Rules, found: dict[str, Kept]
) -> list[Kept]:
    """New parts behind this one; its own pointers get names of ours, and those to what is left out are taken away."""
    pointers = [(one, name) for one in kept.root.iter() for name in one.attrib if name.startswith(RELATED)]
    used = {one.get(name) for one, name in pointers}
    new, names = [], dict[str, str]()
    for key, kind, target, is_outside in relations(parts, kept.source):
        if kind not in rules.kinds or not (key in used or kind in rules.implied):
            continue
        if is_outside and not (kind == "hyperlink" and is_web_address(target)):
            continue
        if not is_outside and target not in found:
            is_first = kind in rules.implied and all(one.kind != kind for one in found.values())
            name = f"{rules.folder}/{kind}{'' if is_first else len(found)}.xml"  # some readers know fixed names only
            found[target] = Kept(target, name, kind, types.get(target.lower(), ""))
            new.append(found[target])
        names[key] = f"rId{len(names) + 1}"
        kept.relations.append((names[key], kind, target if is_outside else found[target]))
    for one, name in pointers:
        point_anew(one, name, names)
    return new


def point_anew(element: Any, name: str, names: dict[str, str]) -> None:
    if new := names.get(element.get(name) or ""):
        element.set(name, new)
        return
    del element.attrib[name]
    points_on = any(other.startswith(RELATED) for other in element.attrib) or element.get("location")
    if local(element) not in STAY_WITHOUT_TARGET and not points_on:
        drop(element)


def forget_strange(root: Any) -> None:
    """What is in no namespace of the format is of some program, and nobody knows what it holds."""
    for element in [*root.iter(etree.Element)]:
        if not namespace(element.tag).startswith(KNOWN):
            drop(element)
            continue
        for name in element.attrib:
            if name.startswith("{") and not namespace(name).startswith(KNOWN):
                del element.attrib[name]


def forget_descriptions(root: Any) -> None:
    """Names of pictures and shapes are those of files; a description stays if it is one."""
    for element in root.iter(etree.Element):
        if local(element) in DESCRIBED:
            element.set("name", local(element))
            element.attrib.pop("title", None)
            if is_file_name(element.get("descr") or ""):
                del element.attrib["descr"]
        elif local(element) in ("hlinkClick", "hlinkHover"):
            element.attrib.pop("tooltip", None)
        elif namespace(element.tag).startswith("urn:schemas-microsoft-com:"):
            element.attrib.pop("{urn:schemas-microsoft-com:office:office}title", None)
            if is_file_name(element.get("alt") or ""):
                del element.attrib["alt"]


def forget_declarations(root: Any) -> None:
    """Prefixes that nothing needs; one that may be ignored has to be declared."""
    known = {prefix for prefix, uri in root.nsmap.items() if prefix and uri.startswith(KNOWN)}
    for element in root.iter(etree.Element):
        element.attrib.pop(f"{COMPATIBILITY}ProcessContent", None)
        if ignorable := element.get(f"{COMPATIBILITY}Ignorable"):
            element.set(f"{COMPATIBILITY}Ignorable", " ".join(one for one in ignorable.split() if one in known))
    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(known))


def frame(kept: list[Kept]) -> Iterator[tuple[str, bytes]]:
    """What each part is, and which of them is read first."""
    lines = ['<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>']
    lines += ['<Default Extension="xml" ContentType="application/xml"/>']
    lines += [f'<Default Extension="{ending}" ContentType="image/{ending}"/>' for ending in ("jpeg", "png")]
    for one in kept:
        if one.root is not None:
            lines.append(f'<Override PartName="/{one.name}" ContentType={quoteattr(one.content_type)}/>')
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    yield "[Content_Types].xml", f'{HEAD}<Types xmlns="{types}">{"".join(lines)}</Types>'.encode()
    yield "_rels/.rels", relations_file([("rId1", "officeDocument", kept[0])])


def written(kept: list[Kept]) -> Iterator[tuple[str, bytes]]:
    for one in kept:
        yield one.name, one.data if one.root is None else xml_of(one.root)
        if one.relations:
            folder, name = posixpath.split(one.name)
            yield f"{folder}/_rels/{name}.rels", relations_file(one.relations)


def relations_file(relations: list[tuple[str, str, Kept | str]]) -> bytes:
    lines = []
    for key, kind, target in relations:
        if isinstance(target, str):
            where = f'Target={quoteattr(target)} TargetMode="External"'
        else:
            where = f'Target="/{target.name}"'
        lines.append(f'<Relationship Id="{key}" Type="{TYPE}{kind}" {where}/>')
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'.encode()
