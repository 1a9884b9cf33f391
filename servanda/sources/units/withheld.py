"""Documents that stay confidential: letters of special procedures, and reports of the SPT and the CPT until the State
has authorised their publication."""

from servanda.intake.models import Batch
from servanda.sources.models import DocumentReading
from servanda.sources.units.reading import is_confidential
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Body

ON_AUTHORISATION = {"SPT": "CAT/OP/", "CPT": "CPT"}  # with how their symbols begin


def body_of(reading: DocumentReading) -> Body | None:
    """The body that a person chose, or that follows from the symbol."""
    pk = Lookup().body(reading.body) if reading.body else None
    if pk is None and reading.symbol:
        pk, _country = Lookup().body_of_symbol(reading.symbol)
    return Body.objects.get(pk=pk) if pk else None


def needs_authorisation(reading: DocumentReading) -> bool:
    """Whether its body publishes only what the State authorises."""
    if reading.body:
        return reading.body in ON_AUTHORISATION
    return reading.symbol.upper().startswith(tuple(ON_AUTHORISATION.values()))


def is_withheld(reading: DocumentReading) -> bool:
    """Whether nothing says that its publication was authorised: what it adds is restricted."""
    return reading.released_on is None and needs_authorisation(reading)


def stays_restricted(reading: DocumentReading) -> bool:
    return is_confidential(reading) or is_withheld(reading)


def is_withheld_import(batch: Batch) -> bool:
    reading = DocumentReading.objects.filter(batch=batch).first()
    return reading is not None and is_withheld(reading)
