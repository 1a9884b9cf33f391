"""From a file to resolved rows: which reader serves which shape, and under which name its rows are known."""

from collections.abc import Callable, Generator, Iterator
from itertools import batched
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, SenderMapping
from servanda.language.identify import identify
from servanda.people.models import Instance
from servanda.sources.candidates import Candidate, Unreadable
from servanda.sources.readers import sheets, thematic_list, uhri_api, uhri_json, uhri_xlsx, working_group
from servanda.sources.readers.reading_document import KNOWN_LANGUAGES
from servanda.sources.resolve import Resolved, make_resolver
from servanda.sources.services.reading import confirmed_candidates
from servanda.vocab.lookup import Lookup, country_names
from servanda.vocab.models import Country

CHUNK = 500  # rows a transaction: long enough to be quick, short enough that nobody waits for the write lock
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
    path = Path(batch.file.path)
    if batch.shape == "working-group":
        return working_group.read(path, country_names=country_names())
    if batch.shape == "thematic-list":
        return thematic_list.read(path, country_names=country_names())
    if batch.shape == "document":
        return confirmed_candidates(batch)
    if batch.shape == "sheet":
        return read_sheet(path, batch.mapping, batch.sheet)
    readers: dict[str, Callable[[Path], Iterator[Candidate]]] = {
        "uhri-json": uhri_json.read,
        "uhri-xlsx": uhri_xlsx.read,
        "uhri-api": uhri_api.read,
    }
    return readers[batch.shape](path)


def read_sheet(path: Path, mapping: SenderMapping | None, sheet: str = "") -> Iterator[Candidate]:
    if mapping is None:
        raise Unreadable(_("Say first which column holds what: this file needs a mapping."))
    columns = list(mapping.columns.all())
    return sheets.read(
        path,
        {column.field: column.header for column in columns if column.header},
        constants={column.field: column.constant for column in columns if column.constant},
        separator=mapping.separator or None,
        encoding=mapping.encoding or None,
        sheet=sheet or None,
    )


class RowReader:
    """The rows of a file, resolved, in chunks; rows about other States than the wanted one are counted, not given."""

    def __init__(self, batch: Batch):
        self.batch = batch
        self.elsewhere = 0

    def __iter__(self) -> Iterator[tuple[Resolved, ...]]:
        return batched(self.rows(), CHUNK)

    def rows(self) -> Generator[Resolved]:
        codes = {self.batch.country, self.batch.assumed_country} - {""}
        states = dict(Country.objects.filter(code__in=codes).values_list("code", "pk"))
        resolve = self._resolver(states.get(self.batch.assumed_country))
        rows = (resolve(candidate) for candidate in read_candidates(self.batch))
        yield from self._wanted(rows, states.get(self.batch.country))

    def _resolver(self, default_country: int | None) -> Callable[[Candidate], Resolved]:
        languages = Instance.current().language_codes()
        known = tuple(dict.fromkeys([*languages, *KNOWN_LANGUAGES]))

        def language_of(text: str) -> str:
            return identify(text, among=known, likely=languages)

        return make_resolver(Lookup(), identify=language_of, on=timezone.localdate(), default_country=default_country)

    def _wanted(self, rows: Iterator[Resolved], country: int | None) -> Iterator[Resolved]:
        """A row that names no State, or one that is not known, is not another State's: it is judged like any."""
        for row in rows:
            if country and row.country_ids and country not in row.country_ids:
                self.elsewhere += 1
            else:
                yield row
