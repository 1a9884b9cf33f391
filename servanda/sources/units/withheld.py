"""Documents that stay confidential: letters of special procedures, reports of the SPT and the CPT until the State has
authorised their publication, and reports of the Inter-American Commission on the merits until it publishes them."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.language.documents.deadlines import MADE_PUBLIC, grants_time
from servanda.language.documents.paragraph_kinds import plain
from servanda.people.models import User
from servanda.sources.documents.families import BY_CODE
from servanda.sources.models import DocumentReading
from servanda.trail.models import Event
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Body

HOUR = timedelta(hours=1)
ON_AUTHORISATION = {"SPT": "CAT/OP/", "CPT": "CPT"}  # with how their symbols begin


def body_of(reading: DocumentReading) -> Body | None:
    """The body that a person chose, or that follows from the symbol."""
    pk = Lookup().body(reading.body) if reading.body else None
    if pk is None and reading.symbol:
        pk, _country = Lookup().body_of_symbol(reading.symbol)
    return Body.objects.get(pk=pk) if pk else None


def needs_authorisation(reading: DocumentReading) -> bool:
    """Whether its body publishes only what the State authorises."""
    if reading.family == "iachr" and is_unpublished(reading):
        return True
    if reading.body:
        return reading.body in ON_AUTHORISATION
    return reading.symbol.upper().startswith(tuple(ON_AUTHORISATION.values()))


def is_unpublished(reading: DocumentReading) -> bool:
    """Whether a report on the merits is the one that is transmitted to the State before its publication. As printed:
    a person may have changed the units."""
    texts = [plain(text) for text in reading.blocks.values_list("text", flat=True)]
    return any(map(grants_time, texts)) and not any(map(MADE_PUBLIC.search, texts))


def is_withheld(reading: DocumentReading) -> bool:
    """Whether the authorisation of its publication is missing, so that the records it adds are restricted."""
    return reading.released_on is None and needs_authorisation(reading)


def withheld_symbols() -> set[str]:
    """The symbols of applied reports of the SPT and the CPT whose publication the State has not authorised: their
    records are not published."""
    readings = DocumentReading.objects.filter(batch__state=Batch.State.APPLIED).exclude(symbol="").order_by()
    on_authorisation = Q(body__in=ON_AUTHORISATION)
    for beginning in ON_AUTHORISATION.values():
        on_authorisation |= Q(body="", symbol__istartswith=beginning)
    released = readings.exclude(released_on=None).values("symbol")
    withheld = readings.filter(on_authorisation, released_on=None).exclude(symbol__in=released)
    return set(withheld.values_list("symbol", flat=True))


def release_report(symbol: str, *, on: date) -> None:
    """Record in an imported report when the State authorised its publication. Its records stay restricted until a
    person opens them."""
    DocumentReading.objects.filter(symbol=symbol, released_on=None).update(released_on=on)


def is_confidential(reading: DocumentReading) -> bool:
    """Whether it is a letter that stays confidential until the procedures publish it."""
    return reading.family in BY_CODE and BY_CODE[reading.family].is_confidential


def stays_restricted(reading: DocumentReading) -> bool:
    return is_confidential(reading) or is_withheld(reading)


def record_view(reading: DocumentReading, *, by: User) -> None:
    """A line in the trail for each hour in which a person reads a confidential document, which may name victims."""
    if not stays_restricted(reading):
        return
    batch = reading.batch
    own = Event.objects.filter(actor=by, action="confidential-document-viewed", at__gt=timezone.now() - HOUR)
    if not own.filter(object_type=batch._meta.label_lower, object_id=str(batch.pk)).exists():
        Event.record("confidential-document-viewed", batch, by=by)


def is_withheld_import(batch: Batch) -> bool:
    reading = DocumentReading.objects.filter(batch=batch).first()
    return reading is not None and is_withheld(reading)
