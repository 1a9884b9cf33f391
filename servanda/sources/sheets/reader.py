"""Any CSV, XLSX or ODS sheet, read through a mapping of fields to columns.

Fields: code (the reference in this register), text, "text fr" (a text in one language), country, body, "body 2",
"body 3" (where kinds of mechanisms have columns of their own), symbol, paragraph, date, listed, cycle, session,
recommending, position, "position comment", kind, comment, document, order, language (of text), "label SCHEME" and
"external SENDER".
A mapping gives each the header of its column; a constant gives it one value
for all rows in which its cell is empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from servanda.intake.columns.kinds import Column
from servanda.intake.columns.kinds import columns as sheet_columns
from servanda.intake.columns.lists import all_columns, list_of
from servanda.kit.database.sentences import gettext as _
from servanda.kit.files.workbook import as_line
from servanda.sources.candidates import Candidate, Label, Problem, Unreadable
from servanda.sources.printed.texts import clean, lift_number, paragraph_number
from servanda.sources.printed.values import listed, ordinal, single, whole_date, whole_number
from servanda.sources.sheets.column_names import field_of, suggest_mapping
from servanda.sources.sheets.opening import Sheet, open_sheet, titles_of_sheets
from servanda.sources.sheets.positions import read_position
from servanda.sources.sheets.rows import continues, is_total

__all__ = ["Sheet", "field_of", "open_sheet", "read", "suggest_mapping", "titles_of_sheets"]

FIELDS = {
    "code", "text", "country", "body", "body 2", "body 3", "symbol", "paragraph", "date", "listed", "cycle",
    "session", "recommending", "position", "position comment", "kind", "comment", "document", "order", "language",
}  # fmt: skip
NOTES = "remarks"  # the column whose cells become internal notes
NAMING = ("external sheet", "code", "paragraph")  # fields by which a row without a text names its recommendation
FAMILIES = ("text ", "label ", "external ")
SEPARATORS = ("\n", ";")  # where the sender does not say: both are seen, and neither is part of a name


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
    of_other_rooms, beside = set(all_columns()), sheet_columns()
    listed = list_of(mapping) if is_supplement else ""
    refuse_unknown_fields({*mapping, *(constants or {})} - of_other_rooms, path.name)
    count = 0
    above: dict[str, str] = {}
    for number, cells in found.rows:
        if any(map(str.strip, cells)):
            count += 1
            values = filled(cells, columns)
            taken = {} if (has_totals := is_total(cells)) or is_supplement else inherited(above, values, beside)
            values |= taken
            above = above if has_totals else values
            values = {**(constants or {}), **values}
            if is_supplement:
                values = {name: value for name, value in values.items() if name in NAMING or name in of_other_rooms}
            row = candidate(number, cells, values, separator)
            read_position(row, values, mapping.get("position", ""), positions or {})
            row.place = (found.name, number) if found.name else None
            row.supplement = found.name if is_supplement else ""
            row.list_of = listed
            if not has_totals:
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


def inherited(above: Mapping[str, str], values: Mapping[str, str], beside: Mapping[str, Column]) -> dict[str, str]:
    """What a row that only adds follow-up has of the recommendation above it; `beside` are the columns of rooms."""
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
