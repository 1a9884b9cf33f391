"""Evaluations of a cooperation by the other side, stored and deleted as they are accepted or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from servanda.network.models import Cooperation, ReceivedEvaluation
from servanda.sources.printed.texts import clean, clean_label

LONGEST_SENDER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationValues:
    """An evaluation as the system of the mechanism published it at the address `origin`."""

    origin: str
    sender: str
    cooperation: Cooperation
    side: str
    rating: int
    text: str
    day: date
    received_on: date
    is_unsigned: bool
    is_invented: bool = False


@transaction.atomic
def write_evaluations(*, rows: Sequence[EvaluationValues]) -> None:
    """Keep what was accepted; the same evaluation again replaces what was received before."""
    delete_evaluations(origins=[row.origin for row in rows])
    ReceivedEvaluation.objects.bulk_create(
        ReceivedEvaluation(
            cooperation=row.cooperation,
            origin=row.origin,
            sender=clean_label(row.sender)[:LONGEST_SENDER],
            side=row.side,
            rating=row.rating,
            text=clean(row.text),
            day=row.day,
            received_on=row.received_on,
            is_unsigned=row.is_unsigned,
            is_invented=row.is_invented,
        )
        for row in rows
    )


@transaction.atomic
def delete_evaluations(*, origins: Sequence[str]) -> None:
    ReceivedEvaluation.objects.filter(origin__in=origins).delete()
