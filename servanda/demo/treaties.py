"""The real status of Slovenia under treaties, as documents of its reviews state it."""

from datetime import date
from typing import Any

from servanda.demo.reading import coordinator, read
from servanda.people.models import User
from servanda.recommendations.editing.treaty_links import link_to_treaty
from servanda.recommendations.models import Recommendation
from servanda.sources.models import TreatyStatus
from servanda.sources.treaties import services
from servanda.sources.treaties.services import ProcedureValues, TreatyValues
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
        source, note = (data[part].get(row.get("source"), "") for part in ("sources", "notes"))
        enter(row, statuses[row["code"]], source=source, note=note, by=by)
    for code, records in data["recommended"].items():
        asking = Recommendation.objects.filter(code__in=records)
        link_to_treaty(recommendations=asking, target=known[code], by=by)


def enter(row: dict[str, Any], status: TreatyStatus, *, source: str, note: str, by: User) -> None:
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
            kind=procedure["kind"],
            article=procedure.get("article", ""),
            accepted_on=as_day(procedure.get("accepted")),
            source=source,
        )
        for procedure in row.get("procedures", [])
    ]
    services.set_procedures(status=status, procedures=procedures, seen=None, by=by)


def as_day(value: date | str | None) -> date | None:
    return date.fromisoformat(str(value)) if value else None
