"""The colours of cells in an XLSX workbook, for lists whose colours carry information that no cell holds."""

import colorsys
import re
import zipfile
import zlib
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

from django.utils.translation import gettext as _

MOST_BYTES = 30_000_000  # of the XML of one sheet: no one has coloured a larger list by hand
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
GREY, DARK, PALE = 0.12, 0.2, 0.97  # saturation below which a colour has no hue; lightness of black and of white
HUES = [  # upper bound of the hue, as a fraction of the colour circle
    (0.04, lambda: _("red")),
    (0.13, lambda: _("orange")),
    (0.19, lambda: _("yellow")),
    (0.45, lambda: _("green")),
    (0.70, lambda: _("blue")),
    (0.82, lambda: _("purple")),
    (0.94, lambda: _("pink")),
    (1.0, lambda: _("red")),
]


def cell_colours(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    """Row (from 1) → column (from 0) → name of the colour with which the cell is filled.

    Colours of the theme have no name and are numbered. Expects a workbook that `archives` has checked. Colours that
    cannot be read count as none.
    """
    try:
        return colours_in(path, sheet)
    except (ElementTree.ParseError, ValueError, zipfile.BadZipFile, zlib.error):
        return {}


def colours_in(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    with zipfile.ZipFile(path) as archive:
        part = part_of(archive, sheet)
        if part is None or archive.getinfo(part).file_size > MOST_BYTES or "xl/styles.xml" not in archive.namelist():
            return {}
        fills = fills_of_styles(archive)
        if not any(fills):
            return {}
        colours: dict[int, dict[int, str]] = defaultdict(dict)
        with archive.open(part) as content:
            for _event, element in ElementTree.iterparse(content):
                if element.tag == f"{MAIN}c" and (colour := colour_of(element, fills)):
                    match = PLACE.fullmatch(element.get("r", ""))
                    if match:
                        colours[int(match[2])][column_number(match[1])] = colour
                elif element.tag == f"{MAIN}row":
                    element.clear()
    return dict(colours)


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of the archive that holds a sheet."""
    if "xl/workbook.xml" not in archive.namelist() or "xl/_rels/workbook.xml.rels" not in archive.namelist():
        return None
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {
        relation.get("Id"): relation.get("Target", "") for relation in relations.iter(f"{PACKAGE}Relationship")
    }
    for entry in book.iter(f"{MAIN}sheet"):
        if entry.get("name") == sheet:
            target = targets.get(entry.get(RELATION), "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            return part if part in archive.namelist() else None
    return None


def fills_of_styles(archive: zipfile.ZipFile) -> list[str]:
    """By the number of a cell's style, the name of the colour that fills the cell, or ""."""
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    fills = [name_of_fill(fill) for fill in styles.iterfind(f"{MAIN}fills/{MAIN}fill")]
    numbers = [int(style.get("fillId", 0)) for style in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
    return [fills[number] if number < len(fills) else "" for number in numbers]


def name_of_fill(fill: ElementTree.Element) -> str:
    pattern = fill.find(f"{MAIN}patternFill")
    if pattern is None or pattern.get("patternType", "none") in ("none", "gray125"):
        return ""
    colour = pattern.find(f"{MAIN}fgColor")
    if colour is None:
        return ""
    if rgb := colour.get("rgb"):
        return colour_name(rgb[-6:])
    if theme := colour.get("theme"):
        return "" if theme == "0" else _("colour %(number)s of the theme") % {"number": theme}
    return _("colour %(number)s") % {"number": colour.get("indexed", "?")}


def colour_name(rgb: str) -> str:
    """What a person calls the colour; "" for white and for invalid values."""
    try:
        red, green, blue = (int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4))
    except ValueError:
        return ""
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if lightness >= PALE:
        return ""
    if saturation < GREY or lightness <= DARK / 2:
        return _("black") if lightness <= DARK else _("grey")
    return next(name() for most, name in HUES if hue <= most)


def colour_of(cell: ElementTree.Element, fills: list[str]) -> str:
    style = cell.get("s", "")
    return fills[int(style)] if style.isdecimal() and int(style) < len(fills) else ""


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
