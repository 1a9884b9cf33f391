"""A letter that was read from a file, attached to the communication that it belongs to."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.contents.files import keep_file
from servanda.proceedings.life.services import same_reference
from servanda.proceedings.models import Proceeding, ProceedingFile
from servanda.proceedings.rules import lock_kept, refuse_erased, refuse_unless_running, save_version
from servanda.progress.evidence.services import Examined, examine, plain_name
from servanda.sources.models import DocumentReading
from servanda.sources.units.withheld import is_confidential

Kind = ProceedingFile.Kind


def communication_of(reading: DocumentReading, user: User) -> Proceeding | None:
    """The communication with the reference of the letter, unless it has a document already."""
    if not reading.symbol or not is_confidential(reading):
        return None
    visible = Proceeding.objects.visible_to(user).filter(kind="communication", reading=None, erased_at=None)
    return visible.filter(reference__iregex=same_reference(reading.symbol)).order_by("pk").first()


def attach_letter(*, proceeding: Proceeding, reading: DocumentReading, by: User) -> ProceedingFile:
    """Add the file of the letter to its communication. It is examined before any row is locked.

    Raises `Refused` if the reference is another one, if a document is attached already, if the file is gone, or if it
    fails a check.
    """
    refuse_unless_running(by)
    examined = examined_file(reading)
    with transaction.atomic():
        row = lock_kept(proceeding)
        refuse_erased(row)
        refuse_other(row, reading)
        row.reading = reading
        save_version(row, "letter-attached", by=by, difference={})
        return keep_file(row, examined, kind=Kind.LETTER, is_shared=False, by=by)


def add_letter_file(*, proceeding: Proceeding, reading: DocumentReading, by: User) -> ProceedingFile:
    """Add the file of the letter to the communication created from it. Raises `Refused` as `attach_letter`."""
    refuse_unless_running(by)
    return keep_file(proceeding, examined_file(reading), kind=Kind.LETTER, is_shared=False, by=by)


def examined_file(reading: DocumentReading) -> Examined:
    batch = reading.batch
    if not batch.file or not batch.file.storage.exists(str(batch.file.name)):
        raise Refused(_("The file of this letter no longer exists. Add it on the page of the communication."))
    with batch.file.open("rb") as content:
        return examine(content, batch.name)


def refuse_other(proceeding: Proceeding, reading: DocumentReading) -> None:
    if proceeding.reading_id is not None:
        raise Refused(_("A document is attached to %(what)s already.") % {"what": proceeding})
    if not reading.symbol or not re.match(same_reference(reading.symbol), proceeding.reference, re.I):
        sentence = _("The letter has the reference %(reference)s. Attach it to the communication of that reference.")
        raise Refused(sentence % {"reference": reading.symbol or "–"})


@transaction.atomic
def detach_letter(*, proceeding: Proceeding, by: User) -> None:
    """Undo: withdraw the file that was attached; the document stays. Raises `Refused` if none is attached."""
    refuse_unless_running(by)
    row = lock_kept(proceeding)
    if row.reading is None:
        raise Refused(_("No document is attached."))
    files = row.files.filter(kind=Kind.LETTER, name=plain_name(row.reading.batch.name), withdrawn_at=None)
    for file in files.order_by("-pk")[:1]:
        file.withdraw(_("Attached by mistake."))
    row.reading = None
    save_version(row, "letter-detached", by=by, difference={})
