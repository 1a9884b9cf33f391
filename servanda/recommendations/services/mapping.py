"""How the columns of a sheet are read: looked at, suggested, kept for the sender's next file."""

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, MappedColumn, SenderMapping
from servanda.kit.refusal import Refused
from servanda.people.models import Instance, User
from servanda.sources.candidates import Unreadable
from servanda.sources.readers import sheets
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy

ROWS_SHOWN = 5
FIELDS = [
    ("text", gettext_lazy("Text")),
    ("country", gettext_lazy("State concerned")),
    ("body", gettext_lazy("Body")),
    ("symbol", gettext_lazy("Document symbol")),
    ("paragraph", gettext_lazy("Paragraph")),
    ("date", gettext_lazy("Date of the document")),
    ("cycle", gettext_lazy("UPR cycle")),
    ("session", gettext_lazy("UPR session")),
    ("recommending", gettext_lazy("Recommending States")),
    ("position", gettext_lazy("Position of the State")),
    ("position comment", gettext_lazy("Comment on the position")),
    ("kind", gettext_lazy("Kind")),
    ("external sheet", gettext_lazy("Id at the sender")),
]


@dataclass(slots=True)
class LookedInto:
    """A sheet before its columns are named: what a person needs to see to name them."""

    headers: list[str]
    rows: list[list[str]]
    suggestion: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    sender: str = ""


def mappable_fields() -> list[tuple[str, str]]:
    """What a column can fill, the texts in the languages of the instance and its taxonomies included."""
    texts = [
        (f"text {language}", _("Text in language “%(language)s”") % {"language": language})
        for language in Instance.current().language_codes()
    ]
    labels = [(f"label {taxonomy.code}", str(taxonomy.name)) for taxonomy in Taxonomy.objects.all()]
    fields = [(name, str(label)) for name, label in FIELDS]
    return [*fields, *texts, *labels]


def look_into(batch: Batch) -> LookedInto:
    """The headers and first rows, with the sender's saved mapping if its columns are all there, else a suggestion."""
    try:
        sheet = sheets.open_sheet(Path(batch.file.path))
        rows = [cells for _number, cells in islice(sheet.rows, ROWS_SHOWN)]
    except Unreadable as problem:
        raise Refused(problem) from problem
    if mapping := batch.mapping or saved_mapping(sheet.headers):
        columns = list(mapping.columns.all())
        return LookedInto(
            sheet.headers,
            rows,
            {column.field: column.header for column in columns if column.header in sheet.headers},
            {column.field: column.constant for column in columns if column.constant},
            mapping.sender,
        )
    return LookedInto(sheet.headers, rows, sheets.suggest_mapping(sheet.headers))


def saved_mapping(headers: list[str]) -> SenderMapping | None:
    """The newest mapping all of whose columns this sheet has."""
    for mapping in SenderMapping.objects.prefetch_related("columns").order_by("-pk"):
        wanted = {column.header for column in mapping.columns.all() if column.header}
        if wanted and wanted <= set(headers):
            return mapping
    return None


@transaction.atomic
def save_mapping(
    *, batch: Batch, sender: str, separator: str, encoding: str, columns: dict, constants: dict, by: User
) -> SenderMapping:
    """Keep how this sender's columns are read, in place of what was kept before, and read the batch so."""
    mapping, _created = SenderMapping.objects.update_or_create(
        sender=sender, defaults={"separator": separator, "encoding": encoding}
    )
    mapping.columns.all().delete()
    MappedColumn.objects.bulk_create(
        [MappedColumn(mapping=mapping, field=name, header=header) for name, header in columns.items()]
        + [MappedColumn(mapping=mapping, field=name, constant=value) for name, value in constants.items()]
    )
    batch.mapping = mapping
    batch.save(update_fields=["mapping"])
    Event.record("mapping-saved", mapping, by=by, difference={"columns": columns, "constants": constants})
    return mapping
