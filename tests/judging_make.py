"""Spreadsheets of a made-up sender, and what becomes of their rows."""

import csv
import io

from servanda.intake.models import Batch, MappedColumn, SenderMapping
from servanda.people.models import User
from servanda.recommendations.imports import pipeline
from tests.importing_make import receive

PLACE = {"Symbol": "CRC/C/SVN/CO/3-4", "Paragraph": "12"}
COLUMNS = {
    "external sheet": "Id",
    "code": "Code",
    "country": "State",
    "body": "Body",
    "symbol": "Symbol",
    "paragraph": "Paragraph",
    "text": "Text",
    "recommending": "From",
    "label uhri-theme": "Theme",
    "cycle": "Cycle",
}


def sheet(
    *rows: dict,
    sender: str = "Ministry of Made-up Affairs",
    more: dict[str, str] | None = None,
    by: User | None = None,
) -> Batch:
    """A spreadsheet of a sender; cells that a row does not name are empty, but for State and body. `more` are columns
    that other rooms read."""
    columns = COLUMNS | (more or {})
    lines = io.StringIO()
    writer = csv.DictWriter(lines, [*columns.values()], restval="")
    writer.writeheader()
    writer.writerows({"State": "SVN", "Body": "CRC"} | row for row in rows)
    batch = receive(lines.getvalue().encode("utf-8-sig"), "list.csv", by=by)
    mapping, is_new = SenderMapping.objects.get_or_create(sender=sender)
    if is_new:
        MappedColumn.objects.bulk_create(
            MappedColumn(mapping=mapping, field=field, header=header) for field, header in columns.items()
        )
    pipeline.use_mapping(batch=batch, mapping=mapping)
    return batch


def applied(batch: Batch) -> list[tuple[int, str, str, str]]:
    """Check and apply, as the pages do; answers what the preview says of each cell that other rooms read."""
    pipeline.preview_batch(batch)
    cells = list(batch.cells.values_list("number", "column", "outcome", "message"))
    pipeline.claim(batch, accept_refused=True)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return cells


def previewed_and_applied(batch: Batch) -> tuple[list[str], list[str]]:
    """The verdict of each row as the preview says it and as applying found it."""
    pipeline.preview_batch(batch)
    promised = list(batch.rows.values_list("verdict", flat=True))
    pipeline.claim(batch, accept_refused=True)
    kept: list[str] = []
    for _done, found in pipeline.write_chunks(batch):
        kept += found.elements()
    pipeline.finish_applying(batch, pipeline.Counter(kept))
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return promised, kept
