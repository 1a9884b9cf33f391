"""The blocks of a report as the XML of Word: headings, paragraphs, lists, tables, charts, the matrix, endnotes."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from django.utils.translation import pgettext

from servanda.kit.files.word import HEAD, TWIPS, RowCell, cell_xml, first_direction, is_right_to_left
from servanda.kit.files.word_package import MAIN, STYLES, attribute, field, text
from servanda.recommendations.register import matrix
from servanda.reporting.documents import word_frame
from servanda.reporting.documents.blocks import Block, Kind, Picture, Span, direction_of
from servanda.reporting.documents.contents import ReportDocument

SECTION_MARK = "_Section_"  # hidden bookmarks: where sections begin
EMU = 9525  # in a pixel
WIDEST = 480  # pixels of a chart on the page
LONGEST_IN_WIDTH = 120  # characters: longer texts take more lines, and no wider column
WIDTH = 9638  # twips between the margins of an upright page
INDENT, STEP = 1134, 567  # twips before the text, and of a level of a list
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u052f](?:[^\u0590-\u08ff\n]*[A-Za-z\u00c0-\u024f\u0370-\u052f\d])?")
CODES = {"en": "en-GB", "es": "es-ES", "fr": "fr-FR", "pt": "pt-PT", "ru": "ru-RU", "zh": "zh-CN", "ar": "ar-SA"}
BOLD = "<w:b/><w:bCs/>"
NOTE_STYLE, LINK_STYLE = '<w:rStyle w:val="EndnoteReference"/>', '<w:rStyle w:val="Hyperlink"/>'


class PicturesAndLinks(Protocol):
    """Where what the blocks refer to is put; both return the key of the relation."""

    def add_picture(self, content: bytes) -> str: ...

    def add_link(self, address: str) -> str: ...


class BlockWriter:
    def __init__(self, document: ReportDocument, package: PicturesAndLinks) -> None:
        self.document = document
        self.package = package
        self.is_rtl = is_right_to_left(document.language)
        self.bookmarks = 0
        self.pictures = 0
        self.anchors = {block.anchor: f"_Ref_{place}" for place, block in enumerate(self.blocks, 1) if block.anchor}
        headings = ((place, block) for place, block in enumerate(self.blocks, 1) if in_contents(block))
        self.contents = {id(block): f"_Toc{place:08}" for place, block in headings}
        self.section = ""  # that is being written
        self.sections = 0  # number of lists so far
        self.open_section = 0  # the bookmark around the section that is being written
        self.has_reference = True  # the bookmark of its first paragraph is written
        self.are_headings_written = True  # otherwise a template writes them

    @property
    def blocks(self) -> list[Block]:
        return [*self.document.blocks, *self.document.annexes]

    @property
    def language_codes(self) -> tuple[str, str]:
        """Of text from left to right, and from right to left."""
        code = CODES.get(self.document.language, self.document.language)
        return ("en-GB", code) if self.is_rtl else (code, "ar-SA")

    @property
    def styles(self) -> str:
        latin, bidi = self.language_codes
        return STYLES.read_text().partition("\n")[2].replace("{latin}", latin).replace("{bidi}", bidi)

    @property
    def numbering(self) -> str:
        lists: dict[int, tuple[int, int]] = {}
        for block in self.blocks:
            if block.is_ordered and block.list_number:
                lists.setdefault(block.list_number, (block.level, block.place))
        return word_frame.numbering(lists, is_rtl=self.is_rtl)

    # The contents

    def table_of_contents(self) -> Iterator[str]:
        entries = [block for block in self.blocks if id(block) in self.contents]
        if not entries:
            return
        yield (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            "</w:docPartObj></w:sdtPr><w:sdtContent>"
        )
        yield self.paragraph("ContentsHeading", self.run(pgettext("table of contents", "Contents")))
        start = (
            '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
            r'<w:r><w:instrText xml:space="preserve"> TOC \o "1-3" \h \z \u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        for place, block in enumerate(entries):
            page = str(self.document.pages[place]) if self.document.pages else " "
            yield self.paragraph(f"TOC{block.level}", start + self.contents_entry(block, page))
            start = ""
        yield self.paragraph("Normal", '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        yield "</w:sdtContent></w:sdt>"

    def contents_entry(self, block: Block, number_of_page: str) -> str:
        anchor = self.contents[id(block)]
        number = f"{self.run(block.number)}<w:r><w:tab/></w:r>" if block.number else ""
        page = field(rf"PAGEREF {anchor} \h", self.run(number_of_page), is_dirty=True)
        words = f"{number}{self.run(block.text)}<w:r><w:tab/></w:r>{page}"
        return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{words}</w:hyperlink>'

    # Blocks

    def block(self, block: Block) -> str:
        match block.kind:
            case Kind.HEADING:
                return self.heading(block)
            case Kind.TABLE:
                return self.table(block)
            case Kind.PICTURE if block.picture is not None:
                caption = self.paragraph("Caption", self.runs(block.spans))
                return caption + self.paragraph("Chart", self.picture(block.picture))
            case Kind.CODE:
                lines = [self.paragraph("CodeText", self.run(line)) for line in block.text.split("\n")]
                return "".join(lines)
            case Kind.GAP:
                return self.paragraph("Gap", self.runs(block.spans))
            case Kind.QUOTE:
                return self.paragraph("Quote", self.runs(block.spans), is_rtl=self.reads_rtl(block))
            case Kind.ITEM:
                return self.item(block)
            case _:
                return self.numbered(block)

    def heading(self, block: Block) -> str:
        content = self.runs(block.spans)
        if block.anchor:
            content = self.bookmarked(self.anchors[block.anchor], content)
            self.section, self.has_reference = block.anchor, False
        if anchor := self.contents.get(id(block)):
            content = self.bookmarked(anchor, content)
        numbers = word_frame.in_list(word_frame.HEADINGS, block.level - 1) if block.number else ""
        end = self.end_of_section() if block.anchor else ""
        if block.anchor:
            content = self.start_of_section() + content
        return end + self.paragraph(f"Heading{block.level}", content, numbers, is_rtl=self.reads_rtl(block))

    def begin_section(self, heading: Block) -> str:
        """Without the heading, which a template writes: what refers to it leads here."""
        self.section, self.has_reference = heading.anchor, False
        marks = self.bookmarked(self.anchors[heading.anchor], "")
        if anchor := self.contents.get(id(heading)):
            marks += self.bookmarked(anchor, "")
        return marks

    def start_of_section(self) -> str:
        """Open the bookmark around the whole section, which survives a new heading."""
        self.sections += 1
        self.bookmarks += 1
        self.open_section = self.bookmarks
        return f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{SECTION_MARK}{self.sections}"/>'

    def end_of_section(self) -> str:
        key, self.open_section = self.open_section, 0
        return f'<w:bookmarkEnd w:id="{key}"/>' if key else ""

    def numbered(self, block: Block) -> str:
        content = self.runs(block.spans)
        if self.section and not self.has_reference:
            content, self.has_reference = self.bookmarked(f"{self.anchors[self.section]}_p", content), True
        return self.paragraph(
            "SingleText", content, word_frame.in_list(word_frame.PARAGRAPHS, 0), is_rtl=self.reads_rtl(block)
        )

    def item(self, block: Block) -> str:
        is_rtl = self.reads_rtl(block)
        if block.list_number:
            number = word_frame.list_key(block.list_number) if block.is_ordered else word_frame.BULLETS
            numbers, indent = word_frame.in_list(number, min(block.level, word_frame.DEEPEST)), ""
        else:
            numbers, indent = "", f'<w:ind w:left="{INDENT + STEP * (block.level + 2)}" w:right="{INDENT}"/>'
        return self.paragraph("ListText", self.runs(block.spans), numbers, is_rtl=is_rtl, indent=indent)

    def table(self, block: Block) -> str:
        columns = max(len(row) for row in block.rows)
        widths = widths_of(block.rows, columns)
        rows = []
        for place, row in enumerate(block.rows):
            cells = [*row, *[[]] * (columns - len(row))]
            fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{HEAD}"/>' if place == 0 else ""
            written = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>'
                f"{self.table_cell(cell, is_head=place == 0)}</w:tc>"
                for width, cell in zip(widths, cells, strict=True)
            )
            rows.append(word_frame.row(written, is_head=place == 0))
        return word_frame.table("".join(rows), widths, is_rtl=self.is_rtl) + "<w:p/>"

    def table_cell(self, spans: Sequence[Span], *, is_head: bool) -> str:
        words = "".join(span.text for span in spans)
        content = self.runs(spans, BOLD if is_head else "")
        return self.paragraph("TableText", content, is_rtl=self.is_rtl_text(words))

    def matrix(self) -> Iterator[str]:
        layout = self.document.layout
        if layout is None:
            return
        widths = matrix.widths_of(layout)
        yield word_frame.table_start([round(width * TWIPS) for width in widths], is_rtl=self.is_rtl)
        labels = zip(layout.headings, widths, strict=True)
        head = [RowCell(label, width, self.is_rtl, is_bold=True) for label, width in labels]
        yield word_frame.row(self.cells(head, fill=HEAD), is_head=True)
        for line in layout.lines:
            yield word_frame.row(self.cells(matrix.cells_of(line, layout.columns, widths)))
        yield "</w:tbl>"

    def cells(self, cells: Iterator[RowCell] | Sequence[RowCell], *, fill: str = "") -> str:
        return "".join(cell_xml(cell, matrix.SIZE, fill, style="MatrixText") for cell in cells)

    def picture(self, picture: Picture) -> str:
        self.pictures += 1
        width, height = picture.size
        scale = min(1, WIDEST / width)
        key = self.package.add_picture(picture.content)
        size = (round(width * scale) * EMU, round(height * scale) * EMU)
        return word_frame.drawing(self.pictures, key, size, attribute(picture.alternative))

    # Paragraphs and runs

    def reads_rtl(self, block: Block) -> bool:
        """A paragraph in another script than the report keeps its own direction."""
        return self.is_rtl_text(block.text)

    def is_rtl_text(self, words: str) -> bool:
        return direction_of(words, is_rtl=self.is_rtl) == "rtl"

    def paragraph(
        self, style: str, content: str, numbers: str = "", *, is_rtl: bool | None = None, indent: str = ""
    ) -> str:
        is_rtl = self.is_rtl if is_rtl is None else is_rtl
        direction = "<w:bidi/>" if is_rtl else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{numbers}{direction}{indent}</w:pPr>{content}</w:p>'

    def bookmarked(self, name: str, content: str) -> str:
        self.bookmarks += 1
        key = self.bookmarks
        return f'<w:bookmarkStart w:id="{key}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{key}"/>'

    def runs(self, spans: Sequence[Span], form: str = "") -> str:
        return "".join(self.span(span, form) for span in spans)

    def span(self, span: Span, form: str) -> str:
        if span.note:
            return f'<w:r><w:rPr>{NOTE_STYLE}</w:rPr><w:endnoteReference w:id="{span.note}"/></w:r>'
        if span.is_break:
            return "<w:r><w:br/></w:r>"
        properties = form_of(span) or form
        if not span.address:
            return self.run(span.text, properties)
        if span.address.startswith("#"):
            return self.reference(span, properties)
        key = self.package.add_link(span.address)
        return f'<w:hyperlink r:id="{key}">{self.run(span.text, LINK_STYLE + properties)}</w:hyperlink>'

    def reference(self, span: Span, properties: str) -> str:
        """To another section: Word computes numbers and headings anew when its fields are updated."""
        anchor = self.anchors[span.address.removeprefix("#")]
        if span.is_paragraph_number:
            return field(rf"REF {anchor}_p \r \h", self.run(span.text, properties))
        if span.is_heading_text and self.are_headings_written:
            return field(rf"REF {anchor} \h", self.run(span.text, properties))
        return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{self.run(span.text, properties)}</w:hyperlink>'

    def run(self, words: str, properties: str = "") -> str:
        """The runs of one text; Latin script within right-to-left text becomes a run of its own."""
        if not self.is_rtl and first_direction(words) != "rtl":
            return self.plain_run(words, properties)
        pieces, end = [], 0
        for latin in LATIN.finditer(words):
            pieces += [(words[end : latin.start()], True), (latin[0], False)]
            end = latin.end()
        pieces.append((words[end:], True))
        return "".join(
            f'{self.opened(properties, is_rtl=is_rtl)}<w:t xml:space="preserve">{text(piece)}</w:t></w:r>'
            for piece, is_rtl in pieces
            if piece
        )

    def plain_run(self, words: str, properties: str = "") -> str:
        """One run from left to right."""
        return f'{self.opened(properties, is_rtl=False)}<w:t xml:space="preserve">{text(words)}</w:t></w:r>'

    def opened(self, properties: str = "", *, is_rtl: bool | None = None) -> str:
        """The beginning of a run."""
        direction = "<w:rtl/>" if (self.is_rtl if is_rtl is None else is_rtl) else ""
        return f"<w:r><w:rPr>{properties}{direction}</w:rPr>" if properties or direction else "<w:r>"

    def endnotes(self) -> str:
        mark = f"<w:r><w:rPr>{NOTE_STYLE}</w:rPr><w:endnoteRef/></w:r>"
        notes = ""
        for number, note in enumerate(self.document.notes, 1):
            content, is_rtl = mark + self.run(f" {note}"), self.is_rtl_text(note)
            notes += f'<w:endnote w:id="{number}">{self.paragraph("EndnoteText", content, is_rtl=is_rtl)}</w:endnote>'
        return f'<w:endnotes xmlns:w="{MAIN}">{word_frame.SEPARATORS}{notes}</w:endnotes>'


def in_contents(block: Block) -> bool:
    return block.kind == Kind.HEADING and block.level <= word_frame.CONTENTS_LEVELS


def form_of(span: Span) -> str:
    font = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>' if span.is_code else ""
    bold = BOLD if span.is_bold else ""
    italic = "<w:i/><w:iCs/>" if span.is_italic else ""
    return f"{font}{bold}{italic}"


def widths_of(rows: Sequence[Sequence[Sequence[Span]]], columns: int) -> list[int]:
    """Columns by their longest text, so that numbers leave room for sentences; none narrower than half an equal
    share."""
    lengths = [1] * columns
    for row in rows:
        for place, cell in enumerate(row):
            lengths[place] = max(lengths[place], min(sum(len(span.text) for span in cell), LONGEST_IN_WIDTH))
    least = WIDTH // columns // 2
    spare = WIDTH - least * columns
    return [least + spare * length // sum(lengths) for length in lengths]
