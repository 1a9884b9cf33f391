"""From a file to resolved rows: which reader serves which shape, and under which name its rows are known."""

from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, SenderMapping
from servanda.language.identify import identify
from servanda.people.models import Instance
from servanda.sources.candidates import Candidate, Unreadable
from servanda.sources.readers import sheets, thematic_list, uhri_api, uhri_json, uhri_xlsx, working_group
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
    return SCHEMES[batch.shape]


def read_candidates(batch: Batch) -> Iterator[Candidate]:
    path = Path(batch.file.path)
    if batch.shape == "working-group":
        return working_group.read(path, country_names=country_names())
    if batch.shape == "thematic-list":
        return thematic_list.read(path, country_names=country_names())
    if batch.shape == "document":
        return confirmed_candidates(batch)
    if batch.shape == "sheet":
        return read_sheet(path, batch.mapping)
    readers: dict[str, Callable[[Path], Iterator[Candidate]]] = {
        "uhri-json": uhri_json.read,
        "uhri-xlsx": uhri_xlsx.read,
        "uhri-api": uhri_api.read,
    }
    return readers[batch.shape](path)


def read_sheet(path: Path, mapping: SenderMapping | None) -> Iterator[Candidate]:
    if mapping is None:
        raise Unreadable(_("Say first which column holds what: this file needs a mapping."))
    columns = list(mapping.columns.all())
    return sheets.read(
        path,
        {column.field: column.header for column in columns if column.header},
        constants={column.field: column.constant for column in columns if column.constant},
        separator=mapping.separator or None,
        encoding=mapping.encoding or None,
    )


def read_rows(batch: Batch) -> Iterator[tuple[Resolved, ...]]:
    """The rows of the file, resolved, of the wanted State only, in chunks."""
    languages = Instance.current().language_codes()
    resolve = make_resolver(Lookup(), identify=lambda text: identify(text, among=languages), on=timezone.localdate())
    wanted = Country.objects.filter(code=batch.country).values_list("pk", flat=True).first()
    rows = (resolve(candidate) for candidate in read_candidates(batch))
    if wanted:
        rows = (row for row in rows if wanted in row.country_ids)
    return batched(rows, CHUNK)
