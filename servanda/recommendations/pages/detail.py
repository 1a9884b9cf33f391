"""The contents of a recommendation's page, for the desk and for the public."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, groupby
from operator import or_

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages import text_language
from servanda.language.documents.general_comments import (
    COMMITTEES,
    Cited,
    cited_in,
    merge_citations,
    search_query_for,
)
from servanda.people.models import Institution
from servanda.people.naming import shown_names
from servanda.recommendations.models import (
    FollowUp,
    Link,
    Position,
    Recommendation,
    RecommendationQuerySet,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
    by_language,
)
from servanda.recommendations.records.follow_up_columns import requested_follow_ups, requests_by_kind
from servanda.vocab.models import Country, Taxonomy

SCHEMES = {
    "uhri": _("Universal Human Rights Index"),
    "thematic-list": _("Thematic list of OHCHR"),
    "working-group": _("Report of the Working Group"),
    "addendum": _("Addendum of the State"),
    "sheet": _("Spreadsheet"),
    "document": _("Document of the body"),
}

COLUMNS_OF_HEADING = ("text", "language", "is_machine", "reviewed_by_id")


@dataclass(slots=True)
class Labels:
    """The labels of one taxonomy."""

    taxonomy: Taxonomy
    taggings: list[Tagging]


@dataclass(slots=True)
class LabelOrigin:
    """Labels that come from one place: a source, or people."""

    origin: str
    scheme: str  # of a source
    speaker: str  # the person, for readers who may know the name
    taggings: list[Tagging]


@dataclass(slots=True)
class Record:
    """A recommendation with all its parts that a reader may see."""

    recommendation: Recommendation
    texts: list[TextVersion]
    plain: list[TextVersion]
    states: list[RecommendingState]
    positions: list[Position]
    follow_ups: list[FollowUp]
    labels: list[Labels]
    links: list[tuple[Link, Recommendation]]
    named_by: list[tuple[Link, Recommendation]]
    sources: list[SourceRecord]
    previous: Recommendation | None
    next: Recommendation | None
    also_concerns: list[Country]
    restricted_to: list[Institution]

    def attributed(self) -> Iterator[Tagging | FollowUp]:
        """The parts that show who set them: follow-up and labels."""
        yield from self.follow_ups
        yield from chain.from_iterable(group.taggings for group in self.labels)

    @property
    def label_origins(self) -> list[LabelOrigin]:
        """Where the labels come from, once for all of them. Suggestions are marked one by one instead."""
        origins: dict[tuple[str, str, str], LabelOrigin] = {}
        for tagging in chain.from_iterable(group.taggings for group in self.labels):
            if tagging.origin != Tagging.Origin.MACHINE:
                key = (tagging.origin, tagging.scheme, vars(tagging).get("speaker", ""))
                origins.setdefault(key, LabelOrigin(*key, [])).taggings.append(tagging)
        return list(origins.values())

    @property
    def languages(self) -> list[str]:
        """The languages of its texts, sorted by code."""
        return sorted({text_language.short(text.language) for text in self.texts if text.language})

    @property
    def cites(self) -> list[tuple[Cited, str]]:
        """The general comments that its texts cite, each with a search query for other records that cite them."""
        document, body = self.recommendation.document, self.recommendation.body.code
        context = {"symbol": document.symbol if document else "", "body": body if body in COMMITTEES else ""}
        citations = merge_citations(cited for text in self.texts for cited in cited_in(text.text, **context))
        return [(cited, search_query_for(cited)) for cited in citations]

    @property
    def positions_newest_first(self) -> list[Position]:
        return self.positions[::-1]


def with_source(records: QuerySet) -> QuerySet:
    """With the related objects that identify a record, which forms and services need."""
    return records.select_related("country", "body", "review", "document", "added_by")


def with_facts(records: QuerySet) -> QuerySet:
    """With everything else that its page shows, so that the page needs no further queries."""
    also = Recommendation.also_concerns.through.objects.filter(recommendation=OuterRef("pk"))
    records = with_source(records).select_related("ordered")
    return records.annotate(concerns_others=Exists(also), **requests_by_kind())


def with_heading(records: QuerySet) -> QuerySet:
    """Annotate each record with the text that heads its pages, for `heading_of`."""
    language = text_language.wanted()
    is_wanted = When(Q(language=language) | Q(language__startswith=f"{language}-"), then=Value(0))
    texts = TextVersion.objects.current().filter(recommendation=OuterRef("pk"), form=TextVersion.Form.FULL)
    texts = texts.order_by(Case(is_wanted, default=Value(1)), "-is_original", "language", "pk")
    return records.annotate(
        **{f"heading_{name}": Subquery(texts.values(name)[:1]) for name in COLUMNS_OF_HEADING},
    )


def heading_of(record: Recommendation) -> TextVersion | None:
    columns = {name: vars(record)[f"heading_{name}"] for name in COLUMNS_OF_HEADING}
    return TextVersion(**columns) if columns["text"] else None


def read_record(
    recommendation: Recommendation,
    *,
    visible: RecommendationQuerySet,
    known: Sequence[QuerySet],
    with_drafts: bool,
    is_inside: bool,
    with_machine: bool,
) -> Record:
    """Read everything in a fixed number of queries.

    `visible` are the records that this reader can open; `known` also includes former ones of which the reader may
    know. Only internal readers (`is_inside`) get the raw source records, and suggested labels unless `with_machine`
    is False.
    """
    texts = by_language(recommendation.texts.current().select_related("reviewed_by"))
    positions = recommendation.positions.current().with_days()
    sources = recommendation.sources.current().order_by("pk")
    labels = recommendation.taggings.current()
    beside = around(recommendation, visible, known)
    return Record(
        recommendation=recommendation,
        texts=[text for text in texts if text.form == TextVersion.Form.FULL],
        plain=[text for text in texts if text.form == TextVersion.Form.PLAIN],
        states=list(recommendation.recommending.current().select_related("country")),
        positions=list(positions if with_drafts else positions.filter(is_draft=False)),
        follow_ups=requested_follow_ups(recommendation),
        labels=labels_of(labels if is_inside and with_machine else labels.exclude(origin=Tagging.Origin.MACHINE)),
        links=beside.links,
        named_by=beside.named_by,
        sources=list(sources.select_related("added_by") if is_inside else sources.defer("raw")),
        previous=beside.before,
        next=beside.after,
        also_concerns=list(recommendation.also_concerns.all()) if recommendation.concerns_others else [],
        restricted_to=list(recommendation.restricted_to.all()) if recommendation.is_restricted else [],
    )


def labels_of(rows: QuerySet) -> list[Labels]:
    taggings = rows.select_related("term__taxonomy", "said_by").order_by(
        "term__taxonomy__order", "term__taxonomy__code", "term__order", "term__code", "pk"
    )
    return [
        Labels(taxonomy, list(group))
        for taxonomy, group in groupby(taggings, key=lambda tagging: tagging.term.taxonomy)
    ]


def name_speakers(parts: Iterable[Tagging | FollowUp], *, to) -> None:
    """Set `speaker` on labels and follow-up: the name of whoever set them, if this reader may know it."""
    parts = list(parts)
    names = shown_names((part.said_by for part in parts), to=to)
    for part in parts:
        vars(part)["speaker"] = names.get(part.said_by_id, "")


type Linked = list[tuple[Link, Recommendation]]


@dataclass(slots=True)
class Neighbours:
    """The neighbours of a record, and the records linked with it."""

    before: Recommendation | None
    after: Recommendation | None
    links: Linked
    named_by: Linked


def around(recommendation: Recommendation, visible: RecommendationQuerySet, known: Sequence[QuerySet]) -> Neighbours:
    """Neighbours and linked records in two queries; linked ones by id, because only that is fast in a large
    register."""
    involved = Q(from_recommendation=recommendation) | Q(to_recommendation=recommendation)
    links = list(Link.objects.filter(involved).order_by("relation", "pk"))
    ids = {pk for link in links for pk in (link.from_recommendation_id, link.to_recommendation_id)}
    before, after = neighbours(recommendation, visible)
    neighbour_ids = {name: Subquery(side.values("pk")[:1]) for name, side in (("before", before), ("after", after))}
    wanted = Q(pk__in=ids - {recommendation.pk}) | Q(pk=F("before")) | Q(pk=F("after"))
    records = reduce(or_, known).annotate(**neighbour_ids).filter(wanted)
    by_pk = {record.pk: record for record in records}
    return Neighbours(
        before=next((record for record in by_pk.values() if record.pk == record.before), None),
        after=next((record for record in by_pk.values() if record.pk == record.after), None),
        links=[(link, by_pk[pk]) for link in links if (pk := link.to_recommendation_id) in by_pk],
        named_by=[(link, by_pk[pk]) for link in links if (pk := link.from_recommendation_id) in by_pk],
    )


def neighbours(recommendation: Recommendation, visible: RecommendationQuerySet) -> tuple[QuerySet, QuerySet]:
    """The records before it, the nearest first, and those after it: of the same document, or else the same review."""
    key, pk = recommendation.order_key, recommendation.pk
    visible = visible.grouped_with(recommendation)
    if recommendation.document_id:
        siblings = visible.filter(document=recommendation.document_id)
    elif recommendation.review_id:
        siblings = visible.filter(document=None, review=recommendation.review_id)
    else:
        siblings = visible.none()
    before = siblings.filter(Q(order_key__lt=key) | Q(order_key=key, pk__lt=pk)).order_by("-order_key", "-pk")
    after = siblings.filter(Q(order_key__gt=key) | Q(order_key=key, pk__gt=pk)).order_by("order_key", "pk")
    return before, after
