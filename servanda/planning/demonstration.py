"""Invented assignments for the demonstration: believable, and nobody's. Its institutions are invented too."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from servanda.people.models import Institution, User
from servanda.planning.assignments.bulk import AssignInstitution
from servanda.planning.assignments.services import refuse_assignment
from servanda.planning.models import Assignment
from servanda.recommendations.bulk.services import apply_bulk, start_bulk
from servanda.recommendations.filters.facets import said_labels
from servanda.recommendations.models import Recommendation, Stand

Part = Assignment.Part
SINCE = timedelta(days=200)


class Given(NamedTuple):
    """All supported recommendations of one cycle under one theme, to one institution; days from today until due."""

    theme: str
    cycle: int
    code: str
    part: str = Part.LEAD
    due_in: int | None = None
    note: str = ""


PARAGRAPH = "One short paragraph on what has changed, with a figure if there is one."
GIVEN = [
    Given("right-to-education", 4, "demo-learning", due_in=120, note=PARAGRAPH),
    Given("right-to-education", 3, "demo-learning", due_in=-12),
    Given("right-to-education", 4, "demo-schools", Part.SUPPORTING),
    Given("right-to-health", 4, "demo-social", due_in=20, note=PARAGRAPH),
    Given("right-to-health", 3, "demo-social", due_in=-5),
    Given("right-to-health", 4, "demo-agency", Part.SUPPORTING, due_in=14),
    Given("persons-with-disabilities-independence-inclusion", 4, "demo-social", due_in=75),
    Given("children-protection-against-exploitation", 3, "demo-agency"),
    Given("administration-of-justice-fair-trial", 4, "demo-courts", due_in=150),
    Given("administration-of-justice-fair-trial", 3, "demo-courts"),
    Given("discrimination-against-women", 4, "demo-rights", due_in=28, note=PARAGRAPH),
    Given("discrimination-against-women", 3, "demo-rights"),
    Given("equality-non-discrimination", 4, "demo-rights", due_in=240),
    Given("equality-non-discrimination", 4, "demo-figures", Part.SUPPORTING),
    Given("right-to-adequate-housing", 4, "demo-social"),
]
REFUSED_THEME, REFUSING, MOST_REFUSED = "right-to-adequate-housing", "focal@example.org", 2
REASON = "Housing is with the regions since the reform (invented). Please ask the Region of the North."


def assign_demonstration() -> None:
    """Called again, it changes nothing."""
    if Assignment.objects.exists():
        return
    by = User.objects.get(email="coordinator@example.org")
    for given in GIVEN:
        give(given, by=by)
    refused = (
        Assignment.objects.current().filter(recommendation__in=under(REFUSED_THEME, 4)).order_by("recommendation")
    )
    for assignment in refused.filter(institution__code="demo-social")[:MOST_REFUSED]:
        refuse_assignment(assignment=assignment, reason=REASON, by=User.objects.get(email=REFUSING))


def under(theme: str, cycle: int) -> QuerySet[Recommendation]:
    labelled = said_labels().filter(term__taxonomy__code="uhri-theme", term__code=theme)
    supported = Recommendation.objects.kept().filter(stand=Stand.SUPPORTED, review__cycle=cycle)
    return supported.filter(pk__in=labelled.values("recommendation"))


def give(given: Given, *, by: User) -> None:
    """Who leads already goes on leading, and does not support beside it."""
    today = timezone.localdate()
    records = under(given.theme, given.cycle)
    there = Assignment.objects.current()
    if given.part == Part.LEAD:
        records = records.exclude(pk__in=there.leading().values("recommendation"))
    else:
        records = records.exclude(pk__in=there.filter(institution__code=given.code).values("recommendation"))
    change = AssignInstitution(
        institution=Institution.objects.get(code=given.code).pk,
        part=given.part,
        since=(today - SINCE).isoformat(),
        due_on="" if given.due_in is None else (today + timedelta(days=given.due_in)).isoformat(),
        note=given.note,
    )
    if records.exists():
        apply_bulk(start_bulk(change=change, records=records, by=by))
