"""Assessments signed by an accredited institution: only it publishes and withdraws them; the State can reply."""

from collections.abc import Iterable, Sequence
from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import OFFICES, Can, can
from servanda.people.models import Accreditation, Appointment, Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.planning.assignments.services import coordinators
from servanda.progress.assessments.services import facts, keep_latest, lock_record, refuse_future, refuse_the_same
from servanda.progress.assessments.signer_notices import notify_of_reply, notify_of_withdrawal
from servanda.progress.assessments.speaking import places_of, remember_institution
from servanda.progress.evidence.services import Described, add_link
from servanda.progress.models import Assessment, AssessmentReply, Evidence, Grade, Scale, Voice
from servanda.recommendations.models import Recommendation, Signature
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

OWN_SCALE = (
    "independent"  # comes with Servanda, and can be used here even when it is retired, so that no one is silenced
)


@transaction.atomic
def sign_assessment(
    *,
    recommendation: Recommendation,
    grade: Grade,
    reason: str,
    confidence: str,
    date: Date,
    links: Sequence[str] = (),
    institution: Institution | None = None,
    by: User,
) -> Assessment:
    """Publish an assessment in the name of this person's accredited institution; `institution` is the choice of a
    person who signs for several. It is public at once.

    Raises `Refused` if this person may not sign or the record is not public, and `FieldRefused` for an unsuitable
    value or day.
    """
    accreditation = accreditation_of(by, institution)
    remember_institution(by, institution)
    record = lock_public_record(recommendation)
    assessment = Assessment(
        recommendation=record,
        voice=Voice.INDEPENDENT,
        grade=grade,
        common=grade.common,
        reason=required_reason(reason),
        confidence=confidence,
        date=date,
        institution=accreditation.institution,
        accreditation=accreditation,
        is_published=True,
        published_at=timezone.now(),
        is_latest=False,
        made_by=by,
    )
    refuse_other_scale(assessment)
    refuse_future(assessment)
    refuse_the_same(assessment)
    assessment.save(force_insert=True)
    assessment.evidence.set(add_links(links, record, by=by))
    keep_latest(assessment)
    refresh_signatures(record.pk)
    kind = Notification.Kind.ASSESSMENT_SIGNED
    notify(people=coordinators(), kind=kind, thing=record, by=by, label=record.code)
    Event.record("assessment-signed", assessment, by=by, difference=facts(assessment), label=record.code)
    return assessment


def accreditation_of(person: User, institution: Institution | None = None) -> Accreditation:
    """The accreditation under which this person signs today: that of the institution, or of the one chosen last.

    Raises `Refused` if there is none, or if the person holds an office in the mechanism that is assessed.
    """
    if can(person, Can.CONTRIBUTE) and not person.roles & set(OFFICES):
        places = [place.pk for place in places_of(person) if institution in (None, place)]
        signing = Accreditation.objects.signing(on=timezone.localdate()).select_related("institution")
        found = {row.institution_id: row for row in signing.filter(institution__in=places)}
        if signed := [found[place] for place in places if place in found]:
            return signed[0]
    raise Refused(
        _("Only an accredited institution can publish under its own signature. You can send a contribution instead.")
    )


def institutions_of(person: User) -> set[int]:
    """The institutions for which this person contributes."""
    appointments = person.current_appointments
    return {
        appointment.institution_id
        for appointment in appointments
        if appointment.function == Appointment.Function.CONTRIBUTOR
    }


def places_to_sign_for(person: User) -> set[int]:
    signing = Accreditation.objects.signing(on=timezone.localdate())
    return set(signing.filter(institution__in=places_of(person)).values_list("institution_id", flat=True))


def may_sign(person: User, institution: Institution | None = None) -> bool:
    """For this institution, or for any."""
    try:
        accreditation_of(person, institution)
    except Refused:
        return False
    return True


def lock_public_record(recommendation: Recommendation) -> Recommendation:
    """Lock the record, and the import that added it, so that it cannot be undone at the same time.

    Raises `Refused` if the record is not public.
    """
    record = lock_record(recommendation)
    if record.added_by_id:
        Batch.objects.select_for_update().get(pk=record.added_by_id)
    if not Recommendation.every_kind.public().filter(pk=record.pk).exists():
        raise Refused(_("This record is not public. Nothing was saved."))
    return record


def grades_to_sign() -> Iterable[Grade]:
    """The values of independent scales in use, and always those of `OWN_SCALE`."""
    in_use = Grade.objects.filter(scale__voice=Voice.INDEPENDENT, scale__is_in_use=True, is_in_use=True)
    always = Grade.objects.filter(scale__code=OWN_SCALE)
    return (in_use | always).select_related("scale").order_by("scale", "order", "code")


