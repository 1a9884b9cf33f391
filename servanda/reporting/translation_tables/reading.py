"""Read a table that came back: which row is which, what was translated, and what does not belong to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from servanda.kit.files.word_package import MAIN
from servanda.reporting.returns.package import Package
from servanda.reporting.returns.reading import is_joined, rows_of
from servanda.reporting.returns.text_reading import SIGNS, local, plain, text_of, value_of
from servanda.reporting.translation_tables.writing import ROW_MARK

W = f"{{{MAIN}}}"
LONGEST_NUMBER = 5  # digits
REMOVED = {"del", "moveFrom"}
OBJECTS = {"drawing", "pict", "object", "footnoteReference", "endnoteReference", "tbl"}
UNKNOWN, SOURCE_EDITED, COMMENT, OBJECT, TWICE = "unknown", "source", "comment", "object", "twice"


@dataclass(slots=True)
class ReadTable:
    """The translations by the number of their row, and remarks: kind, number of the row or 0, text."""

    targets: dict[int, str] = field(default_factory=dict)
    remarks: list[tuple[str, int, str]] = field(default_factory=list)


class TableReader:
    """`sources` are those that were sent, by the number of their row; `printed` is what else the file had."""

    def __init__(self, package: Package, sources: Mapping[int, str], printed: Sequence[str]) -> None:
        self.package = package
        self.sources = {number: in_lines(source) for number, source in sources.items()}
        self.printed = {in_lines(words) for words in printed}
        self.found = ReadTable()

    def read(self) -> ReadTable:
        for element in self.package.body:
            if local(element) == "tbl":
                self.table(element)
            else:
                self.outside(element)
        for row in self.package.part("comments"):
            self.found.remarks.append((COMMENT, 0, text_of(row)))
        return self.found

    def outside(self, element: Any) -> None:
        paragraphs = [element] if local(element) == "p" else element.iter(f"{W}p")
        for paragraph in paragraphs:
            if (words := in_lines(text_in(paragraph))) and words not in self.printed:
                self.found.remarks.append((UNKNOWN, 0, words))

    def table(self, table: Any) -> None:
        rows = [row for row in rows_of(table) if row.find(f"{W}trPr/{W}del") is None]
        lost = []
        for row in rows:
            cells = list(row.iterchildren(f"{W}tc", f"{W}sdt"))
            number = number_of(row)
            if number in self.sources and number not in self.found.targets and len(cells) > 1:
                self.take(number, cells)
            else:
                lost.append((number, cells))
        for number, cells in lost:
            self.place(number, cells)

    def take(self, number: int, cells: Sequence[Any]) -> None:
        """The last cell is the translation: a translator may add columns in between."""
        source, target = cell_text(cells[0]), cell_text(cells[-1])
        self.found.targets[number] = target
        if in_lines(source) != self.sources[number]:
            self.found.remarks.append((SOURCE_EDITED, number, source))
        self.found.remarks += [(UNKNOWN, number, words) for cell in cells[1:-1] if (words := cell_text(cell).strip())]
        if any(local(element) in OBJECTS for element in cells[-1].iter()):
            self.found.remarks.append((OBJECT, number, target))

    def place(self, number: int, cells: Sequence[Any]) -> None:
        """Identify a row without its mark by its source text, if exactly one missing row has that text."""
        texts = [cell_text(cell) for cell in cells]
        words = " | ".join(filter(None, (text.strip() for text in texts)))
        if not words or all(in_lines(text) in self.printed for text in texts if text.strip()):
            return
        if number in self.found.targets:
            self.found.remarks.append((TWICE, number, words))
            return
        missing = [key for key in self.sources if key not in self.found.targets]
        alike = [key for key in missing if self.sources[key] == in_lines(texts[0])]
        if len(alike) == 1 and len(cells) > 1:
            self.take(alike[0], cells)
        else:
            self.found.remarks.append((UNKNOWN, 0, words))


def number_of(row: Any) -> int:
    """Of the first mark in the row; 0 without one."""
    for mark in row.iter(f"{W}bookmarkStart"):
        number = value_of(mark, "name").removeprefix(ROW_MARK)
        if value_of(mark, "name").startswith(ROW_MARK) and number.isdecimal() and len(number) <= LONGEST_NUMBER:
            return int(number)
    return 0


def cell_text(cell: Any) -> str:
    """Paragraphs as lines, as if every tracked change were accepted."""
    text, is_open = "", True  # is_open: the next paragraph goes on in the same line
    for paragraph in cell.iter(f"{W}p"):
        text += text_in(paragraph) if is_open else "\n" + text_in(paragraph)
        is_open = is_joined(paragraph)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def text_in(paragraph: Any) -> str:
    return plain("".join(pieces_of(paragraph)))


def pieces_of(element: Any) -> Iterator[str]:
    for child in element:
        name = local(child)
        if name in REMOVED or name == "tbl" or child.tag.endswith("}Fallback"):
            continue
        if name == "t":
            yield child.text or ""
        elif name == "br":
            yield "\n"
        elif name in SIGNS:
            yield SIGNS[name]
        elif name != "pPr":
            yield from pieces_of(child)


def in_lines(words: str) -> str:
    """For comparing: Word and LibreOffice change white space."""
    return " ".join(words.split())
