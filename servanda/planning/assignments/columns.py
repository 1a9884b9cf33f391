"""Who answers for each record of a list, and of its files."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.planning.models import Assignment
from servanda.recommendations.counting.counts import Audience
from servanda.recommendations.filters.facets import Facet
from servanda.recommendations.register.exports import Beside
from servanda.recommendations.register.listing import Row


def read_columns(pks: Sequence[int]) -> dict[int, dict[str, object]]:
    """By code, as other programs know institutions; the due date is that of the lead."""
    told: dict[int, dict[str, Any]] = {}
    for one in Assignment.objects.current().filter(recommendation__in=pks).select_related("institution"):
        row = told.setdefault(one.recommendation_id, {"lead_institution": None, "supporting_institutions": []})
        if one.part == Assignment.Part.LEAD:
            row["lead_institution"] = one.institution.code
            row["due_on"] = one.due_on.isoformat() if one.due_on else None
        else:
            row["supporting_institutions"] = [*row["supporting_institutions"], one.institution.code]
    return told


COLUMNS = Beside(("lead_institution", "supporting_institutions", "due_on"), read_columns)


LEAD = Assignment.objects.current().leading().filter(recommendation=OuterRef("pk")).order_by()
# Asked with the records themselves: the list has no question to spare.
BESIDE = {"lead": Subquery(LEAD.values("institution")), "lead_due": Subquery(LEAD.values("due_on"))}


def say_who_answers(rows: Sequence[Row], audience: Audience, facets: Sequence[Facet]) -> None:
    """The lead and its due date under each row of the list whose internal side is open; ask with `BESIDE`."""
    options = next((facet.options for facet in facets if facet.key == "lead"), {})
    names = {option.stored[0]: option.label for option in options.values()}
    for row in rows:
        lead, due_on = vars(row.record)["lead"], vars(row.record)["lead_due"]
        if lead in names and audience.opens(row.record):
            row.facts.append((_("Lead"), str(names[lead])))
            row.facts += [(_("Due"), date_format(due_on, "SHORT_DATE_FORMAT"))] if due_on else []
