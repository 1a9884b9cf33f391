"""What the page of one recommendation shows; the desk and the public ask for the same with different eyes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from servanda.kit import text_language
from servanda.people.models import Institution
from servanda.people.naming import shown_names
from servanda.recommendations.models import (
    Link,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
    by_language,
)
from servanda.vocab.models import Country, Taxonomy

SCHEMES = {
    "uhri": _("Universal Human Rights Index"),
    "thematic-list": _("Thematic list of OHCHR"),
    "working-group": _("Report of the Working Group"),
    "addendum": _("Addendum of the State"),
    "sheet": _("Spreadsheet"),
}


@dataclass(slots=True)
class Labels:
    """The labels of one taxonomy."""

    taxonomy: Taxonomy
    taggings: list[Tagging]


@dataclass(slots=True)
class Record:
    """A recommendation with everything that hangs on it, as far as one reader may see it."""

    recommendation: Recommendation
    texts: list[TextVersion]
    plain: list[TextVersion]
    states: list[RecommendingState]
    positions: list[Position]
    labels: list[Labels]
    links: list[tuple[Link, Recommendation]]
    named_by: list[tuple[Link, Recommendation]]
    sources: list[SourceRecord]
    previous: Recommendation | None
    next: Recommendation | None
    also_concerns: list[Country]
    restricted_to: list[Institution]

    @property
    def languages(self) -> list[str]:
        """In which languages it can be read, as they are stored and without an order of a reader."""
        return sorted({text_language.short(text.language) for text in self.texts if text.language})

    @property
    def positions_newest_first(self) -> list[Position]:
        return self.positions[::-1]


def with_facts(records: QuerySet) -> QuerySet:
    return records.select_related("country", "body", "review", "document", "added_by").prefetch_related(
        "also_concerns", "restricted_to"
    )


def read_record(
    recommendation: Recommendation, *, seen: QuerySet, known: Sequence[QuerySet], with_drafts: bool, is_inside: bool
) -> Record:
    """Everything in a fixed number of queries; `seen` are the records in this reader's register, `known` also those
    that left it and that the reader may hear of. Only those inside get the raw records of the sources, and labels
    that the machine suggests."""
    texts = by_language(recommendation.texts.current().select_related("reviewed_by"))
    positions = recommendation.positions.current()
    sources = recommendation.sources.current().order_by("pk")
    labels = recommendation.taggings.current()
    before, after = neighbours(recommendation, seen)
    return Record(
        recommendation=recommendation,
        texts=[text for text in texts if text.form == TextVersion.Form.FULL],
        plain=[text for text in texts if text.form == TextVersion.Form.PLAIN],
        states=list(recommendation.recommending.current().select_related("country")),
        positions=list(positions if with_drafts else positions.filter(is_draft=False)),
        labels=labels_of(labels if is_inside else labels.exclude(origin=Tagging.Origin.MACHINE)),
        links=linked(recommendation.links_out.all(), "to_recommendation", known),
        named_by=linked(recommendation.links_in.all(), "from_recommendation", known),
        sources=list(sources.select_related("added_by") if is_inside else sources.defer("raw")),
        previous=before,
        next=after,
        also_concerns=list(recommendation.also_concerns.all()),
        restricted_to=list(recommendation.restricted_to.all()),
    )


def labels_of(rows: QuerySet) -> list[Labels]:
    taggings = rows.select_related("term__taxonomy", "said_by").order_by(
        "term__taxonomy__order", "term__taxonomy__code", "term__order", "term__code", "pk"
    )
    return [
        Labels(taxonomy, list(group))
        for taxonomy, group in groupby(taggings, key=lambda tagging: tagging.term.taxonomy)
    ]


def name_speakers(taggings: Iterable[Tagging], *, to) -> None:
    """Say on each label who set it, as far as this reader may know."""
    taggings = list(taggings)
    names = shown_names((tagging.said_by for tagging in taggings), to=to)
    for tagging in taggings:
        vars(tagging)["speaker"] = names.get(tagging.said_by_id, "")


def linked(links: QuerySet, side: str, known: Sequence[QuerySet]) -> list[tuple[Link, Recommendation]]:
    """Links whose other end the reader may know of; asked by id, because only that is quick in a large register."""
    found = list(links.order_by("relation", "pk"))
    ids = [getattr(link, f"{side}_id") for link in found]
    others = {other.pk: other for records in known for other in records.filter(pk__in=ids)}
    return [(link, others[pk]) for link, pk in zip(found, ids, strict=True) if pk in others]


def neighbours(recommendation: Recommendation, seen: QuerySet) -> tuple[Recommendation | None, Recommendation | None]:
    """The record before and the one behind it in the same document, or in the same review where there is none."""
    if recommendation.document_id:
        around = seen.filter(document=recommendation.document_id)
    elif recommendation.review_id:
        around = seen.filter(document=None, review=recommendation.review_id)
    else:
        return None, None
    key, pk = recommendation.order_key, recommendation.pk
    before = around.filter(Q(order_key__lt=key) | Q(order_key=key, pk__lt=pk)).order_by("-order_key", "-pk").first()
    after = around.filter(Q(order_key__gt=key) | Q(order_key=key, pk__gt=pk)).order_by("order_key", "pk").first()
    return before, after
