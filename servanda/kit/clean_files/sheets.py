"""XLSX: values stay; properties, comments, persons, links to other files and traces of editors are removed."""

import re
from pathlib import Path
from typing import Any

from lxml import etree

from servanda.kit.clean_files.office import Part, Rules, cleaned_package
from servanda.kit.clean_files.parts import NotCleaned, Reason, drop, local

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
S = f"{{{MAIN}}}"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WORKBOOK = {"workbookPr", "bookViews", "sheets", "definedNames", "calcPr"}
SHEET = {"sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "mergeCells"}
SHEET |= {"conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup"}
SHEET |= {"headerFooter", "rowBreaks", "colBreaks", "drawing", "tableParts", "phoneticPr", "picture", "sortState"}
PROGRAMS = [f"{S}{name}" for name in ("oleObjects", "controls")]
FORGOTTEN = [f"{CHARTS}{name}" for name in ("externalData", "userShapes", "pivotSource")]
ATTRIBUTES = {
    "codeName",
    "comment",
    "cm",
    "vm",
    "connectionId",
    "queryTableFieldId",
    "uid",
    "uniqueName",
    "description",
    "tooltip",  # programs write the path of the file here, and in the next
    "display",
}
OTHER_FILE = re.compile(r"\[\d+\]|\[[^\]]*\.\w+\]|file:|https?:|[\\|]", re.IGNORECASE)
IMPLIED = frozenset({"styles", "sharedStrings", "theme"})
KINDS = IMPLIED | {"worksheet", "chartsheet", "drawing", "chart", "image", "table", "hyperlink"}
LAST = frozenset({"sharedStrings"})


def cleaned(path: Path) -> bytes:
    return cleaned_package(path, Rules("xl", "workbook.xml", MAIN_TYPE, KINDS, IMPLIED, LAST, clean_part))


def clean_part(part: Part, context: dict[str, Any]) -> None:
    root = part.root
    if part.kind == "officeDocument" and root.tag != f"{S}workbook":
        raise NotCleaned(Reason.UNKNOWN)
    if next(root.iter(*PROGRAMS), None) is not None:
        raise NotCleaned(Reason.EMBEDDED)
    etree.strip_elements(root, *FORGOTTEN, with_tail=False)
    stays = {"officeDocument": WORKBOOK, "worksheet": SHEET, "chartsheet": SHEET}.get(part.kind)
    for child in [*root] if stays else []:
        if local(child) not in (stays or ()):
            drop(child)
    if part.kind == "worksheet":
        clean_cells(root, context.setdefault("used", set()))
    if part.kind == "sharedStrings":
        drop_unused(root, context.get("used", set()))
    forget(root)


def clean_cells(root: Any, used: set[int]) -> None:
    for cell in root.iter(f"{S}c"):
        if cell.get("t") == "s" and (value := (cell.findtext(f"{S}v") or "").strip()).isdigit():
            used.add(int(value))
    formulas = list(root.iter(f"{S}f"))
    # Cells that share a formula refer to it by this number.
    gone = {formula.get("si") for formula in formulas if OTHER_FILE.search(formula.text or "")} - {None}
    for formula in formulas:
        if OTHER_FILE.search(formula.text or "") or formula.get("si") in gone:
            drop(formula)


def drop_unused(root: Any, used: set[int]) -> None:
    """Texts of cleared cells remain in the file until a program writes the whole list again."""
    root.attrib.pop("count", None)
    root.attrib.pop("uniqueCount", None)
    for number, text in enumerate(root.iterchildren(f"{S}si")):
        if number not in used:
            for child in [*text]:
                drop(child)
            etree.SubElement(text, f"{S}t")


def forget(root: Any) -> None:
    for name in [*root.iter(f"{S}definedName")]:
        if OTHER_FILE.search(name.text or "") or name.get("hidden") in ("1", "true"):
            drop(name)
    for formula in root.iter(f"{CHARTS}f"):
        if OTHER_FILE.search(formula.text or ""):
            formula.text = "Sheet1!$A$1"
    for element in root.iter(f"{S}*"):
        for name in element.attrib:
            if etree.QName(name).localname in ATTRIBUTES:
                del element.attrib[name]
