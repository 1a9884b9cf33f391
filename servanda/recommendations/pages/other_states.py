"""Public records of other States that are similar to a record, with the positions of those States.

Only public records are considered, whoever the reader is, so that internal and public pages show the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from servanda.language.comparison.relations import RELATED_ACROSS, Judged, Reading, Relation, relate
from servanda.recommendations.filters.facets import review_title
from servanda.recommendations.filters.semantic import place_in
from servanda.recommendations.models import Likeness, Recommendation, TextVersion
from servanda.recommendations.pages.similar import Piece, pieces, with_text
from servanda.recommendations.search import vector_index as vectors

ON_THE_PAGE = 5
ON_THEIR_OWN = 25
RANKS = (Relation.SAME, Relation.TWIN, Relation.RELATED)


@dataclass(frozen=True, slots=True)
class SimilarRecord:
    """A record of another State, its relation to the given one, and the differences of its text."""

    record: Recommendation
    relation: Relation
    title: object
    review: object
    percent: int
    language: str
    pieces: Sequence[Piece]


def in_other_states(
    recommendation: Recommendation, texts: Sequence[TextVersion], *, most: int
) -> list[SimilarRecord]:
    """The most similar records, equal ones first; `texts` are those of the record, in the order of the reader.

    Takes two queries, unless the nearest few hundred records are all of the State itself.
    """
    if recommendation.country_id is None or not texts:
        return []
    space = vectors.now()
    _pks, rows = space.vectors_of([recommendation.pk])
    if not len(rows):
        return []
    candidates = Recommendation.objects.public().exclude(country=None).exclude(country=recommendation.country_id)
    similar: list[SimilarRecord] = []
    for near in space.looks(rows[0], at_least=RELATED_ACROSS):
        likeness = dict(near)
        similar += judged(
            texts[0], read_nearest(candidates, list(likeness), most=most, language=texts[0].language), likeness
        )
        if len(similar) >= most:
            break
    return sorted(similar, key=lambda record: RANKS.index(record.relation))[:most]


def read_nearest(candidates: QuerySet[Recommendation], near: Sequence[int], *, most: int, language: str) -> QuerySet:
    """The nearest candidates, each annotated with one text: in the given language, or else its original."""
    nearest = candidates.filter(pk__in=near).select_related("country", "body", "review")
    return with_text(nearest, Q(language=language)).order_by(place_in(near))[:most]


def judged(own: TextVersion, candidates: QuerySet, likeness: dict[int, float]) -> Iterator[SimilarRecord]:
    own_reading = Reading(own.text, own.language)
    for record in candidates:
        if not record.shown_text:
            continue
        cosine = likeness[record.pk]
        judgment: Judged = relate(own_reading, Reading(record.shown_text, record.shown_language), cosine=cosine)
        if judgment.relation != Relation.NONE:
            title = Likeness.Relation(judgment.relation.value).label
            cycle = record.review.cycle if record.review else 0
            yield SimilarRecord(
                record=record,
                relation=judgment.relation,
                title=title,
                review=review_title(record.body.short, cycle, record.year or 0),
                percent=round(cosine * 100),
                language=record.shown_language,
                pieces=list(pieces(record.shown_text, judgment.other_spans)),
            )
