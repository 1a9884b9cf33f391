"""The hand-over pack as a PDF, from a template, and as a Word file with the same sections."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from servanda.desk.hand_over.pack import First, Pack, addresses, facts
from servanda.kit.files.pdf import pdf_of
from servanda.kit.files.word import (
    first_direction,
    page_direction,
    set_language,
    set_run_language,
    turn_paragraph,
    turn_run,
    turn_table,
)
from servanda.people.models import Instance
from servanda.recommendations.register.listing import Row

RIGHT_TO_LEFT = {"R", "AL"}
ABOUT_THE_MAKER = ("/extended-properties", "/thumbnail")  # parts of python-docx's template
WIDTH = 17  # centimetres between the margins
LEAST, MOST = 24, 50  # characters of a column
SIZES = {"Normal": 10, "Heading 1": 18, "Heading 2": 13}


@dataclass(slots=True)
class Cell:
    text: str
    is_code: bool = False  # left to right in every language
    is_foreign: bool = False  # typed text, in any language
    language: str = ""

    @property
    def direction(self) -> str:
        if self.is_code:
            return "ltr"
        return first_direction(self.text) if self.is_foreign else page_direction()


@dataclass(slots=True)
class Section:
    """A table with a title, and a sentence if it is empty."""

    title: str
    empty: str
    header: Sequence[str]
    rows: list[list[Cell]]
    left_out: int = 0

    @property
    def more(self) -> str:
        sentence = ngettext(
            "%(count)d more item is on the hand-over page.",
            "%(count)d more items are on the hand-over page.",
            self.left_out,
        )
        return sentence % {"count": self.left_out}


def title_of(pack: Pack) -> str:
    values = {"function": pack.appointment.get_function_display(), "institution": pack.appointment.institution}
    return _("Hand-over: %(function)s, %(institution)s") % values


def sections(pack: Pack) -> list[Section]:
    return [*(open_items(pack) if pack.is_inside else []), *people(pack), *(changes(pack) if pack.is_inside else [])]


def open_items(pack: Pack) -> list[Section]:
    reference, text = _("Reference"), _("Text")
    named = Section(
        _("Records that name this institution or are assigned to it"),
        _("No records name it or are assigned to it."),
        [reference, text, _("Position of the State")],
        [[*of_record(row), Cell(row.record.get_stand_display())] for row in pack.named.rows],
        pack.named.left_out,
    )
    assigned = Section(
        _("Records assigned to this institution"),
        _("No records assigned to this institution."),
        [reference, text, _("Due")],
        [[*of_record(row), Cell(day(vars(row.record)["due_on"]))] for row in pack.assigned.rows],
        pack.assigned.left_out,
    )
    undecided = Section(
        _("Positions to be decided"),
        _("No positions to be decided."),
        [reference, text, _("To be decided by")],
        [[*of_record(row), Cell(day(row.record.decide_by))] for row in pack.undecided.rows],
        pack.undecided.left_out,
    )
    replies = Section(
        _("Replies due"),
        _("No replies due."),
        [reference, text, _("Due")],
        [[*of_record(row), Cell(day(vars(row.record)["reply_due_on"]))] for row in pack.replies.rows],
        pack.replies.left_out,
    )
    imports = Section(
        _("Imports awaiting a decision"),
        _("No imports awaiting a decision."),
        [_("File"), _("Import status"), _("Sent on")],
        [
            [Cell(batch.name), Cell(batch.get_state_display()), Cell(day(batch.created_at))]
            for batch in pack.imports.rows
        ],
        pack.imports.left_out,
    )
    return [named, assigned, undecided, replies, imports]


def of_record(row: Row) -> list[Cell]:
    return [Cell(row.record.code, is_code=True), Cell(row.text, is_foreign=True, language=row.language)]


def day(moment) -> str:
    return date_format(moment, "DATE_FORMAT") if moment else ""


def people(pack: Pack) -> list[Section]:
    header = [_("Name"), _("Function"), _("Institution"), _("E-mail"), _("Telephone")]
    rows = [
        [
            Cell(str(appointment.person)),
            Cell(appointment.get_function_display()),
            Cell(str(appointment.institution)),
            Cell(appointment.person.email, is_code=True),
            Cell(appointment.person.phone, is_code=True),
        ]
        for appointment in pack.contacts
    ]
    address_rows = [[Cell(label), Cell(value, is_code=True)] for label, value in addresses(pack)]
    return [
        Section(_("Contacts"), _("No other contacts for this institution."), header, rows),
        Section(_("Addresses"), _("No addresses recorded."), [_("Institution"), _("Address")], address_rows),
    ]


def changes(pack: Pack) -> list[Section]:
    moments = [[Cell(day(moment.at)), Cell(moment.text)] for moment in pack.moments.rows]
    entries = [[Cell(day(entry.at)), Cell(entry.what)] for changed in pack.changed.rows for entry in changed.entries]
    header, empty = [_("When"), _("What happened")], _("No changes.")
    people = First(pack.moments.rows, pack.moments.total).left_out
    return [
        Section(_("Changes to the institution and its people in the last 90 days"), empty, header, moments, people),
        Section(_("Changes to its records in the last 90 days"), empty, header, entries, pack.changed.left_out),
    ]


def note_of(pack: Pack) -> list[Cell]:
    """The lines of the note, each with its own language and direction."""
    return [Cell(line, is_foreign=True) for line in pack.hand_over.note.splitlines()]


def write_pdf(pack: Pack, address: str) -> bytes:
    page = {
        "title": title_of(pack),
        "instance": Instance.current(),
        "language": get_language(),
        "direction": page_direction(),
        "facts": facts(pack),
        "note": note_of(pack),
        "sections": sections(pack),
        "address": address,
        "day": timezone.localdate(),
    }
    return pdf_of(render_to_string("desk/hand_over/_hand_over_pdf.html", page))


def write_docx(pack: Pack, address: str) -> bytes:
    document = Document()
    set_up(document, title_of(pack))
    add(document, title_of(pack), "Heading 1")
    values = {"day": day(timezone.localdate()), "mechanism": Instance.current()}
    add(
        document,
        _("%(mechanism)s, %(day)s. Confidential: only for the outgoing and the incoming office holder.") % values,
    )
    add(document, Cell(address, is_code=True))
    add_table(document, [], [[Cell(label), Cell(value)] for label, value in facts(pack)])
    if pack.hand_over.note:
        add(document, _("Notes for the successor"), "Heading 2")
        for line in note_of(pack):
            add(document, line)
    for section in sections(pack):
        add_section(document, section)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def set_up(document, title: str) -> None:
    """Set language, sizes and margins, and remove metadata on the software and the person."""
    set_language(document)
    for name, size in SIZES.items():
        document.styles[name].font.size = Pt(size)
    margins = document.sections[0]
    margins.page_width, margins.page_height = Cm(21), Cm(29.7)
    margins.left_margin = margins.right_margin = margins.top_margin = margins.bottom_margin = Cm(2)
    properties = document.core_properties
    properties.title, properties.author = title, str(Instance.current())
    properties.comments = properties.last_modified_by = properties.keywords = properties.subject = ""
    properties.created = properties.modified = timezone.now().replace(tzinfo=None)
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith(ABOUT_THE_MAKER)]:
        del relations[key]


def add(document, content: str | Cell, style: str = "Normal") -> None:
    cell = content if isinstance(content, Cell) else Cell(content)
    fill(document.add_paragraph(style=style), cell, size=SIZES[style], is_bold=style != "Normal")


def add_section(document, section: Section) -> None:
    add(document, section.title, "Heading 2")
    if section.rows:
        add_table(document, section.header, section.rows)
    else:
        add(document, section.empty)
    if section.left_out:
        add(document, section.more)


def add_table(document, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    turn_table(table)
    room = widths(header, rows)
    for column, width in zip(table.columns, room, strict=True):
        column.width = width
    if header:
        add_row(table, [Cell(label) for label in header], room, is_bold=True)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cells in rows:
        add_row(table, cells, room, is_bold=False)


def widths(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Cm]:
    """Widths in proportion to the contents; every column is wide enough for a date or a reference."""
    columns = zip(*([[Cell(label) for label in header]] if header else []), *rows, strict=True)
    shares = [min(max(LEAST, *(len(cell.text) for cell in column)), MOST) for column in columns]
    return [Cm(WIDTH * share / sum(shares)) for share in shares]


def add_row(table: Table, cells: Sequence[Cell], room: Sequence[Cm], *, is_bold: bool) -> None:
    for place, cell, width in zip(table.add_row().cells, cells, room, strict=True):
        place.width = width
        fill(place.paragraphs[0], cell, size=SIZES["Normal"], is_bold=is_bold)


def fill(paragraph: Paragraph, cell: Cell, *, size: int, is_bold: bool) -> None:
    """Add the text. In Word, right-to-left has to be set on the paragraph and the run, with separate size and
    weight."""
    run = paragraph.add_run(cell.text)
    run.bold = is_bold
    if cell.is_code and page_direction() == "rtl":
        paragraph.alignment = (
            WD_ALIGN_PARAGRAPH.RIGHT
        )  # aligns left-to-right text, such as an address, in a right-to-left document
    elif cell.direction == "rtl":
        turn_paragraph(paragraph)
    if not RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, cell.text)):
        turn_run(run, size=size)
    set_run_language(run, cell.language)


WRITERS: dict[str, Callable[[Pack, str], bytes]] = {"pdf": write_pdf, "docx": write_docx}
