"""Columns of assignments for lists of records and their files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format

from servanda.planning.models import Assignment
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.filters.facets import Facet
from servanda.recommendations.register.exports import AddedColumns
from servanda.recommendations.register.rows import Row


def read_columns(pks: Sequence[int]) -> dict[int, dict[str, object]]:
    """By record: the codes of the lead and the supporting institutions, and the due date of the lead."""
    columns: dict[int, dict[str, Any]] = {}
    for assignment in Assignment.objects.current().filter(recommendation__in=pks).select_related("institution"):
        row = columns.setdefault(
            assignment.recommendation_id, {"lead_institution": None, "supporting_institutions": []}
        )
        if assignment.part == Assignment.Part.LEAD:
            row["lead_institution"] = assignment.institution.code
            row["due_on"] = assignment.due_on.isoformat() if assignment.due_on else None
        else:
            row["supporting_institutions"] = [*row["supporting_institutions"], assignment.institution.code]
    return columns


COLUMNS = AddedColumns(("lead_institution", "supporting_institutions", "due_on"), read_columns)


LEAD = Assignment.objects.current().leading().filter(recommendation=OuterRef("pk")).order_by()
# Annotations on the query of the records: the list is at its budget of queries.
BESIDE = {"lead": Subquery(LEAD.values("institution")), "lead_due": Subquery(LEAD.values("due_on"))}


def add_leads(rows: Sequence[Row], audience: Audience, facets: Sequence[Facet], *, on: date) -> None:
    """Add the lead and its deadline to rows whose internal side is open. Their query needs `BESIDE`."""
    options = next((facet.options for facet in facets if facet.key == "lead"), {})
    names = {option.stored[0]: option.label for option in options.values()}
    for row in rows:
        lead, due_on = vars(row.record)["lead"], vars(row.record)["lead_due"]
        if lead in names and audience.opens(row.record):
            row.lead = str(names[lead])
            row.due = date_format(due_on, "SHORT_DATE_FORMAT") if due_on else ""
            row.is_overdue = bool(due_on and due_on < on)
