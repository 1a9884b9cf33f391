"""Assessments in three voices: add, complete, publish, retract. They are never rewritten."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Instance, User
from servanda.planning.models import Indicator, Measurement
from servanda.progress.assessments.speaking import contributing_institution
from servanda.progress.models import Assessment, Evidence, Grade, Update, Voice
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

NEEDED = {
    Voice.GOVERNMENT: Can.ASSESS,
    Voice.MECHANISM: Can.ASSESS,
    Voice.INDEPENDENT: Can.CONTRIBUTE,
}


@transaction.atomic
def assess(
    *,
    recommendation: Recommendation,
    voice: str,
    grade: Grade,
    reason: str,
    confidence: str,
    date: Date,
    evidence: Iterable[Evidence] = (),
    measurements: Iterable[Measurement] = (),
    act_is_outcome: bool = False,
    symbol: str = "",
    paragraph: str = "",
    proposed_in: Update | None = None,
    by: User,
) -> Assessment:
    """Add an unpublished assessment: how far a recommendation is implemented on a day, and why.

    Evidence of an outcome is only required for publication (`publish_assessment`); in the voice of the mechanism, the
    cited document is the evidence. Raises `Refused` if this person may not assess in this voice or the same
    assessment exists, and `FieldRefused` for a value, a day or evidence that does not fit the record.
    """
    if not can(by, NEEDED[Voice(voice)]):
        raise Refused(_("You do not have permission to make this assessment. Contact the coordinator."))
    record = lock_record(recommendation)
    refuse_body_that_assesses_nothing(record, voice)
    assessment = Assessment(
        recommendation=record,
        voice=voice,
        grade=grade,
        common=grade.common,
        reason=required_reason(reason),
        confidence=confidence,
        date=date,
        act_is_outcome=act_is_outcome and voice == Voice.GOVERNMENT,
        symbol=clean_label(symbol) if voice == Voice.MECHANISM else "",
        paragraph=clean_label(paragraph) if voice == Voice.MECHANISM else "",
        institution=contributing_institution(by) if voice == Voice.INDEPENDENT else None,
        is_latest=False,
        origin=Assessment.Origin.PROPOSED if proposed_in else Assessment.Origin.ENTERED,
        proposed_in=proposed_in,
        made_by=by,
    )
    refuse_wrong_scale(assessment)
    refuse_wrong_day(assessment)
    refuse_the_same(assessment)
    return save_assessment(assessment, list(evidence), list(measurements), by=by)


def save_assessment(
    assessment: Assessment, evidence: Sequence[Evidence], measurements: Sequence[Measurement], *, by: User
) -> Assessment:
    """Save an assessment with its evidence and values.

    Raises `FieldRefused` if these are not on the record, or if the mechanism's document is not cited.
    """
    refuse_not_on_record(assessment.recommendation, evidence, measurements)
    if assessment.voice == Voice.MECHANISM and not assessment.symbol:
        sentence = _("Enter the symbol of the document that contains the assessment. It serves as evidence.")
        raise FieldRefused("symbol", sentence)
    assessment.save(force_insert=True)
    assessment.evidence.set(evidence)
    assessment.measurements.set(measurements)
    Event.record("assessed", assessment, by=by, difference=facts(assessment), label=assessment.recommendation.code)
    return assessment


def facts(assessment: Assessment) -> dict[str, list[str]]:
    """The facts for the trail."""
    return {
        "voice": ["", assessment.voice],
        "common": ["", assessment.common],
        "date": ["", assessment.date.isoformat()],
    }


@transaction.atomic
def complete_assessment(
    *,
    assessment: Assessment,
    evidence: Sequence[Evidence],
    measurements: Sequence[Measurement],
    act_is_outcome: bool,
    by: User,
) -> Assessment:
    """Set the evidence and values of an unpublished assessment of the government, replacing earlier ones.

    Raises `Refused` once it is published, or if evidence or values are not on its record.
    """
    assessment = lock_assessment(assessment)
    refuse_unless_assessor(by)
    if assessment.is_published or assessment.voice != Voice.GOVERNMENT:
        raise Refused(_("Only an unpublished Government assessment can be completed."))
    refuse_not_on_record(assessment.recommendation, evidence, measurements)
    assessment.act_is_outcome = act_is_outcome
    assessment.save(update_fields=["act_is_outcome"])
    assessment.evidence.set(evidence)
    assessment.measurements.set(measurements)
    Event.record("assessment-completed", assessment, by=by, label=assessment.recommendation.code)
    return assessment


@transaction.atomic
def publish_assessment(*, assessment: Assessment, by: User) -> None:
    """Publish it; it becomes the voice's latest assessment, unless there is one of a later day.

    Raises `FieldRefused` for an upper step of the government without evidence of an outcome, and `Refused` for one's
    own assessment if the instance separates the two steps, or if it is published already.
    """
    assessment = lock_assessment(assessment)
    refuse_unless_assessor(by)
    refuse_own(assessment, by)
    refuse_body_that_assesses_nothing(assessment.recommendation, assessment.voice)
    if assessment.is_published:
        raise Refused(_("This assessment is already published."))
    refuse_without_outcome(assessment)
    assessment.is_published, assessment.published_at = True, timezone.now()
    assessment.save(update_fields=["is_published", "published_at"])
    keep_latest(assessment)
    Event.record("assessment-published", assessment, by=by, label=assessment.recommendation.code)


@transaction.atomic
def retract_assessment(*, assessment: Assessment, reason: str, by: User) -> None:
    """Retract a mistake. It stays in the internal history with the reason, and the earlier assessment counts again.

    Raises `Refused` if this person may not assess, if it is signed by an institution, or was retracted already.
    """
    assessment = lock_assessment(assessment)
    refuse_unless_assessor(by)
    if assessment.is_signed:
        sentence = _(
            "%(institution)s published this assessment under its own signature. Only the institution can "
            "withdraw it; you can reply to it."
        )
        raise Refused(sentence % {"institution": assessment.institution})
    assessment.retracted_at, assessment.retracted_by, assessment.retraction_reason = (
        timezone.now(),
        by,
        required_reason(reason),
    )
    assessment.is_latest = False
    assessment.save(update_fields=["retracted_at", "retracted_by", "retraction_reason", "is_latest"])
    keep_latest(assessment)
    difference = {"reason": ["", assessment.retraction_reason]}
    Event.record(
        "assessment-retracted", assessment, by=by, difference=difference, label=assessment.recommendation.code
    )


def keep_latest(assessment: Assessment) -> None:
    keep_latest_on([assessment.recommendation_id], assessment.voice)


def keep_latest_on(records: Collection[int], voice: str) -> None:
    """Mark the newest published assessment of the voice on each record; of the independent voice, one for each
    author.

    The caller has locked the records, so that concurrent changes leave one latest assessment.
    """
    same = Assessment.objects.standing().filter(recommendation__in=records, voice=voice, is_published=True)
    rows = list(same.select_related("copied_from", "brought_by").order_by("-date", "-pk"))
    newest: dict[tuple, Assessment] = {}
    for assessment in rows:
        newest.setdefault(
            (assessment.recommendation_id, *assessment.speaker, record_assessed(assessment)), assessment
        )
    latest = [assessment.pk for assessment in newest.values() if not is_outdated(assessment, rows)]
    same.exclude(pk__in=latest).filter(is_latest=True).update(is_latest=False)
    same.filter(pk__in=latest, is_latest=False).update(is_latest=True)


def record_assessed(assessment: Assessment) -> int | None:
    """The record that an independent author assessed, if the assessment was copied by a merge: assessments of
    different records do not replace each other."""
    if assessment.voice != Voice.INDEPENDENT or assessment.copied_from is None:
        return None
    return assessment.copied_from.recommendation_id


def is_outdated(copy: Assessment, rows: Iterable[Assessment]) -> bool:
    """Whether the author of a copy has assessed the surviving record since the merge."""
    if record_assessed(copy) is None:
        return False
    merged_at, author = copy.brought_by and copy.brought_by.applied_at, (copy.recommendation_id, copy.speaker)
    since = [
        assessment
        for assessment in rows
        if assessment.copied_from_id is None and merged_at and assessment.made_at > merged_at
    ]
    return any((assessment.recommendation_id, assessment.speaker) == author for assessment in since)


def lock_record(recommendation: Recommendation) -> Recommendation:
    records = (
        Recommendation.every_kind.kept().select_for_update(of=("self",)).select_related("body", "document", "review")
    )
    record = records.filter(pk=recommendation.pk).first()
    if record is None:
        raise Refused(
            _("This record was removed from the register after you opened this page. No changes were saved.")
        )
    return record


def lock_assessment(assessment: Assessment) -> Assessment:
    """Lock the record, as `assess` does, and return the present assessment. Raises `Refused` if it was retracted."""
    lock_record(assessment.recommendation)
    current = Assessment.objects.select_related("recommendation__body").get(pk=assessment.pk)
    if current.retracted_at:
        raise Refused(_("This assessment was withdrawn. See the history of the record."))
    return current


def refuse_unless_assessor(by: User) -> None:
    if not can(by, Can.ASSESS):
        raise Refused(_("You do not have permission to publish or withdraw assessments. Contact the coordinator."))


def refuse_own(assessment: Assessment, by: User) -> None:
    if (
        assessment.voice == Voice.GOVERNMENT
        and assessment.made_by_id == by.pk
        and not Instance.current().assessor_may_publish
    ):
        raise Refused(_("You made this assessment, so another person must publish it. Ask another coordinator."))


def refuse_body_that_assesses_nothing(record: Recommendation, voice: str) -> None:
    if voice == Voice.MECHANISM and not record.body.assesses:
        sentence = _("%(body)s does not assess the implementation of its recommendations.")
        raise Refused(sentence % {"body": record.body.name})


def refuse_wrong_scale(assessment: Assessment) -> None:
    scale = assessment.grade.scale
    if scale.voice != assessment.voice or not scale.is_for(assessment.recommendation.body.code):
        sentence = _("%(body)s does not use this scale. Choose a value from one of its own scales.")
        raise FieldRefused("grade", sentence % {"body": assessment.recommendation.body.short})
    if not (scale.is_in_use and assessment.grade.is_in_use):
        raise FieldRefused("grade", _("This value is no longer in use. Choose another."))


def refuse_wrong_day(assessment: Assessment) -> None:
    refuse_future(assessment)
    begin = assessment.recommendation.date
    if begin and assessment.date < begin:
        sentence = _("The recommendation is dated %(day)s. Enter that date or a later one.")
        raise FieldRefused("date", sentence % {"day": begin.isoformat()})


def refuse_future(assessment: Assessment) -> None:
    if assessment.date > timezone.localdate():
        raise FieldRefused("date", _("The date of the assessment must be today or in the past."))


def refuse_the_same(assessment: Assessment) -> None:
    """Raises `Refused` if the same assessment exists, as when a form is sent twice."""
    existing = Assessment.objects.standing().filter(recommendation=assessment.recommendation, voice=assessment.voice)
    if existing.filter(
        grade=assessment.grade, date=assessment.date, reason=assessment.reason, made_by=assessment.made_by
    ).exists():
        raise Refused(_("This assessment already exists, with the same value, date and reason."))


def refuse_not_on_record(
    record: Recommendation, evidence: Sequence[Evidence], measurements: Sequence[Measurement]
) -> None:
    on_record = Evidence.objects.kept().filter(is_submitted=True, abouts__recommendation=record)
    if on_record.filter(pk__in=[piece.pk for piece in evidence]).count() < len(evidence):
        sentence = _("Some of this evidence is not on the record, or was withdrawn. Add it to the record first.")
        raise FieldRefused("evidence", sentence)
    indicators = Indicator.objects.kept().filter(abouts__recommendation=record)
    values = Measurement.objects.current().filter(indicator__in=indicators)
    if values.filter(pk__in=[value.pk for value in measurements]).count() < len(measurements):
        sentence = _("Some of these values belong to an indicator that is not linked to the record. Link it first.")
        raise FieldRefused("measurements", sentence)


def refuse_without_outcome(assessment: Assessment) -> None:
    if not Assessment.objects.filter(pk=assessment.pk).lacking_outcome().exists():
        return
    if assessment.act_is_outcome:
        sentence = _(
            "The act itself is marked as the outcome. Select evidence that supports this value: the published "
            "law, or the deposit with the depositary of the treaty."
        )
        raise FieldRefused("evidence", sentence)
    sentence = _(
        "“%(value)s” requires evidence of an outcome that supports it, or a value of an outcome indicator of "
        "this record. Add and select one. If the recommendation is for an act, such as ratification or repeal, "
        "mark the act as completed and select it as evidence. Otherwise choose a lower value."
    )
    raise FieldRefused("grade", sentence % {"value": assessment.get_common_display()})
