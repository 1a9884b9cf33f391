"""Builders for treaties."""

from servanda.people.models import User
from servanda.recommendations.models import Recommendation, RecordInstrument, RecordReservation
from servanda.sources.models import Reservation, TreatyStatus
from servanda.vocab.models import Body, Instrument


def instrument(code: str = "CEDAW", **fields) -> Instrument:
    fields = {"name": f"Convention {code}", "system": "UN", "adopted_on": "1979-12-18"} | fields
    return Instrument.objects.get_or_create(code=code, defaults=fields)[0]


def treaty(code: str = "CEDAW", *, body: Body | None = None, **fields) -> TreatyStatus:
    """A treaty on the list; without fields, nothing is known of it."""
    holder = instrument(code, body=body) if body else instrument(code)
    return TreatyStatus.objects.get_or_create(instrument=holder, defaults=fields)[0]


def reservation(status: TreatyStatus, **fields) -> Reservation:
    return Reservation.objects.create(status=status, **{"text": "The State does not consider itself bound."} | fields)


def linked(record: Recommendation, to: Instrument, withdraw: Reservation, by: User) -> None:
    """The record asks to ratify the treaty and to withdraw the reservation."""
    RecordInstrument.objects.create(recommendation=record, instrument=to, said_by=by)
    RecordReservation.objects.create(recommendation=record, reservation=withdraw, said_by=by)
