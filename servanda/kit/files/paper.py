"""A document that leaves the system, such as a record or a hand-over pack, as a PDF and as a Word file.

It has a title block (who issues it, what it is about, and whether it is a draft), parts with lines and tables, and
running lines with the page number. Both files are made from the same `Paper`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from servanda.kit.files.column_widths import Space, widths_by_content
from servanda.kit.files.pdf import pdf_of
from servanda.kit.files.word import (
    HEAD,
    RowCell,
    add_facts,
    add_rows,
    add_running_lines,
    direction_in,
    draw_rule,
    is_right_to_left,
    page_direction,
    repeat_head,
    set_font,
    set_language,
    set_padding,
    set_run_language,
    set_widths,
    turn,
    turn_table,
)

PAGE, MARGIN = (21, 29.7), 1.9  # centimetres of A4
ROOM = PAGE[0] - 2 * MARGIN
WIDEST_WORD = 5
LABELS = 3.8  # centimetres of the labels in the title block
ABOUT_THE_MAKER = ("/extended-properties", "/thumbnail")  # parts of python-docx's template


class Sizes(NamedTuple):
    """Sizes of letters in points, and the space above and below the text of a cell in millimetres."""

    text: int
    table: int
    part: int
    title: int
    padding: float


USUAL = Sizes(text=10, table=9, part=12, title=16, padding=0.7)
DENSE = Sizes(text=9, table=8, part=11, title=15, padding=0.4)
AFTER = {"Heading 1": 4, "Heading 2": 3}  # points below a paragraph of this style
BELOW_TABLE = 3  # points
LETTER = 0.0205  # centimetres of a letter, for each point of its size, on average


LEFT_TO_RIGHT = "\u200e"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text; if its language is not that of the page, either the language or its first letter decides how it is
    read."""

    text: str
    language: str = ""
    is_typed: bool = False  # by a person, in a language that is not recorded
    is_code: bool = False  # from left to right in every language
    is_strong: bool = False

    @property
    def direction(self) -> str:
        if self.is_code:
            return "ltr"
        if self.language:
            return "rtl" if is_right_to_left(self.language) else "ltr"
        return direction_in(self.text, is_rtl=get_language_bidi()) if self.is_typed else page_direction()


@dataclass(slots=True)
class Table:
    """Rows below a header; `numbers` are the columns that are aligned at their end."""

    header: Sequence[str]
    rows: Sequence[Sequence[TextLine]]
    numbers: frozenset[int] = frozenset()
    has_total: bool = False  # in the last row

    def widths(self, sizes: Sizes) -> list[float]:
        """In centimetres. Capitals and digits, of which codes consist, are wider than other letters."""
        texts = [[f"{line.text}{line.text[::6]}" if line.is_code else line.text for line in row] for row in self.rows]
        return widths_by_content(self.header, texts, Space(ROOM, LETTER * sizes.table, WIDEST_WORD))


@dataclass(slots=True)
class Part:
    title: str
    lines: Sequence[TextLine] = ()
    table: Table | None = None
    notes: Sequence[str] = ()  # below the table


@dataclass(slots=True)
class Paper:
    title: str  # in the running lines and the properties of the file
    issuer: str
    day: str
    parts: Sequence[Part]
    heading: TextLine | None = None  # the title, if none
    status: str = ""  # such as "Draft", on each page
    notices: Sequence[str] = ()  # sentences on the status
    facts: Sequence[tuple[str, str]] = ()
    lines: Sequence[TextLine] = ()  # below the title block
    source: Sequence[TextLine] = ()  # the last lines: where the file comes from
    sizes: Sizes = field(default=USUAL)

    @property
    def head(self) -> TextLine:
        return self.heading or TextLine(self.title)

    @property
    def title_block(self) -> list[tuple[str, str]]:
        """In Arabic, marks around a value in Latin letters keep a number before it and a full stop behind it."""
        return [(label, in_its_direction(value)) for label, value in self.facts]

    @property
    def running_line(self) -> str:
        """In Arabic, a mark after each dot keeps a code and the date behind it apart."""
        between = " · \u200f" if page_direction() == "rtl" else " · "
        return between.join(filter(None, (self.issuer, self.title, self.day, self.status)))


def in_its_direction(value: str) -> str:
    is_latin = page_direction() == "rtl" and direction_in(value, is_rtl=True) == "ltr"
    is_closed = value[:1].isalpha() and value[-1:].isalnum()
    return f"{LEFT_TO_RIGHT}{value}{LEFT_TO_RIGHT}" if is_latin and not is_closed else value