def refuse_other_scale(assessment: Assessment) -> None:
    scale: Scale = assessment.grade.scale
    is_usable = scale.code == OWN_SCALE or (scale.is_in_use and assessment.grade.is_in_use)
    if scale.voice != Voice.INDEPENDENT or not scale.is_for(assessment.recommendation.body.code) or not is_usable:
        raise FieldRefused("grade", _("Select a value from a scale for independent assessments."))


def add_links(links: Sequence[str], record: Recommendation, *, by: User) -> list[Evidence]:
    described = Described(kind=Evidence.Kind.REPORT, stance=Evidence.Stance.CONTEXT, is_public=True)
    return [add_link(link=link, described=described, recommendations=[record], by=by) for link in links]


def refresh_signatures(record: int) -> None:
    """Store which institutions have signed assessments of this record; `recommendations` checks it before a record
    leaves the public."""
    signed = Assessment.objects.signed().standing().filter(recommendation=record)
    signing = set(signed.order_by().values_list("institution", flat=True))
    Signature.objects.filter(recommendation=record).exclude(institution__in=signing).delete()
    recorded = set(Signature.objects.filter(recommendation=record).values_list("institution", flat=True))
    Signature.objects.bulk_create(
        Signature(recommendation_id=record, institution_id=institution) for institution in sorted(signing - recorded)
    )


@transaction.atomic
def withdraw_own_assessment(*, assessment: Assessment, reason: str, by: User) -> None:
    """Withdraw a signed assessment and all its copies. Raises `Refused` for users of other institutions."""
    rows = lock_with_copies(assessment)
    first = rows[0]
    if not is_of_institution(by, first.institution_id):
        raise Refused(_("Only the institution that published this assessment can withdraw it."))
    if first.retracted_at:
        raise Refused(_("This assessment has already been withdrawn."))
    text, now = required_reason(reason), timezone.now()
    for row in rows:
        row.retracted_at, row.retracted_by, row.retraction_reason, row.is_latest = now, by, text, False
        row.save(update_fields=["retracted_at", "retracted_by", "retraction_reason", "is_latest"])
        keep_latest(row)
        refresh_signatures(row.recommendation_id)
    notify_of_withdrawal(first, by=by)
    Event.record(
        "assessment-withdrawn", first, by=by, difference={"reason": ["", text]}, label=first.recommendation.code
    )


def is_of_institution(person: User, institution: int | None) -> bool:
    """Whether this person contributes for the institution itself (not one above it, nor its successor) and holds no
    office in the mechanism."""
    return not person.roles & set(OFFICES) and institution in institutions_of(person)


def lock_with_copies(assessment: Assessment) -> list[Assessment]:
    """The signed assessment and its copies from merges, with their records locked. Raises `Refused` if it is not
    signed."""
    origin = Assessment.objects.get(pk=assessment.pk).origin_id
    rows = Assessment.objects.signed().filter(pk=origin) | Assessment.objects.signed().filter(copied_from=origin)
    records = Recommendation.objects.filter(pk__in=rows.values("recommendation"))
    list(records.select_for_update().order_by("pk").values_list("pk"))
    locked = list(rows.select_related("recommendation", "institution").order_by("pk"))
    if not locked:
        raise Refused(_("This assessment is not published under the signature of an institution."))
    return locked


@transaction.atomic
def reply_to_assessment(*, assessment: Assessment, text: str, by: User) -> AssessmentReply:
    """Publish a reply of the State beside a signed assessment, and notify the institution.

    Raises `Refused` if this person may not assess, if it was withdrawn, or if the reply exists; `FieldRefused`
    without a text.
    """
    if not can(by, Can.ASSESS):
        raise Refused(_("You do not have permission to reply for the State. Contact the coordinator."))
    first = lock_with_copies(assessment)[0]
    if first.retracted_at:
        raise Refused(_("The institution has withdrawn this assessment. You can no longer reply to it."))
    if not (reply_text := clean(text)):
        raise FieldRefused("text", _("Enter a reply."))
    if first.replies.filter(text=reply_text).exists():
        raise Refused(_("This reply is already published."))
    reply = AssessmentReply.objects.create(assessment=first, text=reply_text, by=by)
    notify_of_reply(reply, by=by)
    code = first.recommendation.code
    Event.record("assessment-replied", first, by=by, difference={"reply": ["", reply_text]}, label=code)
    return reply
