"""Suggests what the columns of a sheet hold, from their names and values."""

import re
from collections.abc import Callable, Mapping, Sequence

from servanda.intake.columns.dates import read_due_date
from servanda.intake.columns.kinds import columns as sheet_columns
from servanda.intake.columns.kinds import folded
from servanda.language.words.identify import KNOWN_LANGUAGES, identify
from servanda.recommendations.models import Recommendation
from servanda.sources.candidates import Stand
from servanda.sources.printed.values import stand_of
from servanda.sources.sheets import reader as sheet_reader
from servanda.sources.sheets.column_names import field_of
from servanda.vocab.lookup import Lookup

ROWS_SHOWN = 3
NUMBER_OF_A_ROW = re.compile(r"(?P<letters>[^\W\d_]{0,3}-?)(?P<number>\d+)")
ENOUGH = 0.5  # share of the values of a column that have to be of one kind
STATUS, ACTION, ACTION_STATUS = "status", "action", "action status"
TAKEN = {Stand.SUPPORTED, Stand.NOTED, Stand.PARTLY}
LONGEST_POSITION = 40  # characters; a comment that says "support" is longer
OWN_IDS = {"external sheet", "external uhri", "code"}
type Values = Mapping[str, Sequence[str]]  # header -> the cells below it that are not empty


def suggest_mapping(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Field -> header, from the names of the columns and, where these are unclear, their values."""
    mapping = sheet_reader.suggest_mapping(headers)
    values = {
        header: [cell for row in rows if place < len(row) and (cell := row[place].strip())]
        for place, header in enumerate(headers)
    }
    if texts := texts_by_language(headers, values):
        mapping = {name: header for name, header in mapping.items() if header not in texts.values()} | texts
    correct_by_values(mapping, values)
    for header in headers:
        if header not in mapping.values() and (code := column_like(values[header], apart_from=mapping)):
            mapping[code] = header
    add_by_kind(mapping, values)
    return mapping


def correct_by_values(mapping: dict[str, str], values: Values) -> None:
    """Correct suggestions where the header is misleading."""
    lookup = Lookup()
    correct_country(mapping, values, lookup)
    if "code" not in mapping and (own := mapping.get("external sheet")) and holds_references(values[own]):
        mapping["code"] = mapping.pop("external sheet")
    correct_paragraph(mapping, values)
    if (term := mapping.get("term")) and "due" not in mapping and are_mostly(values[term], is_date):
        mapping["due"] = mapping.pop("term")  # "Prazo" and "Plazo" are both


def add_by_kind(mapping: dict[str, str], values: Values) -> None:
    """Recognise bodies, symbols, positions and States below unknown headers."""
    lookup = Lookup()
    kinds: dict[str, Callable[[str], bool]] = {
        "body": lambda value: lookup.body(value) is not None,
        "symbol": lambda value: lookup.body_of_symbol(value)[0] is not None,
        "position": lambda value: len(value) <= LONGEST_POSITION and stand_of(value) in TAKEN,
        "recommending": lambda value: names_a_state(value, lookup),
    }
    for name, is_kind in kinds.items():
        for header in values:
            if name not in mapping and header not in mapping.values() and are_mostly(values[header], is_kind):
                mapping[name] = header


def correct_country(mapping: dict[str, str], values: Values, lookup: Lookup) -> None:
    """A column "État" or "Estado" is about States if it contains names of States (it could also be a status)."""
    candidates = [header for header in values if folded(header) in ("etat", "estado")]
    states = [
        header for header in candidates if are_mostly(values[header], lambda value: names_a_state(value, lookup))
    ]
    if states and "country" not in mapping:
        for name in [name for name, header in mapping.items() if header == states[0]]:
            del mapping[name]
        mapping["country"] = states[0]


def correct_paragraph(mapping: dict[str, str], values: Values) -> None:
    """Treat a column that only numbers the rows as ids of the sender, above all if another one has paragraphs."""
    if not (number := mapping.get("paragraph")):
        return
    other_columns = [header for header in values if header != number and sheet_reader.field_of(header) == "paragraph"]
    is_row_number = counts_up(values[number])
    gives_way = is_row_number or is_only_number(number)
    if (other_columns and gives_way) or (is_row_number and not mapping.keys() & {"symbol", *OWN_IDS}):
        del mapping["paragraph"]
        if is_row_number and not mapping.keys() & OWN_IDS:
            mapping["external sheet"] = number
    if other_columns:
        mapping.setdefault("paragraph", next((h for h in other_columns if not is_only_number(h)), other_columns[0]))


def is_only_number(header: str) -> bool:
    """Whether a header such as "No." can as well name the numbers of the rows."""
    return folded(header) in ("no", "n", "n o", "number", "numero", folded("الرقم"))


def are_mostly(values: Sequence[str], is_kind: Callable[[str], bool]) -> bool:
    return bool(values) and sum(map(is_kind, values)) >= ENOUGH * len(values)


def is_date(value: str) -> bool:
    return read_due_date(value) is not None


def column_like(values: Sequence[str], *, apart_from: Mapping[str, str]) -> str:
    """The column of another room whose values look like these, or ""."""
    likely = (
        code
        for code, column in sheet_columns().items()
        if values and code not in apart_from and column.looks_like and column.looks_like(values)
    )
    return next(likely, "")


def texts_by_language(headers: Sequence[str], values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Where several columns are named like the text, each holds the text in the language of its values."""
    texts = [header for header in headers if sheet_reader.field_of(header) == "text"]
    if len(texts) < 2:
        return {}
    languages = [identify(" ".join(values[header][:ROWS_SHOWN]), among=KNOWN_LANGUAGES) for header in texts]
    by_language = dict(zip(languages, texts, strict=True))
    return {f"text {language}": header for language, header in by_language.items() if language}


def names_a_state(value: str, lookup: Lookup) -> bool:
    return any(country is not None for _name, country in lookup.countries_of(value))


def counts_up(values: Sequence[str]) -> bool:
    """Whether these are row numbers, possibly after the same letters ("R12"); merged rows repeat a number."""
    parts = [match for value in values if (match := NUMBER_OF_A_ROW.fullmatch(value))]  # the last row may say "Total"
    numbers = [int(match["number"]) for match in parts]
    if len({match["letters"] for match in parts}) > 1:
        return False
    distinct = list(dict.fromkeys(numbers))
    is_running = distinct == list(range(1, len(distinct) + 1))
    return bool(numbers) and len(values) - len(numbers) <= 1 and (is_running or len(distinct) == len(numbers))


def holds_references(values: Sequence[str]) -> bool:
    """Whether these are references of this register, as in a workbook that was exported from it."""
    some = {value.strip() for value in values}
    return bool(some) and Recommendation.objects.filter(code__in=some).count() >= ENOUGH * len(some)


def follow_up_columns(headers: Sequence[str], values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Field -> header of the columns that other rooms read; the status in a list of actions is that of the action."""
    names = {folded(name): column.code for column in sheet_columns().values() for name in column.names}
    columns: dict[str, str] = {}
    for header in headers:
        code = field_of(header)
        if code not in sheet_columns():
            code = names.get(f"{folded(header)}s", "")  # "Action" in a list with one action in each row
        code = code or column_like(values[header], apart_from=columns)
        if code:
            columns.setdefault(code, header)
    if ACTION in columns and STATUS in columns and ACTION_STATUS not in columns:
        columns[ACTION_STATUS] = columns.pop(STATUS)
    return columns
