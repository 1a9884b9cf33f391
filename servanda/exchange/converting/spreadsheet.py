"""A plain spreadsheet of recommendations: CSV, XLSX or ODS with a row of column names in one of five languages."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from servanda.exchange.converting.objects import Converted, Origin, convert_rows, keep_valid
from servanda.kit.refusal import Unreadable
from servanda.recommendations.imports.suggesting_columns import suggest_mapping
from servanda.sources.candidates import Candidate
from servanda.sources.sheets import reader

LOOKED_AT = 200  # rows from whose values unclear columns are recognised
OWN_CODES = ("sheet", "uhri")


def convert_spreadsheet(path: Path, *, origin: Origin, body: str = "") -> tuple[Converted, dict[str, str]]:
    """The objects, and the columns from which they were read. `body` is that of rows that name none.

    Raises `Unreadable` where the file is no sheet, or has no column of texts.
    """
    sheet = reader.open_sheet(path)
    columns = suggest_mapping(sheet.headers, [cells for _number, cells in islice(sheet.rows, LOOKED_AT)])
    if not any(name == "text" or name.startswith("text ") for name in columns):
        message = _("%(file)s has no column of texts. Name it “Recommendation” or “Text”.")
        raise Unreadable(message % {"file": path.name})
    constants = {"body": body} if body else {}
    done = convert_rows(coded(reader.read(path, columns, constants=constants)), origin)
    keep_valid(done)
    return done, columns


def coded(rows: Iterator[Candidate]) -> Iterator[tuple[str, Candidate]]:
    for row in rows:
        ids = [row.code, row.plain_id, *(row.external.get(key, "") for key in OWN_CODES)]
        yield next(filter(None, ids), ""), row
