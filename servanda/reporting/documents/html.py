"""A report as a page of HTML, and as a tagged PDF made from it."""

from base64 import b64encode
from collections.abc import Iterator, Sequence

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from servanda.kit.files.pdf import pdf_of
from servanda.kit.files.word import NOT_IN_XML, is_right_to_left
from servanda.recommendations.register import matrix
from servanda.reporting.documents.blocks import Block, Kind, Span, direction_of
from servanda.reporting.documents.contents import ReportDocument

PDF_STANDARD = "pdf/ua-1"  # accessible: tagged, with a title, a language and text alternatives
CONTENTS_LEVELS = 3
TAGS = {Kind.PARAGRAPH: "p", Kind.QUOTE: "blockquote", Kind.ITEM: "p", Kind.GAP: "p"}


def write_html(document: ReportDocument) -> bytes:
    return page_of(document, is_for_print=False).encode()


def write_pdf(document: ReportDocument) -> bytes:
    """Raises `Refused` where system libraries are missing."""
    return pdf_of(page_of(document, is_for_print=True), variant=PDF_STANDARD)


def page_of(document: ReportDocument, *, is_for_print: bool) -> str:
    layout = document.layout
    widths = matrix.widths_of(layout) if layout else []
    is_rtl = is_right_to_left(document.language)
    page = {
        "document": document,
        "direction": "rtl" if is_rtl else "ltr",
        "contents": list(contents_of(document)),
        "body": list(html_of(document.blocks, is_rtl=is_rtl)),
        "notes": [
            (number, clean(note), direction_of(note, is_rtl=is_rtl)) for number, note in enumerate(document.notes, 1)
        ],
        "annexes": list(annexes_of(document, widths)),
        "widths": [f"{100 * width / sum(widths):.2f}%" for width in widths],
        "is_for_print": is_for_print,
    }
    return render_to_string("reporting/documents/report_document.html", page)


def clean(words: str) -> str:
    return NOT_IN_XML.sub("", words)


def contents_of(document: ReportDocument) -> Iterator[tuple[Block, str]]:
    for place, block in enumerate([*document.blocks, *document.annexes]):
        if block.kind == Kind.HEADING and block.level <= CONTENTS_LEVELS:
            yield block, anchor_of(block, place)


def anchor_of(block: Block, place: int) -> str:
    return f"section-{block.anchor}" if block.anchor else f"heading-{place}"


def html_of(blocks: Sequence[Block], *, is_rtl: bool, start: int = 0) -> Iterator[SafeString]:
    key, has_reference = "", True
    items: list[Block] = []
    for place, block in enumerate(blocks, start):
        if block.kind == Kind.ITEM:
            items.append(block)
            continue
        if items:
            yield lists_html(items, is_rtl=is_rtl)
            items = []
        anchor = ""
        if block.anchor:
            key, has_reference = block.anchor, False
        if block.kind == Kind.HEADING:
            anchor = anchor_of(block, place)
        elif block.kind == Kind.PARAGRAPH and key and not has_reference:
            anchor, has_reference = f"paragraph-{key}", True
        yield block_html(block, anchor, is_rtl=is_rtl)
    if items:
        yield lists_html(items, is_rtl=is_rtl)


def lists_html(items: Sequence[Block], *, is_rtl: bool) -> SafeString:
    """Items that follow each other, as lists within lists; further paragraphs of an item are within it."""
    parts: list[str] = []
    open_lists: list[Block] = []  # the last item of each
    for item in items:
        while open_lists and ends_before(open_lists[-1], item):
            parts.append(f"</li></{list_tag(open_lists.pop())}>")
        if not open_lists or item.level > open_lists[-1].level:
            parts.append(f'<{list_tag(item)} class="items"><li>')
            open_lists.append(item)
        elif item.list_number:
            parts.append("</li><li>")
        parts.append(block_html(item, "", is_rtl=is_rtl))
    parts += [f"</li></{list_tag(item)}>" for item in reversed(open_lists)]
    return SafeString("".join(parts))


def ends_before(last: Block, item: Block) -> bool:
    """Whether the list of the last item ends before this one: a list around it goes on, or another one begins."""
    is_other = item.list_number and item.list_number != last.list_number
    return last.level > item.level or bool(last.level == item.level and is_other)


