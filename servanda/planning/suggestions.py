"""Who led on similar records: plain numbers, said with the suggestion. Nothing is ever filled in from them."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from servanda.language.relate import RELATED_ACROSS
from servanda.people.models import Institution
from servanda.planning.models import Assignment, AssignmentQuerySet, ThemeLead
from servanda.recommendations import vectors
from servanda.recommendations.facets import said_labels
from servanda.recommendations.models import Recommendation

FEWEST = 3  # cases; from fewer nothing is concluded
MOST_NAMED = 3
NEAREST = 10  # records near in meaning that are asked who led on them


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Of so many similar records that have or had a lead, how many went to whom; `by` is what they have in common,
    `near` names the nearest of them. By the table of themes, how many themes of the record name whom."""

    cases: int
    by: str
    leads: list[tuple[Institution, int]]
    near: list[Recommendation] = field(default_factory=list)


def suggest_lead(recommendation: Recommendation, user) -> Suggestion | None:
    """From the records that this person may read: those near in meaning; where these are too few, those that share a
    theme, then those that share any label, then what the table of themes says, then those of the same body."""
    others = Recommendation.objects.opened_to(user).exclude(pk=recommendation.pk).order_by()
    labels = said_labels().filter(recommendation=recommendation, term__is_artefact=False)
    themes = labels.filter(term__taxonomy__code="uhri-theme")
    return (
        from_meaning(recommendation, others)
        or suggestion(others.filter(sharing(themes)), by="theme")
        or suggestion(others.filter(sharing(labels)), by="label")
        or from_table(labels)
        or suggestion(others.filter(body=recommendation.body_id), by="body")
    )


def sharing(labels: QuerySet) -> Exists:
    return Exists(said_labels().filter(recommendation=OuterRef("pk"), term__in=labels.values("term")))


def taken_leads() -> AssignmentQuerySet:
    """What institutions lead or led on; what was refused or taken back does not count."""
    taken = Assignment.objects.leading().filter(refused_at=None)
    return taken.exclude(ending=Assignment.Ending.UNDONE).order_by()


def from_meaning(recommendation: Recommendation, others: QuerySet) -> Suggestion | None:
    """The nearest records that have or had a lead, whatever their language."""
    pks, rows = vectors.vectors_of([recommendation.pk])
    if not len(pks):
        return None
    led = others.filter(Exists(taken_leads().filter(recommendation=OuterRef("pk"))))
    near = [pk for pk, _how in vectors.nearest(rows[0], among=led, top=NEAREST, at_least=RELATED_ACROSS)]
    found = suggestion(led.filter(pk__in=near), by="meaning") if len(near) >= FEWEST else None
    if found:
        there = Recommendation.objects.in_bulk(near[:MOST_NAMED])
        found.near.extend(there[pk] for pk in near[:MOST_NAMED] if pk in there)
    return found


def suggestion(similar: QuerySet, *, by: str) -> Suggestion | None:
    """Each record counts once for each institution that took the lead."""
    taken = taken_leads().filter(recommendation__in=similar.values("pk"))
    cases = taken.aggregate(n=Count("recommendation", distinct=True))["n"]
    if cases < FEWEST:
        return None
    numbers = dict(taken.values_list("institution").annotate(n=Count("recommendation", distinct=True)))
    return named(numbers, cases, by)


def from_table(labels: QuerySet) -> Suggestion | None:
    """What people wrote down of who usually leads on which theme."""
    rows = ThemeLead.objects.filter(term__in=labels.values("term")).order_by()
    numbers = dict(rows.values_list("institution").annotate(n=Count("pk")))
    return named(numbers, sum(numbers.values()), "table")


def named(numbers: dict[int, int], cases: int, by: str) -> Suggestion | None:
    """With the institutions that are there today, the most frequent first."""
    there = Institution.objects.active(on=timezone.localdate()).filter(pk__in=numbers)
    leads = sorted(((one, numbers[one.pk]) for one in there), key=lambda pair: (-pair[1], pair[0].code))
    return Suggestion(cases, by, leads[:MOST_NAMED]) if leads else None
