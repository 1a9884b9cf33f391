"""What the page of a record says of those that are like it, and in what they differ."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from servanda.language.relate import Reading, Span, relate
from servanda.recommendations.models import Likeness, Recommendation, TextVersion
from servanda.recommendations.services.comparing import first_texts

SHOWN = 12
REPEATED = _("Repeated in another cycle")
BY_NEARNESS = Case(
    When(relation=Likeness.Relation.SAME, then=Value(0)),
    When(relation=Likeness.Relation.TWIN, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is where two texts differ."""

    text: str
    differs: bool


@dataclass(slots=True)
class Similar:
    likeness: Likeness
    record: Recommendation
    text: TextVersion | None
    pieces: list[Piece]
    title: str
    can_be_merged: bool  # one recommendation that several States made in one review

    @property
    def percent(self) -> int:
        return round(self.likeness.cosine * 100)


def similar_to(recommendation: Recommendation, *, seen: QuerySet[Recommendation]) -> list[Similar]:
    """Those that this reader sees, the nearest first, in two questions."""
    pairs = Likeness.objects.among(seen).standing().of(recommendation).order_by(BY_NEARNESS, "-cosine", "pk")
    wanted = ("one__body", "one__review", "other__body", "other__review")
    pairs = list(pairs.select_related(*wanted)[:SHOWN])
    if not pairs:
        return []
    others = [pair.beside(recommendation) for pair in pairs]
    texts = first_texts([recommendation, *others])
    own = texts.get(recommendation.pk)
    return [
        Similar(
            likeness=pair,
            record=other,
            text=(text := texts.get(other.pk)),
            pieces=compared(own, text, pair),
            title=title_of(pair, recommendation, other),
            can_be_merged=is_one_of_several_states(pair),
        )
        for pair, other in zip(pairs, others, strict=True)
    ]


def title_of(pair: Likeness, one: Recommendation, other: Recommendation) -> str:
    is_repeated = one.body_id == other.body_id and one.review_id != other.review_id
    return str(REPEATED if is_repeated and pair.relation != pair.Relation.RELATED else pair.get_relation_display())


def is_one_of_several_states(pair: Likeness) -> bool:
    """Of one review, which only the UPR's are made in by several States, in the same words."""
    one, other = pair.one, pair.other
    of_one_review = one.review_id is not None and one.review_id == other.review_id and one.body_id == other.body_id
    return of_one_review and pair.relation in {pair.Relation.SAME, pair.Relation.TWIN}


def compared(own: TextVersion | None, other: TextVersion | None, pair: Likeness) -> list[Piece]:
    """The text of the other record, in pieces; what only it says, or says otherwise, is told apart."""
    if own is None or other is None:
        return []
    here, there = Reading(own.text, own.language), Reading(other.text, other.language)
    return list(pieces(other.text, relate(here, there, cosine=pair.cosine).there))


def pieces(text: str, spans: Iterable[Span]) -> Iterable[Piece]:
    last = 0
    for start, end in spans:
        if start > last:
            yield Piece(text[last:start], differs=False)
        yield Piece(text[start:end], differs=True)
        last = end
    if last < len(text):
        yield Piece(text[last:], differs=False)
