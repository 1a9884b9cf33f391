"""Who answers for one record, as the page of it says."""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Exists, OuterRef
from django.utils import timezone

from servanda.people.access import Can
from servanda.people.appointments.services import has_focal_point
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.planning.models import Assignment
from servanda.recommendations.models import Recommendation


@dataclass(slots=True)
class AssignmentLine:
    """One assignment, with the names of people as this reader may know them, and what they may do about it."""

    assignment: Assignment
    assigned_by: str
    refused_by: str
    ended_by: str
    may_refuse: bool
    is_vacant: bool  # the institution has no focal point


@dataclass(slots=True)
class Answering:
    current: list[AssignmentLine]
    refused: list[AssignmentLine]
    former: list[AssignmentLine]


def who_answers(recommendation: Recommendation, user: User) -> Answering:
    mine = Assignment.objects.held_by(user, Can.REFUSE_ASSIGNMENT).filter(pk=OuterRef("pk"))
    seen = (
        Assignment.objects.visible_to(user)
        .filter(recommendation=recommendation)
        .annotate(is_mine=Exists(mine), is_led=has_focal_point(on=timezone.localdate(), institution="institution"))
    )
    rows = list(seen.select_related("institution", "assigned_by", "refused_by", "ended_by"))
    people = [person for one in rows for person in (one.assigned_by, one.refused_by, one.ended_by)]
    names = shown_names(people, to=user)

    def name_of(pk: int | None) -> str:
        return names.get(pk, "") if pk else ""

    told = [
        AssignmentLine(
            one,
            assigned_by=name_of(one.assigned_by_id),
            refused_by=name_of(one.refused_by_id),
            ended_by=name_of(one.ended_by_id),
            may_refuse=one.is_current and vars(one)["is_mine"],
            is_vacant=one.is_current and not vars(one)["is_led"],
        )
        for one in rows
    ]
    return Answering(
        current=[one for one in told if one.assignment.is_current],
        refused=[one for one in told if one.assignment.refused_at and not one.assignment.ended_at],
        former=sorted(
            (one for one in told if one.assignment.ended_at), key=attrgetter("assignment.ended_at"), reverse=True
        ),
    )
