"""Extensions: what the State asked for, and what the body answered. A grant moves the deadline and keeps the old
one.

`ask`, `answer` and `take_back` change a row that their caller has locked, also that of a proceeding.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.sources.models import Extension, Obligation
from servanda.sources.obligations.values import DayFrom, lock_obligation
from servanda.sources.printed.texts import clean
from servanda.vocab.models import Certainty


@transaction.atomic
def ask_extension(
    *, obligation: Obligation, asked_on: date, asked_until: date | None, ground: str, by: User
) -> Extension:
    """Record that the State asked for more time.

    Raises `Refused` (or `FieldRefused`) if a request is still open, the ground is missing, the request lies in the
    future, or the new deadline is not later than the present one.
    """
    locked = lock_obligation(obligation, by=by)
    return ask(locked, asked_on=asked_on, asked_until=asked_until, ground=ground, by=by)


def ask(obligation: Obligation, *, asked_on: date, asked_until: date | None, ground: str, by: User) -> Extension:
    if obligation.extensions.filter(answered_on=None).exists():
        raise Refused(_("An earlier request for an extension has no answer yet. Enter the answer first."))
    if not (text := clean(ground)):
        raise FieldRefused("ground", _("Enter the ground on which the extension is requested."))
    refuse_future("asked_on", asked_on)
    refuse_earlier("asked_until", asked_until, obligation)
    extension = Extension.objects.create(
        obligation=obligation,
        asked_on=asked_on,
        asked_until=asked_until,
        ground=text,
        due_before=obligation.due_on,
        day_from_before=obligation.day_from,
        certainty_before=obligation.certainty,
    )
    facts = (str(asked_on), str(asked_until or ""), text)
    difference = {"extension": ["", " · ".join(filter(None, facts))]}
    save_version(obligation, "extension-asked", by=by, difference=difference)
    return extension


@transaction.atomic
def answer_extension(*, extension: Extension, answered_on: date, granted_until: date | None, by: User) -> None:
    """Record the answer of the body: a grant moves the deadline, without a day the request is refused.

    Raises `Refused` (or `FieldRefused`) if it was answered already, if the answer lies in the future, or if a day is
    before the one it follows.
    """
    locked = lock_obligation(extension.obligation, by=by)
    answer(locked, extension, answered_on=answered_on, granted_until=granted_until, by=by)


def answer(
    obligation: Obligation, extension: Extension, *, answered_on: date, granted_until: date | None, by: User
) -> None:
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if extension.answered_on is not None:
        raise Refused(_("This request has already been answered."))
    if answered_on < extension.asked_on:
        raise FieldRefused("answered_on", _("Enter a date that is not before the request."))
    refuse_future("answered_on", answered_on)
    if granted_until is not None:
        refuse_earlier("granted_until", granted_until, obligation)
    extension.answered_on, extension.granted_until = answered_on, granted_until
    extension.due_before, extension.day_from_before = obligation.due_on, obligation.day_from
    extension.certainty_before = obligation.certainty
    extension.save()
    if granted_until is None:
        save_version(obligation, "extension-refused", by=by, difference={"extension": ["", str(answered_on)]})
        return
    before = str(obligation.due_on or "")
    move_steps(obligation, granted_until)
    obligation.due_on, obligation.day_from, obligation.certainty = granted_until, DayFrom.EXTENSION, Certainty.FIXED
    obligation.is_past_at_entry = False
    save_version(obligation, "extension-granted", by=by, difference={"due_on": [before, str(granted_until)]})


@transaction.atomic
def take_back_extension(*, extension: Extension, by: User) -> None:
    """Take back the answer, which restores the deadline; without an answer, the request itself.

    Raises `Refused` if a later request builds on it, or if the deadline was changed since.
    """
    take_back(lock_obligation(extension.obligation, by=by), extension, by=by)


def take_back(obligation: Obligation, extension: Extension, *, by: User) -> None:
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if obligation.extensions.filter(pk__gt=extension.pk).exists():
        raise Refused(_("A later request for an extension exists. Remove that one first."))
    before = str(obligation.due_on or "")
    if extension.answered_on is None:
        removed = f"{extension.asked_on} · {extension.ground}"
        extension.delete()
        save_version(obligation, "extension-taken-back", by=by, difference={"extension": [removed, ""]})
        return
    if extension.granted_until is not None:
        if obligation.due_on != extension.granted_until:
            raise Refused(_("The deadline was changed after the extension. Correct it by editing the obligation."))
        move_steps(obligation, extension.due_before)
        obligation.due_on, obligation.day_from = extension.due_before, extension.day_from_before
        obligation.certainty = extension.certainty_before
    extension.answered_on, extension.granted_until = None, None
    extension.save()
    difference = {"due_on": [before, str(obligation.due_on or "")]}
    save_version(obligation, "extension-answer-taken-back", by=by, difference=difference)


def move_steps(obligation: Obligation, to: date | None) -> None:
    """Open steps keep their distance from the deadline."""
    if to is None or obligation.due_on is None:
        return
    moved = to - obligation.due_on
    for step in obligation.steps.filter(done_on=None).exclude(due_on=None):
        step.due_on = step.due_on + moved if step.due_on else None
        step.save(update_fields=["due_on"])


def refuse_future(field: str, day: date) -> None:
    if day > timezone.localdate():
        raise FieldRefused(field, _("Enter a date that is not in the future."))


def refuse_earlier(field: str, day: date | None, obligation: Obligation) -> None:
    if day is not None and obligation.due_on is not None and day <= obligation.due_on:
        raise FieldRefused(field, _("Enter a date after the present deadline."))
