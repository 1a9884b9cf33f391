"""Queries for the pages of suggestions and of learned models."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from servanda.people.models import User
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.models import (
    LearnedModel,
    Recommendation,
    RightFrom,
    Suggestion,
    TextVersion,
    by_language,
)
from servanda.recommendations.models.suggesting import SuggestionQuerySet
from servanda.recommendations.search import vector_index as vectors
from servanda.vocab.models import Taxonomy, Term

NEAREST = 3
LATELY = timedelta(days=90)
DECIDED = (Suggestion.State.ACCEPTED, Suggestion.State.CHANGED, Suggestion.State.REJECTED)


@dataclass(frozen=True, slots=True)
class SuggestionWithText:
    """A suggestion, with the text that it is for."""

    suggestion: Suggestion
    text: TextVersion | None


def beside_texts(suggestions: QuerySet[Suggestion]) -> list[SuggestionWithText]:
    shown = list(suggestions.select_related("recommendation", "term__taxonomy", "model"))
    texts = texts_of(suggestion.recommendation_id for suggestion in shown)
    return [SuggestionWithText(suggestion, texts.get(suggestion.recommendation_id)) for suggestion in shown]


def texts_of(records: Iterable[int]) -> dict[int, TextVersion]:
    rows = TextVersion.objects.current().filter(recommendation__in=set(records), form=TextVersion.Form.FULL)
    texts: dict[int, TextVersion] = {}
    for version in by_language(rows):
        texts.setdefault(version.recommendation_id, version)
    return texts


def taxonomies_waiting(visible: SuggestionQuerySet) -> dict[Taxonomy, int]:
    """Taxonomies with waiting suggestions, and how many."""
    numbers = dict(visible.waiting().order_by().values_list("term__taxonomy").annotate(n=Count("pk")))
    return {taxonomy: numbers[taxonomy.pk] for taxonomy in Taxonomy.objects.filter(pk__in=numbers)}


def labels_waiting(visible: SuggestionQuerySet, taxonomy: Taxonomy) -> dict[Term, int]:
    """Labels of a taxonomy with waiting suggestions, and how many."""
    waiting = visible.waiting().filter(term__taxonomy=taxonomy)
    numbers = dict(waiting.order_by().values_list("term").annotate(n=Count("pk")))
    return {term: numbers[term.pk] for term in Term.objects.filter(pk__in=numbers)}


def nearest_cases(suggestion: Suggestion, user: User) -> list[tuple[Recommendation, TextVersion | None]]:
    """The most similar records that have the same label from a source or a person, among those this person may
    see."""
    pks, rows = vectors.vectors_of([suggestion.recommendation_id])
    if not len(pks):
        return []
    labelled = assigned_labels().filter(term=suggestion.term).values("recommendation")
    among = Recommendation.objects.visible_to(user).filter(pk__in=labelled).exclude(pk=suggestion.recommendation_id)
    near = [pk for pk, _how in vectors.nearest(rows[0], among=among, top=NEAREST)]
    records = {record.pk: record for record in Recommendation.objects.filter(pk__in=near)}
    texts = texts_of(near)
    return [(records[pk], texts.get(pk)) for pk in near]


def right_from(taxonomy: Taxonomy) -> list[RightFrom]:
    """For the newest model of a taxonomy: the share of correct suggestions from each probability on, on held-out
    texts."""
    newest = LearnedModel.objects.newest().filter(taxonomy=taxonomy)
    return list(RightFrom.objects.filter(model__in=newest.values("pk")))


@dataclass(frozen=True, slots=True)
class Month:
    """Decisions of one month on the suggestions of a taxonomy."""

    month: datetime
    accepted: int
    decided: int

    @property
    def percent(self) -> int:
        return round(100 * self.accepted / self.decided)


def months_of(taxonomy: Taxonomy) -> Iterator[Month]:
    rows: QuerySet = decided_on(taxonomy).annotate(month=TruncMonth("decided_at")).order_by("-month").values("month")
    for row in rows.annotate(**NUMBERS)[:24]:
        yield Month(row["month"], row["accepted"], row["decided"])


NUMBERS = {"accepted": Count("pk", filter=Q(state=Suggestion.State.ACCEPTED)), "decided": Count("pk")}


def decided_on(taxonomy: Taxonomy) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(term__taxonomy=taxonomy, state__in=DECIDED)


def drift_of(taxonomy: Taxonomy, *, now: datetime) -> tuple[int, int] | None:
    """The percentage accepted in the last three months, and before; None where either is unknown."""
    lately = decided_on(taxonomy).filter(decided_at__gte=now - LATELY).aggregate(**NUMBERS)
    earlier = decided_on(taxonomy).filter(decided_at__lt=now - LATELY).aggregate(**NUMBERS)
    if not lately["decided"] or not earlier["decided"]:
        return None
    share = [round(100 * period["accepted"] / period["decided"]) for period in (lately, earlier)]
    return share[0], share[1]
