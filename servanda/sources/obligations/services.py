"""Obligations: add, edit, set the state, publish, withdraw, restore."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import attribute, difference_of, save_version
from servanda.sources.models import Obligation
from servanda.sources.obligations.extensions import move_steps
from servanda.sources.obligations.persons import notify_responsible
from servanda.sources.obligations.values import (
    Confidentiality,
    DayFrom,
    ObligationValues,
    facts,
    follows_its_records,
    lock_obligation,
    next_code,
    refuse_bad_code,
    refuse_derived,
    refuse_impossible,
    refuse_without_permission,
    tidy,
)
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event
from servanda.vocab.models import ObligationRule

TWICE = timedelta(minutes=1)
State = Obligation.State
# With a proof (`record_submission`), and not by choosing the state alone.
BY_SUBMISSION = (State.SUBMITTED,)
AFTER_SUBMISSION = (State.CONSIDERED, State.CLOSED)  # without one, with a reason


@transaction.atomic
def add_obligation(*, values: ObligationValues, by: User) -> Obligation:
    """Add an obligation, not published yet.

    Raises `Refused` (or `FieldRefused`) if this person may not, if it was just added, or if a value is invalid.
    """
    refuse_without_permission(by)
    refuse_duplicate(values)
    obligation = create_obligation(values, by=by)
    difference = {name: ["", value] for name, value in facts(obligation).items() if value}
    Event.record("obligation-added", obligation, by=by, difference=difference)
    notify_responsible([obligation], by=by)
    return obligation


def create_obligation(values: ObligationValues, *, by: User | None, batch: Batch | None = None) -> Obligation:
    """Create an obligation; the caller checks the permission and records it in the trail.

    Raises `FieldRefused` for invalid values or a reference in use.
    """
    stored = tidy(values)
    refuse_impossible(stored)
    code = values.code.strip() or next_code(str(stored["confidentiality"]))
    refuse_bad_code(code)
    obligation = Obligation(code=code, added_by=batch, **stored)
    attribute(obligation, by=by, reason="obligation-added")
    try:
        with transaction.atomic():
            obligation.save()
    except IntegrityError as clash:
        raise Refused(
            _("Another user saved an obligation at the same moment. Your text is kept. Save again.")
        ) from clash
    return obligation


def refuse_duplicate(values: ObligationValues) -> None:
    recent = Obligation.objects.kept().filter(created_at__gt=timezone.now() - TWICE, body=values.body)
    if twin := recent.filter(kind=values.kind, due_on=values.due_on, title=values.title).first():
        sentence = _("The same obligation has just been saved, as %(code)s. Check whether it is the same.")
        raise Refused(sentence % {"code": twin.code})


@transaction.atomic
def edit_obligation(*, obligation: Obligation, values: ObligationValues, seen: int, by: User) -> Obligation:
    """Edit everything but the reference; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if it was changed since, and `Refused` (or `FieldRefused`) as in `add_obligation`.
    """
    obligation = lock_obligation(obligation, by=by, seen=seen)
    stored: dict[str, Any] = tidy(values)
    refuse_impossible(stored, present=obligation)
    if obligation.is_published and stored["confidentiality"] != Confidentiality.PUBLIC:
        raise FieldRefused("confidentiality", _("This obligation is published. Unpublish it first."))
    if obligation.has_records and stored["confidentiality"] != obligation.confidentiality:
        raise FieldRefused("confidentiality", follows_its_records())
    before = facts(obligation) | {"state": obligation.state}
    follow_rule(stored, obligation)
    if stored["due_on"] != obligation.due_on:
        give_new_day(obligation, stored["due_on"])
    for name, value in stored.items():
        setattr(obligation, name, value)
    if difference := difference_of(before, facts(obligation) | {"state": obligation.state}):
        save_version(obligation, "obligation-edited", by=by, difference=difference)
    if "responsible" in difference:
        notify_responsible([obligation], by=by)
    return obligation


def follow_rule(stored: dict[str, Any], present: Obligation) -> None:
    """If the clock of a rule starts on another day, its deadline moves with it, unless another deadline was entered
    too."""
    rule, start = stored["rule"], stored["clock_on"]
    is_of_rule = isinstance(rule, ObligationRule) and stored["day_from"] == present.day_from == DayFrom.RULE
    if not is_of_rule or start in (None, present.clock_on) or stored["due_on"] != present.due_on:
        return
    if day := rule.day_after(start):
        stored["due_on"], stored["certainty"] = day, rule.certainty


def give_new_day(obligation: Obligation, day: date | None) -> None:
    """Open steps move with the day, and a postponed obligation goes on once it has its new one."""
    move_steps(obligation, day)
    obligation.is_past_at_entry = False
    if day is not None and obligation.state == State.POSTPONED:
        obligation.state, obligation.state_reason = State.EXPECTED, ""


@transaction.atomic
def set_obligation_state(*, obligation: Obligation, state: str, reason: str, seen: int | None, by: User) -> None:
    """Set the state. Exceptional states need a reason, as what ends without a submission does; “Submitted” needs the
    proof of the submission instead.

    Raises `Refused` (or `FieldRefused`) if the state is not offered or the reason is missing.
    """
    obligation = lock_obligation(obligation, by=by, seen=seen)
    if state not in State.values:
        raise FieldRefused("state", _("Choose a status from the list."))
    is_submitted = hasattr(obligation, "submission")
    if state in BY_SUBMISSION and not is_submitted:
        raise FieldRefused("state", _("Enter the submission with its proof: the status then changes automatically."))
    if state in Obligation.UNFINISHED and is_submitted:
        raise FieldRefused("state", _("This obligation has been submitted. Remove the submission first."))
    needs_reason = state in Obligation.WITH_REASON or (state in AFTER_SUBMISSION and not is_submitted)
    text = required_reason(reason) if needs_reason else clean(reason)
    if (state, text) == (obligation.state, obligation.state_reason):
        raise Refused(_("The obligation already has this status."))
    difference = difference_of(
        {"state": obligation.state, "state_reason": obligation.state_reason}, {"state": state, "state_reason": text}
    )
    obligation.state, obligation.state_reason, obligation.is_past_at_entry = state, text, False
    save_version(obligation, "obligation-state-set", by=by, difference=difference)


@transaction.atomic
def publish_obligation(*, obligation: Obligation, by: User) -> None:
    """Show it on the public calendar. Raises `Refused` if it is not open to the public, or published already."""
    obligation = lock_obligation(obligation, by=by)
    if obligation.confidentiality != Confidentiality.PUBLIC:
        raise Refused(_("This obligation is confidential. Change its confidentiality before you publish it."))
    if obligation.is_published:
        raise Refused(_("This obligation is already published."))
    obligation.is_published = True
    save_version(obligation, "obligation-published", by=by, difference={"is_published": [False, True]})


@transaction.atomic
def unpublish_obligation(*, obligation: Obligation, by: User) -> None:
    obligation = lock_obligation(obligation, by=by)
    if not obligation.is_published:
        raise Refused(_("This obligation is not published."))
    obligation.is_published = False
    save_version(obligation, "obligation-unpublished", by=by, difference={"is_published": [True, False]})


@transaction.atomic
def withdraw_obligation(*, obligation: Obligation, reason: str, by: User) -> None:
    """Withdraw with a reason; nothing is deleted.

    Raises `Refused` if records have this deadline, and `FieldRefused` without a reason.
    """
    obligation = lock_obligation(obligation, by=by)
    if obligation.has_records:
        raise Refused(
            _("Records have this deadline. Remove the request there, and the obligation ends with the last one.")
        )
    obligation.withdrawn_reason, obligation.withdrawn_at = required_reason(reason), timezone.now()
    difference = {"withdrawn_reason": ["", obligation.withdrawn_reason]}
    save_version(obligation, "obligation-withdrawn", by=by, difference=difference)


@transaction.atomic
def restore_obligation(*, obligation: Obligation, by: User) -> None:
    refuse_without_permission(by)
    obligation = Obligation.objects.live().select_for_update().get(pk=obligation.pk)
    refuse_derived(obligation)
    if obligation.withdrawn_at is None:
        raise Refused(_("This obligation is not withdrawn."))
    reason = obligation.withdrawn_reason
    obligation.withdrawn_at, obligation.withdrawn_reason = None, ""
    save_version(obligation, "obligation-restored", by=by, difference={"withdrawn_reason": [reason, ""]})
