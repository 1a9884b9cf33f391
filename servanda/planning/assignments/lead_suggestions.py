"""Which institutions a record is likely to need, and why. Nothing is ever filled in from it."""

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
from servanda.planning.assignments.lead_learning import case_of, opened, taken_assignments
from servanda.planning.models import LearnedLeads, ThemeLead
from servanda.recommendations.filters.facets import said_labels
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from servanda.vocab.models import Term

MOST_NEAR, MOST_WORDS = 3, 4
LOOKED_THROUGH = 50  # near records among which those that the reader may see are looked for
LEARNED, NEAREST, TABLE, FREQUENT = "learned", "nearest", "table", "frequent"


@dataclass(frozen=True, slots=True)
class Named:
    """One institution; the nearest records that it was named on, the words that speak for it, or only how often it
    was assigned."""

    institution: Institution
    number: int = 0
    near: list[Recommendation] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Suggestion:
    by: str
    named: list[Named]
    learned: LearnedLeads | None = None  # with what was measured, whether it is shown or not
    right: int = 0  # on how many records held back this way named a right one among three


def suggest_lead(recommendation: Recommendation, user: User) -> Suggestion | None:
    """What was learned, where it beats the three most frequent on records held back; else what the table of themes
    says, or who is assigned most often. None only where nothing was ever assigned or written down."""
    learned = LearnedLeads.objects.first() if can(user, Can.READ_EVERYTHING) else None
    return (
        (learned and from_learned(recommendation, learned, user))
        or from_table(recommendation, learned)
        or most_frequent(recommendation, learned, user)
    )


def from_learned(recommendation: Recommendation, learned: LearnedLeads, user: User) -> Suggestion | None:
    """By what was learned, or by the nearest records where there are too few or no vectors for this one."""
    if not learned.is_worth_showing:
        return None
    try:
        model = opened(learned)
    except OtherVersion:
        return None
    case = case_of(recommendation, learned.encoder)
    place = model.records.index(recommendation.pk) if recommendation.pk in model.records else None
    lacks_vectors = MEANING in model.weights and case.vectors is None
    if lacks_vectors or learned.is_nearest_better:
        by, right, answer = NEAREST, learned.nearest_right, model.nearest(case, place)
    else:
        by, right, answer = LEARNED, learned.learned_right, model.predict(case, place)
    if right <= learned.frequent_right:
        return None
    found = explained(answer, user)
    return Suggestion(by, found, learned, right) if found else None


def explained(answer: Answer, user: User) -> list[Named]:
    """The first that exist today, each with records that this reader may open."""
    institutions = answer.model.institutions
    active = Institution.objects.active(on=timezone.localdate()).in_bulk(institutions)
    places = [place for place in answer.ranked() if institutions[place] in active][:MOST_NAMED]
    near = {place: answer.near(place)[:LOOKED_THROUGH] for place in places}
    wanted = {pk for some in near.values() for pk in some}
    records = Recommendation.objects.opened_to(user).order_by().in_bulk(wanted)
    return [
        Named(
            active[institutions[place]],
            near=[records[pk] for pk in near[place] if pk in records][:MOST_NEAR],
            words=answer.words(place, most=MOST_WORDS),
        )
        for place in places
    ]


def from_table(recommendation: Recommendation, learned: LearnedLeads | None) -> Suggestion | None:
    """What people wrote down of who usually leads on the labels of the record."""
    labels = said_labels().filter(recommendation=recommendation, term__is_artefact=False)
    rows = ThemeLead.objects.filter(term__in=labels.values("term")).order_by()
    numbers = rows.values_list("institution").annotate(n=Count("pk"))
    return in_numbers(TABLE, list(numbers), learned)


def most_frequent(recommendation: Recommendation, learned: LearnedLeads | None, user: User) -> Suggestion | None:
    """Over the other records whose internal side this person reads."""
    others = Recommendation.objects.opened_to(user).exclude(pk=recommendation.pk).order_by()
    rows = taken_assignments().filter(recommendation__in=others.values("pk"))
    numbers = rows.values_list("institution").annotate(n=Count("recommendation", distinct=True))
    return in_numbers(FREQUENT, list(numbers), learned)


def in_numbers(by: str, numbers: Sequence[tuple[int, int]], learned: LearnedLeads | None) -> Suggestion | None:
    """With the institutions that exist today, the most frequent first."""
    counted = dict(numbers)
    active = Institution.objects.active(on=timezone.localdate()).filter(pk__in=counted)
    found = [Named(one, counted[one.pk]) for one in active]
    found.sort(key=lambda one: (-one.number, one.institution.code))
    return Suggestion(by, found[:MOST_NAMED], learned) if found else None


@transaction.atomic
def add_theme_lead(*, term: Term, institution: Institution, by: User) -> ThemeLead:
    """From now on this institution is suggested where a record has the label and nothing else tells who leads."""
    lead, is_new = ThemeLead.objects.get_or_create(term=term, institution=institution, defaults={"said_by": by})
    if not is_new:
        raise Refused(_("The table says so already."))
    Event.record("theme-lead-added", institution, by=by, difference={"theme": ["", str(term)]})
    return lead


@transaction.atomic
def remove_theme_lead(*, lead: ThemeLead, by: User) -> None:
    """The table no longer says so; assignments stay as they are."""
    Event.record("theme-lead-removed", lead.institution, by=by, difference={"theme": [str(lead.term), ""]})
    lead.delete()
