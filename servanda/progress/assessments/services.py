"""Assessments in three voices. They are added, published and taken back with a reason; nothing rewrites one."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Can, can
from servanda.people.models import Appointment, Instance, Institution, User
from servanda.planning.models import Indicator, Measurement
from servanda.progress.models import Assessment, Evidence, Grade, Update, Voice
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean, clean_label
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
    """Say how far a recommendation is implemented, on a day, and why. Nobody outside sees it until it is published.

    What shows an outcome is needed when it is published (`publish_assessment`); for the voice of the mechanism the
    cited document is the evidence.
    """
    if not can(by, NEEDED[Voice(voice)]):
        raise Refused(_("Your role does not assess in this voice. Ask the coordinator of the mechanism."))
    held = still_there(recommendation)
    refuse_body_that_assesses_nothing(held, voice)
    made = Assessment(
        recommendation=held,
        voice=voice,
        grade=grade,
        common=grade.common,
        reason=needed(reason),
        confidence=confidence,
        date=date,
        act_is_outcome=act_is_outcome and voice == Voice.GOVERNMENT,
        symbol=clean_label(symbol) if voice == Voice.MECHANISM else "",
        paragraph=clean_label(paragraph) if voice == Voice.MECHANISM else "",
        institution=speaks_for(by) if voice == Voice.INDEPENDENT else None,
        is_latest=False,
        origin=Assessment.Origin.PROPOSED if proposed_in else Assessment.Origin.ENTERED,
        proposed_in=proposed_in,
        made_by=by,
    )
    refuse_wrong_scale(made)
    refuse_wrong_day(made)
    refuse_the_same(made)
    return put(made, list(evidence), list(measurements), by=by)


def put(
    made: Assessment, evidence: Sequence[Evidence], measurements: Sequence[Measurement], *, by: User
) -> Assessment:
    """Write down what the rules of its voice allow, with what shows it."""
    refuse_what_is_elsewhere(made.recommendation, evidence, measurements)
    if made.voice == Voice.MECHANISM and not made.symbol:
        sentence = _("Give the symbol of the document in which the body says this: it is the evidence.")
        raise FieldRefused("symbol", sentence)
    made.save(force_insert=True)
    made.evidence.set(evidence)
    made.measurements.set(measurements)
    Event.record("assessed", made, by=by, difference=facts(made), label=made.recommendation.code)
    return made


def facts(made: Assessment) -> dict[str, list[str]]:
    """What the trail keeps of it."""
    return {"voice": ["", made.voice], "common": ["", made.common], "date": ["", made.date.isoformat()]}


@transaction.atomic
def complete_assessment(
    *,
    assessment: Assessment,
    evidence: Sequence[Evidence],
    measurements: Sequence[Measurement],
    act_is_outcome: bool,
    by: User,
) -> Assessment:
    """Add to an unpublished assessment of the government what shows it, in place of what was ticked before.

    Raises `Refused` once it is published, or where evidence or values are not on its record.
    """
    held = locked(assessment)
    refuse_stranger(by)
    if held.is_published or held.voice != Voice.GOVERNMENT:
        raise Refused(_("Only an unpublished assessment of the Government can be completed."))
    refuse_what_is_elsewhere(held.recommendation, evidence, measurements)
    held.act_is_outcome = act_is_outcome
    held.save(update_fields=["act_is_outcome"])
    held.evidence.set(evidence)
    held.measurements.set(measurements)
    Event.record("assessment-completed", held, by=by, label=held.recommendation.code)
    return held


@transaction.atomic
def publish_assessment(*, assessment: Assessment, by: User) -> None:
    """From now on it is what this voice says, unless it said something of a later day already.

    Raises `FieldRefused` for an upper step of the government's scale that nothing shows, and `Refused` for one's own
    assessment where the instance keeps the two apart.
    """
    held = locked(assessment)
    refuse_stranger(by)
    refuse_own(held, by)
    refuse_body_that_assesses_nothing(held.recommendation, held.voice)
    if held.is_published:
        raise Refused(_("This assessment is published already."))
    refuse_without_outcome(held)
    held.is_published = True
    held.save(update_fields=["is_published"])
    keep_latest(held)
    Event.record("assessment-published", held, by=by, label=held.recommendation.code)


@transaction.atomic
def retract_assessment(*, assessment: Assessment, reason: str, by: User) -> None:
    """Take a mistake back. It stays in the history of the desk, with the reason, and what was said before counts."""
    held = locked(assessment)
    refuse_stranger(by)
    if held.is_signed:
        sentence = _(
            "%(institution)s published this on its own signature. Only it withdraws it; you can reply to it."
        )
        raise Refused(sentence % {"institution": held.institution})
    held.retracted_at, held.retracted_by, held.retraction_reason = timezone.now(), by, needed(reason)
    held.is_latest = False
    held.save(update_fields=["retracted_at", "retracted_by", "retraction_reason", "is_latest"])
    keep_latest(held)
    difference = {"reason": ["", held.retraction_reason]}
    Event.record("assessment-retracted", held, by=by, difference=difference, label=held.recommendation.code)


def keep_latest(assessment: Assessment) -> None:
    keep_latest_on([assessment.recommendation_id], assessment.voice)


def keep_latest_on(records: Collection[int], voice: str) -> None:
    """Of what is published and stands, the newest of each voice; of the independent voice, the newest of each
    author. The records are locked, so two people end up with one."""
    same = Assessment.objects.standing().filter(recommendation__in=records, voice=voice, is_published=True)
    rows = list(same.select_related("copied_from", "brought_by").order_by("-date", "-pk"))
    newest: dict[tuple, Assessment] = {}
    for one in rows:
        newest.setdefault((one.recommendation_id, *one.speaker, record_assessed(one)), one)
    latest = [one.pk for one in newest.values() if not is_outdated(one, rows)]
    same.exclude(pk__in=latest).filter(is_latest=True).update(is_latest=False)
    same.filter(pk__in=latest, is_latest=False).update(is_latest=True)


def record_assessed(one: Assessment) -> int | None:
    """Which record an independent author assessed, where a merge brought the assessment here: what was written of
    one record does not take the place of what was written of another."""
    if one.voice != Voice.INDEPENDENT or one.copied_from is None:
        return None
    return one.copied_from.recommendation_id


def is_outdated(copy: Assessment, rows: Iterable[Assessment]) -> bool:
    """Whether its author has assessed the merged record since the merge."""
    if record_assessed(copy) is None:
        return False
    merged_at, author = copy.brought_by and copy.brought_by.applied_at, (copy.recommendation_id, copy.speaker)
    since = [one for one in rows if one.copied_from_id is None and merged_at and one.made_at > merged_at]
    return any((one.recommendation_id, one.speaker) == author for one in since)


def speaks_for(person: User) -> Institution | None:
    """The institution for which somebody contributes."""
    held = [one for one in person.current_appointments if one.function == Appointment.Function.CONTRIBUTOR]
    return held[0].institution if held else None


def still_there(recommendation: Recommendation) -> Recommendation:
    held = Recommendation.objects.kept().select_for_update(of=("self",)).select_related("body", "document", "review")
    found = held.filter(pk=recommendation.pk).first()
    if found is None:
        raise Refused(_("This record has left the register meanwhile. Nothing was saved."))
    return found


def locked(assessment: Assessment) -> Assessment:
    """The record first, as whoever assesses does; then the assessment as it is now."""
    still_there(assessment.recommendation)
    held = Assessment.objects.select_related("recommendation__body").get(pk=assessment.pk)
    if held.retracted_at:
        raise Refused(_("This assessment was taken back. Look at the history of the record."))
    return held


def refuse_stranger(by: User) -> None:
    if not can(by, Can.ASSESS):
        raise Refused(_("Your role does not publish assessments or take them back. Ask the coordinator."))


def refuse_own(held: Assessment, by: User) -> None:
    if held.voice == Voice.GOVERNMENT and held.made_by_id == by.pk and not Instance.current().assessor_may_publish:
        raise Refused(_("You made this assessment, so another person publishes it. Ask another coordinator."))


def needed(reason: str) -> str:
    if not (said := clean(reason)):
        raise FieldRefused("reason", _("Say why, so that others understand it later."))
    return said


def refuse_body_that_assesses_nothing(record: Recommendation, voice: str) -> None:
    if voice == Voice.MECHANISM and not record.body.assesses:
        sentence = _("%(body)s does not assess how far its recommendations are implemented.")
        raise Refused(sentence % {"body": record.body.name})


def refuse_wrong_scale(made: Assessment) -> None:
    scale = made.grade.scale
    if scale.voice != made.voice or not scale.is_for(made.recommendation.body.code):
        sentence = _("This value is of a scale that %(body)s does not use. Choose one of its own.")
        raise FieldRefused("grade", sentence % {"body": made.recommendation.body.code})
    if not (scale.is_in_use and made.grade.is_in_use):
        raise FieldRefused("grade", _("This value is out of use. Choose another."))


def refuse_wrong_day(made: Assessment) -> None:
    refuse_future(made)
    begin = made.recommendation.date
    if begin and made.date < begin:
        sentence = _("The recommendation was made later, on %(day)s. Give a day from then on.")
        raise FieldRefused("date", sentence % {"day": begin.isoformat()})


def refuse_future(made: Assessment) -> None:
    if made.date > timezone.localdate():
        raise FieldRefused("date", _("This day is still to come. Give the day of the assessment."))


def refuse_the_same(made: Assessment) -> None:
    """A form sent twice makes one row."""
    there = Assessment.objects.standing().filter(recommendation=made.recommendation, voice=made.voice)
    if there.filter(grade=made.grade, date=made.date, reason=made.reason, made_by=made.made_by).exists():
        raise Refused(_("This was saved already: the same voice says the same, on the same day, for this reason."))


def refuse_what_is_elsewhere(
    record: Recommendation, evidence: Sequence[Evidence], measurements: Sequence[Measurement]
) -> None:
    here = Evidence.objects.kept().filter(is_submitted=True, abouts__recommendation=record)
    if here.filter(pk__in=[one.pk for one in evidence]).count() < len(evidence):
        sentence = _("Some of this evidence is not on the record, or was withdrawn. Add it to the record first.")
        raise FieldRefused("evidence", sentence)
    indicators = Indicator.objects.kept().filter(abouts__recommendation=record)
    values = Measurement.objects.current().filter(indicator__in=indicators)
    if values.filter(pk__in=[one.pk for one in measurements]).count() < len(measurements):
        sentence = _("Some of these values are of an indicator that is not linked to the record. Link it first.")
        raise FieldRefused("measurements", sentence)


def refuse_without_outcome(held: Assessment) -> None:
    if not Assessment.objects.filter(pk=held.pk).lacking_outcome().exists():
        return
    if held.act_is_outcome:
        sentence = _(
            "The act itself is marked as the outcome. Tick the evidence that shows it and supports this value: the"
            " law as published, or the deposit with the depositary of the treaty."
        )
        raise FieldRefused("evidence", sentence)
    sentence = _(
        "“%(value)s” needs something that shows what changed for people: evidence of an outcome that supports it, or"
        " a value of an outcome indicator of this record. Add one and tick it. If the recommendation asks for an act,"
        " such as to ratify or to repeal, tick that instead, with the act as evidence. Or choose a lower value."
    )
    raise FieldRefused("grade", sentence % {"value": held.get_common_display()})
