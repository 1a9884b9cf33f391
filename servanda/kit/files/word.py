"""The language and direction of a Word file: screen readers and spelling checkers go by what the file declares."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from django.utils.translation import get_language, get_language_bidi
from docx.document import Document
from docx.enum.table import WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from servanda.kit.patterns import lazy_pattern

STANDARD = "/".join(map(qn, ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang")))
RIGHT_TO_LEFT = {"ar", "ckb", "fa", "he", "ug", "ur"}  # Django's table also lists Azerbaijani
HEAD = "EEEEEE"  # the colour behind the heads of tables
# The elements that must follow each of these in the properties of a paragraph or a run, by Word's schema.
BEHIND_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
BEHIND_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", *BEHIND_BIDI)
BEHIND_BOLD = ("w:i", "w:iCs", "w:color", "w:sz", "w:szCs", "w:rtl", "w:lang")
BEHIND_SIZE = ("w:highlight", "w:u", "w:rtl", "w:lang")


def set_language(document: Document) -> None:
    """Make the language of the page the default of the document."""
    language = get_language() or ""
    document.core_properties.language = language
    document.styles.element.find(STANDARD).set(qn("w:bidi" if get_language_bidi() else "w:val"), language)


def set_font(document: Document, name: str) -> None:
    """One typeface for all styles and scripts, in black."""
    for style in ("Normal", "Heading 1", "Heading 2"):
        document.styles[style].font.color.rgb = RGBColor(0, 0, 0)
        properties = document.styles[style].element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), name)


def set_run_language(run: Run, language: str) -> None:
    """Mark a text that is not in the language of the page. Call it last: the schema puts this property at the end."""
    if not language:
        return
    element = OxmlElement("w:lang")
    element.set(qn("w:bidi" if is_right_to_left(language) else "w:val"), language)
    run._r.get_or_add_rPr().append(element)


def is_right_to_left(language: str) -> bool:
    return language.partition("-")[0] in RIGHT_TO_LEFT


def first_direction(text: str) -> str:
    """The direction of the first strong character, otherwise that of the page."""
    for kind in map(unicodedata.bidirectional, text):
        if kind in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return page_direction()


def direction_in(text: str, *, is_rtl: bool) -> str:
    """The direction of a paragraph of a document. In one that reads from right to left (`is_rtl`) so does each
    paragraph with words in such a script, whatever name it begins with; others keep their own direction."""
    has_rtl = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
    return "rtl" if is_rtl and has_rtl else first_direction(text)


def page_direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"


def turn_table(table: Table) -> None:
    """Order the columns from right to left where the language of the page is."""
    if get_language_bidi():
        table.table_direction = WD_TABLE_DIRECTION.RTL


def turn_paragraph(paragraph: Paragraph) -> None:
    """Make a paragraph right-to-left; its runs need `turn_run` as well."""
    paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *BEHIND_BIDI)


def turn_run(run: Run, *, size: int) -> None:
    """Make a run right-to-left. Word has properties of their own for the size (points) and weight of such text."""
    properties = run._r.get_or_add_rPr()
    if run.bold:
        properties.insert_element_before(OxmlElement("w:bCs"), *BEHIND_BOLD)
    large = OxmlElement("w:szCs")
    large.set(qn("w:val"), str(size * 2))
    properties.insert_element_before(large, *BEHIND_SIZE)
    properties.append(OxmlElement("w:rtl"))


def turn(paragraph: Paragraph, *, is_rtl: bool, size: int = 10) -> None:
    """Make the paragraph and all its runs right-to-left, if `is_rtl`."""
    if is_rtl:
        turn_paragraph(paragraph)
        for run in paragraph.runs:
            turn_run(run, size=size)


def set_widths(table: Table, widths: Sequence[float]) -> None:
    """Set the widths of columns in centimetres. LibreOffice and Word on the web go by the grid, not by the cells."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)


def set_padding(table: Table, millimetres: float) -> None:
    """The space above and below the text of each cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(millimetres * TWIPS / 10)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def draw_rule(paragraph: Paragraph) -> None:
    """A line below the paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "6"), ("color", "333333")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *BEHIND_BORDERS)


def repeat_head(table: Table) -> None:
    """Repeat the first row on each page."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def add_facts(document: Document, facts: Iterable[tuple[str, str]], *, size: int, indent: float) -> None:
    """The title block below the title: one line for each fact, with its label in a column of its own."""
    is_rtl = get_language_bidi()
    paragraph = None
    for label, value in facts:
        paragraph = document.add_paragraph()
        layout = paragraph.paragraph_format
        layout.left_indent, layout.first_line_indent, layout.space_after = Cm(indent), Cm(-indent), Pt(1)
        paragraph.add_run(label).bold = True
        paragraph.add_run(f"\t{value}")
        for run in paragraph.runs:
            run.font.size = Pt(size)
        turn(paragraph, is_rtl=is_rtl, size=size)
    if paragraph is not None:
        paragraph.paragraph_format.space_after = Pt(6)


def add_running_lines(section: Section, head: str, *, size: int = 8) -> None:
    """Write `head` at the top of each page, and the number of the page and of all pages at its foot."""
    is_rtl = get_language_bidi()
    top, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    top.add_run(head)
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_field(foot, "PAGE")
    foot.add_run(" / ")
    add_field(foot, "NUMPAGES")
    for paragraph in (top, foot):
        for run in paragraph.runs:
            run.font.size = Pt(size)
        turn(paragraph, is_rtl=is_rtl, size=size)


def add_field(paragraph: Paragraph, name: str) -> None:
    """A value that Word computes, such as PAGE."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = name
        run._r.append(element)


class RowCell(NamedTuple):
    """The text of one cell of a table; `language` only where it is not that of the page."""

    text: str
    width: float  # centimetres
    is_rtl: bool
    language: str = ""
    is_bold: bool = False
    at_end: bool = False  # aligned at the side where lines end, such as numbers


NOT_IN_XML = lazy_pattern(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TWIPS = 567  # in a centimetre


def add_rows(table: Table, rows: Iterable[Sequence[RowCell]], *, size: int, fill: str = "") -> None:
    """Add rows that stay whole. Written as text: through the objects of python-docx, 1,000 rows take a minute.
    `fill` is the colour behind them."""
    for cells in rows:
        written = "".join(cell_xml(cell, size, fill) for cell in cells)
        table._tbl.append(parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{written}</w:tr>"))


def cell_xml(cell: RowCell, size: int, fill: str, *, style: str = "") -> str:
    """`style` is that of its paragraph; without it, the one of the document."""
    lines = escape(NOT_IN_XML.sub("", cell.text)).split("\n")
    text = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    weight = "<w:b/><w:bCs/>" if cell.is_bold else ""
    # Also where the text begins from left to right: Arabic words in it have the size of their own.
    direction = f'<w:szCs w:val="{size * 2}"/>{"<w:rtl/>" if cell.is_rtl else ""}'
    kind = "bidi" if is_right_to_left(cell.language) else "val"
    language = f'<w:lang w:{kind}="{escape(cell.language)}"/>' if cell.language else ""
    layout = f'<w:pStyle w:val="{style}"/>' if style else ""
    layout += f"{'<w:bidi/>' if cell.is_rtl else ''}{'<w:jc w:val="right"/>' if cell.at_end else ''}"
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(cell.width * TWIPS)}" w:type="dxa"/>{shade}</w:tcPr>'
        f"<w:p>{f'<w:pPr>{layout}</w:pPr>' if layout else ''}"
        f"<w:r><w:rPr>{weight}{direction}{language}</w:rPr>{text}</w:r></w:p></w:tc>"
    )
