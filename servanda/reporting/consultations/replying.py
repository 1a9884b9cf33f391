"""What the mechanism does with comments on drafts: reply, publish, withhold what is unlawful. It deletes none."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Notification, User
from servanda.people.notifications.services import notify
from servanda.people.versioning import refuse_if_changed
from servanda.progress.assessments.signing import may_sign
from servanda.reporting.consultations.letters import write_reply_letter
from servanda.reporting.models import ConsultationComment
from servanda.reporting.reports.services import refuse_others
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import typed
from servanda.trail.models import Event

State, Verdict = ConsultationComment.State, ConsultationComment.Verdict
WithholdingReason = ConsultationComment.WithholdingReason


@transaction.atomic
def reply_consultation_comment(
    *, comment: ConsultationComment, verdict: str, reply: str, seen: int | None, by: User
) -> ConsultationComment:
    """Reply to a comment, or correct the reply; its author is notified.

    Raises `Refused` if it was withheld or withdrawn, `FieldRefused` if a reason is missing, and `ChangedMeanwhile`
    if the author or another user changed it since.
    """
    locked = lock_comment(comment, by=by)
    refuse_if_changed(locked.version, seen, replied_meanwhile())
    if not locked.is_answerable:
        raise Refused(_("This comment was withheld or withdrawn. Reload the page."))
    if verdict not in (Verdict.ACCEPTED, Verdict.PARTLY, Verdict.NOT):
        raise FieldRefused("verdict", _("Choose one of the replies."))
    text = typed(reply)
    if verdict != Verdict.ACCEPTED and not text:
        raise FieldRefused("reply", _("Enter the reason. The author can read it."))
    difference = {"verdict": [locked.verdict, verdict]}
    locked.verdict, locked.reply = verdict, text
    locked.replied_by, locked.replied_at = by, timezone.now()
    save(locked)
    Event.record("consultation-comment-replied", locked, by=by, difference=difference, label=title_of(locked))
    consultation = locked.consultation
    kind = Notification.Kind.COMMENT_ANSWERED
    notify(people=[locked.author], kind=kind, thing=consultation, by=by, label=consultation.title)
    write_reply_letter(locked)
    return locked


def replied_meanwhile() -> str:
    return _("This comment was changed or replied to since you opened the page. Read it again, then reply.")


@transaction.atomic
def show_consultation_comment(*, comment: ConsultationComment, by: User) -> None:
    """Publish a comment that awaits publication, or one that was withheld. Raises `Refused` for any other."""
    locked = lock_comment(comment, by=by)
    if locked.state not in (State.WAITING, State.WITHHELD):
        raise Refused(_("Another user has just done this."))
    difference = {"state": [locked.state, State.SHOWN], "reason": [locked.withheld_reason, ""]}
    locked.state, locked.withheld_for, locked.withheld_reason = State.SHOWN, "", ""
    save(locked)
    Event.record("consultation-comment-shown", locked, by=by, difference=difference, label=title_of(locked))


@transaction.atomic
def withhold_consultation_comment(
    *, comment: ConsultationComment, ground: str, reason: str, seen: int | None, by: User
) -> None:
    """Withhold an unlawful comment. It stays counted, and its reason is shown in its place.

    Raises `Refused` if it is of an accredited institution, or withheld or withdrawn already, `FieldRefused` without a
    ground, and `ChangedMeanwhile` if it changed since.
    """
    locked = lock_comment(comment, by=by)
    refuse_if_changed(locked.version, seen, replied_meanwhile())
    if not locked.is_answerable:
        raise Refused(_("This comment was withheld or withdrawn. Reload the page."))
    if locked.is_signed or (locked.author is not None and may_sign(locked.author, locked.institution)):
        raise Refused(_("An accredited institution speaks for itself. Reply to its comment instead."))
    if ground not in WithholdingReason.values:
        raise FieldRefused("ground", _("Select a reason."))
    locked.state, locked.withheld_for = State.WITHHELD, ground
    locked.withheld_reason = required_reason(reason)
    save(locked)
    Event.record(
        "consultation-comment-withheld",
        locked,
        by=by,
        difference={"ground": ["", ground], "reason": ["", locked.withheld_reason]},
        label=title_of(locked),
    )
    kind = Notification.Kind.COMMENT_ANSWERED
    notify(people=[locked.author], kind=kind, thing=locked.consultation, by=by, label=title_of(locked))


def lock_comment(comment: ConsultationComment, *, by: User) -> ConsultationComment:
    refuse_others(by)
    rows = ConsultationComment.objects.select_for_update(of=("self",))
    return rows.select_related("consultation", "author", "institution").get(pk=comment.pk)


def title_of(comment: ConsultationComment) -> str:
    return comment.consultation.title


def save(comment: ConsultationComment) -> None:
    comment.version += 1
    comment.save()
