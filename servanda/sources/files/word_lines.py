"""Lines of a DOCX: one for each paragraph with its automatic number, one for each table row with tabs.

Files with content that Word never writes are refused, and extreme numbers in them are limited.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.exceptions import XmlchemyError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError

from servanda.sources.candidates import Unreadable
from servanda.sources.files.word_numbers import AutomaticNumbers

MOST_COLUMNS = 63  # of a table in Word
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
        return document


def has_changes(path: Path) -> bool:
    """Whether the file has tracked changes, which are read as accepted."""
    with malformed_as_unreadable(path), ZipFile(path) as archive:
        content = archive.read("word/document.xml")
    return any(mark in content for mark in (b"<w:ins ", b"<w:del ", b"<w:moveTo ", b"<w:moveFrom "))


def accept_changes(body: BaseOxmlElement) -> None:
    """Accept the tracked changes: python-docx sees no text inside an insertion, and numbers deleted paragraphs."""
    for paragraph in list(body.iter(qn("w:p"))):
        mark = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}")
        if mark is not None and paragraph.find(qn("w:r")) is None and paragraph.find(qn("w:ins")) is None:
            paragraph.getparent().remove(paragraph)
    for deleted in list(body.iter(*DELETED)):
        deleted.getparent().remove(deleted)
    for inserted in list(body.iter(*INSERTED)):
        parent = inserted.getparent()
        place = parent.index(inserted)
        parent[place : place + 1] = list(inserted)


def read(path: Path) -> Iterator[str]:
    document = opened(path)
    with malformed_as_unreadable(path):
        for section in document.sections[:1]:
            for header in (section.first_page_header, section.header):
                yield from (paragraph.text for paragraph in header.paragraphs if paragraph.text.strip())
        numbers = AutomaticNumbers(document)
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                yield from table_lines(block)
            else:
                yield from paragraph_lines(block, numbers)


def paragraph_lines(paragraph: Paragraph, numbers: AutomaticNumbers) -> Iterator[str]:
    number = numbers.next_for(paragraph)
    text = printed_text(paragraph)
    yield from f"{number} {text}".strip().split("\n")


def printed_text(paragraph: Paragraph) -> str:
    """The text without superscript footnote marks."""
    runs = [run for item in paragraph.iter_inner_content() for run in getattr(item, "runs", [item])]
    return "".join(run.text for run in runs if not (run.font.superscript and not run.text.strip().isalpha()))


def table_lines(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: list[_Cell] = []
        for cell in row.cells:
            if not cells or cell._tc is not cells[-1]._tc:
                cells.append(cell)
        yield "\t".join(" ".join(cell.text.split()) for cell in cells)
