"""The filtered register as the matrix that ministries work on: text, States, position and comment in one line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table

from servanda.kit.files.tables import write_cover
from servanda.kit.files.word import is_right_to_left, set_language, set_run_language, turn, turn_table
from servanda.kit.refusal import Refused
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.models import (
    Position,
    Recommendation,
    RecommendingState,
    Stand,
    TextVersion,
    by_language,
)
from servanda.recommendations.register.exports import cover_of

MOST_ROWS_OF_WORD = 2000
ROWS_AT_ONCE = 500
WIDTHS = (2.2, 11.0, 3.6, 3.6, 5.3)  # centimetres; together the text width of a landscape A4 page
WIDTHS_OF_SHEET = (14, 80, 30, 24, 60)


@dataclass(slots=True)
class MatrixRow:
    number: str
    text: str
    language: str
    states: str
    position: str
    comment: str

    def cells(self) -> tuple[str, ...]:
        return self.number, self.text, self.states, self.position, self.comment


@dataclass(slots=True)
class Layout:
    """The title, the lines above the table, and the rows of a table of five columns such as the matrix."""

    title: str
    sheet: str
    cover: Sequence[str]
    headings: Sequence[str]
    lines: Iterable[MatrixRow]


def matrix_of(records: QuerySet, audience: Audience) -> Layout:
    return Layout(
        title=_("Matrix of recommendations"),
        sheet=_("Matrix"),
        cover=cover_of(audience),
        headings=headings(),
        lines=lines(records, audience),
    )


def headings() -> tuple[str, ...]:
    return _("No."), _("Recommendation"), _("Recommending States"), _("Position"), _("Comment")


def lines(records: QuerySet, audience: Audience) -> Iterator[MatrixRow]:
    """In the order of the documents, with texts in the language that the reader wants where there are such."""
    found = with_parts(records, audience).order_by("order_key", "pk").iterator(ROWS_AT_ONCE)
    return (line_of(record, with_deadline=audience.opens(record)) for record in found)


def with_parts(records: QuerySet, audience: Audience) -> QuerySet:
    texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
    states = RecommendingState.objects.current().select_related("country")
    positions = Position.objects.current()
    return records.select_related("body").prefetch_related(
        Prefetch("texts", texts),
        Prefetch("recommending", states),
        Prefetch("positions", positions if audience.drafts else positions.filter(is_draft=False)),
    )


def line_of(record: Recommendation, *, with_deadline: bool) -> MatrixRow:
    text = next(iter(by_language(record.texts.all())), None)
    positions = list(record.positions.all())
    drafts = [position for position in positions if position.is_draft]
    decided = [position for position in positions if not position.is_draft and position.stand == record.stand]
    last = (drafts or decided)[-1:]
    return MatrixRow(
        number=record.paragraph or record.code,
        text=text.text if text else "",
        language=text.language if text else record.language,
        states=", ".join(str(row.country) for row in record.recommending.all()),
        position=position_in_words(record, drafts, record.decide_by if with_deadline else None),
        comment="\n".join(position.comment for position in last if position.comment),
    )


def position_in_words(record: Recommendation, drafts: list[Position], decide_by: date | None) -> str:
    """The position in force; then the draft that waits for a decision."""
    lines = [str(Stand(record.stand).label)] if record.stand else []
    if drafts:
        lines.append(_("Draft: %(stand)s") % {"stand": drafts[-1].get_stand_display()})
    elif decide_by and record.takes_position and not record.is_answered:
        lines.append(_("to be decided by %(day)s") % {"day": date_format(decide_by, "DATE_FORMAT")})
    return "\n".join(lines)


def refuse_too_long(records: QuerySet) -> None:
    if records.count() > MOST_ROWS_OF_WORD:
        raise Refused(
            _("A Word file can have at most %(count)d rows. Narrow the list, or download the spreadsheet.")
            % {"count": MOST_ROWS_OF_WORD}
        )


def write_docx(records: QuerySet, audience: Audience) -> IO[bytes]:
    refuse_too_long(records)
    return docx_of(matrix_of(records, audience))


def docx_of(layout: Layout) -> IO[bytes]:
    document = Document()
    set_language(document)
    landscape(document.sections[0])
    document.styles["Normal"].font.size = Pt(9)
    is_rtl = get_language_bidi()
    turn(document.add_heading(layout.title, level=1), is_rtl=is_rtl)
    for words in layout.cover:
        turn(document.add_paragraph(words), is_rtl=is_rtl)
    table = document.add_table(rows=0, cols=len(WIDTHS), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    turn_table(table)
    add_header(table, layout.headings, is_rtl=is_rtl)
    for line in layout.lines:
        add_line(table, line, is_rtl=is_rtl)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def landscape(section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)


def add_header(table: Table, headings: Sequence[str], *, is_rtl: bool) -> None:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, heading, width in zip(row.cells, headings, WIDTHS, strict=True):
        fill(cell, heading, width, "", is_rtl=is_rtl, is_bold=True)


def add_line(table: Table, line: MatrixRow, *, is_rtl: bool) -> None:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for at, (cell, text, width) in enumerate(zip(row.cells, line.cells(), WIDTHS, strict=True)):
        own_direction = is_right_to_left(line.language) if at == 1 else is_rtl
        language = line.language if at == 1 else ""
        fill(cell, text, width, language, is_rtl=own_direction, is_bold=False)


def fill(cell, text: str, width: float, language: str, *, is_rtl: bool, is_bold: bool) -> None:
    cell.width = Cm(width)
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold = is_bold
    turn(paragraph, is_rtl=is_rtl)
    set_run_language(run, language)


def write_xlsx(records: QuerySet, audience: Audience) -> IO[bytes]:
    return xlsx_of(matrix_of(records, audience))


def xlsx_of(layout: Layout) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        if layout.cover:
            write_cover(book, layout.cover)
        sheet = book.add_worksheet(layout.sheet[:31])
        if get_language_bidi():
            sheet.right_to_left()
        for column, width in enumerate(WIDTHS_OF_SHEET):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_row(0, 0, layout.headings, book.add_format({"bold": True, "valign": "top"}))
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for number, line in enumerate(layout.lines, 1):
            sheet.write_row(number, 0, line.cells(), wrapped)
    file.seek(0)
    return file


WRITERS: dict[str, Callable[[QuerySet, Audience], IO[bytes]]] = {"docx": write_docx, "xlsx": write_xlsx}
