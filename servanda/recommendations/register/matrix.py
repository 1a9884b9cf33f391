"""The filtered register as the matrix that ministries work on: one line for each record, columns chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Cm, Pt

from servanda.kit.files.column_widths import Space, widths_by_content
from servanda.kit.files.tables import write_cover
from servanda.kit.files.word import (
    HEAD,
    RowCell,
    add_facts,
    add_rows,
    add_running_lines,
    first_direction,
    is_right_to_left,
    repeat_head,
    set_font,
    set_language,
    set_widths,
    turn,
    turn_table,
)
from servanda.kit.refusal import Refused
from servanda.people.models import Instance
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.facets import review_title
from servanda.recommendations.models import (
    Position,
    Recommendation,
    RecommendingState,
    Stand,
    TextVersion,
    by_language,
)
from servanda.recommendations.records.as_of import current_at, known_at, states_at
from servanda.recommendations.records.stands import stand_of
from servanda.recommendations.register.exports import AddedColumns, cover_of
from servanda.vocab.models import Body
from servanda.vocab.own_state import own_state

MOST_ROWS_OF_WORD = 2000
ROWS_AT_ONCE = 500
MARGIN, PAGE = 1.2, (29.7, 21)  # centimetres of a landscape A4 page
ROOM = PAGE[0] - 2 * MARGIN
SIZE = 7  # points in the table
SPACE = Space(ROOM, letter=0.125, widest_word=2.4)
LABELS = 3.2  # centimetres of the labels in the title block
TEXT, COMMENT = "text", "comment"
# By key: the heading, and the width in a workbook.
COLUMNS: Mapping[str, tuple[object, int]] = {
    "reference": (gettext_lazy("No."), 14),
    TEXT: (gettext_lazy("Recommendation"), 80),
    "states": (gettext_lazy("Recommending States"), 30),
    "position": (gettext_lazy("Position"), 24),
    "lead": (gettext_lazy("Lead"), 30),
    "action": (gettext_lazy("Action"), 40),
    "indicator": (gettext_lazy("Indicator"), 40),
    "deadline": (gettext_lazy("Deadline"), 14),
    "status": (gettext_lazy("Implementation status"), 30),
    "evidence": (gettext_lazy("Evidence"), 40),
    COMMENT: (gettext_lazy("Comment"), 60),
}
USUAL = ("reference", TEXT, "states", "position", "lead", "deadline", "status", COMMENT)
ADDENDUM = ("reference", TEXT, "states", "position", COMMENT)


@dataclass(slots=True)
class MatrixRow:
    values: dict[str, str]
    language: str  # of the text
    kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """The records of a file, for whom it is made, what else is known of them, and the filter in words."""

    records: QuerySet
    audience: Audience
    beside: AddedColumns | None = None
    filter: Sequence[str] = ()
    columns: Sequence[str] = ()  # chosen; the usual ones if none
    keeps_empty: bool = False  # columns without any value stay, to be filled in
    moment: datetime | None = None  # what was known then; None for today


@dataclass(slots=True)
class Layout:
    """The title, the lines below it, and the table."""

    title: str
    sheet: str
    cover: Sequence[str]
    columns: Sequence[str]
    lines: Sequence[MatrixRow]
    kind: str = ""  # in words, where all records are of one that is no recommendation
    facts: Sequence[tuple[str, str]] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        return [self.kind if self.kind and key == TEXT else str(COLUMNS[key][0]) for key in self.columns]

    @property
    def is_draft(self) -> bool:
        return any(line.values.get("draft") for line in self.lines)


def choices() -> list[dict]:
    """The columns that a form offers."""
    return [{"key": key, "label": label, "is_usual": key in USUAL} for key, (label, _width) in COLUMNS.items()]


def matrix_of(source: Source) -> Layout:
    rows = list(lines(source.records, source.audience, source.beside, source.moment))
    chosen = [key for key in COLUMNS if key in {*source.columns, TEXT}]
    if len(chosen) == 1:
        chosen = USUAL
    if not source.keeps_empty:
        chosen = [key for key in chosen if key == TEXT or any(line.values.get(key) for line in rows)]
    kinds = {line.kind for line in rows}
    other = Recommendation.Kind(kinds.pop()) if len(kinds) == 1 and kinds <= {*Recommendation.Kind.apart()} else None
    return Layout(
        title=_("Matrix") if other else _("Matrix of recommendations"),
        sheet=_("Matrix"),
        cover=cover_of(source.audience),
        columns=chosen,
        lines=rows,
        kind=str(other.label) if other else "",
        facts=facts_of(source.records, len(rows), source.filter),
    )


def facts_of(records: QuerySet, count: int, filters: Sequence[str]) -> list[tuple[str, str]]:
    """What the file is about: the State, the body or review if it is one, the filter, the number and the day."""
    body, cycle, year = body_of(records)
    facts = [
        (_("State"), str(own_state() or "")),
        (_("Body"), str(review_title(str(body.name), cycle, year) if cycle else body.name) if body else ""),
        (pgettext("of a list", "Filter"), "; ".join(filters)),
        (_("Records"), str(count)),
        (_("Date"), date_format(timezone.localdate(), "DATE_FORMAT")),
    ]
    return [(label, value) for label, value in facts if value]


def body_of(records: QuerySet) -> tuple[Body | None, int, int]:
    """The body of all these records with the cycle and year of their review, as far as there is only one."""
    columns = ("body", "review__cycle", "review__year")
    found = list(records.order_by().values_list(*columns).distinct()[:ROWS_AT_ONCE])
    bodies = {body for body, _cycle, _year in found}
    if len(bodies) != 1:
        return None, 0, 0
    reviews = {(cycle or 0, year or 0) for _body, cycle, year in found}
    cycle, year = reviews.pop() if len(reviews) == 1 else (0, 0)
    return Body.objects.get(pk=bodies.pop()), cycle, year


def about(records: QuerySet) -> str:
    """Body and cycle for the name of a file, such as UPR4."""
    body, cycle, _year = body_of(records)
    return f"{body.code}{cycle or ''}" if body else ""


def lines(
    records: QuerySet, audience: Audience, beside: AddedColumns | None = None, moment: datetime | None = None
) -> Iterator[MatrixRow]:
    """In the order of the documents, with texts in the language that the reader wants where there are such."""
    found = with_parts(records, audience, moment).order_by("order_key", "pk").iterator(ROWS_AT_ONCE)
    for some in batched(found, ROWS_AT_ONCE, strict=False):
        if moment is not None:
            set_back([record for record in some if audience.opens(record)], moment)
        known = beside_of(some, audience, beside)
        for record in some:
            line = line_of(record, with_deadline=audience.opens(record))
            line.values |= known.get(record.pk, {})
            yield line


def beside_of(
    records: Sequence[Recommendation], audience: Audience, beside: AddedColumns | None
) -> Mapping[int, Mapping[str, object]]:
    """Only of records whose internal side is open, if it is not public."""
    if beside is None or not beside.tells(audience):
        return {}
    return beside.read([record.pk for record in records if beside.is_public or audience.opens(record)])


def set_back(records: Sequence[Recommendation], moment: datetime) -> None:
    """Give the records the references and positions that they had; they are not saved."""
    states = states_at(Recommendation, [record.pk for record in records], moment)
    for record in records:
        if then := states.get(record.pk):
            record.paragraph, record.code, record.decide_by = then.paragraph, then.code, then.decide_by
        record.stand = stand_of(record, list(record.positions.all()))


def with_parts(records: QuerySet, audience: Audience, moment: datetime | None = None) -> QuerySet:
    parts = (TextVersion.objects, RecommendingState.objects, Position.objects)
    if moment is None:
        texts, states, positions = (rows.current() for rows in parts)
    else:
        records = known_at(records, moment)
        texts, states, positions = (known_to(audience, rows, moment) for rows in parts)
    texts = texts.filter(form=TextVersion.Form.FULL)
    states = states.select_related("country")
    return records.select_related("body").prefetch_related(
        Prefetch("texts", texts),
        Prefetch("recommending", states),
        Prefetch("positions", positions if audience.drafts else positions.filter(is_draft=False)),
    )


def known_to(audience: Audience, rows: Any, moment: datetime) -> QuerySet:
    """The parts of records as of the moment; of records whose public side alone is known, the current ones: a former
    text may be from before the record was published."""
    then = current_at(rows, moment)
    if audience.bodies is None:
        return then
    is_open = Q(recommendation__body__code__in=audience.bodies)
    then, now = (Q(pk__in=some.order_by().values("pk")) for some in (then, rows.current()))
    return rows.filter((then & is_open) | (now & ~is_open))


def line_of(record: Recommendation, *, with_deadline: bool) -> MatrixRow:
    text = next(iter(by_language(record.texts.all())), None)
    positions = list(record.positions.all())
    drafts = [position for position in positions if position.is_draft]
    decided = [position for position in positions if not position.is_draft and position.stand == record.stand]
    last = (drafts or decided)[-1:]
    return MatrixRow(
        values={
            "reference": record.paragraph or record.code,
            TEXT: text.text if text else "",
            "states": ", ".join(str(row.country) for row in record.recommending.all()),
            "position": position_in_words(record, drafts, record.decide_by if with_deadline else None),
            COMMENT: "\n".join(position.comment for position in last if position.comment),
            "draft": "yes" if drafts else "",
        },
        language=text.language if text else record.language,
        kind=record.kind,
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


def write_docx(source: Source) -> IO[bytes]:
    refuse_too_long(source.records)
    return docx_of(matrix_of(source))


def docx_of(layout: Layout) -> IO[bytes]:
    document = Document()
    set_language(document)
    landscape(document.sections[0])
    set_font(document, "Arial")
    document.styles["Normal"].font.size = Pt(SIZE)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    document.core_properties.title = layout.title
    document.core_properties.author = str(Instance.current())
    document.core_properties.comments = ""
    is_rtl = get_language_bidi()
    add_running_lines(document.sections[0], running_line(layout), size=SIZE)
    turn(document.add_heading(layout.title, level=1), is_rtl=is_rtl, size=14)
    add_title_block(document, layout, is_rtl=is_rtl)
    table = document.add_table(rows=0, cols=len(layout.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    turn_table(table)
    widths = widths_of(layout)
    set_widths(table, widths)
    head = [RowCell(text, width, is_rtl, is_bold=True) for text, width in zip(layout.headings, widths, strict=True)]
    add_rows(table, [head], size=SIZE, fill=HEAD)
    repeat_head(table)
    add_rows(table, (cells_of(line, layout.columns, widths) for line in layout.lines), size=SIZE)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def running_line(layout: Layout) -> str:
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    return " · ".join(
        [str(Instance.current()), layout.title, day, *([pgettext("document", "Draft")] if layout.is_draft else [])]
    )


def add_title_block(document, layout: Layout, *, is_rtl: bool) -> None:
    """Below the title: whether it is a draft, then one line for each fact."""
    if layout.is_draft:
        paragraph = document.add_paragraph()
        paragraph.add_run(_("Draft: contains positions that are not decided.")).bold = True
        turn(paragraph, is_rtl=is_rtl, size=SIZE)
    add_facts(document, layout.facts, size=SIZE, indent=LABELS)
    for words in layout.cover:
        turn(document.add_paragraph(words), is_rtl=is_rtl, size=SIZE)
    document.paragraphs[-1].paragraph_format.space_after = Pt(6)


def landscape(section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(PAGE[0]), Cm(PAGE[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)
    section.header_distance = section.footer_distance = Cm(0.5)


def widths_of(layout: Layout) -> list[float]:
    """Words of texts and comments do not widen their column."""
    rows = [[line.values.get(key) or "" for key in layout.columns] for line in layout.lines]
    breakable = {place for place, key in enumerate(layout.columns) if key in {TEXT, COMMENT}}
    return widths_by_content(layout.headings, rows, SPACE, breakable=breakable)


def cells_of(line: MatrixRow, columns: Sequence[str], widths: Sequence[float]) -> Iterator[RowCell]:
    """Each text keeps its own direction."""
    for key, width in zip(columns, widths, strict=True):
        text = line.values.get(key) or ""
        if key == TEXT:
            yield RowCell(text, width, is_right_to_left(line.language), line.language)
        else:
            yield RowCell(text, width, first_direction(text) == "rtl")


def write_xlsx(source: Source) -> IO[bytes]:
    return xlsx_of(matrix_of(source))


def xlsx_of(layout: Layout) -> IO[bytes]:
    file = TemporaryFile()  # noqa: SIM115 -- the response that sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        if layout.cover:
            write_cover(book, layout.cover)
        sheet = book.add_worksheet(layout.sheet[:31])
        if get_language_bidi():
            sheet.right_to_left()
        for column, key in enumerate(layout.columns):
            sheet.set_column(column, column, COLUMNS[key][1])
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_footer("&C&P / &N")
        sheet.fit_to_pages(1, 0)
        sheet.write_row(0, 0, layout.headings, book.add_format({"bold": True, "valign": "top"}))
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for number, line in enumerate(layout.lines, 1):
            sheet.write_row(number, 0, [line.values.get(key) or "" for key in layout.columns], wrapped)
    file.seek(0)
    return file


WRITERS: dict[str, Callable[[Source], IO[bytes]]] = {"docx": write_docx, "xlsx": write_xlsx}
