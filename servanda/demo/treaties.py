"""The real status of Slovenia under treaties, as the depositary and Slovenia's own reports state it."""

from datetime import date
from typing import Any

from servanda.demo.reading import coordinator, read
from servanda.people.models import User
from servanda.recommendations.editing.treaty_links import link_to_treaty
from servanda.recommendations.models import Recommendation
from servanda.sources.models import TreatyStatus
from servanda.sources.treaties import services
from servanda.sources.treaties.services import ProcedureValues, ReservationValues, TreatyValues
from servanda.vocab.models import Instrument


def load() -> None:
    """Idempotent."""
    if TreatyStatus.objects.exists():
        return
    data, by = read("treaties"), coordinator()
    known = {instrument.code: instrument for instrument in Instrument.objects.all()}
    listed = services.list_treaties(instruments=[known[row["code"]] for row in data["treaties"]], by=by)
    statuses = {status.instrument.code: status for status in listed}
    for row in data["treaties"]:
        note = data["notes"].get(row.get("source"), "")
        enter(row, statuses[row["code"]], sources=data["sources"], note=note, by=by)
    for code, records in data["recommended"].items():
        asking = Recommendation.objects.filter(code__in=records)
        link_to_treaty(recommendations=asking, target=known[code], by=by)


def enter(row: dict[str, Any], status: TreatyStatus, *, sources: dict[str, str], note: str, by: User) -> None:
    """A row of the file; each procedure may name a source of its own."""
    source = sources.get(row.get("source", ""), "").format(chapter=row.get("chapter"))
    values = TreatyValues(
        signed_on=as_day(row.get("signed")),
        consent=row.get("consent", ""),
        deposited_on=as_day(row.get("deposited")),
        in_force_on=as_day(row.get("in_force")),
        source=source,
        note=note,
    )
    services.edit_treaty(status=status, values=values, seen=None, by=by)
    procedures = [
        ProcedureValues(
            kind=procedure["kind"], article=procedure.get("article", ""), source=sources[procedure["source"]]
        )
        for procedure in row.get("procedures", [])
    ]
    services.set_procedures(status=status, procedures=procedures, seen=None, by=by)
    for reservation in row.get("reservations", []):
        made = ReservationValues(
            kind=reservation["kind"],
            article=reservation["article"],
            text=reservation["text"],
            language="en",
            made_on=as_day(reservation["made"]),
            source=source,
        )
        services.add_reservation(status=status, values=made, objections=[], by=by)


def as_day(value: date | str | None) -> date | None:
    return date.fromisoformat(str(value)) if value else None
