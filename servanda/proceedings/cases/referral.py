"""The time limit for the referral of a case to the Court, an obligation beside the deadline of the State's reply, and
its suspensions."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.proceedings.models import CaseFacts, Proceeding
from servanda.proceedings.rules import lock
from servanda.sources.models import Obligation, Suspension
from servanda.sources.obligations import suspensions
from servanda.sources.obligations.values import lock_row, refuse_derived
from servanda.vocab.models import ObligationRule

REFERRED = "referral"  # the entry in the course of a case


class Entry(Protocol):
    @property
    def type(self) -> str: ...
    @property
    def on(self) -> date: ...


@transaction.atomic
def add_suspension(
    *, obligation: Obligation, starts_on: date, ends_on: date | None, ground: str, by: User
) -> Suspension:
    """Record that the Commission suspended the time limit.

    Raises `Refused` (or `FieldRefused`) as the service of obligations does, if the case is closed, and for a start
    after the referral of the case to the court.
    """
    obligation = lock_referral(obligation, by=by)
    refuse_after_referral(obligation, starts_on)
    return suspensions.suspend(obligation, starts_on=starts_on, ends_on=ends_on, ground=ground, by=by)


@transaction.atomic
def end_suspension(*, suspension: Suspension, ends_on: date, by: User) -> None:
    """Record when the time runs again. Raises as `add_suspension`."""
    suspensions.end(lock_referral(suspension.obligation, by=by), suspension, ends_on=ends_on, by=by)


@transaction.atomic
def remove_suspension(*, suspension: Suspension, by: User) -> None:
    """Remove the latest suspension. Raises as `add_suspension`."""
    suspensions.remove(lock_referral(suspension.obligation, by=by), suspension, by=by)


def lock_referral(obligation: Obligation, *, by: User) -> Obligation:
    """The row of the time limit, locked after its case. Raises `Refused` for another deadline of a proceeding."""
    case = CaseFacts.objects.filter(referral=obligation).select_related("proceeding").first()
    if case is None:
        refuse_derived(obligation)
        raise Obligation.DoesNotExist
    lock(case.proceeding, by=by)
    return lock_row(obligation)


def refuse_after_referral(obligation: Obligation, starts_on: date) -> None:
    case = CaseFacts.objects.get(referral=obligation)
    referred = case.proceeding.entries.filter(type=REFERRED, on__lt=starts_on).first()
    if referred is not None:
        sentence = _("The case was referred to the Court on %(day)s. Enter that date or an earlier one.")
        raise FieldRefused("starts_on", sentence % {"day": in_words(referred.on)})


def refuse_early_referral(proceeding: Proceeding, entries: Iterable[Entry]) -> None:
    """Raises `Refused` if a case is to be referred to the court before a suspension of the time limit starts."""
    days = [row.on for row in entries if row.type == REFERRED]
    referral = proceeding.case.referral
    last = referral.suspensions.order_by("-starts_on").first() if referral and days else None
    if last is not None and min(days) < last.starts_on:
        sentence = _(
            "The date of the referral to the Court, %(day)s, is before the suspension that starts on %(start)s. "
            "Correct the date, or remove the suspension first."
        )
        raise Refused(sentence % {"day": in_words(min(days)), "start": in_words(last.starts_on)})


def refuse_contradicted_clock(proceeding: Proceeding, case: CaseFacts) -> None:
    """Raises `FieldRefused` for a notification that leaves a suspension outside the time limit: before its clock
    starts, or after it had ended."""
    suspensions = list(case.referral.suspensions.all()) if case.referral else []
    if not suspensions:
        return
    if case.notified_on is None:
        raise FieldRefused("notified_on", _("The time limit was suspended. Remove the suspensions first."))
    rule = ObligationRule.objects.in_place_of(proceeding.kind_facts.referral).first()
    day = rule.day_after(case.notified_on) if rule else None
    for suspension in suspensions:
        values = {"day": in_words(suspension.starts_on)}
        if suspension.starts_on < case.notified_on:
            sentence = _(
                "A suspension starts on %(day)s. Enter that date or an earlier one, or remove the suspension."
            )
            raise FieldRefused("notified_on", sentence % values)
        if day is not None and suspension.starts_on > day:
            sentence = _("The time limit would end before the suspension of %(day)s. Enter a later date.")
            raise FieldRefused("notified_on", sentence % values)
        day = day + timedelta(days=suspension.days) if day and suspension.days else None


def referral_of(proceeding: Proceeding) -> Obligation | None:
    """The obligation of a case whose body refers cases to a court, once the case was notified."""
    if not proceeding.kind_facts.referral or proceeding.case.referral_id is None:
        return None
    return Obligation.objects.select_related("rule__body").get(pk=proceeding.case.referral_id)
