"""DOCX and XLSX: a package rebuilt from the parts on an allow-list, under names of our own."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

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
    main: str  # programs recognise the kind of file by this name
    main_type: str
    kinds: frozenset[str]  # what a kept part may point to, by the last word of the relationship
    implied: frozenset[str]  # those to which no attribute points
    last: frozenset[str]  # cleaned after all others
    clean: Callable[["Part", dict[str, Any]], None]


@dataclass
class Part:
    source: str
    name: str
    kind: str
    content_type: str
    relations: list[tuple[str, str, "Part | str"]] = field(default_factory=list)  # a text is an address outside
    root: Any = None  # of XML
    data: bytes = b""  # of a picture


def cleaned_package(path: Path, rules: Rules) -> bytes:
    parts = {name.lstrip("/"): data for name, data in read_archive(path).items()}
    types = content_types(parts)
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types.values()):
        raise NotCleaned(Reason.EMBEDDED)
    cleaned_parts = list(reachable_parts(parts, types, rules))
    return written_archive([*package_files(cleaned_parts), *part_files(cleaned_parts)])


def content_types(parts: dict[str, bytes]) -> dict[str, str]:
    if "[Content_Types].xml" not in parts:
        raise NotCleaned(Reason.DAMAGED)
    root = parsed(parts["[Content_Types].xml"])
    types = {override.get("PartName", "").lstrip("/").lower(): override.get("ContentType", "") for override in root}
    if any(not CONTENT_TYPE.fullmatch(kind) for kind in types.values()):
        raise NotCleaned(Reason.DAMAGED)
    return types


def reachable_parts(parts: dict[str, bytes], types: dict[str, str], rules: Rules) -> Iterator[Part]:
    main = [target for _id, kind, target, is_outside in relations(parts, "") if kind == "officeDocument"]
    if len(main) != 1:
        raise NotCleaned(Reason.DAMAGED)
    first = Part(main[0], f"{rules.folder}/{rules.main}", "officeDocument", rules.main_type)
    waiting, parts_by_target, context = [first], {main[0]: first}, dict[str, Any]()
    while waiting:
        waiting.sort(key=lambda part: part.kind in rules.last)
        part = waiting.pop(0)
        read_part(part, parts, rules, context)
        if part.root is not None:
            waiting += new_parts_of(part, parts, types, rules, parts_by_target)
        yield part


def read_part(part: Part, parts: dict[str, bytes], rules: Rules, context: dict[str, Any]) -> None:
    if part.source not in parts:
        raise NotCleaned(Reason.DAMAGED)
    data = parts[part.source]
    if part.kind == "image":
        ending, part.data = pictures.cleaned(data)
        part.name = f"{part.name.rpartition('.')[0]}.{ending}"
        return
    part.root = parsed(data)
    forget_strange(part.root)
    rules.clean(part, context)
    forget_descriptions(part.root)
    etree.strip_elements(part.root, "{*}extLst", with_tail=False)
    forget_declarations(part.root)


def relations(parts: dict[str, bytes], source: str) -> Iterator[tuple[str, str, str, bool]]:
    """Name, kind, target, and whether the target is outside."""
    folder, name = posixpath.split(source)
    data = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if data is None:
        return
    for relation in parsed(data).iter(f"{{{RELATIONS}}}Relationship"):
        target, is_outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", folder, unquote(target.partition("#")[0]))).lstrip("/")
        yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target, is_outside


def new_parts_of(
    part: Part, parts: dict[str, bytes], types: dict[str, str], rules: Rules, parts_by_target: dict[str, Part]
) -> list[Part]:
    """Parts that this one points to and that are not yet listed.

    Its pointers are renamed to ours; those to parts that are left out are removed.
    """
    elements = part.root.iter()
    pointers = [(element, name) for element in elements for name in element.attrib if name.startswith(RELATED)]
    used = {element.get(name) for element, name in pointers}
    new, names = [], dict[str, str]()
    for key, kind, target, is_outside in relations(parts, part.source):
        if kind not in rules.kinds or not (key in used or kind in rules.implied):
            continue
        if is_outside and not (kind == "hyperlink" and is_web_address(target)):
            continue
        if not is_outside and target not in parts_by_target:
            is_first = kind in rules.implied and all(known.kind != kind for known in parts_by_target.values())
            # Some programs know fixed names only.
            name = f"{rules.folder}/{kind}{'' if is_first else len(parts_by_target)}.xml"
            parts_by_target[target] = Part(target, name, kind, types.get(target.lower(), ""))
            new.append(parts_by_target[target])
        names[key] = f"rId{len(names) + 1}"
        part.relations.append((names[key], kind, target if is_outside else parts_by_target[target]))
    for element, name in pointers:
        update_pointer(element, name, names)
    return new


def update_pointer(element: Any, name: str, names: dict[str, str]) -> None:
    if new := names.get(element.get(name) or ""):
        element.set(name, new)
        return
    del element.attrib[name]
    points_on = any(attribute.startswith(RELATED) for attribute in element.attrib) or element.get("location")
    if local(element) not in STAY_WITHOUT_TARGET and not points_on:
        drop(element)


def forget_strange(root: Any) -> None:
    """Remove elements of namespaces that the format does not define: some program wrote them, and no one knows what
    they hold."""
    for element in [*root.iter(etree.Element)]:
        if not namespace(element.tag).startswith(KNOWN):
            drop(element)
            continue
        for name in element.attrib:
            if name.startswith("{") and not namespace(name).startswith(KNOWN):
                del element.attrib[name]


def forget_descriptions(root: Any) -> None:
    """Names of pictures and shapes are often file names. A description stays unless it is one as well."""
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
    """Remove declarations of prefixes that nothing uses; a prefix named in `Ignorable` has to stay declared."""
    kept_prefixes = {prefix for prefix, uri in root.nsmap.items() if prefix and uri.startswith(KNOWN)}
    for element in root.iter(etree.Element):
        element.attrib.pop(f"{COMPATIBILITY}ProcessContent", None)
        if ignorable := element.get(f"{COMPATIBILITY}Ignorable"):
            prefixes = [prefix for prefix in ignorable.split() if prefix in kept_prefixes]
            element.set(f"{COMPATIBILITY}Ignorable", " ".join(prefixes))
    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(kept_prefixes))


def package_files(cleaned_parts: list[Part]) -> Iterator[tuple[str, bytes]]:
    """The list of content types, and the relation to the part that programs read first."""
    lines = ['<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>']
    lines += ['<Default Extension="xml" ContentType="application/xml"/>']
    lines += [f'<Default Extension="{ending}" ContentType="image/{ending}"/>' for ending in ("jpeg", "png")]
    for part in cleaned_parts:
        if part.root is not None:
            lines.append(f'<Override PartName="/{part.name}" ContentType={attribute(part.content_type)}/>')
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    yield "[Content_Types].xml", f'{HEAD}<Types xmlns="{types}">{"".join(lines)}</Types>'.encode()
    yield "_rels/.rels", relations_file([("rId1", "officeDocument", cleaned_parts[0])])


def part_files(cleaned_parts: list[Part]) -> Iterator[tuple[str, bytes]]:
    for part in cleaned_parts:
        yield part.name, part.data if part.root is None else xml_of(part.root)
        if part.relations:
            folder, name = posixpath.split(part.name)
            yield f"{folder}/_rels/{name}.rels", relations_file(part.relations)


def relations_file(relations: list[tuple[str, str, Part | str]]) -> bytes:
    lines = []
    for key, kind, target in relations:
        if isinstance(target, str):
            target_attributes = f'Target={attribute(target)} TargetMode="External"'
        else:
            target_attributes = f'Target="/{target.name}"'
        lines.append(f'<Relationship Id="{key}" Type="{TYPE}{kind}" {target_attributes}/>')
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'.encode()


def attribute(value: str) -> str:
    """As `xml.sax.saxutils.quoteattr`, whose module loads a client of the web as well."""
    plain = escape(value)
    for sign in "\n\r\t":
        plain = plain.replace(sign, f"&#{ord(sign)};")
    return f'"{plain}"'
