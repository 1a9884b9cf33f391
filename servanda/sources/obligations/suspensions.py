"""Suspensions of a time limit: its clock stops, and the deadline moves by the days of each.

`suspend`, `end` and `remove` change a row that their caller has locked, also that of a case.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import save_version
from servanda.sources.models import Obligation, Suspension
from servanda.sources.obligations.extensions import move_steps
from servanda.sources.obligations.values import DayFrom, lock_obligation
from servanda.sources.printed.texts import clean
from servanda.vocab.models import Certainty

MOST_YEARS = 20  # of a suspension


@transaction.atomic
def add_suspension(
    *, obligation: Obligation, starts_on: date, ends_on: date | None, ground: str, by: User
) -> Suspension:
    """Record that the body suspended the time limit. Without an end, there is no deadline until the end is known.

    Raises `Refused` (or `FieldRefused`) if the deadline is not the referral to a court, if there is none, if an
    earlier suspension still runs, without a ground, or if a date lies outside the time that ran.
    """
    locked = lock_obligation(obligation, by=by)
    return suspend(locked, starts_on=starts_on, ends_on=ends_on, ground=ground, by=by)


def suspend(obligation: Obligation, *, starts_on: date, ends_on: date | None, ground: str, by: User) -> Suspension:
    refuse_unless_running(obligation)
    refuse_outside(obligation, starts_on)
    refuse_early_end(starts_on, ends_on)
    if not (text := clean(ground)):
        raise FieldRefused("ground", _("Enter the ground of the suspension."))
    suspension = Suspension.objects.create(
        obligation=obligation,
        starts_on=starts_on,
        ends_on=ends_on,
        ground=text,
        due_before=obligation.due_on,
        day_from_before=obligation.day_from,
        certainty_before=obligation.certainty,
    )
    difference = {"suspension": ["", in_words(suspension)], **move(obligation, suspension)}
    save_version(obligation, "suspension-added", by=by, difference=difference)
    return suspension


@transaction.atomic
def end_suspension(*, suspension: Suspension, ends_on: date, by: User) -> None:
    """Record when the time runs again: the deadline is set, so many days later. Raises as `add_suspension`, and
    `Refused` if the end was entered already."""
    end(lock_obligation(suspension.obligation, by=by), suspension, ends_on=ends_on, by=by)


def end(obligation: Obligation, suspension: Suspension, *, ends_on: date, by: User) -> None:
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if suspension.ends_on is not None:
        raise Refused(_("The end of this suspension has already been entered."))
    refuse_changed(obligation, suspension)
    refuse_early_end(suspension.starts_on, ends_on)
    before = in_words(suspension)
    suspension.ends_on = ends_on
    suspension.save(update_fields=["ends_on"])
    difference = {"suspension": [before, in_words(suspension)], **move(obligation, suspension)}
    save_version(obligation, "suspension-ended", by=by, difference=difference)


@transaction.atomic
def remove_suspension(*, suspension: Suspension, by: User) -> None:
    """Remove the latest suspension, which restores the deadline before it. Raises `Refused` if a later one follows,
    or if the deadline was changed since."""
    remove(lock_obligation(suspension.obligation, by=by), suspension, by=by)


def remove(obligation: Obligation, suspension: Suspension, *, by: User) -> None:
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if obligation.suspensions.filter(pk__gt=suspension.pk).exists():
        raise Refused(_("A later suspension exists. Remove that one first."))
    refuse_changed(obligation, suspension)
    before = str(obligation.due_on or "")
    move_steps(obligation, suspension.due_before)
    obligation.due_on, obligation.day_from = suspension.due_before, suspension.day_from_before
    obligation.certainty = suspension.certainty_before
    difference = {"suspension": [in_words(suspension), ""], "due_on": [before, str(obligation.due_on or "")]}
    suspension.delete()
    save_version(obligation, "suspension-removed", by=by, difference=difference)


def move(obligation: Obligation, suspension: Suspension) -> dict[str, list[str]]:
    """Give the obligation the deadline after the suspension, and return the one before and after for the trail. Open
    steps keep their distance from it."""
    before = str(obligation.due_on or "")
    obligation.due_on = suspension.due_before
    move_steps(obligation, suspension.due_after)
    obligation.due_on, obligation.day_from = suspension.due_after, DayFrom.SUSPENSION
    obligation.certainty = certainty_of(suspension)
    obligation.is_past_at_entry = False
    return {"due_on": [before, str(obligation.due_on or "")]}


def certainty_of(suspension: Suspension) -> str:
    return suspension.certainty_before if suspension.due_after else Certainty.TO_BE_COMMUNICATED


def day_after_suspensions(obligation: Obligation, day: date | None, certainty: str) -> tuple[date | None, str, str]:
    """The deadline that follows if the time limit ends on `day` without suspensions, how sure it is, and where it
    comes from. Each suspension remembers the deadline before it."""
    day_from: str = DayFrom.RULE
    for suspension in obligation.suspensions.all() if obligation.pk else ():
        suspension.due_before, suspension.day_from_before = day, day_from
        suspension.certainty_before = certainty
        suspension.save(update_fields=["due_before", "day_from_before", "certainty_before"])
        day, certainty, day_from = suspension.due_after, certainty_of(suspension), DayFrom.SUSPENSION
    return day, certainty, day_from


def refuse_unless_running(obligation: Obligation) -> None:
    if not obligation.may_be_suspended:
        raise Refused(
            _("Only the time limit for the referral to a court can be suspended. Enter an extension instead.")
        )
    if obligation.suspensions.filter(ends_on=None).exists():
        raise Refused(_("An earlier suspension has no end yet. Enter its end first."))
    if obligation.due_on is None:
        raise Refused(_("This obligation has no deadline yet. Enter the deadline before you suspend it."))


def refuse_outside(obligation: Obligation, starts_on: date) -> None:
    latest = obligation.suspensions.order_by("-pk").first()
    if latest and latest.ends_on and starts_on < latest.ends_on:
        raise FieldRefused("starts_on", _("Enter a date that is not before the end of the earlier suspension."))
    if obligation.clock_on and starts_on < obligation.clock_on:
        raise FieldRefused("starts_on", _("Enter a date that is not before the start of the time limit."))
    if obligation.due_on and starts_on > obligation.due_on:
        raise FieldRefused("starts_on", _("Enter the current deadline or an earlier date."))


def refuse_early_end(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise FieldRefused("ends_on", _("Enter a date after the start of the suspension."))
    if ends_on is not None and ends_on.year > starts_on.year + MOST_YEARS:
        raise FieldRefused("ends_on", _("Leave the end empty if it is not known."))


def refuse_changed(obligation: Obligation, suspension: Suspension) -> None:
    if obligation.due_on != suspension.due_after:
        raise Refused(_("The deadline was changed after the suspension. Correct it by editing the obligation."))


def in_words(suspension: Suspension) -> str:
    facts = (str(suspension.starts_on), str(suspension.ends_on or ""), suspension.ground)
    return " · ".join(filter(None, facts))
