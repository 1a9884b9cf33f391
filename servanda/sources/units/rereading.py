"""Reads a file as a document at the request of a person, after text recognition if it is a scan."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.intake.services import tell_sender
from servanda.kit.refusal import Refused
from servanda.people.models import Instance, Notification, User
from servanda.sources.candidates import Unreadable
from servanda.sources.files import scans
from servanda.sources.units.reading import SHAPE, read_into_units
from servanda.trail.models import Event

State = Batch.State
STARTED_FROM = (State.UPLOADED, State.PREVIEWED, State.FAILED, State.UNDONE)
PRINTED = ("working-group", "thematic-list")  # shapes for which a PDF or Word file may have been mistaken
UN_LANGUAGES = ("en", "fr", "es", "ar", "ru")


def can_be_read_as_document(batch: Batch) -> bool:
    return batch.shape in PRINTED and batch.state in STARTED_FROM and batch.cleaned and bool(batch.file)


def is_scan(batch: Batch) -> bool:
    """Whether reading failed because the pages are only pictures."""
    failed = batch.state == State.FAILED and batch.shape in (SHAPE, *PRINTED) and bool(batch.file)
    return failed and Path(batch.file.path).exists() and scans.is_scan(Path(batch.file.path))


def can_be_recognised(batch: Batch) -> bool:
    return scans.program() is not None and is_scan(batch)


@transaction.atomic
def read_as_document(*, batch: Batch, by: User) -> None:
    """Treat the file as a document to be read unit by unit. Raises `Refused`."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if not can_be_read_as_document(locked):
        raise Refused(_("Only a PDF or Word file that has not been applied can be read as a document."))
    locked.rows.all().delete()
    Batch.objects.filter(pk=locked.pk).update(shape=SHAPE, state=State.UPLOADED, done=0, total=0, message="")
    Event.record("read-as-document", locked, by=by, difference={"shape": [locked.shape, SHAPE]})


@transaction.atomic
def ask_for_recognition(*, batch: Batch, by: User) -> None:
    """Request text recognition of a scan, which is then read as a document. Raises `Refused`."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if not can_be_recognised(locked):
        raise Refused(
            _(
                "Text recognition is possible only for a scan that could not be read, and only if the recognition "
                "program is installed."
            )
        )
    Batch.objects.filter(pk=locked.pk).update(shape=SHAPE, state=State.PREVIEWING, done=0, total=0, message="")
    Event.record("recognition-asked", locked, by=by)


def recognise_and_read(batch: Batch) -> None:
    """Replace a scan by the same pages with recognised text, and read it; on failure, store the reason."""
    languages = dict.fromkeys([*Instance.current().language_codes(), *UN_LANGUAGES])
    path = Path(batch.file.path)
    try:
        content = scans.recognised(path, languages)
    except Unreadable as problem:
        with transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(state=State.FAILED, message=str(problem))
            batch.refresh_from_db()
            tell_sender(batch, Notification.Kind.IMPORT_FAILED)
        return
    batch.file.save(f"{batch.key}/{path.stem}-recognised.pdf", ContentFile(content), save=False)
    Batch.objects.filter(pk=batch.pk).update(file=batch.file.name)
    path.unlink(missing_ok=True)
    read_into_units(batch)
