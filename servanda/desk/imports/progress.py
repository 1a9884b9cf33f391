"""Where an import is: its steps, and what it is waiting for."""

from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.sources.models import DocumentReading
from servanda.sources.units.conversion import is_to_be_converted
from servanda.sources.units.reading import SHAPE as DOCUMENT

State = Batch.State


def steps_of(batch: Batch) -> list[str]:
    """Files of a known format need no step between sending and checking."""
    between = {"sheet": [_("Choose columns")], DOCUMENT: [_("Review units")]}.get(batch.shape, [])
    return [_("Send"), *between, _("Check"), _("Apply")]


def step_of(batch: Batch) -> int:
    """The number of the open step, from 1."""
    last = len(steps_of(batch))
    if batch.state in {State.APPLYING, State.APPLIED, State.UNDONE}:
        return last
    return 2 if batch.state == State.UPLOADED and not waiting_for(batch) else last - 1


def waiting_for(batch: Batch) -> str:
    """What the worker will do next with this file, or "" if a person is next."""
    if batch.state != State.UPLOADED or batch.shape == "sheet":
        return ""
    if is_to_be_converted(batch):
        return _("The file is being converted, which may take a minute.")
    if batch.shape != DOCUMENT:
        return _("The file is being compared with the register.")
    reading = DocumentReading.objects.filter(batch=batch).first()
    if reading is None:
        return _("The document is being read.")
    return _("The file is being compared with the register.") if reading.confirmed_at else ""
