"""From a file to resolved rows: which reader serves which shape, and under which name its rows are known."""

from collections.abc import Callable, Generator, Iterator, Mapping
from itertools import batched, chain, islice
from pathlib import Path

from django.utils import timezone

from servanda.intake.columns.kinds import SheetRow
from servanda.intake.columns.lists import kind_of_list, list_of
from servanda.intake.comments import first_sheet, notes_by_row
from servanda.intake.models import Batch, FurtherSheet, SenderMapping
from servanda.kit.database.sentences import gettext as _
from servanda.language.words.identify import KNOWN_LANGUAGES, identify
from servanda.people.models import Instance
from servanda.recommendations.imports.supplements import Name, names_of
from servanda.sources.candidates import Candidate, Unreadable
from servanda.sources.resolve import Resolved, make_resolver
from servanda.sources.sheets import reader as sheet_reader
from servanda.sources.sheets.reader import NOTES
from servanda.sources.uhri import api as uhri_api
from servanda.sources.uhri import json_export as uhri_json
from servanda.sources.uhri import spreadsheet as uhri_xlsx
from servanda.sources.units.reading import confirmed_candidates
from servanda.sources.upr import thematic_list, working_group
from servanda.vocab.lookup import Lookup, country_names
from servanda.vocab.models import Country

type Place = tuple[str, int]  # sheet and row
CHUNK = 500  # rows a transaction: long enough to be quick, short enough that no one waits for the write lock
LONGEST_SHEET = 60  # characters of the name of a sheet in messages
OF_A_DOCUMENT = {"body", "cycle", "session", "symbol", "date"}
SCHEMES = {
    "uhri-json": "uhri",
    "uhri-xlsx": "uhri",
    "uhri-api": "uhri",
    "thematic-list": "thematic-list",
    "working-group": "working-group",
    "sheet": "sheet",
    "document": "document",
}


def scheme_of(batch: Batch) -> str:
    """Ids of a spreadsheet are known under its sender, so that two senders with the same ids never meet."""
    scheme = SCHEMES[batch.shape]
    return f"{scheme}:{batch.mapping_id}" if batch.shape == "sheet" and batch.mapping_id else scheme


def read_candidates(batch: Batch) -> Iterator[Candidate]:
    return chain.from_iterable(parts_of(batch))


def parts_of(batch: Batch) -> list[Iterator[Candidate]]:
    """The rows of the file; of a workbook sheet by sheet, those with texts before those that add to them."""
    further = further_sheets_of(batch)
    if not further:
        return [read_first(batch)]
    path, sender = Path(batch.file.path), batch.mapping
    return [
        placed(read_first(batch), batch.sheet),
        *(
            placed(read_further(path, sheet, sender, notes_by_row(batch, sheet.sheet)), sheet.sheet)
            for sheet in further
        ),
    ]


def further_sheets_of(batch: Batch) -> list[FurtherSheet]:
    """In the order in which they are read."""
    if batch.shape != "sheet":
        return []
    further = batch.further_sheets.select_related("mapping").prefetch_related("mapping__columns")
    return sorted(further, key=lambda sheet: sheet.mapping is not None and not sheet.mapping.has_texts)


def adds_to_rows(batch: Batch) -> bool:
    """Whether a sheet of the workbook has rows that add to those of others."""
    return any(sheet.mapping and not sheet.mapping.has_texts for sheet in further_sheets_of(batch))


def listed_rows(batch: Batch) -> dict[str, list[SheetRow]]:
    """The rows of sheets that list other objects, by kind of object. Raises `Unreadable`."""
    rows_by_list: dict[str, list[SheetRow]] = {}
    for sheet in further_sheets_of(batch):
        if sheet.mapping and (code := list_of(fields_of(sheet.mapping))):
            rows = placed(read_further(Path(batch.file.path), sheet, batch.mapping), sheet.sheet)
            some = rows_by_list.setdefault(code, [])
            readable = (row for row in rows if not any(problem.fatal for problem in row.problems))
            some += (SheetRow(number, row.where, row.cells) for number, row in enumerate(readable, len(some) + 1))
            if len(some) > (most := kind_of_list(code).most):
                values = {"sheet": sheet.sheet[:LONGEST_SHEET], "most": most}
                raise Unreadable(_("The sheet “%(sheet)s” has more than %(most)d rows. Split it.") % values)
    return rows_by_list


def fields_of(mapping: SenderMapping) -> list[str]:
    return [column.field for column in mapping.columns.all()]


def mapped_fields(batch: Batch) -> set[str]:
    """The fields that the columns of all sheets fill."""
    if batch.shape != "sheet":
        return set()
    mappings = [batch.mapping, *(sheet.mapping for sheet in further_sheets_of(batch))]
    fields = {column.field for mapping in mappings if mapping for column in mapping.columns.all()}
    return fields | {NOTES} if batch.takes_comments else fields


def read_first(batch: Batch) -> Iterator[Candidate]:
    path = Path(batch.file.path)
    if batch.shape == "working-group":
        return working_group.read(path, country_names=country_names())
    if batch.shape == "thematic-list":
        return thematic_list.read(path, country_names=country_names())
    if batch.shape == "document":
        return confirmed_candidates(batch)
    if batch.shape == "sheet":
        return read_sheet(path, batch.mapping, batch.sheet, notes_by_row(batch, batch.sheet or first_sheet(path)))
    readers: dict[str, Callable[[Path], Iterator[Candidate]]] = {
        "uhri-json": uhri_json.read,
        "uhri-xlsx": uhri_xlsx.read,
        "uhri-api": uhri_api.read,
    }
    return readers[batch.shape](path)


