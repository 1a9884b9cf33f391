"""What the page of one recommendation shows; the desk and the public ask for the same with different eyes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, groupby
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages import text_language
from servanda.language.documents.general_comments import COMMITTEES, Cited, cited_in, question_for, told_once
from servanda.people.models import Institution
from servanda.people.naming import shown_names
from servanda.recommendations.models import (
    FollowUp,
    Link,
    Position,
    Recommendation,
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
    follow_ups: list[FollowUp]
    labels: list[Labels]
    links: list[tuple[Link, Recommendation]]
    named_by: list[tuple[Link, Recommendation]]
    sources: list[SourceRecord]
    previous: Recommendation | None
    next: Recommendation | None
    also_concerns: list[Country]
    restricted_to: list[Institution]

    def said(self) -> Iterator[Tagging | FollowUp]:
        """What somebody set on it, and may be asked by name who it was."""
        yield from self.follow_ups
        yield from chain.from_iterable(group.taggings for group in self.labels)

    @property
    def languages(self) -> list[str]:
        """In which languages it can be read, as they are stored and without an order of a reader."""
        return sorted({text_language.short(text.language) for text in self.texts if text.language})

    @property
    def cites(self) -> list[tuple[Cited, str]]:
        """The general comments that its texts cite, each with what to ask the register for others that do."""
        document, body = self.recommendation.document, self.recommendation.body.code
        told = {"symbol": document.symbol if document else "", "body": body if body in COMMITTEES else ""}
        found = told_once(one for text in self.texts for one in cited_in(text.text, **told))
        return [(one, question_for(one)) for one in found]

    @property
    def positions_newest_first(self) -> list[Position]:
        return self.positions[::-1]


def with_source(records: QuerySet) -> QuerySet:
    """With where each comes from, which is all that a form or a deed on it says of it."""
    return records.select_related("country", "body", "review", "document", "added_by")


def with_facts(records: QuerySet) -> QuerySet:
    """With what its page tells besides, so that it costs the page no question more."""
    also = Recommendation.also_concerns.through.objects.filter(recommendation=OuterRef("pk"))
    return with_source(records).annotate(concerns_others=Exists(also), **requests_by_kind())


def read_record(
    recommendation: Recommendation,
    *,
    seen: QuerySet,
    known: Sequence[QuerySet],
    with_drafts: bool,
    is_inside: bool,
    with_machine: bool,
) -> Record:
    """Everything in a fixed number of queries; `seen` are the records in this reader's register, `known` also those
    that left it and that the reader may hear of. Only those inside get the raw records of the sources, and labels
    that the machine suggests unless they do without."""
    texts = by_language(recommendation.texts.current().select_related("reviewed_by"))
    positions = recommendation.positions.current().with_days()
    sources = recommendation.sources.current().order_by("pk")
    labels = recommendation.taggings.current()
    beside = around(recommendation, seen, known)
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


def name_speakers(said: Iterable[Tagging | FollowUp], *, to) -> None:
    """Say on each label, and on what is asked beside the substance, who set it, as far as this reader may know."""
    said = list(said)
    names = shown_names((one.said_by for one in said), to=to)
    for one in said:
        vars(one)["speaker"] = names.get(one.said_by_id, "")


type Linked = list[tuple[Link, Recommendation]]


@dataclass(slots=True)
class Around:
    """The records beside one, and those that links lead to and from."""

    before: Recommendation | None
    after: Recommendation | None
    links: Linked
    named_by: Linked


def around(recommendation: Recommendation, seen: QuerySet, known: Sequence[QuerySet]) -> Around:
    """All of them in two questions; linked ones by id, because only that is quick in a large register."""
    here = Q(from_recommendation=recommendation) | Q(to_recommendation=recommendation)
    links = list(Link.objects.filter(here).order_by("relation", "pk"))
    ids = {pk for link in links for pk in (link.from_recommendation_id, link.to_recommendation_id)}
    before, after = neighbours(recommendation, seen)
    beside = {name: Subquery(found.values("pk")[:1]) for name, found in (("before", before), ("after", after))}
    wanted = Q(pk__in=ids - {recommendation.pk}) | Q(pk=F("before")) | Q(pk=F("after"))
    found = reduce(or_, known).annotate(**beside).filter(wanted)
    others = {one.pk: one for one in found}
    return Around(
        before=next((one for one in others.values() if one.pk == one.before), None),
        after=next((one for one in others.values() if one.pk == one.after), None),
        links=[(one, others[pk]) for one in links if (pk := one.to_recommendation_id) in others],
        named_by=[(one, others[pk]) for one in links if (pk := one.from_recommendation_id) in others],
    )


def neighbours(recommendation: Recommendation, seen: QuerySet) -> tuple[QuerySet, QuerySet]:
    """Those before it, the nearest first, and those behind: of the same document, else of the same review."""
    key, pk = recommendation.order_key, recommendation.pk
    if recommendation.document_id:
        there = seen.filter(document=recommendation.document_id)
    elif recommendation.review_id:
        there = seen.filter(document=None, review=recommendation.review_id)
    else:
        there = seen.none()
    before = there.filter(Q(order_key__lt=key) | Q(order_key=key, pk__lt=pk)).order_by("-order_key", "-pk")
    after = there.filter(Q(order_key__gt=key) | Q(order_key=key, pk__gt=pk)).order_by("order_key", "pk")
    return before, after
