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
    """Of so many similar records that have or had a lead, how many went to whom."""

    cases: int
    by_label: bool  # similar by a label they share; otherwise only by the body
    leads: list[tuple[Institution, int]]


def suggest_lead(recommendation: Recommendation, user) -> Suggestion | None:
    """From the records that this person may read: those that share a label, or where these are too few, the body."""
    others = Recommendation.objects.opened_to(user).exclude(pk=recommendation.pk).order_by()
    terms = said_labels().filter(recommendation=recommendation, term__is_artefact=False).values("term")
    shared = said_labels().filter(recommendation=OuterRef("pk"), term__in=terms)
    by_label = suggestion(others.filter(Exists(shared)), by_label=True)
    return by_label or suggestion(others.filter(body=recommendation.body_id), by_label=False)


def suggestion(similar: QuerySet, *, by_label: bool) -> Suggestion | None:
    """Each record counts once for each institution that took the lead; what was refused or taken back does not."""
    taken = Assignment.objects.leading().filter(refused_at=None, recommendation__in=similar.values("pk"))
    taken = taken.exclude(ending=Assignment.Ending.UNDONE).order_by()
    cases = taken.aggregate(n=Count("recommendation", distinct=True))["n"]
    if cases < FEWEST:
        return None
    numbers = dict(taken.values_list("institution").annotate(n=Count("recommendation", distinct=True)))
    there = Institution.objects.active(on=timezone.localdate()).filter(pk__in=numbers)
    leads = sorted(((one, numbers[one.pk]) for one in there), key=lambda pair: (-pair[1], pair[0].code))
    return Suggestion(cases, by_label, leads[:MOST_NAMED]) if leads else None