def read_sheet(
    path: Path, mapping: SenderMapping | None, sheet: str = "", notes: Mapping[int, str] | None = None
) -> Iterator[Candidate]:
    if mapping is None:
        raise Unreadable(_("Choose the columns of this file first."))
    columns = list(mapping.columns.all())
    return sheet_reader.read(
        path,
        {column.field: column.header for column in columns if column.header},
        constants={column.field: column.constant for column in columns if column.constant},
        separator=mapping.separator or None,
        encoding=mapping.encoding or None,
        sheet=sheet or None,
        positions=saved_positions(mapping),
        notes=notes,
    )


def saved_positions(sender: SenderMapping | None) -> dict[str, str]:
    """The saved meanings of the sender's values in the column of positions, by their key."""
    values = sender.values.filter(column="position") if sender else ()
    return {value.folded: value.meaning for value in values}


def read_further(
    path: Path, further: FurtherSheet, sender: SenderMapping | None, notes: Mapping[int, str] | None = None
) -> Iterator[Candidate]:
    """The rows of a further sheet; lists in its cells have the separator of the first sheet."""
    mapping = further.mapping
    if mapping is None:
        raise Unreadable(_("Choose the columns of this sheet first."))
    columns = list(mapping.columns.all())
    rows = sheet_reader.read(
        path,
        {column.field: column.header for column in columns if column.header},
        constants=constants_of(further, mapping),
        separator=sender.separator if sender else None,
        sheet=further.sheet,
        is_supplement=not mapping.has_texts,
        positions=saved_positions(sender),
        notes=notes,
    )
    for row in rows:
        if further.has_own_ids and not row.code and (identity := row.external.get("sheet")):
            row.external["sheet"], row.plain_id = f"{further.sheet}: {identity}", identity
        yield row


def constants_of(further: FurtherSheet, mapping: SenderMapping) -> dict[str, str]:
    """Values for empty cells. A sheet with a body or cycle of its own takes none that describe another document."""
    own = {name: value for name, value in (("body", further.body), ("cycle", further.cycle)) if value}
    constants = {column.field: column.constant for column in mapping.columns.all() if column.constant}
    return {name: value for name, value in constants.items() if not own or name not in OF_A_DOCUMENT} | own


def placed(rows: Iterator[Candidate], sheet: str) -> Iterator[Candidate]:
    """The rows with the name of their sheet, where several sheets are read."""
    try:
        for row in rows:
            row.where = _("sheet “%(sheet)s”, %(where)s") % {"sheet": sheet[:LONGEST_SHEET], "where": row.where}
            yield row
    except Unreadable as problem:
        raise Unreadable(
            _("Sheet “%(sheet)s”: %(problem)s") % {"sheet": sheet[:LONGEST_SHEET], "problem": problem}
        ) from problem


class RowReader:
    """The rows of a file, resolved, in chunks; rows about other States than the wanted one are counted, not given."""

    def __init__(self, batch: Batch):
        self.batch = batch
        self.elsewhere = 0
        self.by_sheet: list[int] = []  # rows of each sheet that is read
        self.places_elsewhere: set[Place] = set()  # in a workbook, of rows about other States

    def __iter__(self) -> Iterator[tuple[Resolved, ...]]:
        return batched(self.rows(), CHUNK)

    def rows(self) -> Generator[Resolved]:
        codes = {self.batch.country, self.batch.assumed_country} - {""}
        states = dict(Country.objects.filter(code__in=codes).values_list("code", "pk"))
        resolve = self._resolver(states.get(self.batch.assumed_country))
        rows = (resolve(candidate) for candidate in self._counted())
        yield from self._wanted(rows, states.get(self.batch.country))

    def first_rows(self, number: int) -> list[Resolved]:
        """The first rows of each sheet, whatever State they are about."""
        return [row for part in self.resolved_parts() for row in islice(part, number)]

    def resolved_parts(self) -> Iterator[Iterator[Resolved]]:
        """The rows of each sheet, whatever State they are about."""
        assumed = Country.objects.filter(code=self.batch.assumed_country) if self.batch.assumed_country else None
        resolve = self._resolver(assumed.values_list("pk", flat=True).first() if assumed else None)
        return (map(resolve, part) for part in parts_of(self.batch))

    def _counted(self) -> Iterator[Candidate]:
        for part in parts_of(self.batch):
            self.by_sheet.append(0)
            for candidate in part:
                self.by_sheet[-1] += 1
                yield candidate

    def _resolver(self, default_country: int | None) -> Callable[[Candidate], Resolved]:
        languages = Instance.current().language_codes()
        languages_to_expect = tuple(dict.fromkeys([*languages, *KNOWN_LANGUAGES]))

        def language_of(text: str) -> str:
            return identify(text, among=languages_to_expect, likely=languages)

        return make_resolver(Lookup(), identify=language_of, on=timezone.localdate(), default_country=default_country)

    def _wanted(self, rows: Iterator[Resolved], country: int | None) -> Iterator[Resolved]:
        """The rows without those about other States. Rows that name no State, or an unknown one, are kept."""
        wanted: set[Name] = set()
        elsewhere: set[Name] = set()
        has_supplements = adds_to_rows(self.batch)
        for row in rows:
            if row.supplement:
                is_elsewhere = next(names_of(row), None) in elsewhere - wanted
            else:
                is_elsewhere = bool(country and row.country_ids and country not in row.country_ids)
                if has_supplements:
                    (elsewhere if is_elsewhere else wanted).update(names_of(row))
            if is_elsewhere:
                self.elsewhere += 1
                self.places_elsewhere |= {row.place} if row.place else set()
            else:
                yield row
