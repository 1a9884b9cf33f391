"""Reservations and declarations in the spreadsheet of treaties: one in each row, of the treaty of its code."""

from dataclasses import asdict
from typing import Any, NamedTuple, cast

from django.db import models

from servanda.intake.sheets.reading import CellRefused, Row
from servanda.kit.database.sentences import gettext as _
from servanda.kit.files.tables import LONGEST_CELL
from servanda.kit.refusal import Refused
from servanda.people.versioning import difference_of
from servanda.sources.models import Objection, Reservation, TreatyStatus
from servanda.sources.treaties.objections import objection_line, read_objections, same_objections
from servanda.sources.treaties.services import (
    ObjectionValues,
    ReservationValues,
    refuse_impossible_reservation,
    save_objections,
)

NUMBER, KIND, OBJECTIONS = "reservation", "reservation kind", "objections"
DAYS = {
    "reservation made": "made_on",
    "reservation modified": "modified_on",
    "reservation withdrawn": "withdrawn_on",
}
TEXTS = {
    "reservation article": "article",
    "reservation text": "text",
    "reservation language": "language",
    "reservation source": "source",
}
COLUMNS = (
    *(NUMBER, KIND, "reservation article", "reservation text", "reservation language"),
    *(*DAYS, OBJECTIONS, "reservation source"),
)
COLUMNS_OF_FIELDS = {name: column for column, name in (DAYS | TEXTS).items() if name != "source"}


class Written(NamedTuple):
    """The change of a reservation by a row: the cells before and after."""

    pk: int
    is_new: bool
    cells: dict[str, list]


def cells_of(reservation: Reservation | None) -> dict[str, str]:
    """What each column says of it. States by their codes, which are the same in every language."""
    if reservation is None:
        return dict.fromkeys(COLUMNS, "")
    days = {column: getattr(reservation, name) for column, name in DAYS.items()}
    lines = (objection_line(row.country.code, row.made_on, row.text) for row in reservation.objections.all())
    return {
        NUMBER: str(reservation.pk),
        KIND: str(reservation.kind),
        **{column: getattr(reservation, name) for column, name in TEXTS.items()},
        **{column: day.isoformat() if day else "" for column, day in days.items()},
        OBJECTIONS: "\n".join(lines),
    }


def names_reservation(row: Row) -> bool:
    return any(row.entry(column) is not None for column in COLUMNS)


def write_reservation(row: Row, status: TreatyStatus, seen: set[int]) -> Written | None:
    """Add the reservation of the row, or change the one that it names; None if nothing changes. `seen` are those of
    the rows so far. Raises `CellRefused` or `FieldRefused` for a cell that cannot be."""
    if not names_reservation(row):
        return None
    present = find(row, status)
    if present is not None and present.pk in seen:
        raise CellRefused(NUMBER, _("an earlier row has the same reservation. Keep one of the two."))
    before, kept = cells_of(present), objections_of(present)
    values, objections = read_values(row, present), read_cell_of_objections(row, kept)
    refuse_impossible_reservation(status, values, objections)
    saved = present or Reservation(status=status)
    for name, value in asdict(values).items():
        setattr(saved, name, value)
    saved.save()
    if not same_objections(kept, objections):
        save_objections(saved, objections)
    seen.add(saved.pk)
    cells = difference_of(before, cells_of(Reservation.objects.get(pk=saved.pk)))
    cells.pop(NUMBER, None)
    return Written(saved.pk, present is None, cells) if cells else None


def restore_reservation(written: Written, status: TreatyStatus, row: Row) -> None:
    """Raises `Refused` if it was changed after the import, or no longer exists."""
    present = status.reservations.filter(pk=written.pk).first()
    if present is None:
        raise Refused(_("This reservation no longer exists."))
    now = cells_of(present)
    is_changed = any(now[column] != after for column, (_before, after) in written.cells.items())
    others = [column for column, value in now.items() if value and column not in written.cells and column != NUMBER]
    if is_changed or (written.is_new and others):
        raise Refused(_("It was changed after the import."))
    if written.is_new:
        if is_used(present):
            raise Refused(_("It is now in use."))
        present.delete()
        return
    cells = {column: before or "-" for column, (before, _after) in written.cells.items()}
    write_reservation(Row(row.number, row.where, cells | {NUMBER: str(written.pk)}), status, set())


def is_used(reservation: Reservation) -> bool:
    """Whether a row of another room points to it, such as a record that asks to withdraw it."""
    for relation in reservation._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: reservation})
        if relation.related_model is not Objection and rows.exists():
            return True
    return False


def find(row: Row, status: TreatyStatus) -> Reservation | None:
    """By its number; without one, the reservation with the same kind, article and text."""
    if not (number := row.entry(NUMBER)):
        same = {"kind": kind_in(row, Reservation.Kind.RESERVATION), "article": row.text("reservation article")}
        return status.reservations.filter(**same, text=row.text("reservation text")).first()
    found = status.reservations.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if found is None:
        sentence = _("this treaty has no reservation %(given)s. Leave the cell empty to add a new one.")
        raise CellRefused(NUMBER, sentence % {"given": number[:40]})
    return found


def kind_in(row: Row, current: str) -> str:
    return row.choice(KIND, Reservation.Kind.choices, current)


def read_values(row: Row, present: Reservation | None) -> ReservationValues:
    now = present or Reservation()
    texts: dict[str, Any] = {name: row.text(column, getattr(now, name)) for column, name in TEXTS.items()}
    for column, name in TEXTS.items():
        field = cast(models.Field, Reservation._meta.get_field(name))
        refuse_too_long(column, texts[name], field.max_length or LONGEST_CELL - 1)
    values: dict[str, Any] = {name: row.day(column, getattr(now, name)) for column, name in DAYS.items()}
    return ReservationValues(kind=kind_in(row, now.kind), **texts, **values)


def refuse_too_long(column: str, text: str, most: int) -> None:
    """Spreadsheet programs cut a cell at its limit: what is as long as that may have lost its end."""
    if len(text) > most:
        sentence = _("it is longer than %(most)d characters. Shorten it.")
        raise CellRefused(column, sentence % {"most": most})


def objections_of(reservation: Reservation | None) -> list[ObjectionValues]:
    rows = reservation.objections.select_related("country") if reservation else ()
    return [ObjectionValues(country=row.country, made_on=row.made_on, text=row.text) for row in rows]


def read_cell_of_objections(row: Row, kept: list[ObjectionValues]) -> list[ObjectionValues]:
    if (entry := row.entry(OBJECTIONS)) is None:
        return kept
    try:
        return read_objections(entry)
    except Refused as refusal:
        raise CellRefused(OBJECTIONS, refusal) from refusal
