"""What the pages of suggestions and of learned models show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from servanda.people.models import User
from servanda.recommendations.filters.facets import said_labels
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
class Put:
    """A suggestion beside the text that it is for."""

    suggestion: Suggestion
    text: TextVersion | None


def beside_texts(suggestions: QuerySet[Suggestion]) -> list[Put]:
    found = list(suggestions.select_related("recommendation", "term__taxonomy", "model"))
    texts = texts_of(one.recommendation_id for one in found)
    return [Put(one, texts.get(one.recommendation_id)) for one in found]


def texts_of(records: Iterable[int]) -> dict[int, TextVersion]:
    rows = TextVersion.objects.current().filter(recommendation__in=set(records), form=TextVersion.Form.FULL)
    texts: dict[int, TextVersion] = {}
    for version in by_language(rows):
        texts.setdefault(version.recommendation_id, version)
    return texts


def taxonomies_waiting(seen: SuggestionQuerySet) -> dict[Taxonomy, int]:
    """Which taxonomies have suggestions that wait, and how many."""
    numbers = dict(seen.waiting().order_by().values_list("term__taxonomy").annotate(n=Count("pk")))
    return {one: numbers[one.pk] for one in Taxonomy.objects.filter(pk__in=numbers)}


def labels_waiting(seen: SuggestionQuerySet, taxonomy: Taxonomy) -> dict[Term, int]:
    """Which labels of a taxonomy are suggested, and how often."""
    waiting = seen.waiting().filter(term__taxonomy=taxonomy)
    numbers = dict(waiting.order_by().values_list("term").annotate(n=Count("pk")))
    return {one: numbers[one.pk] for one in Term.objects.filter(pk__in=numbers)}


def nearest_cases(suggestion: Suggestion, user: User) -> list[tuple[Recommendation, TextVersion | None]]:
    """The records nearest in meaning that a source or a person gave the same label, among those this person sees."""
    pks, rows = vectors.vectors_of([suggestion.recommendation_id])
    if not len(pks):
        return []
    labelled = said_labels().filter(term=suggestion.term).values("recommendation")
    among = Recommendation.objects.visible_to(user).filter(pk__in=labelled).exclude(pk=suggestion.recommendation_id)
    near = [pk for pk, _how in vectors.nearest(rows[0], among=among, top=NEAREST)]
    there = {record.pk: record for record in Recommendation.objects.filter(pk__in=near)}
    texts = texts_of(near)
    return [(there[pk], texts.get(pk)) for pk in near]


def right_from(taxonomy: Taxonomy) -> list[RightFrom]:
    """For the newest model of a taxonomy: from which probability on which share was right on texts held back."""
    newest = LearnedModel.objects.newest().filter(taxonomy=taxonomy)
    return list(RightFrom.objects.filter(model__in=newest.values("pk")))


@dataclass(frozen=True, slots=True)
class Month:
    """What people said in one month to the suggestions of a taxonomy."""

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
    """The percentage accepted in the last three months, and in the time before; nothing before both are known."""
    lately = decided_on(taxonomy).filter(decided_at__gte=now - LATELY).aggregate(**NUMBERS)
    before = decided_on(taxonomy).filter(decided_at__lt=now - LATELY).aggregate(**NUMBERS)
    if not lately["decided"] or not before["decided"]:
        return None
    share = [round(100 * one["accepted"] / one["decided"]) for one in (lately, before)]
    return share[0], share[1]
