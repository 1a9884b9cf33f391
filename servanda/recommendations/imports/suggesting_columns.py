"""What the columns of a sheet probably hold, told by their names and by their values."""

import re
from collections.abc import Callable, Mapping, Sequence

from servanda.intake.columns.dates import read_due_date
from servanda.intake.columns.kinds import columns as sheet_columns
from servanda.intake.columns.kinds import folded
from servanda.language.words.identify import identify
from servanda.recommendations.models import Recommendation
from servanda.sources.candidates import Stand
from servanda.sources.documents.reader import KNOWN_LANGUAGES
from servanda.sources.printed.values import stand_of
from servanda.sources.sheets import reader as sheet_reader
from servanda.vocab.lookup import Lookup

ROWS_SHOWN = 3
NUMBER_OF_A_ROW = re.compile(r"(?P<letters>[^\W\d_]{0,3}-?)(?P<number>\d+)")
ENOUGH = 0.5  # share of the values of a column that have to be of a kind
TAKEN = {Stand.SUPPORTED, Stand.NOTED, Stand.PARTLY}
LONGEST_POSITION = 40  # characters; a comment that says "support" is longer
OWN_IDS = {"external sheet", "external uhri", "code"}
type Values = Mapping[str, Sequence[str]]  # header -> the cells below it that are not empty


def suggest_mapping(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Field -> header, from the names of the columns and, where these tell nothing or two things, their values."""
    found = sheet_reader.suggest_mapping(headers)
    values = {
        header: [cell for row in rows if place < len(row) and (cell := row[place].strip())]
        for place, header in enumerate(headers)
    }
    if texts := texts_by_language(headers, values):
        found = {name: header for name, header in found.items() if header not in texts.values()} | texts
    told_by_values(found, values)
    for header in headers:
        if header not in found.values() and (code := column_like(values[header], apart_from=found)):
            found[code] = header
    told_by_kind(found, values)
    return found


def told_by_values(found: dict[str, str], values: Values) -> None:
    """Correct what a header alone tells wrongly."""
    lookup = Lookup()
    tell_country(found, values, lookup)
    if "code" not in found and (own := found.get("external sheet")) and holds_references(values[own]):
        found["code"] = found.pop("external sheet")
    tell_paragraph(found, values)
    if (term := found.get("term")) and "due" not in found and are_mostly(values[term], is_date):
        found["due"] = found.pop("term")  # "Prazo" and "Plazo" are both


def told_by_kind(found: dict[str, str], values: Values) -> None:
    """Bodies, symbols, positions and States below headers that are not understood."""
    lookup = Lookup()
    kinds: dict[str, Callable[[str], bool]] = {
        "body": lambda value: lookup.body(value) is not None,
        "symbol": lambda value: lookup.body_of_symbol(value)[0] is not None,
        "position": lambda value: len(value) <= LONGEST_POSITION and stand_of(value) in TAKEN,
        "recommending": lambda value: names_a_state(value, lookup),
    }
    for name, is_kind in kinds.items():
        for header in values:
            if name not in found and header not in found.values() and are_mostly(values[header], is_kind):
                found[name] = header


def tell_country(found: dict[str, str], values: Values, lookup: Lookup) -> None:
    """ "État" over names of States."""
    named = [header for header in values if folded(header) in ("etat", "estado")]
    states = [header for header in named if are_mostly(values[header], lambda value: names_a_state(value, lookup))]
    if states and "country" not in found:
        for name in [name for name, header in found.items() if header == states[0]]:
            del found[name]
        found["country"] = states[0]


def tell_paragraph(found: dict[str, str], values: Values) -> None:
    """A number that only counts the rows is an id of the sender, above all where another column has paragraphs."""
    number = found.get("paragraph")
    if not number or not counts_up(values[number]):
        return
    others = [header for header in values if header != number and sheet_reader.field_of(header) == "paragraph"]
    if others or not found.keys() & {"symbol", *OWN_IDS}:
        del found["paragraph"]
        if not found.keys() & OWN_IDS:
            found["external sheet"] = number
    if others:
        found["paragraph"] = others[0]


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
    """Where several columns are called like the text, each holds it in the language of its values."""
    texts = [header for header in headers if sheet_reader.field_of(header) == "text"]
    if len(texts) < 2:
        return {}
    languages = [identify(" ".join(values[header][:ROWS_SHOWN]), among=KNOWN_LANGUAGES) for header in texts]
    named = dict(zip(languages, texts, strict=True))
    return {f"text {language}": header for language, header in named.items() if language}


def names_a_state(value: str, lookup: Lookup) -> bool:
    return any(country is not None for _name, country in lookup.countries_of(value))


def counts_up(values: Sequence[str]) -> bool:
    """Whether these are numbers of rows, as a list without documents has them, also behind the same letters ("R12");
    over merged rows they repeat."""
    parts = [found for value in values if (found := NUMBER_OF_A_ROW.fullmatch(value))]  # the last row may say "Total"
    numbers = [int(found["number"]) for found in parts]
    if len({found["letters"] for found in parts}) > 1:
        return False
    distinct = list(dict.fromkeys(numbers))
    is_running = distinct == list(range(1, len(distinct) + 1))
    return bool(numbers) and len(values) - len(numbers) <= 1 and (is_running or len(distinct) == len(numbers))


def holds_references(values: Sequence[str]) -> bool:
    """Whether these are references of this register, as in a workbook that was taken from it."""
    some = {value.strip() for value in values}
    return bool(some) and Recommendation.objects.filter(code__in=some).count() >= ENOUGH * len(some)
