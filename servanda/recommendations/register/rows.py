"""What lists, files and the API show of one record, and what is read beside records for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from servanda.kit.pages.translations import listed
from servanda.recommendations.filters.facets import term_title
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.models import Recommendation, RecommendingState, Tagging, TextVersion, by_language
from servanda.recommendations.register.row_parts import (
    BEGINNING,
    labels_of_records,
    text_beginnings,
    texts_of_records,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


BESIDE_RECORD = ("body", "review", "country", "document")


STRENGTH = (Tagging.Origin.PERSON, Tagging.Origin.SOURCE, Tagging.Origin.MACHINE)


class Beginning(TypedDict):
    start: str
    length: int


class Parts(TypedDict):
    """What `with_parts` reads beside a record."""

    current_texts: "list[WithAnnotations[TextVersion, Beginning]]"
    current_labels: list[Tagging]
    asking: list[RecommendingState]


if TYPE_CHECKING:
    Whole = WithAnnotations[Recommendation, Parts]


class Status(NamedTuple):
    """One assessment for a small mark: whose it is, its stored value ("" if none), and all values in words."""

    assessment: str
    value: str
    words: str


@dataclass(slots=True)
class Row:
    """What the list says of one record."""

    record: Recommendation
    text: str
    language: str
    is_machine: bool
    labels: list[dict]
    states: list[object]
    heading: str = ""
    # What rooms above add: the lead institution and its deadline, a label and a value of the common scale for each
    # assessment, and other facts.
    lead: str = ""
    due: str = ""
    is_overdue: bool = False
    statuses: list["Status"] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """The body with the cycle of its review, or the year."""
        body, review, year = self.record.body.short, self.record.review, self.record.year
        if review and review.cycle:
            return listed([body, _("cycle %(cycle)s") % {"cycle": review.cycle}])
        return listed([body, year]) if year else str(body)

    @property
    def confirmed_labels(self) -> list[dict]:
        return [label for label in self.labels if label["origin"] != Tagging.Origin.MACHINE]

    @property
    def suggested_labels(self) -> list[dict]:
        return [label for label in self.labels if label["origin"] == Tagging.Origin.MACHINE]


def with_parts(records: QuerySet, *, beginning: bool = False, machine: bool = False) -> "QuerySet[Whole]":
    """Records with all that a row shows, in a fixed number of queries; `beginning` reads only the start of texts."""
    records = records.select_related(*BESIDE_RECORD)
    return records.prefetch_related(*parts_of(beginning=beginning, machine=machine))


def parts_of(*, beginning: bool = False, machine: bool = False) -> list[Prefetch]:
    """Texts, recommending States and labels, to be read for several lists together too."""
    texts = text_beginnings() if beginning else texts_of_records()
    labels = labels_of_records(machine=machine).select_related("term__taxonomy")
    return [
        Prefetch("texts", texts, to_attr="current_texts"),
        Prefetch("recommending", RecommendingState.objects.current().select_related("country"), to_attr="asking"),
        Prefetch("taggings", labels, to_attr="current_labels"),
    ]


def row_of(record: "Whole", *, heading: str = "") -> Row:
    text, language, is_machine = "", record.language, False
    for version in by_language(record.current_texts)[:1]:
        text, language, is_machine = version.start, version.language, version.is_machine
        text = f"{text.rstrip()}…" if version.length > BEGINNING else text
    return Row(
        record=record,
        text=text,
        language=language,
        is_machine=is_machine,
        labels=[shown_label(label) for label in strongest(record.current_labels)],
        states=sorted((row.country for row in record.asking), key=str),
        heading=heading,
    )


@dataclass(slots=True)
class Reading:
    """One record to be read beside the list, with its full texts, first the one in the reader's language."""

    record: Recommendation
    texts: Sequence[TextVersion]
    labels: list[dict]
    states: list[object]
    statuses: list["Status"] = field(default_factory=list)  # as in a row
    facts: list[tuple[str, str]] = field(default_factory=list)


def reading_of(record: "Whole") -> Reading:
    return Reading(
        record=record,
        texts=by_language(record.current_texts),
        labels=[shown_label(label) for label in strongest(record.current_labels)],
        states=sorted((row.country for row in record.asking), key=str),
    )


def strongest(labels: Sequence[Tagging]) -> list[Tagging]:
    """Each term once: the label of a person goes before that of a source, and that before the machine's."""
    ranked = sorted(labels, key=lambda label: STRENGTH.index(label.origin))
    strongest_of = {label.term_id: label for label in reversed(ranked)}
    return [label for label in labels if strongest_of[label.term_id] is label]


def shown_label(label: Tagging) -> dict:
    return {"label": term_title(label.term.code, label.term.label), "origin": label.origin}


def as_row(record: "Whole") -> dict:
    """The published shape of one record; ask `with_parts` for the records.

    Codes are those of the vocabularies: ISO 3166-1 alpha-3 for States, UN document symbols, terms by
    taxonomy. `stand` is empty where the State took no position, and where it takes none.
    Suggestions of the machine are not in it.
    """
    return {
        "code": record.code,
        "kind": record.kind,
        "country": record.country.code if record.country else None,
        "body": record.body.code,
        "cycle": (record.review.cycle or None) if record.review else None,
        "year": record.year,
        "document": record.document.symbol if record.document else None,
        "paragraph": record.paragraph,
        "date": record.date.isoformat() if record.date else None,
        "language": record.language,
        "stand": record.stand,
        "national_code": record.national_code,
        "articles": record.articles,
        "territory": record.territory,
        "texts": [_text(version) for version in record.current_texts],
        "recommending": [row.country.code for row in record.asking],
        "labels": [_label(label) for label in strongest(record.current_labels)],
    }


def _text(version: TextVersion) -> dict:
    return {
        "language": version.language,
        "text": version.text,
        "is_original": version.is_original,
        "is_machine": version.is_machine,
    }


def _label(label: Tagging) -> dict:
    term = label.term
    return {
        "taxonomy": taxonomy_key(term.taxonomy.code),
        "code": term.code,
        "label": str(term.label),
        "origin": label.origin,
    }
