"""Invented assignments to invented institutions."""

from typing import Any

from django.db.models import QuerySet

from servanda.demo.reading import coordinator, day, read
from servanda.people.models import Institution, User
from servanda.planning.assignments.bulk import AssignInstitution
from servanda.planning.assignments.services import assign_institutions, mark, refuse_assignment
from servanda.planning.models import Assignment
from servanda.recommendations.bulk.services import apply_bulk, start_bulk
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.models import Recommendation, Stand


def load() -> None:
    """Idempotent."""
    if Assignment.objects.exists():
        return
    data, by = read("assignments"), coordinator()
    for row in data["assignments"]:
        assign(row, since=data["since"], by=by)
    refusal = data["refusal"]
    records = supported_under(refusal["theme"], refusal["cycle"])
    assigned = Assignment.objects.current().filter(recommendation__in=records).order_by("recommendation")
    refusing = User.objects.get(email=refusal["by"])
    for assignment in assigned.filter(institution__code=refusal["institution"])[: refusal["most"]]:
        refuse_assignment(assignment=assignment, reason=refusal["reason"], by=refusing)


def supported_under(theme: str, cycle: int) -> QuerySet[Recommendation]:
    labelled = assigned_labels().filter(term__taxonomy__code="uhri-theme", term__code=theme)
    supported = Recommendation.objects.kept().filter(stand=Stand.SUPPORTED, review__cycle=cycle)
    return supported.filter(pk__in=labelled.values("recommendation"))


def assign(row: dict[str, Any], *, since: int, by: User) -> None:
    """Assign, unless the institution leads on the record already."""
    part = row.get("part", Assignment.Part.LEAD)
    current = Assignment.objects.current()
    if part == Assignment.Part.LEAD:
        taken = current.leading()
    else:
        taken = current.filter(institution__code=row["institution"])
    records = supported_under(row["theme"], row["cycle"]).exclude(pk__in=taken.values("recommendation"))
    change = AssignInstitution(
        institution=Institution.objects.get(code=row["institution"]).pk,
        part=part,
        since=day(since).isoformat(),
        due_on=day(row["due"]).isoformat() if "due" in row else "",
        note=row.get("note", ""),
    )
    if records.exists():
        apply_bulk(start_bulk(change=change, records=records, by=by))


def assign_record(record: Recommendation, lead: Institution, *, since: int, by: User) -> None:
    """Assign the lead institution of a single record."""
    terms: dict[str, Any] = {"since": day(since), "due_on": None, "note": "", "seen": mark([])}
    assign_institutions(recommendation=record, lead=lead, supporting=[], **terms, by=by)
