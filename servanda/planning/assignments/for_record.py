"""The assignments on the page of one record."""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from servanda.people.access import Can
from servanda.people.appointments.services import has_focal_point
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.planning.models import Assignment
from servanda.recommendations.models import Recommendation


@dataclass(slots=True)
class AssignmentLine:
    """One assignment, with the names of people as far as this reader may see them, and what the reader may do."""

    assignment: Assignment
    assigned_by: str
    refused_by: str
    ended_by: str
    may_refuse: bool
    is_vacant: bool  # the institution has no focal point


@dataclass(slots=True)
class RecordAssignments:
    current: list[AssignmentLine]
    refused: list[AssignmentLine]
    former: list[AssignmentLine]


def with_lead(records: QuerySet, user: User) -> QuerySet:
    """Annotate each record with the name of its lead institution and the deadline, as this reader may see them."""
    lead = Assignment.objects.visible_to(user).current().leading().filter(recommendation=OuterRef("pk")).order_by()
    return records.annotate(
        lead_name=Subquery(lead.values("institution__name")[:1]), lead_due=Subquery(lead.values("due_on")[:1])
    )


def assignments_of(recommendation: Recommendation, user: User) -> RecordAssignments:
    refusable = Assignment.objects.in_scope_of(user, Can.REFUSE_ASSIGNMENT).filter(pk=OuterRef("pk"))
    visible = (
        Assignment.objects.visible_to(user)
        .filter(recommendation=recommendation)
        .annotate(
            is_mine=Exists(refusable), is_led=has_focal_point(on=timezone.localdate(), institution="institution")
        )
    )
    rows = list(visible.select_related("institution", "assigned_by", "refused_by", "ended_by"))
    people = [
        person
        for assignment in rows
        for person in (assignment.assigned_by, assignment.refused_by, assignment.ended_by)
    ]
    names = shown_names(people, to=user)

    def name_of(pk: int | None) -> str:
        return names.get(pk, "") if pk else ""

    lines = [
        AssignmentLine(
            assignment,
            assigned_by=name_of(assignment.assigned_by_id),
            refused_by=name_of(assignment.refused_by_id),
            ended_by=name_of(assignment.ended_by_id),
            may_refuse=assignment.is_current and vars(assignment)["is_mine"],
            is_vacant=assignment.is_current and not vars(assignment)["is_led"],
        )
        for assignment in rows
    ]
    return RecordAssignments(
        current=[line for line in lines if line.assignment.is_current],
        refused=[line for line in lines if line.assignment.refused_at and not line.assignment.ended_at],
        former=sorted(
            (line for line in lines if line.assignment.ended_at), key=attrgetter("assignment.ended_at"), reverse=True
        ),
    )
