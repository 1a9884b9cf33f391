"""Who else got this: what is public of other States and near to one record, and what those States answered.

Only public records are looked at, whoever asks, so that a page says the same of other States inside and outside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When

from servanda.language.comparison.relations import RELATED_ACROSS, Judged, Reading, Relation, relate
from servanda.recommendations.filters.facets import full_texts, review_title
from servanda.recommendations.filters.semantic import place_in
from servanda.recommendations.models import Likeness, Recommendation, TextVersion
from servanda.recommendations.pages.similar import Piece, pieces
from servanda.recommendations.search import vector_index as vectors

ON_THE_PAGE = 5
ON_THEIR_OWN = 25
RANKS = (Relation.SAME, Relation.TWIN, Relation.RELATED)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A record of another State, how it belongs to the one at hand, and in what its text differs."""

    record: Recommendation
    relation: Relation
    title: object
    review: object
    percent: int
    language: str
    pieces: Sequence[Piece]


def in_other_states(recommendation: Recommendation, texts: Sequence[TextVersion], *, most: int) -> list[Elsewhere]:
    """The nearest, the same before the related; `texts` are those of the record, as its reader wants them. In two
    questions to
    the database, unless more than the nearest few hundred belong to the State itself."""
    if recommendation.country_id is None or not texts:
        return []
    space = vectors.now()
    _pks, rows = space.vectors_of([recommendation.pk])
    if not len(rows):
        return []
    others = Recommendation.objects.public().exclude(country=None).exclude(country=recommendation.country_id)
    found: list[Elsewhere] = []
    for near in space.looks(rows[0], at_least=RELATED_ACROSS):
        likeness = dict(near)
        found += judged(texts[0], read(others, list(likeness), most=most, language=texts[0].language), likeness)
        if len(found) >= most:
            break
    return sorted(found, key=lambda one: RANKS.index(one.relation))[:most]


def read(others: QuerySet[Recommendation], near: Sequence[int], *, most: int, language: str) -> QuerySet:
    """The nearest of those that are there, each with one text: in the language of that beside it, else its own."""
    wanted = Case(When(language=language, then=Value(0)), default=Value(1))
    texts = full_texts().filter(recommendation=OuterRef("pk")).order_by(wanted, "-is_original", "language", "pk")
    said = {"said": Subquery(texts.values("text")[:1]), "said_in": Subquery(texts.values("language")[:1])}
    there = others.filter(pk__in=near).select_related("country", "body", "review")
    return there.annotate(**said).order_by(place_in(near))[:most]


def judged(own: TextVersion, others: QuerySet, likeness: dict[int, float]) -> Iterator[Elsewhere]:
    here = Reading(own.text, own.language)
    for record in others:
        if not record.said:
            continue
        cosine = likeness[record.pk]
        how: Judged = relate(here, Reading(record.said, record.said_in), cosine=cosine)
        if how.relation != Relation.NONE:
            title = Likeness.Relation(how.relation.value).label
            cycle = record.review.cycle if record.review else 0
            yield Elsewhere(
                record=record,
                relation=how.relation,
                title=title,
                review=review_title(record.body.code, cycle, record.year or 0),
                percent=round(cosine * 100),
                language=record.said_in,
                pieces=list(pieces(record.said, how.there)),
            )
