"""A sheet that is opened: the row of its column names, merged cells, colours, and its rows as text."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.utils import translation

from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import plain_text, workbook
from servanda.kit.files.cell_colours import cell_colours
from servanda.sources.candidates import Unreadable
from servanda.sources.printed.texts import clean
from servanda.sources.sheets.column_names import field_of
from servanda.sources.sheets.rows import filled_down, grouped

HEADER_WITHIN = 20
MOST_COLOURED = 5  # columns with coloured cells that are offered beside the others
LONGEST_TITLE = 200  # characters of a column's title that a mapping keeps
MOST_COLUMNS = 256  # that can be mapped; a sheet has 16,384, and no one chooses among so many
type Row = tuple[int, list[str]]


@dataclass(slots=True)
class Sheet:
    headers: list[str]
    rows: Iterator[Row]  # number as the sheet counts, and cells as text
    encoding: str = ""  # of a text file
    separator: str = ""
    name: str = ""  # of the sheet that is read
    sheets: tuple[str, ...] = ()  # names of all sheets of the workbook
    groups: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # row -> first and last column of a merge
    merged_down: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # row -> column and last row
    colours: dict[int, dict[int, str]] = field(default_factory=dict)  # row -> column -> name of the colour
    head: int = 0  # the row of the column names
    width: int = 0  # columns of the sheet, those that cannot be mapped included

    def whole_colours(self) -> dict[int, str]:
        """Row -> its colour, for rows of which all coloured cells have the same one, and more than one has."""
        return {
            row: next(iter(cells.values()))
            for row, cells in self.colours.items()
            if len(cells) > 1 and len(set(cells.values())) == 1 and row > self.head
        }

    def single_colours(self) -> dict[int, dict[int, str]]:
        """Column -> row -> colour, for the few columns in which cells have a colour of their own."""
        whole = self.whole_colours()
        found: dict[int, dict[int, str]] = {}
        for row, cells in self.colours.items():
            for column, colour in cells.items() if row > self.head and row not in whole else ():
                if column < len(self.headers):
                    found.setdefault(column, {})[row] = colour
        return dict(sorted(found.items())[:MOST_COLOURED])

    @property
    def other_sheets(self) -> list[str]:
        """The sheets of the workbook that are not read."""
        return [name for name in self.sheets if name != self.name]


def open_sheet(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Sheet:
    """The headers and rows of a text file or of one sheet of a workbook, the first visible one if none is named."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise Unreadable(_("%(file)s is empty.") % {"file": path.name})
    found = from_workbook(path, sheet) if start.startswith(b"PK") else from_text(path, encoding)
    with one_language():
        titles = headers(found, path.name)
        found.headers, found.width = [title[:LONGEST_TITLE] for title in titles[:MOST_COLUMNS]], len(titles)
        add_colours(found)
    return found


def one_language() -> AbstractContextManager:
    """A mapping names columns and values by these words, so they are the same whoever opens the file."""
    return translation.override(settings.LANGUAGE_CODE)