def write_pdf(paper: Paper) -> bytes:
    """Raises `Refused` where system libraries are missing."""
    parts = [(part, shares(part.table.widths(paper.sizes)) if part.table else []) for part in paper.parts]
    page = {"paper": paper, "parts": parts, "language": get_language(), "direction": page_direction()}
    return pdf_of(render_to_string("paper_pdf.html", page))


def shares(widths: Sequence[float]) -> list[str]:
    return [f"{100 * width / sum(widths):.2f}%" for width in widths]


def write_docx(paper: Paper) -> bytes:
    document, sizes = Document(), paper.sizes
    set_up(document, paper)
    add_running_lines(document.sections[0], paper.running_line)
    add_line(document, TextLine(paper.issuer), size=sizes.table)
    add_line(document, paper.head, size=sizes.title, style="Heading 1")
    for notice in paper.notices:
        add_line(document, TextLine(notice), size=sizes.text, is_bold=True)
    add_facts(document, paper.title_block, size=sizes.table, indent=LABELS)
    draw_rule(document.paragraphs[-1])
    for line in paper.lines:
        add_line(document, line, size=sizes.text)
    for part in paper.parts:
        add_part(document, part, sizes)
    for line in paper.source:
        add_line(document, line, size=sizes.table)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def set_up(document: DocumentType, paper: Paper) -> None:
    """Set language, typeface, sizes and margins, and remove metadata on the software and the person."""
    set_language(document)
    set_font(document, "Arial")
    sizes = paper.sizes
    for name, size, above in (
        ("Normal", sizes.table, 0),
        ("Heading 1", sizes.title, 2),
        ("Heading 2", sizes.part, 9),
    ):
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(0)
    sheet = document.sections[0]
    sheet.page_width, sheet.page_height = Cm(PAGE[0]), Cm(PAGE[1])
    sheet.left_margin = sheet.right_margin = sheet.top_margin = sheet.bottom_margin = Cm(MARGIN)
    sheet.header_distance = sheet.footer_distance = Cm(0.8)
    properties = document.core_properties
    properties.title, properties.author = paper.title, paper.issuer
    properties.comments = properties.last_modified_by = properties.keywords = properties.subject = ""
    properties.created = properties.modified = timezone.now().replace(tzinfo=None)
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith(ABOUT_THE_MAKER)]:
        del relations[key]


def add_part(document: DocumentType, part: Part, sizes: Sizes) -> None:
    add_line(document, TextLine(part.title), size=sizes.part, style="Heading 2")
    for line in part.lines:
        add_line(document, line, size=sizes.text)
    if part.table:
        add_table(document, part.table, sizes)
    for note in part.notes:
        add_line(document, TextLine(note), size=sizes.table, above=BELOW_TABLE)


def add_line(
    document: DocumentType,
    line: TextLine,
    *,
    size: int,
    style: str = "Normal",
    is_bold: bool = False,
    above: float | None = None,
) -> None:
    """`above` is the space above it in points, where it is not that of the style."""
    paragraph = document.add_paragraph(style=style)
    if above is not None:
        paragraph.paragraph_format.space_before = Pt(above)
    paragraph.paragraph_format.space_after = Pt(AFTER.get(style, 3))
    run = paragraph.add_run(line.text)
    run.font.size = Pt(size)
    run.bold = is_bold or line.is_strong or style != "Normal" or None
    if line.is_code and page_direction() == "rtl":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    turn(paragraph, is_rtl=line.direction == "rtl", size=size)
    set_run_language(run, line.language)


def add_table(document: DocumentType, content: Table, sizes: Sizes) -> None:
    table = document.add_table(rows=0, cols=len(content.header), style="Table Grid")
    turn_table(table)
    set_padding(table, sizes.padding)
    widths = content.widths(sizes)
    set_widths(table, widths)
    header = [TextLine(label) for label in content.header]
    last = len(content.rows) - 1 if content.has_total else None
    add_rows(table, [list(cells_of(header, widths, content, is_bold=True))], size=sizes.table, fill=HEAD)
    repeat_head(table)
    rows = (cells_of(row, widths, content, is_bold=place == last) for place, row in enumerate(content.rows))
    add_rows(table, map(list, rows), size=sizes.table)


def cells_of(row: Sequence[TextLine], widths: Sequence[float], table: Table, *, is_bold: bool) -> Iterator[RowCell]:
    for place, (line, width) in enumerate(zip(row, widths, strict=True)):
        yield RowCell(
            line.text,
            width,
            line.direction == "rtl",
            line.language,
            is_bold=is_bold,
            at_end=place in table.numbers or (line.is_code and page_direction() == "rtl"),
        )


WRITERS: dict[str, Callable[[Paper], bytes]] = {"pdf": write_pdf, "docx": write_docx}
