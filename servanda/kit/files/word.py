"""The language of a Word file and its direction. Programs that read it aloud or check its spelling ask the file, not
its words."""

from django.utils.translation import get_language, get_language_bidi
from docx.document import Document
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

STANDARD = "/".join(map(qn, ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang")))
RIGHT_TO_LEFT = {"ar", "ckb", "fa", "he", "ug", "ur"}  # Django's table counts Azerbaijani among them
# What Word's schema puts behind each of these in the properties of a paragraph or a run.
BEHIND_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
BEHIND_BOLD = ("w:i", "w:iCs", "w:color", "w:sz", "w:szCs", "w:rtl", "w:lang")
BEHIND_SIZE = ("w:highlight", "w:u", "w:rtl", "w:lang")


def name_language(document: Document) -> None:
    """The language of the page, for everything that names none of its own."""
    language = get_language() or ""
    document.core_properties.language = language
    document.styles.element.find(STANDARD).set(qn("w:bidi" if get_language_bidi() else "w:val"), language)


def name_language_of(run: Run, language: str) -> None:
    """That of a text which is not in the language of the page; the last of a run's properties that we write."""
    if not language:
        return
    named = OxmlElement("w:lang")
    named.set(qn("w:bidi" if is_right_to_left(language) else "w:val"), language)
    run._r.get_or_add_rPr().append(named)


def is_right_to_left(language: str) -> bool:
    return language.partition("-")[0] in RIGHT_TO_LEFT


def turn_table(table: Table) -> None:
    """Its columns begin at the side where the language of the page begins."""
    if get_language_bidi():
        table.table_direction = WD_TABLE_DIRECTION.RTL


def turn_paragraph(paragraph: Paragraph) -> None:
    """From right to left; its runs are turned by themselves."""
    paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *BEHIND_BIDI)


def turn_run(run: Run, *, size: int) -> None:
    """From right to left. Word has a size, in points, and a weight of its own for such words."""
    properties = run._r.get_or_add_rPr()
    if run.bold:
        properties.insert_element_before(OxmlElement("w:bCs"), *BEHIND_BOLD)
    large = OxmlElement("w:szCs")
    large.set(qn("w:val"), str(size * 2))
    properties.insert_element_before(large, *BEHIND_SIZE)
    properties.append(OxmlElement("w:rtl"))


def turn(paragraph: Paragraph, *, is_rtl: bool, size: int = 10) -> None:
    """The paragraph with all its runs."""
    if is_rtl:
        turn_paragraph(paragraph)
        for run in paragraph.runs:
            turn_run(run, size=size)
