"""Link records with the treaties that they ask to ratify, and with the reservations that they ask to withdraw."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock
from servanda.recommendations.models import Recommendation, RecordInstrument, RecordReservation
from servanda.sources.models import Reservation
from servanda.trail.models import Event
from servanda.vocab.models import Instrument

type Target = Instrument | Reservation


@transaction.atomic
def link_to_treaty(*, recommendations: Iterable[Recommendation], target: Target, by: User) -> int:
    """Record that these ask to ratify the treaty, or to withdraw the reservation. Returns how many are new."""
    added = 0
    for recommendation in sorted(recommendations, key=lambda record: record.pk):
        record = lock(recommendation)
        if find(record, target).exists():
            continue
        create(record, target, by=by)
        Event.record("treaty-linked", record, by=by, difference={"treaty": ["", name_of(target)]})
        added += 1
    return added


@transaction.atomic
def unlink_from_treaty(*, recommendation: Recommendation, target: Target, by: User) -> None:
    """Raises `Refused` if they are not linked."""
    record = lock(recommendation)
    if not find(record, target).update(ended_at=timezone.now()):
        raise Refused(_("This record is not linked to the treaty."))
    Event.record("treaty-unlinked", record, by=by, difference={"treaty": [name_of(target), ""]})


@transaction.atomic
def set_treaty_links(*, recommendation: Recommendation, targets: Iterable[Target], by: User) -> None:
    """Link the record with these treaties and reservations, and with no others."""
    wanted = list(targets)
    for target in targets_of(recommendation):
        if target not in wanted:
            unlink_from_treaty(recommendation=recommendation, target=target, by=by)
    for target in wanted:
        link_to_treaty(recommendations=[recommendation], target=target, by=by)


def targets_of(recommendation: Recommendation) -> list[Target]:
    instruments = RecordInstrument.objects.current().filter(recommendation=recommendation)
    reservations = RecordReservation.objects.current().filter(recommendation=recommendation)
    return [
        *(link.instrument for link in instruments.select_related("instrument")),
        *(link.reservation for link in reservations.select_related("reservation__status__instrument")),
    ]


def create(record: Recommendation, target: Target, *, by: User) -> None:
    if isinstance(target, Instrument):
        RecordInstrument.objects.create(recommendation=record, instrument=target, said_by=by)
    else:
        RecordReservation.objects.create(recommendation=record, reservation=target, said_by=by)


def find(record: Recommendation, target: Target) -> QuerySet[RecordInstrument] | QuerySet[RecordReservation]:
    if isinstance(target, Instrument):
        return RecordInstrument.objects.current().filter(recommendation=record, instrument=target)
    return RecordReservation.objects.current().filter(recommendation=record, reservation=target)


def name_of(target: Target) -> str:
    if isinstance(target, Instrument):
        return target.code
    return f"{target.status.instrument.code} {target.kind} {target.article}".strip()
