"""The list for other programs: exactly the records that an address finds, in its order, with every language.

What only some may read comes from the audience: its confidentiality for those inside, drafts of positions and
internal notes for those who may read them. A file that is passed on is made for another audience than its maker's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.files.downloads import send_json, send_table
from servanda.kit.files.tables import BYTE_ORDER_MARK
from servanda.people.instance.file_names import file_name
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.facets import Facet, LabelFacet
from servanda.recommendations.filters.query import RegisterFilter, narrow, read_filter
from servanda.recommendations.filters.semantic import resolved
from servanda.recommendations.models import Note, Position, TextVersion
from servanda.recommendations.records.follow_up_columns import COLUMNS as ASKED_FOR
from servanda.recommendations.records.follow_up_columns import columns_of, prefetch_follow_ups
from servanda.recommendations.register.rows import as_row, with_parts

if TYPE_CHECKING:
    from servanda.recommendations.register.rows import Whole

AT_ONCE = 500
NATIONAL = ("national_code", "articles", "territory")  # priority and term are internal
FIRST_COLUMNS = (
    "reference",
    "kind",
    "country",
    "body",
    "cycle",
    "year",
    "document",
    "paragraph",
    "date",
    "position",
    "recommending_states",
    *NATIONAL,
    *ASKED_FOR,
)
INSIDE_COLUMNS = ("confidentiality", "is_published", "decide_by", "priority", "term")


@dataclass(frozen=True, slots=True)
class AddedColumns:
    """Columns of a room above and their values by record; for everyone, or for readers of the internal side only."""

    columns: tuple[str, ...]
    read: Callable[[Sequence[int]], Mapping[int, Mapping[str, object]]]
    is_public: bool = False

    def tells(self, audience: Audience) -> bool:
        return self.is_public or audience.is_inside


@dataclass(slots=True)
class Export:
    filters: RegisterFilter
    found: QuerySet
    facets: Sequence[Facet]
    audience: Audience
    beside: AddedColumns | None = None

    def records(self) -> Iterator["Whole"]:
        shown = with_parts(self.found.order_by(*self.filters.order())).prefetch_related(prefetch_follow_ups())
        if self.audience.drafts:
            drafts = Position.objects.current().filter(is_draft=True)
            shown = shown.prefetch_related(Prefetch("positions", drafts, to_attr="drafts"))
        if self.audience.notes:
            shown = shown.prefetch_related(Prefetch("notes", Note.objects.standing(), to_attr="standing_notes"))
        return shown.iterator(chunk_size=AT_ONCE)

    def things(self) -> Iterator[dict]:
        for some in batched(self.records(), AT_ONCE, strict=False):
            beside = self.values_beside(some)
            yield from (self.thing(record) | beside.get(record.pk, {}) for record in some)

    def thing(self, record: "Whole") -> dict:
        return as_row(record) | columns_of(vars(record)["current_follow_ups"]) | self.inside(record)

    def values_beside(self, records: "Sequence[Whole]") -> dict[int, dict]:
        """Values only for records whose internal side is open; for the others, the columns are empty."""
        if self.beside is None or not self.beside.tells(self.audience):
            return {}
        is_public = self.beside.is_public
        read = self.beside.read([record.pk for record in records if is_public or self.audience.opens(record)])
        return {
            record.pk: {name: read.get(record.pk, {}).get(name) for name in self.beside.columns} for record in records
        }

    def inside(self, record) -> dict:
        """The internal columns of a record."""
        if not self.audience.is_inside:
            return {}
        is_open = self.audience.opens(record)
        decide_by = record.decide_by if is_open else None
        row = {
            "confidentiality": record.confidentiality,
            "is_published": record.is_published,
            "decide_by": decide_by.isoformat() if decide_by else None,
            "priority": record.priority if is_open else "",
            "term": record.horizon if is_open else "",
        }
        if self.audience.drafts:
            row["draft_positions"] = [_draft(position) for position in record.drafts]
        if self.audience.notes:
            row["internal_notes"] = [note.text for note in record.standing_notes]
        return row

    def table(self) -> tuple[list[str], Iterator[list]]:
        taxonomies = [facet.key for facet in self.facets if isinstance(facet, LabelFacet)]
        languages, inside = self.languages(), self.further_columns()
        texts = ["machine_translated", *(f"text_{code}" for code in languages)]
        rows = (_cells(row, inside, taxonomies, languages) for row in self.things())
        return [*FIRST_COLUMNS, *inside, *taxonomies, *texts], rows

    def further_columns(self) -> list[str]:
        beside = self.beside.columns if self.beside and self.beside.tells(self.audience) else ()
        if not self.audience.is_inside:
            return [*beside]
        drafts = ["draft_positions"] if self.audience.drafts else []
        return [*INSIDE_COLUMNS, *drafts, *(["internal_notes"] if self.audience.notes else []), *beside]

    def languages(self) -> list[str]:
        texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
        texts = texts.filter(recommendation__in=self.found.order_by().values("pk"))
        return sorted(texts.order_by().values_list("language", flat=True).distinct())


def export_of(
    params: QueryDict, audience: Audience, facets: Sequence[Facet], *, beside: AddedColumns | None = None
) -> Export:
    filters = read_filter(params, facets)
    audience = audience.asking_for(filters.chosen)
    filters = resolved(filters, audience.visible)
    return Export(filters, narrow(audience, filters, facets), facets, audience, beside)


def cover_of(audience: Audience) -> list[str]:
    """The text on the first sheet of a file that is passed on; empty for one's own file."""
    if not audience.code:
        return []
    return [
        _("Prepared for: %(whom)s") % {"whom": audience.whom},
        _("Date: %(day)s") % {"day": timezone.localdate().isoformat()},
        _(
            "Contains only what the recipients may see: no records closed to them, no draft positions and no "
            "internal notes."
        ),
    ]


