"""A small follow-up: five records of which different things are known, and three that only the offices see."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from servanda.people.models import Institution
from servanda.progress.models import Voice
from servanda.recommendations.models import Recommendation, Tagging
from tests import actions_make, assessing_make, indicator_make, make, progress_make, rounds_make


@dataclass(slots=True)
class FollowedUp:
    records: list[Recommendation]
    hidden: list[Recommendation]
    health: Institution
    education: Institution


def follow_up() -> FollowedUp:
    health, education = make.institution("health", name="Health"), make.institution("education", name="Education")
    records = [make.recommendation(body=make.committee(), review=None)]
    records += [make.recommendation() for _number in range(3)]
    records.append(make.recommendation(body=make.committee("CERD"), review=None))
    goal = make.term("16", taxonomy="sdg")
    for record, place in zip(records, [health, health, health, education], strict=False):
        make.assignment(record, place, due_on=timezone.localdate() - timedelta(days=1))
        Tagging.objects.create(recommendation=record, term=make.term("Health"), origin="person")
    Tagging.objects.create(recommendation=records[0], term=goal, origin="source")
    say_of(records, health)
    hidden = [make.recommendation(confidentiality="restricted") for _number in range(3)]
    say_of(hidden, health)
    make.assignment(hidden[0], health)
    return FollowedUp(records, hidden, health, education)


def say_of(records: list[Recommendation], place: Institution) -> None:
    """On the first the voices differ, on the second two independent authors do; the third is only announced."""
    first, second, third = records[:3]
    now = timezone.now()
    assessing_make.assessment(first, "full")
    assessing_make.assessment(first, "partial", Voice.MECHANISM)
    assessing_make.assessment(second, "full", Voice.INDEPENDENT, institution=place)
    assessing_make.assessment(second, "started", Voice.INDEPENDENT, institution=make.institution("nhri"))
    assessing_make.assessment(third, "full", is_published=False, is_latest=False)
    for record, days in ((first, 5), (second, 200)):
        progress_make.update(record, place, state="published", published_at=now - timedelta(days=days))
    progress_make.update(third, place, state="submitted")
    actions_make.action(records=[first, second], lead=place)
    indicator_make.indicator(about=first)
    assessing_make.evidence(first, is_public=True)
    rounds_make.request(place, [first], due_on=timezone.localdate() - timedelta(days=3))
