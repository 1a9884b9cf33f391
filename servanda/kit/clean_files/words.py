"""DOCX: insertions accepted, deletions dropped, comments and properties left out; the text stays."""

from pathlib import Path
from typing import Any

from lxml import etree

from servanda.kit.clean_files.fields import W, clean_fields
from servanda.kit.clean_files.office import Part, Rules, cleaned_package
from servanda.kit.clean_files.parts import NotCleaned, Reason, drop, local, namespace

MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
TRANSITIONAL = W[1:-1]
VML = "{urn:schemas-microsoft-com:office:office}"
DELETED = (f"{W}del", f"{W}moveFrom")
FORMER = [f"{W}{name}" for name in ("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange")]
FORMER += [f"{W}{name}" for name in ("trPrChange", "tcPrChange", "tblGridChange", "numberingChange", "cellMerge")]
FORGOTTEN = [f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")]
FORGOTTEN += [f"{W}{name}" for name in ("permStart", "permEnd", "proofErr", "moveFromRangeStart", "moveFromRangeEnd")]
FORGOTTEN += [f"{W}{name}" for name in ("moveToRangeStart", "moveToRangeEnd", "smartTagPr", "customXmlPr", "sdtPr")]
FORGOTTEN += [
    f"{W}customXml{change}Range{end}" for change in ("Ins", "Del", "MoveFrom", "MoveTo") for end in ("Start", "End")
]
FORGOTTEN += [
    f"{W}{name}" for name in ("sdtEndPr", "rsid", "rsids", "nsid", "tmpl", "docVars", "subDoc", "contentPart")
]
FORGOTTEN += [f"{W}embed{style}" for style in ("Regular", "Bold", "Italic", "BoldItalic")]
FORGOTTEN += [f"{VML}signatureline", f"{CHARTS}externalData", f"{CHARTS}userShapes", f"{CHARTS}pivotSource"]
UNWRAPPED = [f"{W}{name}" for name in ("ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "cellIns")]
PROGRAMS = [f"{W}{name}" for name in ("object", "control", "altChunk")] + [f"{VML}OLEObject"]
SETTINGS = {"zoom", "mirrorMargins", "alignBordersAndEdges", "bordersDoNotSurroundHeader", "compat", "gutterAtTop"}
SETTINGS |= {"bordersDoNotSurroundFooter", "defaultTabStop", "autoHyphenation", "evenAndOddHeaders", "footnotePr"}
SETTINGS |= {"endnotePr", "characterSpacingControl", "themeFontLang", "clrSchemeMapping", "decimalSymbol"}
SETTINGS |= {"listSeparator", "doNotHyphenateCaps", "hyphenationZone", "bookFoldPrinting", "displayBackgroundShape"}
ATTRIBUTES = {"author", "initials", "date", "paraId", "textId", "userId", "tplc", "editId", "anchorId", "durableId"}
ATTRIBUTES |= {"tooltip", "docLocation"}  # programs write the path of the file here
AUTHOR_BOUND = ("creator", "lastmodifiedby", "manager", "company", "author", "coverpageproperties", "core-properties")
NOTES = {f"{W}footnote": f"{W}footnoteReference", f"{W}endnote": f"{W}endnoteReference"}

IMPLIED = frozenset({"styles", "numbering", "settings", "fontTable", "theme", "footnotes", "endnotes"})
KINDS = IMPLIED | {"header", "footer", "image", "hyperlink", "chart"}
KINDS |= {"diagramData", "diagramLayout", "diagramColors", "diagramQuickStyle"}
LAST = frozenset({"footnotes", "endnotes"})


def cleaned(path: Path) -> bytes:
    return cleaned_package(path, Rules("word", "document.xml", MAIN_TYPE, KINDS, IMPLIED, LAST, clean_part))


def clean_part(part: Part, context: dict[str, Any]) -> None:
    root = part.root
    if part.kind == "officeDocument" and namespace(root.tag) != TRANSITIONAL:
        raise NotCleaned(Reason.UNKNOWN)
    accept_changes(root)
    clean_fields(root)
    empty_bound_texts(root)
    etree.strip_elements(root, *FORMER, *FORGOTTEN, with_tail=False)
    etree.strip_tags(root, *UNWRAPPED)
    if next(root.iter(*PROGRAMS), None) is not None:
        raise NotCleaned(Reason.EMBEDDED)
    if part.kind == "settings":
        for child in [*root]:
            if local(child) not in SETTINGS:
                drop(child)
    if part.kind == "officeDocument":
        context["notes"] = {name: {mark.get(f"{W}id") for mark in root.iter(name)} for name in NOTES.values()}
    if part.kind in ("footnotes", "endnotes"):
        drop_notes(root, context["notes"])
    forget_attributes(root)


def accept_changes(root: Any) -> None:
    """Remove deleted text, rows and cells, and join paragraphs whose mark was deleted with the next."""
    marks = list(root.iter(*DELETED))
    for mark in marks:
        around = local(mark.getparent()) if mark.getparent() is not None else ""
        if around == "trPr":
            drop(mark.getparent().getparent())
    for mark in [*root.iter(f"{W}cellDel")]:
        drop(mark.getparent().getparent())
    joined = [mark.getparent().getparent().getparent() for mark in marks if is_paragraph_mark(mark)]
    etree.strip_elements(root, *DELETED, with_tail=False)
    for paragraph in reversed(joined):
        join(paragraph)
    for table in [*root.iter(f"{W}tbl")]:
        if table.find(f".//{W}tr") is None:
            drop(table)


def is_paragraph_mark(mark: Any) -> bool:
    return local(mark.getparent()) == "rPr" and local(mark.getparent().getparent()) == "pPr"


def join(paragraph: Any) -> None:
    following = paragraph.getnext()
    properties = paragraph.find(f"{W}pPr")
    if paragraph.getparent() is None or properties is not None and properties.find(f"{W}sectPr") is not None:
        return
    content = [child for child in paragraph if child is not properties]
    if following is not None and following.tag == f"{W}p":
        at = 1 if following.find(f"{W}pPr") is not None else 0
        for number, child in enumerate(content):
            following.insert(at + number, child)
        drop(paragraph)
    elif not content and following is not None and local(following) != "sectPr":
        drop(paragraph)


def empty_bound_texts(root: Any) -> None:
    """A field of a cover page that shows a property of the file, such as its author."""
    for bound in [*root.iter(f"{W}dataBinding")]:
        place = f"{bound.get(f'{W}xpath') or ''} {bound.get(f'{W}prefixMappings') or ''}".lower()
        is_of_author = any(word in place for word in AUTHOR_BOUND)
        if is_of_author and not any(word in place.rpartition("/")[2] for word in ("title", "subject", "abstract")):
            control = next(bound.iterancestors(f"{W}sdt"), None)
            for text in [*control.iter(f"{W}t")] if control is not None else []:
                drop(text)


def drop_notes(root: Any, referenced: dict[str, set]) -> None:
    """Remove notes to which no text refers any more: no one reads them, but they are still in the file."""
    for note in [*root]:
        if note.tag in NOTES and not note.get(f"{W}type") and note.get(f"{W}id") not in referenced[NOTES[note.tag]]:
            drop(note)


def forget_attributes(root: Any) -> None:
    for element in root.iter(etree.Element):
        for name in element.attrib:
            if not name.startswith("{"):
                continue
            word = etree.QName(name).localname
            if word in ATTRIBUTES or word.startswith("rsid"):
                del element.attrib[name]
    for formula in root.iter(f"{CHARTS}f"):
        if any(sign in (formula.text or "") for sign in "[\\/"):
            formula.text = "Sheet1!$A$1"
