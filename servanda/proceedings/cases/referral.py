"""The time limit for the referral of a case to the Court, an obligation beside the deadline of the State's reply, and
its suspensions."""

from datetime import date

from django.db import transaction

from servanda.people.models import User
from servanda.proceedings.models import CaseFacts, Proceeding
from servanda.proceedings.rules import lock
from servanda.sources.models import Obligation, Suspension
from servanda.sources.obligations import suspensions
from servanda.sources.obligations.values import lock_row, refuse_derived


@transaction.atomic
def add_suspension(
    *, obligation: Obligation, starts_on: date, ends_on: date | None, ground: str, by: User
) -> Suspension:
    """Record that the Commission suspended the time limit.

    Raises `Refused` (or `FieldRefused`) as the service of obligations does, and if the case is closed.
    """
    obligation = lock_referral(obligation, by=by)
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


def referral_of(proceeding: Proceeding) -> Obligation | None:
    """The obligation of a case whose body refers cases to a court, once the case was notified."""
    return proceeding.case.referral if proceeding.kind_facts.referral else None
