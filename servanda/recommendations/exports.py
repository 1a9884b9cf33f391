"""The list for other programs: exactly the records that an address finds, in its order, with every language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import QueryDict

from servanda.recommendations.counts import Audience
from servanda.recommendations.facets import Facet, LabelFacet
from servanda.recommendations.filtering import RegisterFilter, narrow, read_filter
from servanda.recommendations.listing import as_row, with_parts
from servanda.recommendations.models import TextVersion

if TYPE_CHECKING:
    from servanda.recommendations.listing import Whole

AT_ONCE = 500
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
)


@dataclass(slots=True)
class Export:
    asked: RegisterFilter
    found: QuerySet
    facets: Sequence[Facet]

    def records(self) -> Iterator["Whole"]:
        return with_parts(self.found.order_by(*self.asked.order())).iterator(chunk_size=AT_ONCE)

    def things(self) -> Iterator[dict]:
        return (as_row(record) for record in self.records())

    def table(self) -> tuple[list[str], Iterator[list]]:
        taxonomies = [facet.key for facet in self.facets if isinstance(facet, LabelFacet)]
        languages = self.languages()
        header = [*FIRST_COLUMNS, *taxonomies, "machine_translated", *(f"text_{code}" for code in languages)]
        return header, (_cells(as_row(record), taxonomies, languages) for record in self.records())

    def languages(self) -> list[str]:
        texts = TextVersion.objects.current().filter(form=TextVersion.Form.FULL)
        texts = texts.filter(recommendation__in=self.found.order_by().values("pk"))
        return sorted(texts.order_by().values_list("language", flat=True).distinct())


def export_of(params: QueryDict, audience: Audience, facets: Sequence[Facet]) -> Export:
    asked = read_filter(params, facets)
    return Export(asked, narrow(audience.visible, asked, facets), facets)


def _cells(row: dict, taxonomies: Sequence[str], languages: Sequence[str]) -> list:
    """One line of a table; several values of one thing stand in one cell with a line each."""
    texts = {text["language"]: text["text"] for text in reversed(row["texts"])}
    machine = " ".join(text["language"] for text in row["texts"] if text["is_machine"])
    labels = [[label["label"] for label in row["labels"] if label["taxonomy"] == key] for key in taxonomies]
    return [
        *(row[key] for key in ("code", "kind", "country", "body", "cycle", "year", "document", "paragraph", "date")),
        row["stand"],
        "\n".join(row["recommending"]),
        *("\n".join(some) for some in labels),
        machine,
        *(texts.get(language, "") for language in languages),
    ]
