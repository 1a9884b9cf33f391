"""Files of a proceeding: examined like evidence, out of reach of the web server, and shared only on request."""

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from servanda.people.models import User
from servanda.planning.assignments.services import required_reason
from servanda.proceedings.models import Proceeding, ProceedingFile
from servanda.proceedings.rules import lock_kept, refuse_erased, refuse_unless_running
from servanda.progress.evidence.services import Examined, examine
from servanda.trail.models import Event


def add_proceeding_file(
    *, proceeding: Proceeding, file: File, name: str, kind: str, is_shared: bool, by: User
) -> ProceedingFile:
    """Store a file under a generated name. It is examined before any row is locked. Raises `Refused` if it fails."""
    refuse_unless_running(by)
    return keep_file(proceeding, examine(file, name), kind=kind, is_shared=is_shared, by=by)


@transaction.atomic
def keep_file(proceeding: Proceeding, examined: Examined, *, kind: str, is_shared: bool, by: User) -> ProceedingFile:
    proceeding = lock_kept(proceeding)
    refuse_erased(proceeding)
    row = ProceedingFile(proceeding=proceeding, kind=kind, is_shared=is_shared, added_by=by)
    row.name, row.mime, row.size = examined.name, examined.mime, len(examined.content)
    row.file.save(examined.name, ContentFile(examined.content), save=False)
    try:
        row.save()
        Event.record("proceeding-file-added", proceeding, by=by, difference={"kind": ["", kind]})
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


@transaction.atomic
def withdraw_proceeding_file(*, file: ProceedingFile, reason: str, by: User) -> None:
    """Withdraw a file: nobody can download it any more."""
    refuse_unless_running(by)
    lock_kept(file.proceeding)
    reason = required_reason(reason)
    ProceedingFile.objects.filter(pk=file.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason
    )
    Event.record("proceeding-file-withdrawn", file.proceeding, by=by, difference={"reason": ["", reason]})
