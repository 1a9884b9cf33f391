"""The current position of the State on a record."""

from collections.abc import Iterable
from datetime import date

from servanda.recommendations.models import Position, Recommendation, Stand


def current_stand(positions: list[Position]) -> str:
    """The latest decided position; a pending one counts only while nothing is decided.

    Positions entered by hand are dated; sources rarely give a date, and among those an addendum outranks the report
    that it answers.
    """
    decided = [position for position in positions if not position.is_draft]
    if not decided:
        return ""
    return max(decided, key=weight).stand


def stand_of(record: Recommendation, positions: list[Position]) -> str:
    """The current position; empty where States take no position on such records, whatever a source states."""
    return current_stand(positions) if record.takes_position else ""


def weight(position: Position) -> tuple[bool, date, bool, int]:
    is_decided = position.stand != Stand.PENDING
    return is_decided, position.date or date.min, "/Add." in position.symbol, position.pk or 0


def refresh_stands(pks: Iterable[int]) -> None:
    """Update `stand` from the current positions."""
    positions: dict[int, list[Position]] = {pk: [] for pk in pks}
    for position in Position.objects.current().filter(recommendation__in=pks):
        positions[position.recommendation_id].append(position)
    stale = [
        record
        for record in Recommendation.objects.filter(pk__in=pks).select_related("body").only("pk", "stand", "body")
        if record.stand != stand_of(record, positions[record.pk])
    ]
    for record in stale:
        record.stand = stand_of(record, positions[record.pk])
    Recommendation.objects.bulk_update(stale, ["stand"])
