"""The mapping of a sheet's columns: suggested from headers and values, saved for the sender's next file."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from servanda.intake.columns.kinds import LONGEST_VALUE, Column, SheetContext, entries_of, value_key
from servanda.intake.columns.kinds import columns as sheet_columns
from servanda.intake.columns.lists import all_columns, list_kinds
from servanda.intake.models import Batch, MappedColumn, MappedValue, SenderMapping
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.models import Instance, User
from servanda.recommendations.imports.checking import forget_check, refuse_fixed_columns, send_back_checked
from servanda.recommendations.imports.reading import RowReader, listed_rows, mapped_fields, read_candidates
from servanda.recommendations.imports.sheet_names import OtherSheet, body_and_cycle_in, other_sheets
from servanda.recommendations.imports.suggesting_columns import suggest_mapping
from servanda.recommendations.models import Stand
from servanda.sources.candidates import Candidate, Unreadable
from servanda.sources.printed.texts import without_unseen
from servanda.sources.resolve import Resolved
from servanda.sources.sheets import reader as sheet_reader
from servanda.sources.sheets.column_names import LANGUAGES
from servanda.sources.sheets.positions import propose_stand
from servanda.trail.models import Event
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Body, Taxonomy

ROWS_SHOWN = 3
ROWS_LOOKED_AT = 200  # whose values help to recognise what a column holds
MOST_VALUES = 300  # distinct values of a column that a person is asked to map
UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")  # direction marks and zero-width spaces
BODY = ("body", "body 2", "body 3")
FIELDS = [
    ("code", gettext_lazy("Reference in this register")),
    ("text", gettext_lazy("Text")),
    ("country", gettext_lazy("State concerned")),
    ("body", gettext_lazy("Recommending body")),
    ("symbol", gettext_lazy("Document symbol")),
    ("paragraph", gettext_lazy("Paragraph")),
    ("date", gettext_lazy("Date of the document")),
    ("cycle", gettext_lazy("UPR cycle")),
    ("session", gettext_lazy("UPR session")),
    ("recommending", gettext_lazy("Recommending States")),
    ("position", gettext_lazy("Position of the State")),
    ("position comment", gettext_lazy("Comment on the position")),
    ("kind", gettext_lazy("Kind")),
    ("listed", gettext_lazy("Date of publication in the index")),
    ("external sheet", gettext_lazy("Sender’s ID")),
    ("external uhri", gettext_lazy("ID in the Universal Human Rights Index")),
]


POSITION = Column(
    "position",
    gettext_lazy("Position of the State"),
    choices=lambda: [(stand.value, str(stand.label)) for stand in Stand],
    propose=lambda printed, _choices: propose_stand(printed),
)
CONSTANTS = ("country", "body", "symbol", "date", "cycle", "session", "kind")  # may have one value for all rows


@dataclass(slots=True)
class SheetView:
    """What a person needs to see of a sheet to choose its columns."""

    headers: list[str]
    rows: list[list[str]]
    suggestion: dict[str, str]  # field -> header
    constants: dict[str, str] = field(default_factory=dict)
    sender: str = ""
    known_as: str = ""  # the sender, perhaps another one, whose saved mapping has these column names
    name: str = ""  # of the sheet
    other_sheets: list[str] = field(default_factory=list)
    others: list[OtherSheet] = field(default_factory=list)
    encoding: str = ""  # chosen earlier for this file
    separator: str = ";"
    beyond: int = 0  # number of columns beyond those that can be mapped

    def examples(self) -> list[list[str]]:
        """The first values of each column."""
        return [[row[place] for row in self.rows if place < len(row)] for place in range(len(self.headers))]


def mappable_fields() -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields that a column can fill, in groups: the record, its texts, its labels, and fields of other rooms."""
    texts = [
        (f"text {language}", _("Text in language “%(language)s”") % {"language": language})
        for language in dict.fromkeys([*Instance.current().language_codes(), *LANGUAGES])
    ]
    labels = [(f"label {taxonomy.code}", str(taxonomy.name)) for taxonomy in Taxonomy.objects.all()]
    beside = [(column.code, str(column.label)) for column in sheet_columns().values()]
    return [
        (_("Recommendation"), [(name, str(label)) for name, label in FIELDS]),
        (_("Texts"), texts),
        (_("Labels"), labels),
        *([(_("Follow-up"), beside)] if beside else []),
    ]


