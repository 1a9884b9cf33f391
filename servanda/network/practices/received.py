"""What another system sent about practices: written, replaced and deleted as it was accepted, never edited here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from i18nfield.strings import LazyI18nString

from servanda.network.models import Practice, ReceivedEndorsement
from servanda.network.practices.services import (
    LONGEST_MECHANISM,
    TEXTS,
    PracticeText,
    PracticeValues,
    State,
    cleaned,
    set_values,
    write_parts,
)
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.sources.printed.texts import clean, clean_label
from servanda.trail.models import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEndorsementValues:
    """The experience of another mechanism, as the system of the practice publishes it."""

    mechanism: str
    kind: str
    day: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPractice:
    """A practice as another system published it at the address `origin`, on the day `changed`."""

    origin: str
    sender: str
    changed: date
    language: str
    texts: Mapping[str, PracticeText]
    is_unsigned: bool = False
    is_for_members: bool = False
    endorsements: Sequence[ReceivedEndorsementValues] = ()


@transaction.atomic
def receive_practice(*, received: ReceivedPractice, values: PracticeValues, by: User | None) -> Practice:
    """Keep what a person accepted; the same practice again replaces what was received before."""
    practice = Practice.objects.select_for_update().filter(origin=received.origin).first()
    if practice is None:
        practice = Practice(origin=received.origin, version=0)
    practice.state, practice.sender, practice.language = State.RECEIVED, received.sender, received.language
    practice.received_on, practice.is_unsigned = received.changed, received.is_unsigned
    practice.is_for_members = received.is_for_members
    practice.withdrawn_at, practice.withdrawn_reason = None, ""
    for name in TEXTS:
        by_language = {code: cleaned(name, getattr(text, name)) for code, text in received.texts.items()}
        setattr(practice, name, LazyI18nString({code: said for code, said in by_language.items() if said}))
    practice.languages = " ".join(dict.fromkeys([received.language, *received.texts]))
    set_values(practice, values, by=by)
    save_version(practice, "practice-received", by=by, difference={"origin": ["", received.origin]})
    write_parts(practice, values)
    practice.received_endorsements.filter(origin="").delete()
    ReceivedEndorsement.objects.bulk_create(
        ReceivedEndorsement(
            practice=practice,
            mechanism=clean_label(row.mechanism)[:LONGEST_MECHANISM],
            kind=row.kind,
            day=row.day,
            note=clean(row.note),
        )
        for row in received.endorsements
    )
    return practice


@transaction.atomic
def delete_received(*, origins: Sequence[str]) -> int:
    """Delete practices that a peer withdrew, with everything that belongs to them. Returns how many."""
    rows = Practice.objects.filter(state=State.RECEIVED, origin__in=origins)
    names = [str(row) for row in rows]
    rows.delete()
    for name in names:
        Event.record("practice-deleted", label=name[:200])
    return len(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEndorsementValues:
    """The experience of another mechanism with a practice that is here, as its own system published it."""

    origin: str
    sender: str
    practice: Practice
    kind: str
    day: date
    note: str
    received_on: date
    is_unsigned: bool
    is_invented: bool = False


@transaction.atomic
def write_endorsements(*, rows: Sequence[OwnEndorsementValues]) -> None:
    """Keep what was accepted; the same endorsement again replaces what was received before."""
    delete_endorsements(origins=[row.origin for row in rows])
    ReceivedEndorsement.objects.bulk_create(
        ReceivedEndorsement(
            practice=row.practice,
            origin=row.origin,
            mechanism=clean_label(row.sender)[:LONGEST_MECHANISM],
            kind=row.kind,
            day=row.day,
            note=clean(row.note),
            received_on=row.received_on,
            is_unsigned=row.is_unsigned,
            is_invented=row.is_invented,
        )
        for row in rows
    )


@transaction.atomic
def delete_endorsements(*, origins: Sequence[str]) -> None:
    ReceivedEndorsement.objects.filter(origin__in=[origin for origin in origins if origin]).delete()
