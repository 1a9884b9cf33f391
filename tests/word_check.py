"""Checks a Word file as Word does before it opens one without repair: parts, relations, ids, order of children."""

import posixpath
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
RUN = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish"
    " webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang"
    " eastAsianLayout specVanish oMath"
)
CELL = "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"
TABLE = (
    "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd"
    " tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
)
SECTION = (
    "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols"
    " formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings"
)
ORDER = {
    name: names.split()
    for name, names in (("pPr", PARAGRAPH), ("rPr", RUN), ("tcPr", CELL), ("tblPr", TABLE), ("sectPr", SECTION))
}
IDS = {f"{W}bookmarkStart": f"{W}id", f"{WP}docPr": "id", f"{W}endnote": f"{W}id", f"{W}num": f"{W}numId"}


def faults(content: bytes) -> list[str]:
    """Everything that is wrong with the file; nothing if Word opens it without repair."""
    with ZipFile(BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    trees = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    return [*content_types(trees, parts), *relations(trees, parts), *ids(trees), *orders(trees), *references(trees)]


def content_types(trees: dict, parts: dict) -> Iterator[str]:
    types = trees["[Content_Types].xml"]
    endings = {row.get("Extension") for row in types if row.tag.endswith("Default")}
    names = [row.get("PartName") for row in types if row.tag.endswith("Override")]
    yield from (f"{name} has two content types" for name, count in Counter(names).items() if count > 1)
    yield from (f"{name} has a content type and is missing" for name in names if name.removeprefix("/") not in parts)
    for name in parts:
        if name.endswith(".xml") and name != "[Content_Types].xml" and f"/{name}" not in names:
            yield f"{name} has no content type"
        if name.rpartition(".")[2] not in endings:
            yield f"{name} has no default content type"


def relations(trees: dict, parts: dict) -> Iterator[str]:
    rows = list(trees["word/_rels/document.xml.rels"])
    keys = [row.get("Id") for row in rows]
    yield from (f"{key} is twice in the relations" for key, count in Counter(keys).items() if count > 1)
    for row in rows:
        target = posixpath.join("word", row.get("Target")).lstrip("/")
        if row.get("TargetMode") != "External" and target not in parts:
            yield f"{target} is related and missing"
    used = {
        value
        for element in trees["word/document.xml"].iter()
        for name, value in element.items()
        if name.startswith(R)
    }
    yield from (f"{key} is used and not related" for key in used - set(keys))


def ids(trees: dict) -> Iterator[str]:
    rooms = {name: tree for name, tree in trees.items() if name != "word/settings.xml"}  # it names the separators too
    for tag, attribute in IDS.items():
        found = Counter(element.get(attribute) for tree in rooms.values() for element in tree.iter(tag))
        yield from (f"{tag} {key} is there {count} times" for key, count in found.items() if count > 1)
    names = Counter(mark.get(f"{W}name") for mark in trees["word/document.xml"].iter(f"{W}bookmarkStart"))
    yield from (f"bookmark {name} is there {count} times" for name, count in names.items() if count > 1)
    starts = {mark.get(f"{W}id") for mark in trees["word/document.xml"].iter(f"{W}bookmarkStart")}
    ends = {mark.get(f"{W}id") for mark in trees["word/document.xml"].iter(f"{W}bookmarkEnd")}
    yield from (f"bookmark {key} does not begin or end" for key in starts ^ ends)


def orders(trees: dict) -> Iterator[str]:
    for name, tree in trees.items():
        for element in tree.iter():
            order = ORDER.get(etree.QName(element).localname) if element.tag.startswith(W) else None
            if order is None:
                continue
            children = [etree.QName(child).localname for child in element]
            if unknown := set(children) - set(order):
                yield f"{name}: {unknown} in {element.tag}"
            elif [order.index(child) for child in children] != sorted(order.index(child) for child in children):
                yield f"{name}: {children} in {element.tag}"
        yield from (f"{name}: a cell without a paragraph" for cell in tree.iter(f"{W}tc") if cell[-1].tag != f"{W}p")


def references(trees: dict) -> Iterator[str]:
    body = trees["word/document.xml"]
    names = {mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")}
    anchors = {link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")} - {None}
    fields = [instruction.text.split() for instruction in body.iter(f"{W}instrText")]
    anchors |= {words[1] for words in fields if words[0] in ("REF", "PAGEREF")}
    yield from (f"{anchor} is referred to and missing" for anchor in anchors - names)
    notes = {note.get(f"{W}id") for note in trees["word/endnotes.xml"].iter(f"{W}endnote")}
    marks = {mark.get(f"{W}id") for mark in body.iter(f"{W}endnoteReference")}
    yield from (f"no endnote {key}" for key in marks - notes)
    styles = {style.get(f"{W}styleId") for style in trees["word/styles.xml"].iter(f"{W}style")}
    for name, tree in trees.items():
        marks = (mark for kind in ("pStyle", "rStyle", "tblStyle") for mark in tree.iter(f"{W}{kind}"))
        used = {mark.get(f"{W}val") for mark in marks}
        yield from (f"{name}: no style {style}" for style in used - styles)
    numbers = {number.get(f"{W}numId") for number in trees["word/numbering.xml"].iter(f"{W}num")}
    yield from (f"no list {key}" for key in {element.get(f"{W}val") for element in body.iter(f"{W}numId")} - numbers)
    kinds = Counter(mark.get(f"{W}fldCharType") for mark in body.iter(f"{W}fldChar"))
    if len(set(kinds.values())) > 1:
        yield f"fields do not begin and end alike: {dict(kinds)}"
