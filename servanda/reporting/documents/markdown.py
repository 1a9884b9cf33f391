"""A report as Markdown, for other programs."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from servanda.kit.pages.markdown import escaped, link_address
from servanda.recommendations.register import matrix
from servanda.reporting.documents.blocks import Block, Kind, Span
from servanda.reporting.documents.contents import ReportDocument


def write_markdown(document: ReportDocument) -> bytes:
    return ("\n\n".join(pieces_of(document)) + "\n").encode()


def pieces_of(document: ReportDocument) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    yield escaped(" · ".join(filter(None, (document.issuer, document.status))))
    yield "\n".join(f"- {escaped(label)}: {escaped(value)}" for label, value in document.facts)
    for block in (*document.blocks, *document.annexes):
        if block.kind == Kind.MATRIX and document.layout is not None:
            yield matrix_of(document.layout)
        else:
            yield written(block)
    if document.notes:
        yield "\n".join(f"[^{number}]: {escaped(note)}" for number, note in enumerate(document.notes, 1))


def written(block: Block) -> str:
    words = joined(block.spans)
    number = f"{escaped(block.number)} " if block.number else ""
    match block.kind:
        case Kind.HEADING:
            return f"{'#' * min(block.level + 1, 6)} {number}{words}"
        case Kind.ITEM:
            return f"{'  ' * block.level}- {'' if block.number == '•' else number}{words}"
        case Kind.QUOTE:
            return f"> {words}"
        case Kind.CODE:
            return "\n".join(f"    {line}" for line in block.text.split("\n"))
        case Kind.GAP:
            return f"**{words}**"
        case Kind.TABLE:
            return table([[joined(cell) for cell in row] for row in block.rows])
        case Kind.PICTURE if block.picture is not None:
            chart = _("Chart: %(title)s") % {"title": block.text}
            return f"{escaped(chart)}. {escaped(block.picture.alternative)}"
    return f"{number}{words}"


def joined(spans: Sequence[Span]) -> str:
    return "".join(map(span_text, spans))


def span_text(span: Span) -> str:
    if span.note:
        return f"[^{span.note}]"
    if span.is_break:
        return "\\\n"
    words = f"`{span.text}`" if span.is_code else escaped(span.text)
    if words.endswith("!"):  # before a link it would make a picture of it
        words = f"{words[:-1]}\\!"
    for sign, is_so in (("**", span.is_bold), ("*", span.is_italic)):
        if is_so and words.strip():
            words = f"{sign}{words.strip()}{sign}"
    return f"[{words}]({link_address(span.address)})" if span.address and not span.address.startswith("#") else words


def matrix_of(layout: matrix.Layout) -> str:
    rows = [[escaped(line.values.get(key) or "") for key in layout.columns] for line in layout.lines]
    return table([[escaped(label) for label in layout.headings], *rows])


def table(rows: Sequence[Sequence[str]]) -> str:
    head, *others = [[cell.replace("\n", "<br>") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
