"""Speakers stand by the labels that Servanda translated."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.trail.models import Event
from servanda.vocab.models import Confirmation
from servanda.vocab.provenance import waiting


@transaction.atomic
def confirm_labels(*, language: str, chosen: Iterable[str], by: User) -> int:
    """Confirm these labels; a new version of Servanda does not change their words.

    `chosen` holds values of labels, with a digest of the words that the person saw. Returns the number of labels.
    Raises `Refused` without labels, or if another user has changed or confirmed one of them.
    """
    values = set(chosen)
    labels = [label for label in waiting() if label.language == language and label.value in values]
    if not labels:
        raise Refused(
            _("Select the labels that are right. Some may have been changed or confirmed since you opened this page.")
        )
    if len(labels) < len(values):
        raise Refused(
            _(
                "Another user has changed or confirmed one of these labels since you opened this page. Check the "
                "list again."
            )
        )
    now = timezone.now()
    for label in labels:
        Confirmation.objects.update_or_create(
            file=label.file, code=label.code, language=language, defaults={"words": label.words, "at": now}
        )
    difference = {f"{label.file} {label.code}": ["", label.words] for label in labels}
    Event.record("labels-confirmed", by=by, label=language, difference=difference)
    return len(labels)
