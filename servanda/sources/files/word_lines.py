"""Lines of a DOCX: one for each paragraph with its automatic number, one for each table row with tabs.

Files with content that Word never writes are refused, and extreme numbers in them are limited.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import docx
from docx.blkcntnr import BlockItemContainer
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.exceptions import XmlchemyError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml.etree import XMLSyntaxError

from servanda.kit.database.sentences import gettext as _
from servanda.sources.candidates import Unreadable
from servanda.sources.files.word_numbers import AutomaticNumbers

_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PARAGRAPH, TABLE, ROW, RUN, TEXT_BOX = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "r", "txbxContent"))
FOOTNOTE, TEXT = qn("w:footnote"), qn("w:t")
SECOND_TIME = f"{_MARKUP}Fallback"
AROUND_BLOCKS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml")}
NOT_PRINTED = {qn(f"w:{name}") for name in ("pPr", "sdtPr", "sdtEndPr")}
NUMBERED = re.compile(r"\d{1,3}\s?[.)]\s")
MOST_COLUMNS = 63  # of a table in Word
CONTROL, PROMPT = qn("w:sdt"), f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}"
PROPERTIES = qn("w:pPr")
PARAGRAPH_END = f"{PROPERTIES}/{qn('w:rPr')}"
INSERTED = (qn("w:ins"), qn("w:moveTo"))
DELETED = (qn("w:del"), qn("w:moveFrom"))
# Errors of python-docx for parts, elements or numbers that Word does not write.
MALFORMED = (
    *(AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError),
    *(BadZipFile, PackageNotFoundError, PythonDocxError, XMLSyntaxError, XmlchemyError),
)


@contextmanager
def malformed_as_unreadable(path: Path) -> Iterator[None]:
    """Turn errors of malformed Word documents into `Unreadable`; use it around every access to one."""
    try:
        yield
    except MALFORMED as error:
        raise Unreadable(
            _("%(file)s cannot be opened as a Word document. Save it again as DOCX.") % {"file": path.name}
        ) from error


def opened(path: Path) -> Document:
    with malformed_as_unreadable(path):
        document = docx.Document(str(path))
        for span in document.element.body.iter(qn("w:gridSpan")):  # python-docx creates a cell for each column
            if int(span.get(qn("w:val"), "1")) > MOST_COLUMNS:
                span.set(qn("w:val"), "1")
        accept_changes(document.element.body)
        leave_out_prompts(document.element.body)
        return document


def has_changes(path: Path) -> bool:
    """Whether the file has tracked changes, which are read as accepted."""
    with malformed_as_unreadable(path), ZipFile(path) as archive:
        content = archive.read("word/document.xml")
    return any(mark in content for mark in (b"<w:ins ", b"<w:del ", b"<w:moveTo ", b"<w:moveFrom "))


def accept_changes(body: BaseOxmlElement) -> None:
    """Accept the tracked changes: python-docx sees no text inside an insertion, and numbers deleted paragraphs."""
    rows = [row for row in body.iter(ROW) if is_deleted(row, qn("w:trPr"))]
    joined = [row for row in body.iter(PARAGRAPH) if is_deleted(row, PARAGRAPH_END)]
    for deleted in [*rows, *body.iter(*DELETED)]:
        deleted.getparent().remove(deleted)
    for inserted in list(body.iter(*INSERTED)):
        for child in list(inserted):
            inserted.addprevious(child)
        inserted.getparent().remove(inserted)
    for paragraph in reversed(joined):
        join_to_next(paragraph)


def leave_out_prompts(body: BaseOxmlElement) -> None:
    """Of content controls that nothing was entered into."""
    for control in body.iter(CONTROL):
        if control.find(PROMPT) is not None:
            for run in list(control.iter(RUN)):
                run.getparent().remove(run)


def is_deleted(element: BaseOxmlElement, place: str) -> bool:
    return any(element.find(f"{place}/{mark}") is not None for mark in DELETED)


def join_to_next(paragraph: BaseOxmlElement) -> None:
    """Put a paragraph whose end was deleted at the beginning of the next, whose properties stay. An empty one with
    no other to join is left out, unless it is alone."""
    following = paragraph.getnext()
    if following is not None and following.tag == PARAGRAPH:
        start = next((child for child in following if child.tag != PROPERTIES), None)
        for child in [child for child in paragraph if child.tag != PROPERTIES]:
            following.append(child) if start is None else start.addprevious(child)
        paragraph.getparent().remove(paragraph)
    elif not "".join(paragraph.itertext()).strip() and (following is not None or paragraph.getprevious() is not None):
        paragraph.getparent().remove(paragraph)


def read(path: Path) -> Iterator[str]:
    document = opened(path)
    with malformed_as_unreadable(path):
        for section in document.sections[:1]:
            for header in (section.first_page_header, section.header):
                yield from (paragraph.text for paragraph in header.paragraphs if paragraph.text.strip())
        numbers = AutomaticNumbers(document)
        for item in contents(document.element.body, document._body):
            if isinstance(item, Table):
                yield from table_lines(item, numbers)
            else:
                yield from paragraph_lines(item, numbers)


def contents(element: BaseOxmlElement, parent: BlockItemContainer) -> Iterator[Paragraph | Table]:
    """The paragraphs and tables in order, also those in content controls and text boxes."""
    for child in element.iterchildren():
        if child.tag == PARAGRAPH:
            yield Paragraph(child, parent)
            for box in text_boxes(child):
                yield from contents(box, parent)
        elif child.tag == TABLE:
            yield Table(child, parent)
        elif child.tag in AROUND_BLOCKS:
            yield from contents(child, parent)


def text_boxes(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The outermost text boxes of a paragraph, each once: for old programs the file holds them a second time."""
    around = next(paragraph.iterancestors(TEXT_BOX), None)
    for box in paragraph.iter(TEXT_BOX):
        if next(box.iterancestors(TEXT_BOX), None) is around and next(box.iterancestors(SECOND_TIME), None) is None:
            yield box


