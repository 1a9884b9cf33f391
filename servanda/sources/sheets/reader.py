"""Any CSV, XLSX or ODS sheet, read through a mapping of fields to columns.

Fields: code (the reference in this register), text, "text fr" (a text in one language), country, body, "body 2",
"body 3" (where kinds of mechanisms have columns of their own), symbol, paragraph, date, listed, cycle, session,
recommending, position, "position comment", kind, comment, document, order, language (of text), "label SCHEME" and
"external SENDER".
A mapping gives each the header of its column; a constant gives it one value
for all rows in which its cell is empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.utils import translation

from servanda.intake.columns.kinds import columns as sheet_columns
from servanda.intake.columns.lists import all_columns, list_of
from servanda.kit.database.sentences import gettext as _
from servanda.kit.files import plain_text, workbook
from servanda.kit.files.cell_colours import cell_colours
from servanda.kit.files.workbook import as_line
from servanda.sources.candidates import Candidate, Label, Problem, Unreadable
from servanda.sources.printed.texts import clean, lift_number, paragraph_number
from servanda.sources.printed.values import listed, ordinal, single, whole_date, whole_number
from servanda.sources.sheets.column_names import field_of, suggest_mapping
from servanda.sources.sheets.positions import read_position
from servanda.sources.sheets.rows import continues, filled_down, grouped, is_total

__all__ = ["Sheet", "field_of", "open_sheet", "read", "suggest_mapping"]

HEADER_WITHIN = 20
MOST_COLOURED = 5  # columns with coloured cells that are offered beside the others
LONGEST_TITLE = 200  # characters of a column's title that a mapping keeps
MOST_COLUMNS = 256  # that can be mapped; a sheet has 16,384, and no one chooses among so many
FIELDS = {
    "code", "text", "country", "body", "body 2", "body 3", "symbol", "paragraph", "date", "listed", "cycle",
    "session", "recommending", "position", "position comment", "kind", "comment", "document", "order", "language",
}  # fmt: skip
NOTES = "remarks"  # the column whose cells become internal notes
NAMING = ("external sheet", "code", "paragraph")  # fields by which a row without a text names its recommendation
FAMILIES = ("text ", "label ", "external ")
SEPARATORS = ("\n", ";")  # where the sender does not say: both are seen, and neither is part of a name
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


def read(
    path: Path,
    mapping: Mapping[str, str],
    *,
    constants: Mapping[str, str] | None = None,
    separator: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    is_supplement: bool = False,
    positions: Mapping[str, str] | None = None,
    notes: Mapping[int, str] | None = None,
) -> Iterator[Candidate]:
    """One candidate for each row that is not empty. `separator` cuts lists; without one, line ends and ";" do.

    `positions` are the saved meanings of values of that column, `notes` what is added to the remarks of rows. Rows of
    a supplement have no text: only the recommendation that they name and the cells of other rooms are read.
    """
    found = open_sheet(path, encoding=encoding, sheet=sheet)
    columns = columns_of(mapping, found.headers, path.name)
    of_other_rooms = set(all_columns())
    listed = list_of(mapping) if is_supplement else ""
    refuse_unknown_fields({*mapping, *(constants or {})} - of_other_rooms, path.name)
    count = 0
    above: dict[str, str] = {}
    for number, cells in found.rows:
        if any(map(str.strip, cells)):
            count += 1
            values = filled(cells, columns)
            taken = {} if is_supplement or is_total(cells) else inherited(above, values)
            values |= taken
            above = above if is_total(cells) else values
            values = {**(constants or {}), **values}
            if is_supplement:
                values = {name: value for name, value in values.items() if name in NAMING or name in of_other_rooms}
            row = candidate(number, cells, values, separator)
            read_position(row, values, mapping.get("position", ""), positions or {})
            row.place = (found.name, number) if found.name else None
            row.supplement = found.name if is_supplement else ""
            row.list_of = listed
            if not is_total(cells):
                add_problem(row, cells[found.width :])
            if taken:
                row.problems.append(without_recommendation())
            row.cells = {name: value for name, value in values.items() if name in of_other_rooms}
            add_note(row, (notes or {}).get(number, ""))
            yield row
    if not count:
        raise Unreadable(_("%(file)s has column names, but no rows.") % {"file": path.name})


def without_recommendation() -> Problem:
    return Problem("row", _("The row has no recommendation of its own and adds to the one above it."), fatal=False)


def add_note(row: Candidate, note: str) -> None:
    """Below what the column of remarks has."""
    if note:
        row.cells[NOTES] = "\n".join(filter(None, [row.cells.get(NOTES, ""), note]))


def inherited(above: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """What a row that only adds follow-up has of the recommendation above it."""
    beside = sheet_columns()
    if not above or not continues(values, set(beside)):
        return {}
    return {
        name: value
        for name, value in above.items()
        if name not in values and (name not in beside or beside[name].fills_down)
    }


def filled(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Field -> cell; where a cell is empty, a constant holds."""
    return {field: cells[place] for field, place in columns.items() if place < len(cells) and cells[place].strip()}


