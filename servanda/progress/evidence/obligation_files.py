"""Files of an obligation: examined like evidence, out of reach of the web server, and never public."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.progress.evidence.services import Examined, examine
from servanda.sources.models import Obligation, ObligationFile
from servanda.sources.obligations.values import lock_obligation, refuse_without_permission
from servanda.sources.printed.reasons import required_reason
from servanda.trail.models import Event

FOLDER = "obligations"


def add_obligation_file(*, obligation: Obligation, file: File, name: str, kind: str, by: User) -> ObligationFile:
    """Store a file under a generated name. It is examined before any row is locked.

    Raises `Refused` (or `FieldRefused`) if it fails, if the obligation follows a communication, or for an unknown
    kind.
    """
    refuse_without_permission(by)
    return save_file(obligation, examine(file, name), kind=kind, by=by)


@transaction.atomic
def save_file(obligation: Obligation, examined: Examined, *, kind: str, by: User) -> ObligationFile:
    obligation = lock_obligation(obligation, by=by)
    if kind not in ObligationFile.Kind.values:
        raise FieldRefused("kind", _("Choose a value from the list."))
    row = ObligationFile(obligation=obligation, kind=kind, added_by=by)
    Event.record("obligation-file-added", obligation, by=by, difference={"file": ["", kind]})
    row.store(name=examined.name, mime=examined.mime, content=examined.content)
    return row


@transaction.atomic
def withdraw_obligation_file(*, file: ObligationFile, reason: str, by: User) -> None:
    """Withdraw a file: no one can download it any more. Raises `Refused` without a reason, or if it was withdrawn."""
    obligation = lock_obligation(file.obligation, by=by)
    locked = ObligationFile.objects.select_for_update().get(pk=file.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This has already been done."))
    locked.withdraw(required_reason(reason))
    difference = {"file": [locked.kind, ""], "reason": ["", locked.withdrawn_reason]}
    Event.record("obligation-file-withdrawn", obligation, by=by, difference=difference)
