"""Texts of the legal act of a mechanism as files: examined like evidence, out of reach of the web server, one file a
language."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import LegalText, MechanismProfile
from servanda.network.profiles.services import lock_editable
from servanda.people.models import User
from servanda.progress.evidence.services import Examined, examine
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

MOST_TEXTS = 50


def add_legal_text(
    *, profile: MechanismProfile, file: File, name: str, title: str, language: str, by: User
) -> LegalText:
    """Store a file under a generated name. It is examined before any row is locked. Raises `Refused` if it fails or
    the profile was received, and `FieldRefused` without a title."""
    return keep_legal_text(profile, examine(file, name), title=title, language=language, by=by)


@transaction.atomic
def keep_legal_text(
    profile: MechanismProfile, examined: Examined, *, title: str, language: str, by: User
) -> LegalText:
    locked = lock_editable(profile)
    if not (title := clean_label(title)):
        raise FieldRefused("title", _("Required field."))
    if locked.legal_texts.filter(withdrawn_at=None).count() >= MOST_TEXTS:
        raise Refused(_("A profile has at most %(most)d files.") % {"most": MOST_TEXTS})
    row = LegalText(profile=locked, title=title, language=language, added_by=by)
    Event.record("legal-text-added", locked, by=by, difference={"title": ["", f"{title} ({language})"]})
    row.store(name=examined.name, mime=examined.mime, content=examined.content)
    return row


@transaction.atomic
def withdraw_legal_text(*, text: LegalText, reason: str, by: User) -> None:
    """No one can download it any more. Raises `Refused` without a reason, and for one that is withdrawn."""
    locked = lock_text(text)
    if locked.withdrawn_at is not None:
        raise Refused(_("This has already been done."))
    locked.withdraw(required_reason(reason))
    difference = {"title": ["", locked.title], "reason": ["", locked.withdrawn_reason]}
    Event.record("legal-text-withdrawn", locked.profile, by=by, difference=difference)


@transaction.atomic
def restore_legal_text(*, text: LegalText, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = lock_text(text)
    if locked.withdrawn_at is None:
        raise Refused(_("It is not withdrawn."))
    locked.withdrawn_at, locked.withdrawn_reason = None, ""
    locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    Event.record("legal-text-restored", locked.profile, by=by, difference={"title": ["", locked.title]})


def lock_text(text: LegalText) -> LegalText:
    return LegalText.objects.select_for_update(of=("self",)).select_related("profile").get(pk=text.pk)