def columns_of(mapping: Mapping[str, str], titles: Sequence[str], name: str) -> dict[str, int]:
    missing = sorted({title for title in mapping.values() if title not in titles})
    doubled = sorted({title for title in mapping.values() if titles.count(title) > 1})
    if missing:
        values = {"file": name, "columns": ", ".join(missing)}
        raise Unreadable(_("%(file)s lacks these columns: %(columns)s.") % values)
    if doubled:
        values = {"file": name, "columns": ", ".join(doubled)}
        raise Unreadable(_("%(file)s has these columns twice: %(columns)s. Rename one of each pair.") % values)
    return {field: titles.index(title) for field, title in mapping.items()}


def refuse_unknown_fields(fields: set[str], name: str) -> None:
    unknown = sorted(field for field in fields if field not in FIELDS and not field.startswith(FAMILIES))
    if unknown:
        values = {"file": name, "fields": ", ".join(unknown)}
        raise Unreadable(_("The column mapping for %(file)s contains unknown fields: %(fields)s.") % values)


def candidate(number: int, cells: Sequence[str], values: Mapping[str, str], separator: str | None) -> Candidate:
    problems: list[Problem] = []
    paragraph, texts = texts_of(values)
    found = Candidate(
        where=_("row %(number)s") % {"number": number},
        raw=as_line(cells),
        countries=entries(values.get("country"), separator),
        body=single(values.get("body")),
        other_bodies=[single(values[name]) for name in ("body 2", "body 3") if name in values],
        symbol=single(values.get("symbol")),
        document_id=single(values.get("document")),
        paragraph=paragraph,
        order=whole_number(values.get("order"), "order", problems),
        texts=texts,
        published=whole_date(values.get("date"), "date", problems),
        listed=whole_date(values.get("listed"), "listed", problems),
        cycle=ordinal(values.get("cycle"), "cycle", problems),
        session=ordinal(values.get("session"), "session", problems),
        recommending=entries(values.get("recommending"), separator),
        labels=labels_of(values, separator),
        external=identities(values),
        code=clean(values.get("code", "")),
        comment=clean(values.get("comment", "")),
        problems=problems,
    )
    if is_total(cells):
        problems.append(Problem("row", _("The row contains totals, not a recommendation.")))
    return found


def family(values: Mapping[str, str], prefix: str) -> list[str]:
    return [field for field in values if field.startswith(prefix)]


def entries(value: str | None, separator: str | None) -> list[str]:
    """The entries of a list in one cell."""
    if value is None:
        return []
    for sign in (separator,) if separator else SEPARATORS:
        value = value.replace(sign, "\n")
    return listed(value)


def labels_of(values: Mapping[str, str], separator: str | None) -> list[Label]:
    return [
        Label(field.removeprefix("label "), text)
        for field in family(values, "label ")
        for text in entries(values[field], separator)
    ]


def identities(values: Mapping[str, str]) -> dict[str, str]:
    printed = {field.removeprefix("external "): clean(values[field]) for field in family(values, "external ")}
    if code := clean(values.get("code", "")):
        printed.setdefault("sheet", code)
    return {sender: identity for sender, identity in printed.items() if identity}


def texts_of(values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The paragraph and the text in each language. A number in the text that contradicts its column stays there."""
    printed = {field.removeprefix("text "): values[field] for field in family(values, "text ")}
    if "text" in values:
        printed.setdefault(values.get("language", ""), values["text"])
    paragraph = paragraph_number(values.get("paragraph", ""))
    texts: dict[str, str] = {}
    for language, value in printed.items():
        whole = clean(value)
        number, rest = lift_number(whole)
        paragraph = paragraph or number
        text = rest if number == paragraph else whole
        if text:
            texts[language] = text
    return paragraph, texts


def add_problem(found: Candidate, beyond: Sequence[str]) -> None:
    if any(map(str.strip, beyond)):
        message = _("The row has more cells than there are column names. Some cells may be in the wrong column.")
        found.problems.append(Problem("row", message))
    if not found.texts and found.makes_a_record:
        found.problems.append(Problem("text", _("The row has no text.")))
