"""The answer sheet as a spreadsheet and as a Word file, in the language that is active."""

from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import batched
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from docx import Document
from docx.document import Document as WordFile
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files.tables import CUT, LONGEST_CELL, write_cover
from servanda.kit.files.word import (
    direction_in,
    is_right_to_left,
    set_language,
    set_run_language,
    turn,
    turn_table,
)
from servanda.progress.models import InputRequest
from servanda.progress.rounds.answer_sheet import KEY, LABELS, TO_FILL_IN, Block

MOST_IN_WORD = 300  # records in one file; more of them come in several files
WIDTHS = {
    "code": 22,
    "record": 60,
    "question": 30,
    "text": 60,
    "obstacles": 40,
    "figures": 30,
    "start": 14,
    "end": 14,
}
WIDTHS_IN_WORD = (4.5, 12.5)  # centimetres
LINES = {"text": 3}  # as many empty lines invite as much to be written


def introduction(request: InputRequest) -> list[str]:
    return [
        request.round.title,
        str(request.institution),
        request.round.question,
        _("Deadline: %(day)s") % {"day": date_format(request.due_on, "DATE_FORMAT")},
        _(
            "Fill in the empty fields. Make no other changes, and send the file back on the page “Requests to "
            "my institutions” or by e-mail. Records left empty are not changed."
        ),
    ]


def cells(request: InputRequest, block: Block) -> dict[str, str]:
    known = {"code": block.code, "record": block.text.text if block.text else "", "question": request.round.question}
    return known | {name: block.given.get(name, "") for name in TO_FILL_IN if name in block.labels}


def write_xlsx(request: InputRequest, blocks: Sequence[Block]) -> IO[bytes]:
    """One row for each record. The first row names the columns for the machine, the first column the rows."""
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False}) as book:
        write_cover(book, introduction(request))
        sheet = book.add_worksheet(_("Answers")[:31])
        if get_language_bidi():
            sheet.right_to_left()
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        to_fill = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF8DC", "border": 1})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.set_column(0, 0, None, None, {"hidden": True})
        labels = blocks[0].labels if blocks else LABELS
        for column, name in enumerate(labels, 1):
            sheet.set_column(column, column, WIDTHS[name])
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.write_row(0, 0, [KEY, *labels])
        sheet.write_row(1, 0, ["", *map(str, labels.values())], bold)
        sheet.freeze_panes(2, 2)
        for number, block in enumerate(blocks, 2):
            sheet.write_string(number, 0, str(block.item.pk))
            for column, (name, value) in enumerate(cells(request, block).items(), 1):
                look = to_fill if name in TO_FILL_IN else wrapped
                sheet.write_string(number, column, fitting(value), look)
        sheet.set_landscape()
        sheet.repeat_rows(1)
        sheet.fit_to_pages(1, 0)
    file.seek(0)
    return file


def fitting(value: str) -> str:
    return value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - 1] + CUT


def write_docx(request: InputRequest, blocks: Sequence[Block]) -> IO[bytes]:
    document = Document()
    document.styles["Normal"].font.size = Pt(10)
    about = document.core_properties
    about.title, about.author = request.round.title, ""
    set_language(document)
    about.comments = about.last_modified_by = ""
    title, *lines = introduction(request)
    turn(document.add_heading(title, level=1), is_rtl=get_language_bidi())
    for line in lines:
        turn(document.add_paragraph(line), is_rtl=reads_rtl(line))
    for block in blocks:
        turn(document.add_heading(block.code, level=2), is_rtl=get_language_bidi())
        add_block(document, block, cells(request, block))
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def write_docx_parts(request: InputRequest, blocks: Sequence[Block], stem: str) -> IO[bytes]:
    """More records than one Word file holds well, in several files; each is sent back by itself."""
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    with ZipFile(file, "w", ZIP_DEFLATED) as parts:
        for number, some in enumerate(batched(blocks, MOST_IN_WORD), 1):
            parts.writestr(f"{stem}-{number}.docx", write_docx(request, some).read())
    file.seek(0)
    return file


def add_block(document: WordFile, block: Block, values: dict[str, str]) -> None:
    table = document.add_table(rows=len(values), cols=2, style="Table Grid")
    table.autofit = False
    turn_table(table)
    places = table._cells  # asked for one by one, each cell counts all of them again
    for number, (name, value) in enumerate(values.items()):
        label, place = places[2 * number], places[2 * number + 1]
        label.width, place.width = Cm(WIDTHS_IN_WORD[0]), Cm(WIDTHS_IN_WORD[1])
        fill(label.paragraphs[0], str(block.labels[name]), is_rtl=get_language_bidi(), is_bold=True)
        hide(label.paragraphs[0], f"{{{name}}}")
        is_foreign = name == "record" and block.text is not None
        language = block.text.language if is_foreign and block.text else ""
        is_rtl = is_right_to_left(language) if language else reads_rtl(value)
        lines = value.split("\n") if value else [""] * LINES.get(name, 1)
        fill(place.paragraphs[0], lines[0], language, is_rtl=is_rtl and name != "code")
        for line in lines[1:]:
            fill(place.add_paragraph(), line, language, is_rtl=is_rtl)
        if name == "code":
            hide(place.paragraphs[0], f"{{{KEY}:{block.item.pk}}}")


def reads_rtl(text: str) -> bool:
    """Whether the text reads from right to left; an empty one as the sheet does."""
    return direction_in(text, is_rtl=get_language_bidi()) == "rtl"


def fill(paragraph: Paragraph, text: str, language: str = "", *, is_rtl: bool, is_bold: bool = False) -> None:
    run = paragraph.add_run(text)
    if is_bold:
        run.bold = True
    turn(paragraph, is_rtl=is_rtl)
    set_run_language(run, language)


def hide(paragraph: Paragraph, mark: str) -> None:
    """Text that is not shown or printed; typing in the cell beside it does not change it."""
    run = paragraph.add_run(mark)
    run._r.get_or_add_rPr().append(OxmlElement("w:vanish"))


WRITERS: dict[str, Callable[[InputRequest, Sequence[Block]], IO[bytes]]] = {"docx": write_docx, "xlsx": write_xlsx}
