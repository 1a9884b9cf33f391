"""Self-assessments: start, edit, answer, complete, reopen, withdraw, restore."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import MechanismProfile, SelfAssessment, SelfAssessmentAnswer
from servanda.network.profiles.services import lock as lock_profile
from servanda.network.self_assessments.questions import questions_by_code
from servanda.network.withdrawing import restore, withdraw
from servanda.people.models import User
from servanda.people.versioning import difference_of, overwriting_conflict, refuse_if_changed, save_version
from servanda.trail.models import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfAssessmentValues:
    date: date
    participants: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerValues:
    level: int | None = None
    evidence: str = ""


@transaction.atomic
def start_self_assessment(*, profile: MechanismProfile, values: SelfAssessmentValues, by: User) -> SelfAssessment:
    """Raises `FieldRefused` for a date in the future or without participants, and `Refused` for a profile that was
    received or withdrawn."""
    locked = lock_profile(profile)
    if locked.is_received:
        raise Refused(_("Another system sent this profile. Its mechanism assesses itself there."))
    assessment = SelfAssessment(profile=locked, created_by=by, version=0)
    set_values(assessment, values)
    save_version(assessment, "self-assessment-started", by=by, difference={})
    return assessment


@transaction.atomic
def edit_self_assessment(
    *, assessment: SelfAssessment, values: SelfAssessmentValues, seen: int | None, by: User
) -> None:
    """Raises `ChangedMeanwhile` if another user saved it since, and `Refused` if it is completed."""
    locked = lock_draft(assessment, seen)
    before = values_in_trail(locked)
    set_values(locked, values)
    if difference := difference_of(before, values_in_trail(locked)):
        save_version(locked, "self-assessment-edited", by=by, difference=difference)


def set_values(assessment: SelfAssessment, values: SelfAssessmentValues) -> None:
    participants = " ".join(values.participants.split())
    if not participants:
        raise FieldRefused("participants", _("Enter who took part."))
    if values.date > timezone.localdate():
        raise FieldRefused("date", _("Enter a date that is not in the future."))
    assessment.date, assessment.participants = values.date, participants


def values_in_trail(assessment: SelfAssessment) -> dict[str, object]:
    return {"date": assessment.date.isoformat(), "participants": assessment.participants}


@transaction.atomic
def answer_questions(
    *, assessment: SelfAssessment, answers: Mapping[str, AnswerValues], seen: int | None, by: User
) -> None:
    """Save the answers to some questions, by code; the others stay as they are.

    Raises `ChangedMeanwhile` if another user saved it since, and `Refused` if it is completed.
    """
    locked = lock_draft(assessment, seen)
    current = {answer.question: answer for answer in locked.answers.all()}
    difference = {}
    for code in answers.keys() & questions_by_code().keys():
        answer = current.get(code) or SelfAssessmentAnswer(assessment=locked, question=code)
        before, after = AnswerValues(level=answer.level, evidence=answer.evidence), answers[code]
        if before != after:
            answer.level, answer.evidence, answer.by = after.level, after.evidence, by
            answer.save()
            difference[code] = [in_trail(before), in_trail(after)]
    if difference:
        save_version(locked, "self-assessment-answered", by=by, difference=difference)


def in_trail(values: AnswerValues) -> str:
    return f"{'' if values.level is None else values.level} {values.evidence}".strip()


@transaction.atomic
def complete_self_assessment(*, assessment: SelfAssessment, by: User) -> None:
    """Raises `Refused` while a question has no level."""
    locked = lock_draft(assessment)
    rated = locked.answers.filter(level__isnull=False, question__in=list(questions_by_code())).count()
    if left := len(questions_by_code()) - rated:
        sentence = ngettext(
            "%(count)d question has no level yet. Choose one first.",
            "%(count)d questions have no level yet. Choose one for each first.",
            left,
        )
        raise Refused(sentence % {"count": left})
    locked.completed_at, locked.completed_by = timezone.now(), by
    save_version(locked, "self-assessment-completed", by=by, difference={})


@transaction.atomic
def reopen_self_assessment(*, assessment: SelfAssessment, by: User) -> None:
    """Raises `Refused` if it is not completed."""
    locked = lock(assessment)
    if not locked.is_completed:
        raise Refused(_("This has already been done."))
    locked.completed_at = locked.completed_by = None
    save_version(locked, "self-assessment-reopened", by=by, difference={})


@transaction.atomic
def withdraw_self_assessment(*, assessment: SelfAssessment, reason: str, by: User) -> None:
    """Raises `FieldRefused` without a reason."""
    locked = lock(assessment)
    withdraw(locked, "self-assessment-withdrawn", reason=reason, by=by)


@transaction.atomic
def restore_self_assessment(*, assessment: SelfAssessment, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = SelfAssessment.objects.select_for_update(of=("self",)).select_related("profile").get(pk=assessment.pk)
    restore(locked, "self-assessment-restored", by=by)


def record_download(*, profile: MechanismProfile, by: User) -> None:
    """Leave a line in the trail about the self-assessments of a mechanism that left as a file."""
    Event.record("self-assessments-downloaded", profile, by=by)


def lock(assessment: SelfAssessment) -> SelfAssessment:
    """Raises `Refused` for a withdrawn one."""
    locked = SelfAssessment.objects.select_for_update(of=("self",)).select_related("profile").get(pk=assessment.pk)
    if locked.withdrawn_at is not None:
        raise Refused(_("This self-assessment is withdrawn. Restore it first."))
    return locked


def lock_draft(assessment: SelfAssessment, seen: int | None = None) -> SelfAssessment:
    locked = lock(assessment)
    if locked.is_completed:
        raise Refused(_("This self-assessment is completed. Reopen it first."))
    refuse_if_changed(locked.version, seen, overwriting_conflict(str(locked)))
    return locked
