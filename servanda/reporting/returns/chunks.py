"""The chunks of a section: paragraphs, lists, tables and so on, as they compare and as Markdown.

Sent and returned texts are both read as blocks. Equal chunks keep the Markdown that was written here; only changed
ones are written anew from what came back.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from servanda.kit.pages.markdown import escaped, link_address, reader
from servanda.reporting.documents import word_frame
from servanda.reporting.documents.blocks import Block, Kind, Notes, SectionReader, Span, clean

SPACES = re.compile(r"[ \t\n\r\f\v]+")
PIECES = re.compile(r"[ \t\n\r\f\v]+|[^ \t\n\r\f\v]+")
RUNS_OF = {Kind.ITEM, Kind.QUOTE, Kind.CODE}  # several blocks in a row are one chunk
# Signs that Markdown would take for its own where they are, and no others: fewer differences to look at.
INSIDE = re.compile(
    r"[\\`]|\*(?!\s)|(?<!\s)\*|(?<!\w)_|_(?!\w)|\[(?=\^)|\](?=[(\[:])|<(?=[A-Za-z][\w+.-]*[:@])|&(?=#?\w+;)"
)
AT_START = re.compile(r"^(\s*)([-+*=>#|~]|\d+(?=[.)](?:\s|$)))")
NOTE_BEFORE_BRACKET = re.compile(r"(\[\^\d+\])\(")  # it would be read as a link
DOT_BEHIND = re.compile(r"^(\d+)([.)])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Form:
    """How a piece of text looks, or what stands in its place: an endnote, a reference, a line break."""

    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    address: str = ""
    note: int = 0
    reference: str = ""  # "number" or "heading": what of the section at `address` is printed
    is_break: bool = False

    @property
    def is_object(self) -> bool:
        return bool(self.note or self.reference or self.is_break)


PLAIN = Form()
type Runs = tuple[tuple[str, Form], ...]
type Key = tuple[object, ...]


@dataclass(slots=True)
class Chunk:
    blocks: list[Block]
    key: Key = field(default=())

    def __post_init__(self) -> None:
        self.key = key_of_all(self.blocks)


@dataclass(slots=True)
class Source:
    """A stretch of the Markdown that was sent, with the chunks that it prints: several for a list that holds a
    quotation."""

    text: str
    chunks: list[Chunk]


def chunks_of(blocks: Iterable[Block]) -> list[Chunk]:
    found = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        rows = list(group)
        found += [Chunk(rows)] if kind in RUNS_OF else [Chunk([block]) for block in rows]
    return found


def sources_of(text: str, citations: Mapping[int, str], *, depth: int) -> list[Source]:
    """The sent Markdown, divided into stretches. `citations` are the texts of its endnotes, by the numbers of their
    marks."""
    text = text.replace("\r\n", "\n").replace("\0", "")
    lines = text.split("\n")
    found: list[Source] = []
    top = [token.map for token in reader().parse(text) if token.level == 0 and token.nesting >= 0 and token.map]
    inside = {number for start, end in top for number in range(start, end)}
    definitions = "\n".join(line for number, line in enumerate(lines) if number not in inside and line.strip())
    for start, end in top:
        source = "\n".join(lines[start:end]).rstrip()
        add_source(found, source, chunks_of(blocks_of(f"{source}\n\n{definitions}", citations, depth)))
    if definitions and found:
        found[-1].text += f"\n\n{definitions}"
    return found


def add_source(found: list[Source], text: str, chunks: list[Chunk]) -> None:
    """Two lists in a row are one on paper. What prints nothing, such as a rule, is kept with what is before it."""
    last = found[-1] if found else None
    if last is None:
        found += [Source(text, chunks)] if chunks else []
    elif not chunks:
        last.text += f"\n\n{text}"
    elif (kind := chunks[0].blocks[0].kind) in RUNS_OF and last.chunks[-1].blocks[0].kind == kind:
        joined = Chunk([*last.chunks[-1].blocks, *chunks[0].blocks])
        found[-1] = Source(f"{last.text}\n\n{text}", [*last.chunks[:-1], joined, *chunks[1:]])
    else:
        found.append(Source(text, chunks))


def blocks_of(text: str, citations: Mapping[int, str], depth: int) -> list[Block]:
    notes = Notes()
    found = list(SectionReader("", depth, citations, notes, "").read(text))
    first = first_numbers(citations)
    numbers = [first.get(" ".join(citations.get(number, "").split()), number) for _section, number in notes.keys]
    for block in found:
        block.spans = [with_own_number(span, numbers) for span in block.spans]
        block.rows = [[[with_own_number(span, numbers) for span in cell] for cell in row] for row in block.rows]
    return found


def first_numbers(citations: Mapping[int, str]) -> dict[str, int]:
    """The number of an endnote by its text: in a file, equal texts cannot be told apart."""
    return {" ".join(text.split()): number for number, text in sorted(citations.items(), reverse=True)}


def with_own_number(span: Span, numbers: Sequence[int]) -> Span:
    """The number of an endnote within its section."""
    return Span(note=numbers[span.note - 1]) if span.note else span


# Comparing


def key_of_all(blocks: Sequence[Block]) -> Key:
    """Equal for what looks the same on paper."""
    if blocks and blocks[0].kind == Kind.CODE:
        return (Kind.CODE, code_of(blocks))
    return tuple(key_of(block, depth) for block, depth in zip(blocks, depths_of(blocks), strict=True))


def depths_of(blocks: Sequence[Block]) -> list[int]:
    """How deep each item of a list is among those before it; 0 for everything else."""
    found, around = [], list[int]()
    for block in blocks:
        level = min(block.level, word_frame.DEEPEST) if block.kind == Kind.ITEM else 0
        while around and (around[-1] > level or (around[-1] == level and block.list_number)):
            around.pop()
        if block.list_number:
            around.append(level)
        found.append(max(len(around) - 1, 0))
    return found


def code_of(blocks: Sequence[Block]) -> str:
    lines = "\n".join("".join("\n" if span.is_break else span.text for span in block.spans) for block in blocks)
    return "\n".join(line.rstrip() for line in lines.split("\n")).strip("\n")


def key_of(block: Block, depth: int) -> Key:
    if block.kind == Kind.TABLE:
        rows = [[runs_of(cell, is_head=place == 0) for cell in row] for place, row in enumerate(block.rows)]
        width = max((len(row) for row in rows), default=0)
        return (block.kind, *((*row, *[()] * (width - len(row))) for row in rows))
    runs = runs_of(block.spans, is_head=block.kind == Kind.HEADING)
    if block.kind == Kind.ITEM:
        is_new = bool(block.list_number)
        return (block.kind, depth, block.is_ordered and is_new, is_new, runs)
    return (block.kind, block.level if block.kind == Kind.HEADING else 0, runs)


def text_of(runs: Runs) -> str:
    return "".join("\n" if form.is_break else text for text, form in runs)


def runs_of(spans: Sequence[Span], *, is_head: bool = False) -> Runs:
    """The text in pieces of one form. Heads are bold by their style, spaces have the form of what is around them."""
    pieces: list[tuple[str, Form]] = []
    for span in spans:
        form = form_of(span, is_head=is_head)
        if form.is_object:
            pieces.append(("", form))
            continue
        for piece in PIECES.findall(clean(span.text)):
            pieces.append((" ", PLAIN) if piece.isspace() and SPACES.fullmatch(piece) else (piece, form))
    return merged(single_spaced(pieces))


def form_of(span: Span, *, is_head: bool) -> Form:
    if span.is_break:
        return Form(is_break=True)
    if span.note:
        return Form(note=span.note)
    address = span.address.rstrip("/")
    is_number = span.is_paragraph_number or (address.startswith("#") and span.text == "#")
    if address.startswith("#") and (is_number or span.is_heading_text or not span.text):
        return Form(address=address, reference="number" if is_number else "heading")
    if span.is_code:
        return Form(is_code=True)
    return Form(span.is_bold and not is_head, span.is_italic and not is_head, address=address)


def single_spaced(pieces: Iterable[tuple[str, Form]]) -> Iterator[tuple[str, Form]]:
    """Without double spaces, and without those at the ends and around line breaks and before endnotes."""
    waiting, is_start = False, True
    for text, form in pieces:
        if text == " ":
            waiting = True
            continue
        if waiting and not (is_start or form.is_break or form.note):
            yield " ", PLAIN
        waiting, is_start = False, form.is_break
        yield text, form


def merged(pieces: Iterable[tuple[str, Form]]) -> Runs:
    found: list[tuple[str, Form]] = []
    space = False
    for text, form in pieces:
        if text == " ":
            space = True
            continue
        last = found[-1] if found else None
        if last and last[1] == form and not form.is_object:
            found[-1] = (f"{last[0]}{' ' if space else ''}{text}", form)
        elif space and last and last[1] == PLAIN:
            found[-1] = (f"{last[0]} ", PLAIN)
            found.append((text, form))
        elif space and form == PLAIN:
            found.append((f" {text}", form))
        else:
            found += [(" ", PLAIN), (text, form)] if space else [(text, form)]
        space = False
    return tuple(found)


# Writing


def written(chunk: Chunk, citations: Mapping[int, str], *, depth: int) -> str:
    """The Markdown of a chunk that came back: as few signs as possible, as long as it reads the same."""
    text = ""
    for writer in (Writer(depth), Writer(depth, escapes_all=True), Writer(depth, escapes_all=True, is_plain=True)):
        text = writer.chunk(chunk)
        if [again.key for again in chunks_of(blocks_of(text, citations, depth))] == [chunk.key]:
            break
    return text


@dataclass(frozen=True, slots=True)
class Writer:
    depth: int
    escapes_all: bool = False
    is_plain: bool = False

    def chunk(self, chunk: Chunk) -> str:
        match chunk.blocks[0].kind:
            case Kind.ITEM:
                return self.items(chunk.blocks)
            case Kind.QUOTE:
                return "\n>\n".join(self.quoted(block) for block in chunk.blocks)
            case Kind.CODE:
                code = code_of(chunk.blocks)
                fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", code))])
                return f"{fence}\n{code}\n{fence}"
            case Kind.TABLE:
                return self.table(chunk.blocks[0])
            case Kind.HEADING:
                block = chunk.blocks[0]
                return f"{'#' * max(2, block.level - self.depth + 1)} {self.line(runs_of(block.spans, is_head=True))}"
            case _:
                return self.line(runs_of(chunk.blocks[0].spans))

    def quoted(self, block: Block) -> str:
        return "\n".join(f"> {line}" for line in self.line(runs_of(block.spans)).split("\n"))

    def items(self, blocks: Sequence[Block]) -> str:
        lines: list[str] = []
        widths: list[int] = []  # of the marks of the items around, by level
        numbers: dict[int, int] = {}
        for block, level in zip(blocks, depths_of(blocks), strict=True):
            words = self.line(runs_of(block.spans))
            if not block.list_number:
                indent = " " * sum(widths[: level + 1])
                lines += ["", *(f"{indent}{line}" for line in words.split("\n")), ""]
                continue
            del widths[level:]
            numbers = {depth: number for depth, number in numbers.items() if depth <= level}
            is_first = level not in numbers
            numbers[level] = max(block.place, 1) if is_first else numbers[level] + 1
            mark = f"{numbers[level]}. " if block.is_ordered else "- "
            if lines and block.is_ordered and is_first and numbers[level] != 1:
                lines.append("")  # only a list that begins with 1 follows a text directly
            indent = " " * sum(widths)
            first, *others = words.split("\n")
            lines += [f"{indent}{mark}{first}", *(f"{indent}{' ' * len(mark)}{line}" for line in others)]
            widths.append(len(mark))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")

    def table(self, block: Block) -> str:
        rows = [[self.cell(cell, is_head=place == 0) for cell in row] for place, row in enumerate(block.rows)]
        width = max(len(row) for row in rows)
        head, *others = [[*row, *[""] * (width - len(row))] for row in rows]
        return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * width, *others))

    def cell(self, spans: Sequence[Span], *, is_head: bool) -> str:
        words = self.line(runs_of(spans, is_head=is_head)).replace("\\\n", " ")
        return re.sub(r"(?<!\\)\|", r"\\|", words)

    def line(self, runs: Runs) -> str:
        words = "".join(self.piece(text, form) for text, form in runs).strip()
        words = NOTE_BEFORE_BRACKET.sub(r"\1\\(", words)
        if self.escapes_all:
            return words
        lines = words.split("\n")
        return "\n".join(DOT_BEHIND.sub(r"\1\\\2", AT_START.sub(escaped_start, line)) for line in lines)

    def piece(self, text: str, form: Form) -> str:
        if form.is_break:
            return "\\\n"
        if form.note:
            return f"[^{form.note}]"
        if form.reference:
            return f"[{'#' if form.reference == 'number' else ''}]({link_address(form.address)})"
        if form.is_code and not self.is_plain:
            return f"`` {text} ``" if "`" in text else f"`{text}`"
        words = escaped(text) if self.escapes_all else INSIDE.sub(r"\\\g<0>", text)
        for sign, is_so in (("**", form.is_bold), ("*", form.is_italic)):
            if is_so and not self.is_plain:
                words = f"{sign}{words}{sign}"
        return f"[{words}]({link_address(form.address)})" if form.address else words


def escaped_start(found: re.Match[str]) -> str:
    return found[0] if found[2].isdecimal() or found[2].startswith("*") else f"{found[1]}\\{found[2]}"
