"""Who led on similar records: plain numbers, said with the suggestion. Nothing is ever filled in from them."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from servanda.people.models import Institution
from servanda.planning.models import Assignment
from servanda.recommendations.facets import said_labels
from servanda.recommendations.models import Recommendation

FEWEST = 3  # cases; from fewer nothing is concluded
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Of so many similar records that have or had a lead, how many went to whom; `by` is what they have in common."""

    cases: int
    by: str
    leads: list[tuple[Institution, int]]


def suggest_lead(recommendation: Recommendation, user) -> Suggestion | None:
    """From the records that this person may read: those that share a theme; where these are too few, those that share
    any label; where these are too few, those of the same body."""
    others = Recommendation.objects.opened_to(user).exclude(pk=recommendation.pk).order_by()
    labels = said_labels().filter(recommendation=recommendation, term__is_artefact=False)
    themes = labels.filter(term__taxonomy__code="uhri-theme")
    return (
        suggestion(others.filter(sharing(themes)), by="theme")
        or suggestion(others.filter(sharing(labels)), by="label")
        or suggestion(others.filter(body=recommendation.body_id), by="body")
    )


def sharing(labels: QuerySet) -> Exists:
    return Exists(said_labels().filter(recommendation=OuterRef("pk"), term__in=labels.values("term")))


def suggestion(similar: QuerySet, *, by: str) -> Suggestion | None:
    """Each record counts once for each institution that took the lead; what was refused or taken back does not."""
    taken = Assignment.objects.leading().filter(refused_at=None, recommendation__in=similar.values("pk"))
    taken = taken.exclude(ending=Assignment.Ending.UNDONE).order_by()
    cases = taken.aggregate(n=Count("recommendation", distinct=True))["n"]
    if cases < FEWEST:
        return None
    numbers = dict(taken.values_list("institution").annotate(n=Count("recommendation", distinct=True)))
    there = Institution.objects.active(on=timezone.localdate()).filter(pk__in=numbers)
    leads = sorted(((one, numbers[one.pk]) for one in there), key=lambda pair: (-pair[1], pair[0].code))
    return Suggestion(cases, by, leads[:MOST_NAMED]) if leads else None
