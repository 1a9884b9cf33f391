"""Meeting the deadline of a case by a report instead of a reply."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.models import Proceeding
from servanda.proceedings.replies.services import refuse_impossible_dispatch
from servanda.proceedings.rules import lock, refuse_unless_running, save_version


def awaits_report(proceeding: Proceeding) -> bool:
    """Whether its submission would meet a deadline of the case that is pending, and that no reply is being written
    for."""
    if proceeding.due_on is None or has_reply(proceeding):
        return False
    return proceeding.withdrawn_at is None and proceeding.replied_on is None and not proceeding.is_closed


def has_reply(proceeding: Proceeding) -> bool:
    """Whether a reply is written or in clearance, sent or not."""
    return bool(proceeding.reply) or proceeding.clearance_id is not None


def refuse_impossible_report(proceeding: Proceeding, submitted_on: date, *, by: User) -> None:
    """Raises `Refused` for those who do not run proceedings, and `FieldRefused` for a day before the receipt or the
    earlier submission."""
    refuse_unless_running(by)
    refuse_impossible_dispatch(proceeding, submitted_on)


@transaction.atomic
def answer_by_report(*, proceeding: Proceeding, submitted_on: date, title: str, by: User) -> None:
    """The deadline of the case is met by the report with this title; nothing changes if it does not await one.

    Raises as `refuse_impossible_report`.
    """
    locked = lock(proceeding, by=by)
    if not awaits_report(locked):
        return
    refuse_impossible_report(locked, submitted_on, by=by)
    locked.replied_on = submitted_on
    difference = {"replied_on": ["", str(submitted_on)], "report": ["", title]}
    save_version(locked, "answered-by-report", by=by, difference=difference)


@transaction.atomic
def undo_answer_by_report(*, proceeding: Proceeding, by: User) -> None:
    """The deadline is pending again. Raises `Refused` if it was met by a reply, or not at all."""
    locked = lock(proceeding, by=by)
    if not locked.is_by_report:
        raise Refused(_("No report has met this deadline. Reload the page."))
    before, locked.replied_on = locked.replied_on, None
    locked.note_verbale, locked.channel, locked.acknowledged_on = "", "", None
    save_version(locked, "answer-by-report-undone", by=by, difference={"replied_on": [str(before), ""]})
