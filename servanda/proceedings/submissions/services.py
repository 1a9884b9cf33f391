"""Start the next submission of a proceeding, and undo that."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.days import months_later
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.proceedings.life.steps import SHARED, ask_for_drafts
from servanda.proceedings.models import EarlierSubmission, Proceeding, ProceedingQuestion, StateReply, TakenStep
from servanda.proceedings.obligations import follow
from servanda.proceedings.persons.naming import refuse_names
from servanda.proceedings.rules import lock, save_version, set_deadline
from servanda.sources.printed.texts import clean_label


@transaction.atomic
def start_next_submission(
    *,
    proceeding: Proceeding,
    due_on: date | None,
    answers_to: str,
    parts_checked: bool = False,
    seen: int,
    by: User,
) -> EarlierSubmission:
    """Keep what was sent as an earlier submission, and start the next one: its reply, clearance and dispatch are
    empty, and its deadline is an obligation of its own. Institutions are asked again.

    Raises `ChangedMeanwhile` if it was changed since `seen`, and `Refused` (or `FieldRefused`) before the reply was
    sent, without what the next submission answers or with the name of a person concerned there, or for a deadline
    that is not after the earlier one.
    """
    proceeding = lock(proceeding, by=by, seen=seen)
    if proceeding.replied_on is None:
        raise Refused(_("The reply has not been sent yet. Record its dispatch first."))
    if not (text := clean_label(answers_to)):
        raise FieldRefused("answers_to", _("Enter the document or request that the next submission answers."))
    refuse_names(proceeding, [("answers_to", text)], parts_checked=parts_checked)
    before = proceeding.due_on or proceeding.sent_on
    if due_on and before and due_on <= before:
        raise FieldRefused("due_on", _("Enter a date after the deadline of the earlier submission."))
    earlier = keep_as_earlier(proceeding)
    empty_reply(proceeding)
    proceeding.answers_to = text
    set_deadline(proceeding, due_on)
    returned = return_before_clearance(proceeding, text, by=by)
    sent, due = [str(earlier.replied_on), ""], [str(earlier.due_on or ""), str(due_on or "")]
    difference: dict[str, object] = {"replied_on": sent, "due_on": due}
    if returned:
        difference["step"] = [earlier.step_before, proceeding.step]
    save_version(proceeding, "next-submission-started", by=by, difference=difference)
    if proceeding.step == SHARED:
        ask_for_drafts(proceeding, by=by)
    return earlier


def next_day(proceeding: Proceeding) -> date | None:
    """When its rule makes it due again, if the rule is repeated."""
    rule = proceeding.rule()
    return months_later(proceeding.due_on, rule.every) if rule and rule.every and proceeding.due_on else None


def keep_as_earlier(proceeding: Proceeding) -> EarlierSubmission:
    parts = {name: getattr(proceeding, name) for name in StateReply.PARTS}
    earlier = EarlierSubmission.objects.create(proceeding=proceeding, step_before=proceeding.step, **parts)
    earlier.reply_earlier_writers.set(proceeding.reply_earlier_writers.all())
    proceeding.drafts.current().update(submission=earlier)
    put_in_room(proceeding).filter(submission=None).update(submission=earlier)
    return earlier


def put_in_room(proceeding: Proceeding) -> QuerySet[ProceedingQuestion]:
    return proceeding.questions.filter(origin=ProceedingQuestion.Origin.ROOM)


def empty_reply(proceeding: Proceeding) -> None:
    for name in StateReply.PARTS:
        field = Proceeding._meta.get_field(name)
        setattr(proceeding, name, None if field.null else "")
    proceeding.reply_earlier_writers.clear()
    proceeding.named.update(due_on=None)


def return_before_clearance(proceeding: Proceeding, reason: str, *, by: User) -> bool:
    """Return to the step in which the reply is prepared, if it is past that; what it answers is the reason."""
    kind = proceeding.kind_facts
    prepared = kind.steps[kind.place_of("cleared") - 1].code
    if kind.place_of(proceeding.step) <= kind.place_of(prepared):
        return False
    take_back_to(proceeding, prepared, reason, by=by)
    return True


def take_back_to(proceeding: Proceeding, step: str, reason: str, *, by: User) -> None:
    proceeding.step = step
    today = timezone.localdate()
    TakenStep.objects.create(proceeding=proceeding, step=step, on=today, is_return=True, reason=reason, by=by)


@transaction.atomic
def undo_next_submission(*, proceeding: Proceeding, by: User) -> None:
    """Restore the earlier submission as the present one, with its answers, deadlines and step.

    Raises `Refused` if there is no earlier submission, or once something was written for the next one,
    or an extension or a letter entered.
    """
    proceeding = lock(proceeding, by=by)
    earlier = proceeding.earlier.last()
    if earlier is None:
        raise Refused(_("There is no earlier submission."))
    if is_begun(proceeding):
        raise Refused(_("Text has been entered for the next submission, so its start can no longer be undone."))
    undone = proceeding.obligation
    if undone is not None and (undone.extensions.exists() or undone.letters.exists()):
        raise Refused(_("An extension or a letter was entered for the next submission. Remove it first."))
    put_back(proceeding, earlier)
    if earlier.step_before != proceeding.step:
        take_back_to(proceeding, earlier.step_before, _("The next submission was undone."), by=by)
    earlier.delete()
    save_version(
        proceeding, "next-submission-undone", by=by, difference={"replied_on": ["", str(proceeding.replied_on)]}
    )
    if undone is not None and undone != proceeding.obligation:
        end = {"withdrawn_at": timezone.now(), "withdrawn_reason": _("The next submission was undone.")}
        undone.steps.all().delete()
        follow(undone, end, by=by)


def is_begun(proceeding: Proceeding) -> bool:
    """Whether anything was written for the present submission."""
    return bool(proceeding.reply) or proceeding.drafts.current().exclude(text="").exists()


def put_back(proceeding: Proceeding, earlier: EarlierSubmission) -> None:
    for name in StateReply.PARTS:
        setattr(proceeding, name, getattr(earlier, name))
    proceeding.reply_earlier_writers.set(earlier.reply_earlier_writers.all())
    proceeding.drafts.current().delete()
    earlier.drafts.update(submission=None)
    earlier.questions.update(submission=None)
    if earlier.obligation is not None:
        days = dict(earlier.obligation.steps.values_list("institution", "due_on"))
        for named in proceeding.named.filter(institution__in=days):
            named.due_on = days[named.institution_id]
            named.save(update_fields=["due_on"])