def list_fields() -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields that a column can fill in a sheet that lists other objects, such as institutions."""
    return [
        (str(kind.label), [(column.code, str(column.label)) for column in kind.columns()]) for kind in list_kinds()
    ]


def view_sheet(batch: Batch, *, encoding: str = "") -> SheetView:
    """The headers and first rows, with a saved mapping whose columns all exist, or else a suggestion.

    Raises `Refused` where the file cannot be read, or its columns can no longer be changed.
    """
    refuse_fixed_columns(batch)
    encoding = encoding or (batch.mapping.encoding if batch.mapping else "")
    try:
        sheet = sheet_reader.open_sheet(Path(batch.file.path), sheet=batch.sheet or None, encoding=encoding or None)
        rows = [cells for _number, cells in islice(sheet.rows, ROWS_LOOKED_AT)]
    except Unreadable as problem:
        raise Refused(problem) from problem
    view = SheetView(
        sheet.headers,
        [row[: len(sheet.headers)] for row in rows[:ROWS_SHOWN]],
        suggest_mapping(sheet.headers, rows),
        name=sheet.name,
        other_sheets=sheet.other_sheets,
        encoding=encoding,
        beyond=sheet.width - len(sheet.headers),
    )
    if mapping := batch.mapping or saved_mapping(sheet.headers):
        mapped = list(mapping.columns.all())
        view.suggestion = {column.field: column.header for column in mapped if column.header in sheet.headers}
        view.constants = {column.field: column.constant for column in mapped if column.constant}
        view.known_as, view.separator = mapping.sender, mapping.separator
        view.sender = mapping.sender if batch.mapping else ""
    add_names_of_sheets(batch, view)
    return view


def add_names_of_sheets(batch: Batch, view: SheetView) -> None:
    """Use the names of sheets: one called "CERD" without a column for the body is about CERD."""
    if not view.name:
        return
    lookup, mapped = Lookup(), set(view.suggestion.values())
    view.others = other_sheets(batch, lookup, first=view.name, others=view.other_sheets, mapped=mapped)
    if "body" not in view.suggestion:
        body, cycle = body_and_cycle_in(view.name, lookup)
        own = {"body": body, "cycle": "" if "cycle" in view.suggestion else cycle}
        view.constants |= {name: value for name, value in own.items() if value}


def saved_mapping(headers: list[str]) -> SenderMapping | None:
    """The newest mapping all of whose columns this sheet has."""
    for mapping in SenderMapping.objects.senders().prefetch_related("columns").order_by("-pk"):
        wanted = {column.header for column in mapping.columns.all() if column.header}
        if wanted and wanted <= set(headers):
            return mapping
    return None


@transaction.atomic
def save_mapping(
    *,
    sender: str,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    separator: str = ";",
    encoding: str = "",
    batch: Batch | None = None,
    sheet: str = "",
    by: User | None,
) -> SenderMapping:
    """Save how this sender's columns are read, replacing any earlier mapping; with a batch, use it for that file.

    `columns` maps fields to headers, `constants` maps fields to the value for empty cells. Files of the sender that
    were checked with other columns have to be checked again. `sheet` names a further sheet with columns of its own.
    Raises `Refused`.
    """
    if batch:
        refuse_fixed_columns(batch)
    mapping = mapping_of(sender, sheet) or SenderMapping(sender=sender_name(sender), sheet=sheet)
    previous = (mapping.separator, mapping.encoding, stored_columns(mapping))
    if mapping.pk and previous != (separator, encoding, as_stored(columns, constants)):
        send_back_checked(mapping)
    mapping.separator, mapping.encoding = separator, encoding
    mapping.save()
    mapping.columns.all().delete()
    MappedColumn.objects.bulk_create(
        MappedColumn(mapping=mapping, field=name, header=columns.get(name, ""), constant=constants.get(name, ""))
        for name in dict.fromkeys([*columns, *constants])
    )
    if batch and batch.mapping != mapping:
        own = Batch.objects.filter(pk=batch.pk)
        forget_check(own)
        own.update(mapping=mapping, month_first=None, state=Batch.State.UPLOADED)
    if batch:
        batch.refresh_from_db()
        batch.message = ""
        batch.save(update_fields=["message"])
    difference = {"columns": dict(columns), "constants": dict(constants)}
    Event.record("mapping-saved", mapping, by=by, difference=difference)
    return mapping


def as_stored(columns: Mapping[str, str], constants: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {name: (columns.get(name, ""), constants.get(name, "")) for name in {*columns, *constants}}


def stored_columns(mapping: SenderMapping) -> dict[str, tuple[str, str]]:
    return {column.field: (column.header, column.constant) for column in mapping.columns.all()} if mapping.pk else {}


def sender_name(printed: str) -> str:
    """The name without repeated spaces and invisible characters."""
    return " ".join(UNSEEN.sub("", without_unseen(printed)).split())


def mapping_of(sender: str, sheet: str = "") -> SenderMapping | None:
    """The mapping of this sender, or of a further sheet; case and spaces are ignored."""
    wanted = sender_name(sender).casefold()
    mappings = SenderMapping.objects.filter(sheet=sheet)
    return next((mapping for mapping in mappings if sender_name(mapping.sender).casefold() == wanted), None)


def choose_sheet(*, batch: Batch, sheet: str, by: User | None) -> None:
    """Read another sheet of the workbook instead of the first visible one. Raises `Refused`."""
    refuse_fixed_columns(batch)
    try:
        opened = sheet_reader.open_sheet(Path(batch.file.path), sheet=sheet)
    except Unreadable as problem:
        raise Refused(problem) from problem
    batch.sheet = opened.name
    batch.mapping = None
    batch.further_sheets.all().delete()
    batch.state, batch.message = Batch.State.UPLOADED, ""
    batch.save(update_fields=["sheet", "mapping", "state", "message"])
    Event.record("import-sheet-chosen", batch, by=by, difference={"sheet": ["", opened.name]})


@dataclass(slots=True)
class Value:
    """A value of a column, how many rows have it, and its saved or suggested meaning."""

    printed: str
    count: int
    meaning: str
    is_saved: bool


@dataclass(slots=True)
class ValuesOf:
    """The values of one column, and their possible meanings."""

    column: Column
    choices: list[tuple[str, str]]
    values: list[Value]
    others: int = 0  # number of values beyond those that are shown


def values_of(batch: Batch) -> list[ValuesOf]:
    """The values of each mapped column that need a meaning, the most frequent first. Raises `Refused`."""
    mapping = batch.mapping
    if mapping is None:
        return []
    mapped = mapped_fields(batch)
    wanted = {code: column for code, column in valued_columns().items() if code in mapped and column.choices}
    counts: dict[str, Counter[str]] = {code: Counter() for code in wanted}
    saved = {(value.column, value.folded): value.meaning for value in mapping.values.all()}
    try:
        context = context_of(batch, saved)
        for row in read_candidates(batch) if wanted else ():
            for code, column in wanted.items():
                if cell := cell_of(row, code):
                    counts[code].update(unexplained_entries(column, cell, context))
    except Unreadable as problem:
        raise Refused(problem) from problem
    return [meanings_of(column, counts[code], saved) for code, column in wanted.items() if counts[code]]


def valued_columns() -> dict[str, Column]:
    """The columns whose values can have a meaning."""
    return {POSITION.code: POSITION} | all_columns()


def cell_of(row: Candidate | Resolved, code: str) -> str:
    """What a row has in a column. A position of more than 200 characters is a comment, read by its words only."""
    if code != POSITION.code:
        return row.cells.get(code, "").strip()
    return row.printed_position if len(row.printed_position) <= LONGEST_VALUE else ""


def context_of(batch: Batch, meanings: Mapping[tuple[str, str], str]) -> SheetContext:
    return SheetContext(
        batch=batch,
        on=timezone.localdate(),
        by=batch.created_by,
        separator=batch.mapping.separator if batch.mapping else "",
        meanings=meanings,
        listed=listed_rows(batch),
    )


def unexplained_entries(column: Column, cell: str, context: SheetContext) -> Iterator[str]:
    """The entries of a cell except those that another sheet of the workbook explains."""
    for entry in entries_of(column, cell, context):
        is_saved = context.meaning(column.code, entry) is not None
        if is_saved or not (column.is_answered and column.is_answered(entry, context)):
            yield entry


def meanings_of(column: Column, counts: Counter[str], saved: Mapping[tuple[str, str], str]) -> ValuesOf:
    """The values of a column; different spellings of one value are counted together, with one meaning."""
    choices = list(column.choices()) if column.choices else []
    values: dict[str, Value] = {}
    for printed, count in counts.most_common():
        key = value_key(printed)
        if key in values:
            values[key].count += count
        else:
            values[key] = Value(
                printed[:LONGEST_VALUE], count, saved.get((column.code, key), ""), (column.code, key) in saved
            )
    most = sorted(values.values(), key=lambda value: -value.count)
    for value in most[:MOST_VALUES]:
        if not value.is_saved and column.propose:
            value.meaning = column.propose(value.printed, choices)
    return ValuesOf(column, choices, most[:MOST_VALUES], max(0, len(most) - MOST_VALUES))


@transaction.atomic
def save_values(*, batch: Batch, meanings: Mapping[tuple[str, str], str], by: User) -> None:
    """Save the meanings of the sender's values: (column, printed value) -> code, "" for a value to be left out.

    Files of the sender that were checked with other meanings have to be checked again. Raises `Refused`.
    """
    refuse_fixed_columns(batch)
    mapping = batch.mapping
    if mapping is None:
        raise Refused(_("Choose the columns first."))
    previous = {(value.column, value.folded): value.meaning for value in mapping.values.all()}
    if any(previous.get((column, value_key(printed))) != meaning for (column, printed), meaning in meanings.items()):
        send_back_checked(mapping)
    difference: dict[str, list[str]] = {}
    for (column, printed), meaning in meanings.items():
        MappedValue.objects.update_or_create(
            mapping=mapping,
            column=column,
            folded=value_key(printed),
            defaults={"printed": printed[:LONGEST_VALUE], "meaning": meaning},
        )
        difference.setdefault(column, []).append(f"{printed} = {meaning}")
    Event.record("values-mapped", mapping, by=by, difference=difference)


@dataclass(slots=True)
class FirstRow:
    """A row as it will be imported, with the cells that other rooms read: column, printed value, meaning."""

    row: Resolved
    cells: list[tuple[str, str, str]]
    body: object  # its short name


def first_rows(batch: Batch, values: Sequence[ValuesOf]) -> list[FirstRow]:
    """The first rows of each sheet as they will be imported with these meanings. Raises `Refused`."""
    meanings = {
        (column_values.column.code, value_key(value.printed)): dict(column_values.choices).get(value.meaning, "")
        for column_values in values
        for value in column_values.values
    }
    try:
        context = context_of(batch, meanings)
        rows = RowReader(batch).first_rows(1 if batch.further_sheets.exists() else ROWS_SHOWN)
    except Unreadable as problem:
        raise Refused(problem) from problem
    short_names = {body.code: body.short for body in Body.objects.filter(code__in={row.body_code for row in rows})}
    return [FirstRow(row, [*_cells_of(row, context, meanings)], short_names.get(row.body_code, "")) for row in rows]


def _cells_of(
    row: Resolved, context: SheetContext, meanings: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, str, str]]:
    for code, column in valued_columns().items():
        if not (printed := cell_of(row, code)):
            continue
        entries = entries_of(column, printed, context)
        entry_meanings = [meanings.get((code, value_key(entry)), "") for entry in entries]
        yield str(column.label), printed, ", ".join(filter(None, entry_meanings))