def name_of(audience: Audience, what: str) -> str:
    """The name of a file, with the code of its audience unless the user downloads it for themselves."""
    return f"{what}-as-{audience.code}" if audience.code else what


def _draft(position: Position) -> dict:
    return {
        "stand": position.stand,
        "words": position.words,
        "date": position.date.isoformat() if position.date else None,
        "comment": position.comment,
    }


def _in_one_cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        lines = (item if isinstance(item, str) else "; ".join(filter(None, item.values())) for item in value)
        return "\n".join(lines)
    return value


def _cells(row: dict, inside: Sequence[str], taxonomies: Sequence[str], languages: Sequence[str]) -> list:
    """One row of a table; several values of one field are in one cell, each on a line of its own."""
    texts = {text["language"]: text["text"] for text in reversed(row["texts"])}
    machine = " ".join(text["language"] for text in row["texts"] if text["is_machine"])
    labels = [[label["label"] for label in row["labels"] if label["taxonomy"] == key] for key in taxonomies]
    return [
        *(row[key] for key in ("code", "kind", "country", "body", "cycle", "year", "document", "paragraph", "date")),
        row["stand"],
        "\n".join(row["recommending"]),
        *(row[key] for key in NATIONAL),
        *(_in_one_cell(row[key]) for key in ASKED_FOR),
        *(_in_one_cell(row[key]) for key in inside),
        *("\n".join(some) for some in labels),
        machine,
        *(texts.get(language, "") for language in languages),
    ]


def send(export: Export, format: str, *, mark: bool) -> HttpResponseBase:
    name = file_name(name_of(export.audience, "register"), format, on=timezone.localdate())
    if format == "json":
        return send_json(name, "recommendations", export.things())
    cover = cover_of(export.audience) if format == "xlsx" else ()
    return send_table(name, "register", *export.table(), cover=cover, mark=BYTE_ORDER_MARK if mark else "")
