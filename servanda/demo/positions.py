"""Invented proposals to reconsider noted recommendations."""

from typing import Any

from servanda.demo.reading import coordinator, day, read
from servanda.people.models import Institution, User
from servanda.planning.assignments.services import assign_institutions, current_on, mark
from servanda.planning.models import PositionProposal
from servanda.planning.positions.decisions import settle_position, state_of
from servanda.planning.positions.proposals import propose_position
from servanda.recommendations.models import Recommendation, Stand


def load() -> None:
    """Idempotent."""
    if PositionProposal.objects.exists():
        return
    data = read("positions")
    noted = Recommendation.objects.kept().filter(stand=Stand.NOTED, review__cycle=data["cycle"], assignments=None)
    records = list(noted.order_by("order_key", "pk")[: len(data["proposals"])])
    for record, rows in zip(records, data["proposals"], strict=False):
        propose(record, rows, data)
    for record in records[:1]:
        draft = {"stand": data["draft"]["stand"], "comment": data["comments"][data["draft"]["comment"]], "date": None}
        settle_position(recommendation=record, **draft, seen=state_of(record), by=coordinator())


def propose(record: Recommendation, rows: list[dict[str, str]], data: dict[str, Any]) -> None:
    """Assign the institutions to the record, and let each propose a position."""
    institutions = [Institution.objects.get(code=row["institution"]) for row in rows]
    lead, *supporting = institutions
    terms = {"since": day(0), "due_on": None, "note": data["note"], "seen": mark(current_on(record))}
    assign_institutions(recommendation=record, lead=lead, supporting=supporting, **terms, by=coordinator())
    for row, institution in zip(rows, institutions, strict=True):
        propose_position(
            recommendation=record,
            institution=institution,
            stand=row["stand"],
            comment=data["comments"].get(row.get("comment"), ""),
            seen="none",
            by=User.objects.get(email=data["speakers"][row["institution"]]),
        )