def add_colours(sheet: Sheet) -> None:
    """Columns that say how the cells of others, or whole rows, are coloured: for lists in which green means done."""
    whole, single = sheet.whole_colours(), sheet.single_colours()
    titles = [_("Colour of the row")] if whole else []
    titles += [
        _("Colour of “%(column)s”") % {"column": sheet.headers[column][: LONGEST_TITLE // 2]} for column in single
    ]
    if not titles:
        return
    width = len(sheet.headers)
    sheet.headers = [*sheet.headers, *titles]
    rows = sheet.rows

    def with_colours() -> Iterator[Row]:
        for number, cells in rows:
            colours = [whole.get(number, "")] if whole else []
            colours += [values.get(number, "") for values in single.values()]
            yield number, [*cells[:width], *[""] * (width - len(cells)), *colours, *cells[width:]]

    sheet.width += len(titles)
    sheet.rows = with_colours()


def from_text(path: Path, encoding: str | None) -> Sheet:
    encoding = encoding or plain_text.encoding_of(path)
    separator = plain_text.separator_of(path, encoding)
    if not separator:
        message = _("%(file)s has no columns. Save it as CSV, XLSX or ODS with a row of column names.")
        raise Unreadable(message % {"file": path.name})
    return Sheet([], plain_text.rows(path, encoding, separator), encoding, separator)


def from_workbook(path: Path, name: str | None) -> Sheet:
    book = workbook.load(path)
    visible = workbook.visible_sheets(book)
    if not name and not visible:
        message = _("%(file)s has hidden sheets only. Make the sheet with the table visible and send the file again.")
        raise Unreadable(message % {"file": path.name})
    name = name or visible[0]
    rows = workbook.sheet_rows(book, name, path.name)
    texts = ((number, [workbook.cell_text(cell) for cell in cells]) for number, cells in rows)
    with one_language():
        colours = cell_colours(path, name)
    return Sheet(
        [],
        texts,
        name=name,
        sheets=tuple(book.sheet_names),
        groups=workbook.merged_heads(book, name),
        merged_down=workbook.merged_down(book, name),
        colours=colours,
    )


def titles_of_sheets(path: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """The titles of the columns of some sheets of a workbook; none where a sheet has no row of column names."""
    book = workbook.load(path)
    found: dict[str, list[str]] = {}
    for name in names:
        try:
            rows = workbook.sheet_rows(book, name, path.name)
            texts = ((number, [workbook.cell_text(cell) for cell in cells]) for number, cells in rows)
            with one_language():
                found[name] = headers(Sheet([], texts, groups=workbook.merged_heads(book, name)), path.name)
        except Unreadable:
            found[name] = []
    return found


def headers(sheet: Sheet, name: str) -> list[str]:
    """The titles of the columns, which may stand below a block of titles.

    Where cells of their row are merged over several columns, they are groups, and the titles are in the row below.
    """
    first = []
    for number, cells in sheet.rows:
        first.append((number, [" ".join(clean(cell).split()) for cell in cells], cells))
        if number >= HEADER_WITHIN:
            break
    place = place_of_head([titles for _number, titles, _cells in first])
    if place is None:
        raise Unreadable(_("%(file)s has no row of column names.") % {"file": name})
    above = groups_above(sheet, first, place - 1) if place else []
    if above and len(list(filter(None, first[place - 1][1]))) > 1:
        place -= 1
    number, titles, _cells = first[place]
    if groups := groups_above(sheet, first, place):
        place += 1
        below = first[place][1] if place < len(first) else []
        number = first[place][0] if place < len(first) else number
        titles = grouped(titles, below, groups)
    while titles and not titles[-1]:
        titles.pop()
    sheet.head = number
    sheet.rows = filled_down(
        chain([(number, cells) for number, _titles, cells in first[place + 1 :]], sheet.rows), sheet.merged_down
    )
    return [title or _("column %(number)s") % {"number": place} for place, title in enumerate(titles, 1)]


def groups_above(
    sheet: Sheet, first: Sequence[tuple[int, list[str], list[str]]], place: int
) -> list[tuple[int, int]]:
    """The merged cells of a row that are titles of groups: below one of them are several titles. Where the cells of
    all rows are merged in the same way, the column is only drawn wider."""
    groups = sheet.groups.get(first[place][0], [])
    below = first[place + 1][1] if place + 1 < len(first) else []
    has_titles = any(len(list(filter(None, below[start : end + 1]))) > 1 for start, end in groups)
    return groups if has_titles else []


def place_of_head(rows: Sequence[Sequence[str]]) -> int | None:
    """The row with the most recognised column names; without any, the first that is about as wide as the others,
    because a block of titles is narrower."""
    widths = [len(list(filter(None, row))) for row in rows]
    if not widths or max(widths) < 2:
        return None
    understood = [sum(bool(field_of(title)) for title in row[:MOST_COLUMNS] if is_title(title)) for row in rows]
    if max(understood) > 1:
        return understood.index(max(understood))
    return next(place for place, width in enumerate(widths) if width > 1 and width * 2 >= max(widths))


def is_title(cell: str) -> bool:
    return 0 < len(cell) <= LONGEST_TITLE
