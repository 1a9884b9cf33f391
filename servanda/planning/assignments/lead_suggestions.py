"""Which institutions a record is likely to need, and why. Suggestions are shown only, never applied."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.language.learning.model_file import OtherVersion
from servanda.language.learning.responsible import MEANING, MOST_NAMED, Answer
from servanda.people.access import Can, can
from servanda.people.models import Institution, User
from servanda.planning.assignments.lead_learning import case_of, load_model, taken_assignments
from servanda.planning.models import LearnedLeads, ThemeLead
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.vocab.models import Term

MOST_NEAR, MOST_WORDS = 3, 4
LOOKED_THROUGH = 50  # nearest records to consider; those hidden from the reader are left out
LEARNED, NEAREST, TABLE, FREQUENT = "learned", "nearest", "table", "frequent"


@dataclass(frozen=True, slots=True)
class SuggestedInstitution:
    """A suggested institution with the reason: near records, telling words, or only how often it was assigned."""

    institution: Institution
    number: int = 0
    near: list[Recommendation] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Suggestion:
    by: str
    named: list[SuggestedInstitution]
    learned: LearnedLeads | None = None  # for its accuracy, even if the suggestion does not come from it
    right: int = 0  # records held back for which one of three suggestions was right


def suggest_lead(recommendation: Recommendation, user: User) -> Suggestion | None:
    """Suggest from what was learned, if that beats the three most frequent on records held back; otherwise from the
    table of themes, or the most frequent. None if there are no assignments and the table is empty."""
    learned = LearnedLeads.objects.first() if can(user, Can.READ_EVERYTHING) else None
    return (
        (learned and from_learned(recommendation, learned, user))
        or from_table(recommendation, learned)
        or most_frequent(recommendation, learned, user)
    )


def from_learned(recommendation: Recommendation, learned: LearnedLeads, user: User) -> Suggestion | None:
    """By the model, or by the nearest records if those are more accurate or this record has no vectors."""
    if not learned.is_worth_showing:
        return None
    try:
        model = load_model(learned)
    except OtherVersion:
        return None
    case = case_of(recommendation, learned.encoder)
    position = model.records.index(recommendation.pk) if recommendation.pk in model.records else None
    lacks_vectors = MEANING in model.weights and case.vectors is None
    if lacks_vectors or learned.is_nearest_better:
        by, right, answer = NEAREST, learned.nearest_right, model.nearest(case, position)
    else:
        by, right, answer = LEARNED, learned.learned_right, model.predict(case, position)
    if right <= learned.frequent_right:
        return None
    suggested = with_reasons(answer, user)
    return Suggestion(by, suggested, learned, right) if suggested else None


def with_reasons(answer: Answer, user: User) -> list[SuggestedInstitution]:
    """The highest-ranked active institutions, with near records that this reader may open."""
    institutions = answer.model.institutions
    active = Institution.objects.active(on=timezone.localdate()).in_bulk(institutions)
    positions = [position for position in answer.ranked() if institutions[position] in active][:MOST_NAMED]
    near = {position: answer.near(position)[:LOOKED_THROUGH] for position in positions}
    keys = {pk for near_keys in near.values() for pk in near_keys}
    records = Recommendation.objects.opened_to(user).order_by().in_bulk(keys)
    return [
        SuggestedInstitution(
            active[institutions[position]],
            near=[records[pk] for pk in near[position] if pk in records][:MOST_NEAR],
            words=answer.words(position, most=MOST_WORDS),
        )
        for position in positions
    ]


def from_table(recommendation: Recommendation, learned: LearnedLeads | None) -> Suggestion | None:
    """From the table of themes, by the labels of the record."""
    labels = assigned_labels().filter(recommendation=recommendation, term__is_artefact=False)
    rows = ThemeLead.objects.filter(term__in=labels.values("term")).order_by()
    numbers = rows.values_list("institution").annotate(n=Count("pk"))
    return by_frequency(TABLE, list(numbers), learned)


def most_frequent(recommendation: Recommendation, learned: LearnedLeads | None, user: User) -> Suggestion | None:
    """The most frequent on other records whose internal side this person reads."""
    others = Recommendation.objects.opened_to(user).exclude(pk=recommendation.pk).order_by()
    rows = taken_assignments().filter(recommendation__in=others.values("pk"))
    numbers = rows.values_list("institution").annotate(n=Count("recommendation", distinct=True))
    return by_frequency(FREQUENT, list(numbers), learned)


def by_frequency(by: str, numbers: Sequence[tuple[int, int]], learned: LearnedLeads | None) -> Suggestion | None:
    """The active institutions, the most frequent first."""
    frequencies = dict(numbers)
    active = Institution.objects.active(on=timezone.localdate()).filter(pk__in=frequencies)
    suggested = [SuggestedInstitution(institution, frequencies[institution.pk]) for institution in active]
    suggested.sort(key=lambda suggestion: (-suggestion.number, suggestion.institution.code))
    return Suggestion(by, suggested[:MOST_NAMED], learned) if suggested else None


@transaction.atomic
def add_theme_lead(*, term: Term, institution: Institution, by: User) -> ThemeLead:
    """Suggest this institution for records with the label, if the model gives no suggestion.

    Raises `Refused` if the table has this line already.
    """
    lead, is_new = ThemeLead.objects.get_or_create(term=term, institution=institution, defaults={"said_by": by})
    if not is_new:
        raise Refused(_("This line is already in the table."))
    Event.record("theme-lead-added", institution, by=by, difference={"theme": ["", str(term)]})
    return lead


@transaction.atomic
def remove_theme_lead(*, lead: ThemeLead, by: User) -> None:
    """Remove a line of the table; assignments stay."""
    Event.record("theme-lead-removed", lead.institution, by=by, difference={"theme": [str(lead.term), ""]})
    lead.delete()
