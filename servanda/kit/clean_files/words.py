"""DOCX: insertions accepted, deletions dropped, comments and properties left out; the text stays."""

from pathlib import Path
from typing import Any

from lxml import etree

from servanda.kit.clean_files.fields import W, clean_fields
from servanda.kit.clean_files.office import Kept, Rules, cleaned_package
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
    f"{W}customXml{what}Range{end}" for what in ("Ins", "Del", "MoveFrom", "MoveTo") for end in ("Start", "End")
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


def clean_part(kept: Kept, context: dict[str, Any]) -> None:
    root = kept.root
    if kept.kind == "officeDocument" and namespace(root.tag) != TRANSITIONAL:
        raise NotCleaned(Reason.UNKNOWN)
    accept_changes(root)
    clean_fields(root)
    empty_bound_texts(root)
    etree.strip_elements(root, *FORMER, *FORGOTTEN, with_tail=False)
    etree.strip_tags(root, *UNWRAPPED)
    if next(root.iter(*PROGRAMS), None) is not None:
        raise NotCleaned(Reason.EMBEDDED)
    if kept.kind == "settings":
        for one in [*root]:
            if local(one) not in SETTINGS:
                drop(one)
    if kept.kind == "officeDocument":
        context["notes"] = {name: {one.get(f"{W}id") for one in root.iter(name)} for name in NOTES.values()}
    if kept.kind in ("footnotes", "endnotes"):
        drop_notes(root, context["notes"])
    forget_attributes(root)


def accept_changes(root: Any) -> None:
    """Paragraphs whose mark was deleted run into the next; rows and cells that were deleted go."""
    marks = list(root.iter(*DELETED))
    for one in marks:
        around = local(one.getparent()) if one.getparent() is not None else ""
        if around == "trPr":
            drop(one.getparent().getparent())
    for one in [*root.iter(f"{W}cellDel")]:
        drop(one.getparent().getparent())
    joined = [one.getparent().getparent().getparent() for one in marks if is_paragraph_mark(one)]
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
    content = [one for one in paragraph if one is not properties]
    if following is not None and following.tag == f"{W}p":
        at = 1 if following.find(f"{W}pPr") is not None else 0
        for number, one in enumerate(content):
            following.insert(at + number, one)
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
    """A note whose place in the text was deleted is read by nobody, and still in the file."""
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
