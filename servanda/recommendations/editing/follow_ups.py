"""Requested follow-up, as a person adds or ends it. What a file states is never deleted."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.recommendations.editing.follow_up_obligations import (
    obligation_for,
    regroup,
    release,
    retain,
)
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.obligations.submissions import SubmissionValues, delete_submission, enter_submission


@transaction.atomic
def mark_follow_up(
    *, recommendation: Recommendation, kind: str, due_on: date | None, version: int, by: User
) -> FollowUp:
    """Record that the body requests follow-up, perhaps by a deadline. A new deadline replaces the earlier one of this
    record only, and keeps the words of the document; requests that were answered stay. From then on no file changes
    it. (For all records of a deadline, the day is changed on the obligation.)

    Raises `Refused`, and `ChangedMeanwhile` where the record was saved in the meantime.
    """
    record = lock(recommendation, version=version)
    if due_on and record.date and due_on < record.date:
        raise Refused(_("The date is before that of the document. Enter a later date."))
    requests = list(current_requests(record, kind))
    if any(row.due_on == due_on for row in requests):
        raise Refused(_("This is already recorded."))
    ended = [row for row in requests if not row.replied_on]
    FollowUp.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=timezone.now())
    document_words = next((row.words for row in requests if row.words), "")
    obligation = obligation_for(record, kind=kind, due_on=due_on, by=by)
    request = FollowUp.objects.create(
        recommendation=record, kind=kind, words=document_words, obligation=obligation, said_by=by
    )
    release([row.obligation_id for row in ended], by=by)
    save_version(
        record,
        "follow-up-marked",
        by=by,
        difference={"follow_up": [requests_in_words(ended), requests_in_words([request])]},
    )
    return request


@transaction.atomic
def end_follow_up(*, follow_up: FollowUp, by: User) -> None:
    """Record that it is not, or no longer, requested, whatever files state. Raises `Refused`."""
    record = lock(follow_up.recommendation)
    rows = list(current_requests(record, follow_up.kind))
    if follow_up.pk not in [row.pk for row in rows]:
        raise Refused(_("This request has already been removed."))
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now())
    release([row.obligation_id for row in rows], by=by)
    save_version(record, "follow-up-ended", by=by, difference={"follow_up": [requests_in_words(rows), ""]})


@transaction.atomic
def restore_follow_up(*, follow_up: FollowUp, by: User) -> None:
    """Restore what was ended, with its original author. Raises `Refused`."""
    record = lock(follow_up.recommendation)
    if current_requests(record, follow_up.kind).exists():
        raise Refused(_("This is already recorded."))
    rows = FollowUp.objects.filter(recommendation=record, kind=follow_up.kind, ended_at=follow_up.ended_at)
    back = list(rows.with_obligation())
    rows.update(ended_at=None)
    retain([row.obligation_id for row in back], by=by)
    save_version(record, "follow-up-restored", by=by, difference={"follow_up": ["", requests_in_words(back)]})


@transaction.atomic
def record_reply(*, follow_up: FollowUp, replied_on: date, reply: str, by: User) -> None:
    """Record when the State replied and where the reply can be read, so that it is no longer due: the submission of
    the obligation, and so the reply on all records that share it. Raises `Refused`."""
    record = lock(follow_up.recommendation)
    row = reply_row(follow_up, by=by)
    if row is None or row.obligation is None:
        raise Refused(_("This request no longer applies. Check the record again."))
    if row.replied_on:
        raise Refused(_("A reply is already recorded. Remove it first."))
    if record.date and replied_on < record.date:
        raise FieldRefused("replied_on", _("The date is before that of the document. Enter a later date."))
    values = SubmissionValues(submitted_on=replied_on, reply=reply)
    enter_submission(obligation=row.obligation, values=values, seen=None, by=by)
    save_version(record, "follow-up-replied", by=by, difference={"reply": ["", replied(replied_on, reply)]})


@transaction.atomic
def take_back_reply(*, follow_up: FollowUp, by: User) -> None:
    """Remove a reply that was not sent; the request is due again, on all records that share it. Raises `Refused`."""
    record = lock(follow_up.recommendation)
    row = reply_row(follow_up, by=by)
    if row is None or row.obligation is None or not row.replied_on:
        raise Refused(_("No reply is recorded."))
    difference = {"reply": [replied(row.replied_on, row.reply), ""]}
    delete_submission(obligation=row.obligation, reason="", by=by)
    save_version(record, "follow-up-reply-taken-back", by=by, difference=difference)


def reply_row(follow_up: FollowUp, *, by: User) -> FollowUp | None:
    """The current request, with an obligation of its own if its record is restricted."""
    regroup([follow_up.recommendation_id], by=by)
    rows = FollowUp.objects.current().filter(pk=follow_up.pk, kind=FollowUp.Kind.FOLLOW_UP)
    return rows.with_obligation().first()


def replied(day: date | None, reply: str) -> str:
    """A reply as the trail stores it: its day, and where it can be read."""
    return "; ".join(part for part in (day.isoformat() if day else "", reply) if part)


def current_requests(record: Recommendation, kind: str) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.current().filter(recommendation=record, kind=kind)
    return rows.with_obligation().order_by("pk")


def requests_in_words(rows: Sequence[FollowUp]) -> str:
    """Requests of one kind as the trail stores them: the code of the kind, and the deadlines."""
    days = sorted({row.due_on.isoformat() for row in rows if row.due_on})
    return "; ".join([rows[0].kind, *days]) if rows else ""
