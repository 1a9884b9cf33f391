"""Files of a proceeding: examined like evidence, out of reach of the web server, and shared only on request."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.models import Proceeding, ProceedingFile
from servanda.proceedings.rules import lock_kept, refuse_erased, refuse_unless_running
from servanda.progress.evidence.services import Examined, examine
from servanda.sources.printed.reasons import required_reason
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
    Event.record("proceeding-file-added", proceeding, by=by, difference={"kind": ["", kind]})
    row.store(name=examined.name, mime=examined.mime, content=examined.content)
    return row


@transaction.atomic
def withdraw_proceeding_file(*, file: ProceedingFile, reason: str, by: User) -> None:
    """Withdraw a file: no one can download it any more. Raises `Refused` without a reason, or if it was withdrawn."""
    refuse_unless_running(by)
    lock_kept(file.proceeding)
    reason = required_reason(reason)
    if (locked := ProceedingFile.objects.select_for_update().filter(pk=file.pk, withdrawn_at=None).first()) is None:
        raise Refused(_("This has already been done."))
    locked.withdraw(reason)
    Event.record("proceeding-file-withdrawn", file.proceeding, by=by, difference={"reason": ["", reason]})
