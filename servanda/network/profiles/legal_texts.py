"""Texts of the legal act of a mechanism as files: examined like evidence, out of reach of the web server, one file a
language."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.network.files_in_languages import keep_file, restore_file, withdraw_file
from servanda.network.models import LegalText, MechanismProfile
from servanda.network.profiles.services import lock_editable
from servanda.people.models import User
from servanda.progress.evidence.services import Examined, examine

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
    if locked.legal_texts.filter(withdrawn_at=None).count() >= MOST_TEXTS:
        raise Refused(_("A profile has at most %(most)d files.") % {"most": MOST_TEXTS})
    row = LegalText(profile=locked, title=title, language=language, added_by=by)
    return keep_file(row, examined, action="legal-text-added")


@transaction.atomic
def withdraw_legal_text(*, text: LegalText, reason: str, by: User) -> None:
    """No one can download it any more. Raises `Refused` without a reason, and for one that is withdrawn."""
    withdraw_file(text, reason=reason, action="legal-text-withdrawn", by=by)


@transaction.atomic
def restore_legal_text(*, text: LegalText, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    restore_file(text, action="legal-text-restored", by=by)
