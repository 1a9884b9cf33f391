"""The proof that an obligation was met, and the letters before: reminders received, holding replies."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.people.versioning import difference_of, save_version
from servanda.sources.models import Obligation, ObligationFile, ObligationLetter, Submission
from servanda.sources.obligations.values import lock_obligation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean, clean_label

PROVES = (ObligationFile.Kind.NOTE, ObligationFile.Kind.ACKNOWLEDGEMENT, ObligationFile.Kind.TEXT)
LABELS = ("note_verbale", "channel", "mission", "reply")


@dataclass(slots=True, frozen=True, kw_only=True)
class SubmissionValues:
    submitted_on: date
    note_verbale: str = ""
    channel: str = ""
    mission: str = ""
    acknowledged_on: date | None = None
    reply: str = ""
    language: str = ""
    words: int | None = None
    annexes: str = ""


@transaction.atomic
def record_submission(*, obligation: Obligation, values: SubmissionValues, seen: int | None, by: User) -> Submission:
    """Record how and when it was submitted, or correct that; the state becomes “Submitted”.

    Raises `ChangedMeanwhile` if it was changed since `seen`, and `Refused` (or `FieldRefused`) without a proof, if a
    day lies in the future, if the acknowledgement is before the submission, or if the obligation ended without a
    report.
    """
    refuse_impossible_days(values)
    refuse_without_proof(obligation, values)
    return enter_submission(obligation=obligation, values=values, seen=seen, by=by)


@transaction.atomic
def enter_submission(*, obligation: Obligation, values: SubmissionValues, seen: int | None, by: User) -> Submission:
    """The same where the proof is elsewhere: in the files of a report, or on a record."""
    obligation = lock_obligation(obligation, by=by, seen=seen)
    refuse_impossible_days(values)
    if obligation.state in Obligation.WITH_REASON:
        raise Refused(_("This obligation has ended without a submission. Set another state first."))
    present = Submission.objects.filter(obligation=obligation).first()
    before = facts(present) if present else {}
    submission = present or Submission(obligation=obligation, state_before=obligation.state)
    for name in SubmissionValues.__dataclass_fields__:
        value = getattr(values, name)
        setattr(submission, name, clean_label(value) if name in LABELS else value)
    submission.annexes, submission.language = clean(values.annexes), values.language.strip().lower()
    submission.save()
    if present is None and obligation.state in Obligation.UNFINISHED:
        obligation.state, obligation.state_reason = Obligation.State.SUBMITTED, ""
        obligation.is_past_at_entry = False
    if difference := difference_of(before, facts(submission)):
        if present is None:
            save_version(obligation, "obligation-submitted", by=by, difference=difference)
        else:
            save_version(obligation, "submission-corrected", by=by, difference=difference)
    return submission


@transaction.atomic
def take_back_submission(*, obligation: Obligation, reason: str, by: User) -> None:
    """Remove the proof; the obligation returns to the state before. Raises `Refused` if nothing was submitted, or
    without a reason."""
    if not Submission.objects.filter(obligation=obligation).exists():
        raise Refused(_("No submission is recorded."))
    delete_submission(obligation=obligation, reason=required_reason(reason), by=by)


@transaction.atomic
def delete_submission(*, obligation: Obligation, reason: str, by: User) -> None:
    """Remove the proof; the history keeps it. Raises `Refused` if nothing was submitted."""
    obligation = lock_obligation(obligation, by=by)
    submission = Submission.objects.filter(obligation=obligation).first()
    if submission is None:
        raise Refused(_("No submission is recorded."))
    difference = difference_of(facts(submission), dict.fromkeys(facts(submission), ""))
    obligation.state, obligation.state_reason = submission.state_before, ""
    submission.delete()
    save_version(obligation, "submission-taken-back", by=by, difference=difference | {"reason": ["", reason]})


def refuse_without_proof(obligation: Obligation, values: SubmissionValues) -> None:
    """A submission that was recorded elsewhere can be corrected without one."""
    if clean_label(values.note_verbale) or clean_label(values.reply):
        return
    present = Submission.objects.filter(obligation=obligation).first()
    is_from_elsewhere = present is not None and not present.note_verbale and not present.reply
    if is_from_elsewhere or obligation.files.filter(withdrawn_at=None, kind__in=PROVES).exists():
        return
    sentence = _(
        "Enter the number of the note verbale or the symbol of the reply, or first add one of them as a file."
    )
    raise FieldRefused("note_verbale", sentence)


def refuse_impossible_days(values: SubmissionValues) -> None:
    today = timezone.localdate()
    if values.submitted_on > today:
        raise FieldRefused("submitted_on", _("Enter a date that is not in the future."))
    if values.acknowledged_on is None:
        return
    if values.acknowledged_on > today:
        raise FieldRefused("acknowledged_on", _("Enter a date that is not in the future."))
    if values.acknowledged_on < values.submitted_on:
        raise FieldRefused("acknowledged_on", _("The acknowledgement is before the submission."))


def facts(submission: Submission) -> dict[str, str]:
    values = {name: getattr(submission, name) for name in SubmissionValues.__dataclass_fields__}
    return {name: "" if value is None else str(value) for name, value in values.items()}


@transaction.atomic
def add_letter(
    *, obligation: Obligation, kind: str, on: date, reference: str = "", note: str = "", by: User
) -> ObligationLetter:
    """Record a letter about the obligation. Raises `Refused` (or `FieldRefused`) for an unknown kind or a day in the
    future."""
    return enter_letter(lock_obligation(obligation, by=by), kind=kind, on=on, reference=reference, note=note, by=by)


def enter_letter(
    obligation: Obligation, *, kind: str, on: date, reference: str, note: str, by: User
) -> ObligationLetter:
    """The same on a row that the caller has locked, also that of a proceeding."""
    if kind not in ObligationLetter.Kind.values:
        raise FieldRefused("kind", _("Choose a value from the list."))
    if on > timezone.localdate():
        raise FieldRefused("on", _("Enter a date that is not in the future."))
    letter = ObligationLetter.objects.create(
        obligation=obligation, kind=kind, on=on, reference=clean_label(reference), note=clean(note)
    )
    save_version(obligation, "obligation-letter-added", by=by, difference={"letter": ["", in_words(letter)]})
    return letter


@transaction.atomic
def remove_letter(*, letter: ObligationLetter, by: User) -> None:
    """Remove a letter that was entered by mistake; the trail keeps what it was."""
    drop_letter(lock_obligation(letter.obligation, by=by), letter, by=by)


def drop_letter(obligation: Obligation, letter: ObligationLetter, *, by: User) -> None:
    difference = {"letter": [in_words(letter), ""]}
    letter.delete()
    save_version(obligation, "obligation-letter-removed", by=by, difference=difference)


def in_words(letter: ObligationLetter) -> str:
    return " · ".join(filter(None, [letter.kind, str(letter.on), letter.reference, letter.note]))
