"""The State's status under treaties: list, edit, procedures, reservations with objections."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date

from django.db import transaction

from servanda.kit.database.sentences import gettext as _
from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people import versioning
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed
from servanda.sources.models import AcceptedProcedure, Objection, Reservation, TreatyStatus
from servanda.trail.models import Event
from servanda.vocab.models import Country, Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyValues:
    signed_on: date | None = None
    consent: str = ""
    consent_on: date | None = None
    deposited_on: date | None = None
    in_force_on: date | None = None
    denounced_on: date | None = None
    territory: str = ""
    opted_out_on: date | None = None
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureValues:
    kind: str
    article: str = ""
    accepted_on: date | None = None
    withdrawn_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionValues:
    country: Country
    made_on: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationValues:
    kind: str
    article: str = ""
    text: str = ""
    language: str = ""
    made_on: date | None = None
    modified_on: date | None = None
    withdrawn_on: date | None = None
    source: str = ""


VALUES = [field.name for field in fields(TreatyValues)]
# Each pair in the order in which the days can come; the later one is named in the refusal.
IN_ORDER = (
    ("signed_on", "consent_on"),
    ("consent_on", "deposited_on"),
    ("signed_on", "deposited_on"),
    ("signed_on", "in_force_on"),
    ("in_force_on", "denounced_on"),
)


@transaction.atomic
def list_treaties(*, instruments: Iterable[Instrument], by: User) -> list[TreatyStatus]:
    """Put these instruments on the list of treaties, without any fact yet. Returns those that are new there."""
    known = set(TreatyStatus.objects.values_list("instrument", flat=True))
    new = [create(instrument, by=by) for instrument in instruments if instrument.pk not in known]
    if new:
        codes = [status.instrument.code for status in new]
        Event.record("treaties-listed", by=by, label=", ".join(codes)[:200], difference={"treaties": ["", codes]})
    return new


def create(instrument: Instrument, *, by: User) -> TreatyStatus:
    status = TreatyStatus(instrument=instrument, version=0)
    versioning.save_version(status, "treaties-listed", by=by)
    return status


@transaction.atomic
def remove_treaty(*, status: TreatyStatus, by: User) -> None:
    """Take a treaty off the list again. Raises `Refused` once something is recorded about it."""
    locked = lock(status)
    if any(facts(locked).values()) or locked.procedures.exists() or locked.reservations.exists():
        raise Refused(_("A treaty with recorded facts cannot be removed from the list."))
    Event.record("treaty-removed", locked, by=by, label=locked.instrument.code)
    locked.delete()


@transaction.atomic
def edit_treaty(*, status: TreatyStatus, values: TreatyValues, seen: int | None, by: User) -> TreatyStatus:
    """Raises `ChangedMeanwhile` if another user saved it since, and `FieldRefused` for impossible days."""
    locked = lock(status)
    refuse_stale(locked, seen)
    refuse_impossible(locked.instrument, values)
    before = facts(locked)
    set_values(locked, values)
    if difference := difference_of(before, facts(locked)):
        save_version(locked, "treaty-edited", difference, by=by)
    return locked


@transaction.atomic
def set_procedures(
    *, status: TreatyStatus, procedures: Sequence[ProcedureValues], seen: int | None, by: User
) -> TreatyStatus:
    """Replace the procedures that the State accepted under this treaty.

    Raises `ChangedMeanwhile` if another user saved the treaty since, and `FieldRefused` for an impossible procedure.
    """
    locked = lock(status)
    refuse_stale(locked, seen)
    for procedure in procedures:
        refuse_impossible_procedure(procedure)
    before = procedures_in_words(locked)
    locked.procedures.all().delete()
    AcceptedProcedure.objects.bulk_create(AcceptedProcedure(status=locked, **asdict(row)) for row in procedures)
    if (after := procedures_in_words(locked)) != before:
        save_version(locked, "treaty-procedures-set", {"procedures": [before, after]}, by=by)
    return locked


@transaction.atomic
def add_reservation(
    *, status: TreatyStatus, values: ReservationValues, objections: Sequence[ObjectionValues], by: User
) -> Reservation:
    locked = lock(status)
    refuse_impossible_reservation(locked, values, objections)
    reservation = Reservation.objects.create(status=locked, **asdict(values))
    save_objections(reservation, objections)
    save_version(locked, "reservation-added", {"reservation": ["", in_trail(reservation)]}, by=by)
    return reservation


@transaction.atomic
def edit_reservation(
    *,
    reservation: Reservation,
    values: ReservationValues,
    objections: Sequence[ObjectionValues],
    seen: int | None,
    by: User,
) -> Reservation:
    status = lock(reservation.status)
    refuse_stale(status, seen)
    refuse_impossible_reservation(status, values, objections)
    edited = Reservation.objects.get(pk=reservation.pk)
    before = in_trail(edited)
    for name, value in asdict(values).items():
        setattr(edited, name, value)
    edited.save()
    save_objections(edited, objections)
    if (after := in_trail(edited)) != before:
        save_version(status, "reservation-edited", {"reservation": [before, after]}, by=by)
    return edited


@transaction.atomic
def remove_reservation(*, reservation: Reservation, by: User) -> None:
    """Delete a reservation that was entered by mistake; one that the State withdrew gets the date of that.

    Raises `Refused` if another user has deleted it.
    """
    status = lock(reservation.status)
    gone = Reservation.objects.filter(pk=reservation.pk).first()
    if gone is None:
        raise Refused(_("Another user has just done this."))
    before = in_trail(gone)
    gone.delete()
    save_version(status, "reservation-removed", {"reservation": [before, ""]}, by=by)


def names_of_days() -> dict[str, str]:
    return {field.name: str(field.verbose_name) for field in TreatyStatus._meta.fields}


def refuse_impossible(instrument: Instrument, values: TreatyValues) -> None:
    """Raises `FieldRefused` with the field whose day cannot be."""
    for earlier, later in IN_ORDER:
        first, second = getattr(values, earlier), getattr(values, later)
        if first and second and second < first:
            sentence = _("This date is before %(day)s (%(what)s).")
            what = names_of_days()[earlier]
            raise FieldRefused(later, sentence % {"day": in_words(first), "what": what})
    for name in ("signed_on", "consent_on", "deposited_on"):
        given = getattr(values, name)
        if given and instrument.adopted_on and given < instrument.adopted_on:
            sentence = _("The treaty was adopted on %(day)s. This date is earlier.")
            raise FieldRefused(name, sentence % {"day": in_words(instrument.adopted_on)})
    if values.in_force_on and instrument.in_force_on and values.in_force_on < instrument.in_force_on:
        sentence = _("The treaty entered into force on %(day)s. This date is earlier.")
        raise FieldRefused("in_force_on", sentence % {"day": in_words(instrument.in_force_on)})
    needs_consent = ("consent_on", "deposited_on", "in_force_on", "denounced_on")
    if not values.consent and any(getattr(values, name) for name in needs_consent):
        raise FieldRefused("consent", _("Select how the State consented: ratification, accession or succession."))


def refuse_impossible_procedure(procedure: ProcedureValues) -> None:
    if procedure.accepted_on and procedure.withdrawn_on and procedure.withdrawn_on < procedure.accepted_on:
        raise FieldRefused("withdrawn_on", _("The withdrawal is before the acceptance."))


def refuse_impossible_reservation(
    status: TreatyStatus, values: ReservationValues, objections: Sequence[ObjectionValues]
) -> None:
    if not values.text.strip():
        raise FieldRefused("text", _("Enter the text of the reservation or declaration."))
    if values.made_on and values.withdrawn_on and values.withdrawn_on < values.made_on:
        raise FieldRefused("withdrawn_on", _("The withdrawal is before the reservation was made."))
    adopted = status.instrument.adopted_on
    if values.made_on and adopted and values.made_on < adopted:
        sentence = _("The treaty was adopted on %(day)s. This date is earlier.")
        raise FieldRefused("made_on", sentence % {"day": in_words(adopted)})
    countries = [objection.country.pk for objection in objections]
    if len(countries) > len(set(countries)):
        raise FieldRefused("objections", _("A State is named twice. Enter each objecting State once."))


def save_objections(reservation: Reservation, objections: Sequence[ObjectionValues]) -> None:
    reservation.objections.all().delete()
    Objection.objects.bulk_create(Objection(reservation=reservation, **shallow(row)) for row in objections)


def shallow(row: ObjectionValues) -> dict:
    return {"country": row.country, "made_on": row.made_on, "text": row.text}


def lock(status: TreatyStatus) -> TreatyStatus:
    return TreatyStatus.objects.select_for_update(of=("self",)).select_related("instrument").get(pk=status.pk)


def refuse_stale(status: TreatyStatus, seen: int | None) -> None:
    refuse_if_changed(status.version, seen, overwriting_conflict(status.instrument.code))


def set_values(status: TreatyStatus, values: TreatyValues) -> None:
    for name in VALUES:
        value = getattr(values, name)
        setattr(status, name, value.strip() if isinstance(value, str) else value)


def values_of(status: TreatyStatus) -> TreatyValues:
    return TreatyValues(**{name: getattr(status, name) for name in VALUES})


def facts(status: TreatyStatus) -> dict[str, str]:
    return {name: "" if (value := getattr(status, name)) is None else str(value) for name in VALUES}


def procedures_in_words(status: TreatyStatus) -> str:
    rows = status.procedures.values_list("kind", "article", "accepted_on", "withdrawn_on", "source")
    return "; ".join(" ".join(str(cell) for cell in row if cell) for row in rows)


def in_trail(reservation: Reservation) -> str:
    """A reservation with its objections in one line, so that any change of it is one change of this line."""
    cells = [reservation.kind, reservation.article, reservation.made_on, reservation.modified_on]
    cells += [reservation.withdrawn_on, reservation.language, reservation.text, reservation.source]
    objections = reservation.objections.values_list("country__code", "made_on", "text").order_by("country__code")
    cells += [" ".join(str(cell) for cell in row if cell) for row in objections]
    return " | ".join(str(cell) for cell in cells if cell)


def save_version(status: TreatyStatus, action: str, difference: dict, *, by: User) -> None:
    versioning.save_version(status, action, by=by)
    Event.record(action, status, by=by, label=status.instrument.code, difference=difference)
