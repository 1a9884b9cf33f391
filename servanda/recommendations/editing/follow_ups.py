"""What a body asks beside the substance, as a person marks it or takes it away. What a file said is never deleted."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.recommendations.editing.versioning import lock, save_version
from servanda.recommendations.models import FollowUp, Recommendation


@transaction.atomic
def mark_follow_up(
    *, recommendation: Recommendation, kind: str, due_on: date | None, version: int, by: User
) -> FollowUp:
    """Say that the body asks for it, by which day if it names one; another day takes the place of the one before,
    and the words of the document stay with it. From then on no file changes it. What the State replied to stays."""
    held = lock(recommendation, version=version)
    if due_on and held.date and due_on < held.date:
        raise Refused(_("This day is before that of the document. Choose a later one."))
    before = list(standing(held, kind))
    if any(row.due_on == due_on for row in before):
        raise Refused(_("The record says so already."))
    ended = [row for row in before if not row.replied_on]
    FollowUp.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=timezone.now())
    words = next((row.words for row in before if row.words), "")
    made = FollowUp.objects.create(recommendation=held, kind=kind, words=words, due_on=due_on, said_by=by)
    save_version(held, "follow-up-marked", by=by, difference={"follow_up": [told(ended), told([made])]})
    return made


@transaction.atomic
def end_follow_up(*, follow_up: FollowUp, by: User) -> None:
    """Say that it is not asked for, or no longer, whichever files say so."""
    held = lock(follow_up.recommendation)
    rows = list(standing(held, follow_up.kind))
    if follow_up.pk not in [row.pk for row in rows]:
        raise Refused(_("This was already taken away."))
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now())
    save_version(held, "follow-up-ended", by=by, difference={"follow_up": [told(rows), ""]})


@transaction.atomic
def restore_follow_up(*, follow_up: FollowUp, by: User) -> None:
    """Put back what was taken away, with whoever had said it."""
    held = lock(follow_up.recommendation)
    if standing(held, follow_up.kind).exists():
        raise Refused(_("The record says so already."))
    rows = FollowUp.objects.filter(recommendation=held, kind=follow_up.kind, ended_at=follow_up.ended_at)
    back = list(rows)
    rows.update(ended_at=None)
    save_version(held, "follow-up-restored", by=by, difference={"follow_up": ["", told(back)]})


@transaction.atomic
def record_reply(*, follow_up: FollowUp, replied_on: date, reply: str, by: User) -> None:
    """Say that the State has told the body what it asked to hear, and where that can be read: it is due no more."""
    held = lock(follow_up.recommendation)
    row = FollowUp.objects.current().filter(pk=follow_up.pk, kind=FollowUp.Kind.FOLLOW_UP).first()
    if row is None:
        raise Refused(_("This is no longer asked for. Look at the record again."))
    if row.replied_on:
        raise Refused(_("A reply is recorded already. Take it back first."))
    if held.date and replied_on < held.date:
        raise FieldRefused("replied_on", _("This day is before that of the document. Choose a later one."))
    FollowUp.objects.filter(pk=row.pk).update(replied_on=replied_on, reply=reply)
    save_version(held, "follow-up-replied", by=by, difference={"reply": ["", replied(replied_on, reply)]})


@transaction.atomic
def take_back_reply(*, follow_up: FollowUp, by: User) -> None:
    """No reply was sent, or not this one: it is due again."""
    held = lock(follow_up.recommendation)
    row = FollowUp.objects.current().replied().filter(pk=follow_up.pk).first()
    if row is None:
        raise Refused(_("No reply is recorded here."))
    FollowUp.objects.filter(pk=row.pk).update(replied_on=None, reply="")
    save_version(
        held, "follow-up-reply-taken-back", by=by, difference={"reply": [replied(row.replied_on, row.reply), ""]}
    )


def replied(day: date | None, reply: str) -> str:
    """As the trail keeps a reply: its day, and where it can be read."""
    return "; ".join(part for part in (day.isoformat() if day else "", reply) if part)


def standing(record: Recommendation, kind: str) -> QuerySet[FollowUp]:
    return FollowUp.objects.current().filter(recommendation=record, kind=kind).order_by("pk")


def told(rows: list[FollowUp]) -> str:
    """As the trail keeps rows of one kind: its code, and the days that they name."""
    days = sorted({row.due_on.isoformat() for row in rows if row.due_on})
    return "; ".join([rows[0].kind, *days]) if rows else ""
