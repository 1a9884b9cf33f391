"""Editing of the units of a document before they are confirmed: correct, split, join, leave out."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.language.documents import units as language_units
from servanda.language.documents.paragraph_kinds import Kind
from servanda.language.documents.units import Gap, gaps_between
from servanda.people.models import User
from servanda.people.versioning import refuse_if_changed
from servanda.sources.models import DocumentReading, ReadUnit, ReadUnitQuerySet
from servanda.sources.units.questions import name_of, units_that_ask
from servanda.sources.units.reading import units_to_take
from servanda.sources.units.withheld import body_of, is_confidential, needs_authorisation
from servanda.trail.models import Event
from servanda.vocab.models import ObligationKind

State = Batch.State
OPEN = {State.UPLOADED, State.PREVIEWED, State.UNDONE}
CUT = re.compile(r"\s*\n[ \t]*\n\s*")
MOST_PARTS = 50
LONGEST_TEXT = 200_000
TERM = ("deadline", "deadline_count", "deadline_unit", "deadline_clock", "deadline_every", "deadline_day")
OF_RECORDS = (ReadUnit.Kind.RECOMMENDATION, ReadUnit.Kind.CONCERN)


def lock_unit(unit: ReadUnit, version: int) -> ReadUnit:
    """The current unit, locked. Raises `ChangedMeanwhile` if another user changed it, and `Refused` if the document
    can no longer be changed."""
    reopen(DocumentReading.objects.select_related("batch").get(pk=unit.reading_id))
    now = ReadUnit.objects.select_for_update().get(pk=unit.pk)
    sentence = _("Another user has changed this unit since you opened this page. Check it, then repeat your change.")
    refuse_if_changed(now.version, version, sentence)
    return now


def reopen(reading: DocumentReading) -> None:
    """Reset the confirmation and the previewed rows, because the units are about to change. Raises `Refused`."""
    batch = Batch.objects.select_for_update().get(pk=reading.batch_id)
    if batch.state not in OPEN or not batch.cleaned:
        refuse_closed(batch)
    if reading.confirmed_at or batch.state != State.UPLOADED:
        DocumentReading.objects.filter(pk=reading.pk).update(confirmed_at=None, confirmed_by=None)
        batch.rows.all().delete()
        Batch.objects.filter(pk=batch.pk).update(state=State.UPLOADED, done=0, message="")


def refuse_closed(batch: Batch) -> NoReturn:
    sentence = _("This document cannot be changed now: its import is %(state)s. Undo the import first.")
    raise Refused(sentence % {"state": batch.get_state_display()})


def save(unit: ReadUnit, by: User, *fields: str) -> None:
    unit.version += 1
    unit.changed_by = by
    unit.save(update_fields=[*fields, "version", "changed_by"])
    Event.record("unit-changed", unit.reading.batch, by=by, difference={"unit": str(unit), "changed": list(fields)})


@transaction.atomic
def edit_unit(
    *,
    unit: ReadUnit,
    number: str,
    kind: str,
    lead: str,
    text: str,
    is_follow_up: bool,
    is_dissemination: bool,
    deadline_day: date | None,
    due: str,
    articles: str,
    asked_by: str,
    version: int,
    by: User,
) -> None:
    """Correct a unit; `due` is what an obligation makes due, `articles` and `asked_by` belong to a question. Raises
    `Refused`."""
    unit = lock_unit(unit, version)
    if not text.strip():
        raise FieldRefused("text", _("Enter a text. To leave the unit out, select “Leave out”."))
    if kind in OF_RECORDS and is_confidential(unit.reading):
        raise FieldRefused("kind", _("A letter of special procedures is confidential: none of it becomes a record."))
    unit.number, unit.kind, unit.lead = number.strip(), kind, lead.strip()
    unit.text, unit.is_follow_up, unit.is_dissemination = text.strip(), is_follow_up, is_dissemination
    unit.deadline_day = deadline_day
    unit.articles, unit.asked_by = articles.strip(), asked_by
    if kind == ReadUnit.Kind.OBLIGATION:
        unit.due = due or unit.due or usually_due(unit)
    fields = ("number", "kind", "lead", "text", "is_follow_up", "is_dissemination", "deadline_day", "due")
    save(unit, by, *fields, "articles", "asked_by")


def usually_due(unit: ReadUnit) -> str:
    return ObligationKind.FOLLOW_UP if unit.is_follow_up else ObligationKind.OTHER


@transaction.atomic
def split_unit(*, unit: ReadUnit, text: str, version: int, by: User) -> int:
    """Split a unit at empty lines of its text; returns the number of parts. Raises `Refused`."""
    unit = lock_unit(unit, version)
    parts = [part.strip() for part in CUT.split(text.replace("\r\n", "\n")) if part.strip()]
    if len(parts) < 2:
        raise Refused(_("Insert an empty line where the next unit begins, then select “Split at the empty line”."))
    if len(parts) > MOST_PARTS:
        raise Refused(_("Split the unit into at most %(most)d parts at a time.") % {"most": MOST_PARTS})
    next_place = reading_order(unit.reading).filter(place__gt=unit.place).values_list("place", flat=True).first()
    step = ((next_place if next_place is not None else unit.place + 1) - unit.place) / len(parts)
    later = [part_of(unit, part, unit.place + step * nth) for nth, part in enumerate(parts[1:], 1)]
    ReadUnit.objects.bulk_create(later)
    unit.text = parts[0]
    save(unit, by, "text")
    return len(parts)


def part_of(unit: ReadUnit, text: str, place: float) -> ReadUnit:
    """A new unit for a part, with the number at the beginning of its text and the kind of its own words."""
    number, remaining_text = own_number(unit, text)
    return ReadUnit(
        reading=unit.reading,
        place=place,
        number=number,
        kind=language_units.kind_of_part(remaining_text, Kind(unit.kind)).value,
        lead=unit.lead,
        text=remaining_text,
        headings=unit.headings,
        page=unit.page,
        first_block=unit.first_block,
        last_block=unit.last_block,
        is_follow_up=unit.is_follow_up,
        is_dissemination=unit.is_dissemination,
        due=unit.due,
        combined=unit.combined,
        articles=unit.articles,
        asked_by=unit.asked_by,
        **{name: getattr(unit, name) for name in TERM},
    )


def own_number(unit: ReadUnit, text: str) -> tuple[str, str]:
    number, letter, remaining_text = language_units.mark_of_part(text)
    if letter:
        return f"{unit.number.split('(')[0]}({letter})", remaining_text
    return number or unit.number, remaining_text


@transaction.atomic
def join_unit(*, unit: ReadUnit, version: int, by: User) -> ReadUnit:
    """Append a unit to the one above it, which keeps its number and kind. Raises `Refused`."""
    unit = lock_unit(unit, version)
    above = reading_order(unit.reading).kept().filter(place__lt=unit.place).last()
    if above is None:
        raise Refused(_("There is no unit above this one to join it with."))
    above.text = f"{above.text} {unit.text}"
    above.last_block = max(above.last_block, unit.last_block)
    above.is_follow_up = above.is_follow_up or unit.is_follow_up
    above.is_dissemination = above.is_dissemination or unit.is_dissemination
    if not any(getattr(above, name) for name in TERM):
        for name in TERM:
            setattr(above, name, getattr(unit, name))
    save(above, by, "text", "last_block", "is_follow_up", "is_dissemination", *TERM)
    unit.is_dropped = True
    save(unit, by, "is_dropped")
    return above


@transaction.atomic
def drop_unit(*, unit: ReadUnit, version: int, by: User) -> None:
    """Exclude a unit from the import; it can be restored. Raises `Refused`."""
    unit = lock_unit(unit, version)
    unit.is_dropped = True
    save(unit, by, "is_dropped")


@transaction.atomic
def restore_unit(*, unit: ReadUnit, version: int, by: User) -> None:
    """Include a unit again. Raises `Refused`."""
    unit = lock_unit(unit, version)
    unit.is_dropped = False
    save(unit, by, "is_dropped")


@transaction.atomic
def describe_document(*, reading: DocumentReading, described: DocumentReading, by: User) -> None:
    """Set the facts about the document: body, State, symbol, language, date. Raises `Refused`."""
    reopen(reading)
    refuse_impossible_release(described)
    fields = ["body", "symbol", "title", "country", "language", "date", "released_on"]
    fields += ["with_concerns", "with_information"]
    for name in fields:
        setattr(reading, name, getattr(described, name))
    reading.save(update_fields=fields)
    Event.record("document-described", reading.batch, by=by, difference={"symbol": reading.symbol})


def refuse_impossible_release(described: DocumentReading) -> None:
    if described.released_on is None:
        return
    if described.released_on > timezone.localdate():
        raise FieldRefused("released_on", _("The date must be today or in the past."))
    if not needs_authorisation(described):
        raise FieldRefused("released_on", _("Only reports of the SPT and the CPT need this date. Leave it empty."))


@transaction.atomic
def confirm_units(*, reading: DocumentReading, numbering_is_right: bool, by: User) -> None:
    """Confirm the units, so that they can be imported. Raises `Refused`."""
    reopen(reading)
    asks = units_that_ask(reading).exists()
    if asks and not name_of(reading):
        raise Refused(_("Enter the document symbol or the title."))
    if not asks and not reading.body and not reading.symbol:
        raise Refused(_("Choose the body that issued the document, or enter the document symbol."))
    is_due = reading.units.kept().filter(kind=ReadUnit.Kind.OBLIGATION).exists()
    if is_due and body_of(reading) is None:
        raise Refused(_("Choose the body to which the obligations of this document are due."))
    if not is_due and not asks and not units_to_take(reading).exists():
        raise Refused(_("No units left to import. Include at least one unit again, or discard the import."))
    if gaps_of(reading) and not numbering_is_right:
        raise Refused(_("Numbers are missing. Correct them, or confirm that the numbering is right."))
    DocumentReading.objects.filter(pk=reading.pk).update(confirmed_by=by, confirmed_at=timezone.now())
    confirmed = units_to_take(reading).count() + units_that_ask(reading).count()
    Event.record("units-confirmed", reading.batch, by=by, difference={"units": confirmed})


def reading_order(reading: DocumentReading) -> ReadUnitQuerySet:
    return ReadUnit.objects.filter(reading=reading).order_by(F("place").asc(), "pk")


def gaps_of(reading: DocumentReading) -> Sequence[Gap]:
    """Gaps between the numbers of the units that are not left out."""
    numbers = reading.units.kept().values_list("number", flat=True)
    return gaps_between([language_units.Unit(number, Kind.INFORMATION, "") for number in numbers])
