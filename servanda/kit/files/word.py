"""The language and direction of a Word file: screen readers and spelling checkers go by what the file declares."""

from django.utils.translation import get_language, get_language_bidi
from docx.document import Document
from docx.enum.table import WD_TABLE_DIRECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

STANDARD = "/".join(map(qn, ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang")))
RIGHT_TO_LEFT = {"ar", "ckb", "fa", "he", "ug", "ur"}  # Django's table also lists Azerbaijani
# The elements that must follow each of these in the properties of a paragraph or a run, by Word's schema.
BEHIND_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
BEHIND_BOLD = ("w:i", "w:iCs", "w:color", "w:sz", "w:szCs", "w:rtl", "w:lang")
BEHIND_SIZE = ("w:highlight", "w:u", "w:rtl", "w:lang")


def set_language(document: Document) -> None:
    """Make the language of the page the default of the document."""
    language = get_language() or ""
    document.core_properties.language = language
    document.styles.element.find(STANDARD).set(qn("w:bidi" if get_language_bidi() else "w:val"), language)


def set_run_language(run: Run, language: str) -> None:
    """Mark a text that is not in the language of the page. Call it last: the schema puts this property at the end."""
    if not language:
        return
    element = OxmlElement("w:lang")
    element.set(qn("w:bidi" if is_right_to_left(language) else "w:val"), language)
    run._r.get_or_add_rPr().append(element)


def is_right_to_left(language: str) -> bool:
    return language.partition("-")[0] in RIGHT_TO_LEFT


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