def runs_of(paragraph: Paragraph, element: BaseOxmlElement | None = None) -> Iterator[Run]:
    """The runs that are printed, also those of links, fields and controls."""
    for child in (paragraph._p if element is None else element).iterchildren():
        if child.tag == RUN:
            yield Run(child, paragraph)
        elif child.tag not in NOT_PRINTED:
            yield from runs_of(paragraph, child)


def footnotes(document: Document) -> Iterator[str]:
    """The footnotes in order, each in one line."""
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES and not relation.is_external:
            for note in parse_xml(relation.target_part.blob).iter(FOOTNOTE):
                yield " ".join(" ".join(text.text or "" for text in note.iter(TEXT)).split())


def paragraph_lines(paragraph: Paragraph, numbers: AutomaticNumbers) -> Iterator[str]:
    number, text = numbers.next_for(paragraph), printed_text(paragraph)
    yield from f"{number} {text}".strip().split("\n")


def printed_text(paragraph: Paragraph) -> str:
    """The text without superscript footnote marks."""
    runs = runs_of(paragraph)
    return "".join(run.text for run in runs if not (run.font.superscript and not run.text.strip().isalpha()))


def table_lines(table: Table, numbers: AutomaticNumbers) -> Iterator[str]:
    """One line for each row; where a cell holds a list with numbers, one for each of the paragraphs of the row."""
    for row in table.rows:
        cells: list[_Cell] = []
        for cell in row.cells:
            if not cells or cell._tc is not cells[-1]._tc:
                cells.append(cell)
        columns = [list(cell_lines(cell, numbers)) for cell in cells]
        if any(sum(NUMBERED.match(line) is not None for line in column) > 1 for column in columns):
            yield from (line for column in columns for line in column)
        else:
            yield "\t".join(" ".join(column) for column in columns)


def cell_lines(cell: _Cell, numbers: AutomaticNumbers) -> Iterator[str]:
    for item in contents(cell._tc, cell):
        inside = table_lines(item, numbers) if isinstance(item, Table) else paragraph_lines(item, numbers)
        yield from (" ".join(line.split()) for line in inside if line.strip())
