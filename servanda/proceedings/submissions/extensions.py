"""Extensions and letters on the deadline of a proceeding: those of its obligation, by the same services. A grant
moves both, and the internal deadlines that are still open."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.models import Draft, Proceeding, StateReply
from servanda.proceedings.rules import lock, save_version
from servanda.sources.models import Extension, Obligation, ObligationLetter
from servanda.sources.obligations import extensions, submissions
from servanda.sources.obligations.values import lock_row
from servanda.vocab.models import Certainty

DueFrom, DayFrom = StateReply.DueFrom, Obligation.DayFrom
ORIGINS: dict[str, str] = {
    DayFrom.DOCUMENT: DueFrom.LETTER,
    DayFrom.RULE: DueFrom.RULE,
    DayFrom.EXTENSION: DueFrom.EXTENDED,
    DayFrom.HAND: DueFrom.MANUAL,
}


@transaction.atomic
def ask_extension(
    *, obligation: Obligation, asked_on: date, asked_until: date | None, ground: str, by: User
) -> Extension:
    """Record that the State asked for more time.

    Raises `Refused` (or `FieldRefused`) as the service of obligations does, and once the reply was sent.
    """
    proceeding, obligation = lock_both(obligation, by=by)
    refuse_replied(proceeding)
    return extensions.ask(obligation, asked_on=asked_on, asked_until=asked_until, ground=ground, by=by)


@transaction.atomic
def answer_extension(*, extension: Extension, answered_on: date, granted_until: date | None, by: User) -> None:
    """Record the answer of the body; a grant moves the deadline. Raises as `ask_extension`."""
    proceeding, obligation = lock_both(extension.obligation, by=by)
    refuse_replied(proceeding)
    extensions.answer(obligation, extension, answered_on=answered_on, granted_until=granted_until, by=by)
    follow_obligation(proceeding, obligation, by=by)


@transaction.atomic
def take_back_extension(*, extension: Extension, by: User) -> None:
    """Take back the answer, which restores the deadline, or else the request. Raises as `ask_extension`."""
    proceeding, obligation = lock_both(extension.obligation, by=by)
    refuse_replied(proceeding)
    extensions.take_back(obligation, extension, by=by)
    follow_obligation(proceeding, obligation, by=by)


@transaction.atomic
def add_letter(
    *, obligation: Obligation, kind: str, on: date, reference: str = "", note: str = "", by: User
) -> ObligationLetter:
    """Record a reminder that was received, or a holding reply that was sent. Raises as the service of obligations."""
    _proceeding, obligation = lock_both(obligation, by=by)
    return submissions.enter_letter(obligation, kind=kind, on=on, reference=reference, note=note, by=by)


@transaction.atomic
def remove_letter(*, letter: ObligationLetter, by: User) -> None:
    _proceeding, obligation = lock_both(letter.obligation, by=by)
    submissions.drop_letter(obligation, letter, by=by)


def refuse_replied(proceeding: Proceeding) -> None:
    if proceeding.replied_on is not None:
        raise Refused(_("The reply has been sent, so the extensions of its deadline can no longer be changed."))


def lock_both(obligation: Obligation, *, by: User) -> tuple[Proceeding, Obligation]:
    """Raises `Refused` for the deadline of a submission that was sent before the present one."""
    proceeding = Proceeding.objects.kept().filter(obligation=obligation).first()
    if proceeding is None:
        raise Refused(_("This deadline belongs to an earlier submission. It can no longer be changed."))
    return lock(proceeding, by=by), lock_row(obligation)


def follow_obligation(proceeding: Proceeding, obligation: Obligation, *, by: User) -> None:
    """Take over the day that the answer has set, or restored, and where it comes from."""
    before = proceeding.due_on
    if (obligation.due_on, origin_of(obligation)) == (before, proceeding.due_from):
        return
    move_internal_deadlines(proceeding, obligation.due_on)
    proceeding.obligation, proceeding.due_on = obligation, obligation.due_on
    proceeding.due_from = origin_of(obligation)
    difference = {"due_on": [str(before or ""), str(obligation.due_on or "")]}
    save_version(proceeding, "proceeding-extended", by=by, difference=difference)


def origin_of(obligation: Obligation) -> str:
    if obligation.due_on is None:
        return ""
    if obligation.certainty == Certainty.ESTIMATE:
        return DueFrom.ESTIMATE
    return ORIGINS[obligation.day_from]


def move_internal_deadlines(proceeding: Proceeding, to: date | None) -> None:
    """Those of institutions that have not answered yet keep their distance from the deadline."""
    if to is None or proceeding.due_on is None:
        return
    moved = to - proceeding.due_on
    answered = proceeding.drafts.current().exclude(state__in=Draft.EDITABLE).order_by().values("institution")
    for named in proceeding.named.exclude(due_on=None).exclude(institution__in=answered):
        named.due_on = named.due_on + moved if named.due_on else None
        named.save(update_fields=["due_on"])
