"""What the page of a record says of those that are like it, and in what they differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from servanda.language.comparison.relations import Reading, Span, relate
from servanda.recommendations.clusters.comparing import first_texts
from servanda.recommendations.models import Likeness, Recommendation, TextVersion
from servanda.sources.models import Review

SHOWN = 12
LATER_CYCLE, EARLIER_CYCLE = _("Repeated in a later cycle"), _("Said in an earlier cycle already")
LATER_DOCUMENT, EARLIER_DOCUMENT = _("Repeated in a later document"), _("Said in an earlier document already")
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
    which: str  # the other cycle or document that the title speaks of
    can_be_merged: bool  # one recommendation that several States made in one review

    @property
    def percent(self) -> int:
        return round(self.likeness.cosine * 100)


def similar_to(recommendation: Recommendation, *, seen: QuerySet[Recommendation]) -> list[Similar]:
    """Those that this reader sees, as they see the record itself; the nearest first.

    First the pairs, then the records beside: as one question PostgreSQL, as long as it had not yet counted what an
    import had just brought, was seen to take minutes for two hundred records.
    """
    pairs = list(Likeness.objects.standing().of(recommendation).order_by(BY_NEARNESS, "-cosine", "pk"))
    ends = {pair.other_id if pair.one_id == recommendation.pk else pair.one_id for pair in pairs}
    records = seen.filter(pk__in=ends).select_related("body", "review", "document").in_bulk() if ends else {}
    records[recommendation.pk] = recommendation
    pairs = [pair for pair in pairs if pair.one_id in records and pair.other_id in records][:SHOWN]
    if not pairs:
        return []
    for pair in pairs:
        pair.one, pair.other = records[pair.one_id], records[pair.other_id]
    others = [pair.beside(recommendation) for pair in pairs]
    texts = first_texts([recommendation, *others])
    own = texts.get(recommendation.pk)
    titles = [title_of(pair, other) for pair, other in zip(pairs, others, strict=True)]
    return [
        Similar(
            likeness=pair,
            record=other,
            text=(text := texts.get(other.pk)),
            pieces=compared(own, text, pair),
            title=title,
            which=which,
            can_be_merged=is_one_of_several_states(pair),
        )
        for pair, other, (title, which) in zip(pairs, others, titles, strict=True)
    ]


def title_of(pair: Likeness, other: Recommendation) -> tuple[str, str]:
    """Said again by the same body, in which cycle or document; anything else has its plain word."""
    one = pair.beside(other)
    plain = (pair.get_relation_display(), "")
    if pair.relation == pair.Relation.RELATED or one.body_id != other.body_id:
        return plain
    if one.review and other.review and one.review.cycle and other.review.cycle:
        return by_cycle(one.review, other.review) or plain
    is_of_one_review = one.review_id is not None and one.review_id == other.review_id
    return plain if is_of_one_review else by_document(one, other) or plain


def by_cycle(here: Review, there: Review) -> tuple[str, str] | None:
    if here.cycle == there.cycle:
        return None
    title = LATER_CYCLE if there.cycle > here.cycle else EARLIER_CYCLE
    return str(title), gettext("cycle %(cycle)s") % {"cycle": there.cycle}


def by_document(one: Recommendation, other: Recommendation) -> tuple[str, str] | None:
    """Of two documents with different days; bodies without cycles have nothing else that tells which came later."""
    if other.document is None or one.document_id in {None, other.document_id}:
        return None
    here, there = day_of(one), day_of(other)
    if here is None or there is None or here == there:
        return None
    return str(LATER_DOCUMENT if there > here else EARLIER_DOCUMENT), other.document.symbol


def day_of(record: Recommendation) -> date | None:
    return record.date or (record.document.date if record.document else None)


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
