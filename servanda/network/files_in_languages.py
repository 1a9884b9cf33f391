"""Files in one language, of a course, a meeting or a profile: examined like evidence, withdrawn and restored."""

from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models.files import FileInLanguage
from servanda.people.models import User
from servanda.progress.evidence.services import Examined
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event


def keep_file[OneFile: FileInLanguage](row: OneFile, examined: Examined, *, action: str) -> OneFile:
    """Store an examined file; `action` is the line in the trail. Raises `FieldRefused` without a title."""
    row.title = clean_label(row.title)
    if not row.title:
        raise FieldRefused("title", _("Required field."))
    title = {"title": ["", f"{row.title} ({row.language})"]}
    Event.record(action, row.owner, by=row.added_by, difference=title)
    row.store(name=examined.name, mime=examined.mime, content=examined.content)
    return row


def withdraw_file(file: FileInLanguage, *, reason: str, action: str, by: User) -> None:
    """No one can download it any more. Raises `Refused` without a reason, and for one that is withdrawn."""
    locked = lock_file(file)
    if locked.withdrawn_at is not None:
        raise Refused(_("This has already been done."))
    locked.withdraw(required_reason(reason))
    difference = {"title": ["", locked.title], "reason": ["", locked.withdrawn_reason]}
    Event.record(action, locked.owner, by=by, difference=difference)


def restore_file(file: FileInLanguage, *, action: str, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = lock_file(file)
    if locked.withdrawn_at is None:
        raise Refused(_("It is not withdrawn."))
    locked.withdrawn_at, locked.withdrawn_reason = None, ""
    locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    Event.record(action, locked.owner, by=by, difference={"title": ["", locked.title]})


def lock_file[OneFile: FileInLanguage](file: OneFile) -> OneFile:
    rows = type(file)._default_manager.select_for_update(of=("self",)).select_related(file.OWNER)
    return rows.get(pk=file.pk)
