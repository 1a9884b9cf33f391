"""Similar records for the page of a record, and their differences."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from servanda.kit.pages import text_language
from servanda.language.comparison.relations import Reading, Span, relate
from servanda.recommendations.filters.facets import full_texts
from servanda.recommendations.models import Likeness, Recommendation, TextVersion
from servanda.sources.models import Review

SHOWN = 12
LATER_CYCLE, EARLIER_CYCLE = _("Repeated in a later cycle"), _("Already made in an earlier cycle")
LATER_DOCUMENT, EARLIER_DOCUMENT = _("Repeated in a later document"), _("Already made in an earlier document")
BY_NEARNESS = Case(
    When(relation=Likeness.Relation.SAME, then=Value(0)),
    When(relation=Likeness.Relation.TWIN, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it differs from the other text."""

    text: str
    differs: bool


@dataclass(slots=True)
class Similar:
    likeness: Likeness
    record: Recommendation
    language: str  # of the text that is shown; empty where there is none
    pieces: list[Piece]
    title: str
    which: str  # the other cycle or document that the title speaks of
    can_be_merged: bool  # one recommendation that several States made in one review

    @property
    def percent(self) -> int:
        return round(self.likeness.cosine * 100)


def similar_to(
    recommendation: Recommendation, texts: Sequence[TextVersion], *, visible: QuerySet[Recommendation]
) -> list[Similar]:
    """Similar records among those `visible` to the reader, the most similar first; `texts` are those of the record,
    in the order of the reader.

    Pairs and records are read in two queries: in one query, PostgreSQL took minutes for two hundred records as long
    as its statistics did not cover a recent import.
    """
    pairs = list(Likeness.objects.standing().of(recommendation).order_by(BY_NEARNESS, "-cosine", "pk"))
    ends = {pair.other_id if pair.one_id == recommendation.pk else pair.one_id for pair in pairs}
    records = read_ends(visible, ends) if ends else {}
    records[recommendation.pk] = recommendation
    pairs = [pair for pair in pairs if pair.one_id in records and pair.other_id in records][:SHOWN]
    for pair in pairs:
        pair.one, pair.other = records[pair.one_id], records[pair.other_id]
    return [beside(recommendation, next(iter(texts), None), pair) for pair in pairs]


def read_ends(visible: QuerySet[Recommendation], ends: Collection[int]) -> dict[int, Recommendation]:
    records = visible.filter(pk__in=ends).select_related("body", "review", "document")
    wanted = text_language.wanted()
    return with_text(records, Q(language=wanted) | Q(language__startswith=f"{wanted}-")).in_bulk()


def with_text(records: QuerySet[Recommendation], preferred: Q) -> QuerySet[Recommendation]:
    """Each annotated with one text, `shown_text`, and its language: a preferred one, or else the original."""
    order = Case(When(preferred, then=Value(0)), default=Value(1))
    texts = full_texts().filter(recommendation=OuterRef("pk")).order_by(order, "-is_original", "language", "pk")
    return records.annotate(
        shown_text=Subquery(texts.values("text")[:1]), shown_language=Subquery(texts.values("language")[:1])
    )


def beside(recommendation: Recommendation, own: TextVersion | None, pair: Likeness) -> Similar:
    neighbour = pair.beside(recommendation)
    title, which = title_of(pair, neighbour)
    return Similar(
        likeness=pair,
        record=neighbour,
        language=neighbour.shown_language or "",
        pieces=compared(own, neighbour, pair),
        title=title,
        which=which,
        can_be_merged=is_one_of_several_states(pair),
    )


def title_of(pair: Likeness, other: Recommendation) -> tuple[str, str]:
    """The heading of a similar record, with the cycle or document in which the same body repeats it; otherwise the
    name of the relation."""
    record = pair.beside(other)
    plain = (pair.get_relation_display(), "")
    if pair.relation == pair.Relation.RELATED or record.body_id != other.body_id:
        return plain
    if record.review and other.review and record.review.cycle and other.review.cycle:
        return by_cycle(record.review, other.review) or plain
    is_of_one_review = record.review_id is not None and record.review_id == other.review_id
    return plain if is_of_one_review else by_document(record, other) or plain


def by_cycle(own_review: Review, other_review: Review) -> tuple[str, str] | None:
    if own_review.cycle == other_review.cycle:
        return None
    title = LATER_CYCLE if other_review.cycle > own_review.cycle else EARLIER_CYCLE
    return str(title), gettext("cycle %(cycle)s") % {"cycle": other_review.cycle}


def by_document(record: Recommendation, other: Recommendation) -> tuple[str, str] | None:
    """The heading for documents of different days, which is how bodies without cycles show which came later."""
    if other.document is None or record.document_id in {None, other.document_id}:
        return None
    own_day, other_day = day_of(record), day_of(other)
    if own_day is None or other_day is None or own_day == other_day:
        return None
    return str(LATER_DOCUMENT if other_day > own_day else EARLIER_DOCUMENT), other.document.symbol


def day_of(record: Recommendation) -> date | None:
    return record.date or (record.document.date if record.document else None)


def is_one_of_several_states(pair: Likeness) -> bool:
    """Whether the two are the same text in one review, as when several States make the same recommendation in the
    UPR."""
    first, second = pair.one, pair.other
    of_one_review = (
        first.review_id is not None and first.review_id == second.review_id and first.body_id == second.body_id
    )
    return of_one_review and pair.relation in {pair.Relation.SAME, pair.Relation.TWIN}


def compared(own: TextVersion | None, other: Recommendation, pair: Likeness) -> list[Piece]:
    """The text of the other record in pieces, with the parts marked that differ."""
    if own is None or not other.shown_text:
        return []
    own_reading, other_reading = Reading(own.text, own.language), Reading(other.shown_text, other.shown_language)
    return list(pieces(other.shown_text, relate(own_reading, other_reading, cosine=pair.cosine).other_spans))


def pieces(text: str, spans: Iterable[Span]) -> Iterable[Piece]:
    last = 0
    for start, end in spans:
        if start > last:
            yield Piece(text[last:start], differs=False)
        yield Piece(text[start:end], differs=True)
        last = end
    if last < len(text):
        yield Piece(text[last:], differs=False)
