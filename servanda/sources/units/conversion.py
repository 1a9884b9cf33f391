"""Converts files of older formats to DOCX before they are read."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from servanda.intake.models import Batch
from servanda.intake.services import tell_sender
from servanda.people.models import Notification
from servanda.sources.candidates import Unreadable
from servanda.sources.detect import TO_BE_CONVERTED, detect
from servanda.sources.files.old_formats import converted
from servanda.trail.models import Event

State = Batch.State


def is_to_be_converted(batch: Batch) -> bool:
    return batch.shape in TO_BE_CONVERTED


def convert_to_word(batch: Batch) -> None:
    """Replace the file by the converted DOCX and detect its kind; on failure, store the reason. A batch that is
    discarded in the meantime stays discarded."""
    Batch.objects.filter(pk=batch.pk).update(state=State.PREVIEWING, done=0, total=0, message="")
    waiting = Batch.objects.filter(pk=batch.pk, state=State.PREVIEWING)
    sent, kind = Path(batch.file.path), batch.shape
    try:
        with converted(sent, kind) as docx_path:
            shape, content = detect(docx_path).value, docx_path.read_bytes()
    except Unreadable as problem:
        with transaction.atomic():
            is_wanted = waiting.update(state=State.FAILED, message=str(problem))
            batch.refresh_from_db()
            if is_wanted:
                tell_sender(batch, Notification.Kind.IMPORT_FAILED)
        return
    batch.file.save(f"{batch.key}/{sent.stem}.docx", ContentFile(content), save=False)
    docx = Path(batch.file.path)
    with transaction.atomic():
        is_wanted = waiting.update(shape=shape, state=State.UPLOADED, file=batch.file.name)
        batch.refresh_from_db()
        if is_wanted:
            Event.record("import-converted", batch, difference={"shape": [kind, shape]})
    (sent if is_wanted else docx).unlink(missing_ok=True)