def list_tag(item: Block) -> str:
    return "ol" if item.is_ordered else "ul"


def block_html(block: Block, anchor: str, *, is_rtl: bool) -> SafeString:
    match block.kind:
        case Kind.TABLE:
            return table_html(block, is_rtl=is_rtl)
        case Kind.CODE:
            return format_html('<pre dir="ltr">{}</pre>', clean(block.text))
        case Kind.PICTURE if block.picture is not None:
            width, height = block.picture.size
            address = f"data:image/png;base64,{b64encode(block.picture.content).decode()}"
            drawn = '<figure><figcaption>{}</figcaption><img src="{}" alt="{}" width="{}" height="{}"></figure>'
            alternative = clean(block.picture.alternative)
            return format_html(drawn, spans_html(block.spans), address, alternative, width, height)
        case Kind.MATRIX:
            return SafeString()
    tag = f"h{min(block.level + 1, 6)}" if block.kind == Kind.HEADING else TAGS[block.kind]
    number = format_html('<span class="number">{}</span> ', block.number) if block.number else ""
    return format_html(
        '<{} class="{}"{} dir="{}">{}{}</{}>',
        tag,
        f"{block.kind} level-{block.level}",
        format_html(' id="{}"', anchor) if anchor else "",
        direction_of(block.text, is_rtl=is_rtl),
        number,
        spans_html(block.spans),
        tag,
    )


def table_html(block: Block, *, is_rtl: bool) -> SafeString:
    head, *rows = block.rows
    cells = format_html_join("", '<th scope="col">{}</th>', ((spans_html(cell),) for cell in head))
    lines = format_html_join("", "<tr>{}</tr>", ((row_html(row, is_rtl=is_rtl),) for row in rows))
    return format_html('<table class="rows"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', cells, lines)


def row_html(row: Sequence[Sequence[Span]], *, is_rtl: bool) -> SafeString:
    texts = ("".join(span.text for span in cell) for cell in row)
    cells = ((direction_of(text, is_rtl=is_rtl), spans_html(cell)) for text, cell in zip(texts, row, strict=True))
    return format_html_join("", '<td dir="{}">{}</td>', cells)


def spans_html(spans: Sequence[Span]) -> SafeString:
    return format_html_join("", "{}", ((span_html(span),) for span in spans))


def span_html(span: Span) -> SafeString:
    if span.note:
        return format_html(
            '<sup id="mark-{}"><a href="#note-{}" role="doc-noteref">{}</a></sup>', span.note, span.note, span.note
        )
    if span.is_break:
        return SafeString("<br>")
    written = format_html("{}", clean(span.text))
    for tag, is_so in (("code", span.is_code), ("strong", span.is_bold), ("em", span.is_italic)):
        if is_so:
            written = format_html("<{}>{}</{}>", tag, written, tag)
    if not span.address:
        return written
    address = span.address
    if address.startswith("#"):
        address = f"#{'paragraph' if span.is_paragraph_number else 'section'}-{address.removeprefix('#')}"
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>', address, written)


def annexes_of(document: ReportDocument, widths: Sequence[float]) -> Iterator[tuple[SafeString, SafeString | None]]:
    """The blocks behind the notes, each with the rows of the matrix if it is the matrix."""
    is_rtl = is_right_to_left(document.language)
    for place, html in enumerate(html_of(document.annexes, is_rtl=is_rtl, start=len(document.blocks))):
        is_matrix = document.annexes[place].kind == Kind.MATRIX
        yield html, matrix_rows(document.layout, widths) if is_matrix and document.layout else None


def matrix_rows(layout: matrix.Layout, widths: Sequence[float]) -> SafeString:
    rows = ((matrix_cells(line, layout, widths),) for line in layout.lines)
    return format_html_join("", "<tr>{}</tr>", rows)


def matrix_cells(line: matrix.MatrixRow, layout: matrix.Layout, widths: Sequence[float]) -> SafeString:
    cells = matrix.cells_of(line, layout.columns, widths)
    values = (
        (
            "rtl" if cell.is_rtl else "ltr",
            format_html(' lang="{}"', cell.language) if cell.language else "",
            clean(cell.text),
        )
        for cell in cells
    )
    return format_html_join("", '<td dir="{}"{}>{}</td>', values)
