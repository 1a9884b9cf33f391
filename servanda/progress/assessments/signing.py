"""Assessments that an accredited institution publishes on its own signature. Nobody else publishes, changes or
withdraws them; the State replies beside them."""

from collections.abc import Iterable, Sequence
from datetime import date as Date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import OFFICES, Can, can
from servanda.people.models import Accreditation, Appointment, Notification, User
from servanda.people.notifications.services import notify
from servanda.planning.assignments.services import coordinators
from servanda.progress.assessments.services import (
    facts,
    keep_latest,
    needed,
    refuse_future,
    refuse_the_same,
    still_there,
)
from servanda.progress.assessments.signer_notices import tell_of_reply, tell_of_withdrawal
from servanda.progress.evidence.services import Described, add_link
from servanda.progress.models import Assessment, AssessmentReply, Evidence, Grade, Scale, Voice
from servanda.recommendations.models import Recommendation, Signature
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

OWN_SCALE = "independent"  # the one that comes with Servanda; putting it out of use silences nobody


@transaction.atomic
def sign_assessment(
    *,
    recommendation: Recommendation,
    grade: Grade,
    reason: str,
    confidence: str,
    date: Date,
    links: Sequence[str] = (),
    by: User,
) -> Assessment:
    """Publish how far a recommendation is implemented, in the name of the accredited institution of this person. It
    is public at once. Raises `Refused`."""
    accreditation = signs_with(by)
    held = still_public(recommendation)
    made = Assessment(
        recommendation=held,
        voice=Voice.INDEPENDENT,
        grade=grade,
        common=grade.common,
        reason=needed(reason),
        confidence=confidence,
        date=date,
        institution=accreditation.institution,
        accreditation=accreditation,
        is_published=True,
        is_latest=False,
        made_by=by,
    )
    refuse_other_scale(made)
    refuse_future(made)
    refuse_the_same(made)
    made.save(force_insert=True)
    made.evidence.set(linked(links, held, by=by))
    keep_latest(made)
    settle_signatures(held.pk)
    kind = Notification.Kind.ASSESSMENT_SIGNED
    notify(people=coordinators(), kind=kind, thing=held, by=by, label=held.code)
    Event.record("assessment-signed", made, by=by, difference=facts(made), label=held.code)
    return made


def signs_with(person: User) -> Accreditation:
    """The accreditation under which this person publishes today. Those who hold an office in the mechanism publish
    for no institution that assesses it. Raises `Refused`."""
    if can(person, Can.CONTRIBUTE) and not person.roles & set(OFFICES):
        signing = Accreditation.objects.signing(on=timezone.localdate()).select_related("institution")
        if found := signing.filter(institution__in=institutions_of(person)).first():
            return found
    raise Refused(
        _("Only an accredited institution publishes on its own signature. You can send a contribution instead.")
    )


def institutions_of(person: User) -> set[int]:
    """For which this person contributes."""
    held = person.current_appointments
    return {one.institution_id for one in held if one.function == Appointment.Function.CONTRIBUTOR}


def may_sign(person: User) -> bool:
    try:
        signs_with(person)
    except Refused:
        return False
    return True


def still_public(recommendation: Recommendation) -> Recommendation:
    """The record, locked with the import that brought it, so that the two are not undone at the same moment."""
    held = still_there(recommendation)
    if held.added_by_id:
        Batch.objects.select_for_update().get(pk=held.added_by_id)
    if not Recommendation.objects.public().filter(pk=held.pk).exists():
        raise Refused(_("This record is not public. Nothing was saved."))
    return held


def grades_to_sign() -> Iterable[Grade]:
    """All values of independent voices in use, and those that come with Servanda in any case."""
    in_use = Grade.objects.filter(scale__voice=Voice.INDEPENDENT, scale__is_in_use=True, is_in_use=True)
    always = Grade.objects.filter(scale__code=OWN_SCALE)
    return (in_use | always).select_related("scale").order_by("scale", "order", "code")


def refuse_other_scale(made: Assessment) -> None:
    scale: Scale = made.grade.scale
    is_usable = scale.code == OWN_SCALE or (scale.is_in_use and made.grade.is_in_use)
    if scale.voice != Voice.INDEPENDENT or not scale.is_for(made.recommendation.body.code) or not is_usable:
        raise FieldRefused("grade", _("Select a value of a scale for independent voices."))


def linked(links: Sequence[str], record: Recommendation, *, by: User) -> list[Evidence]:
    described = Described(kind=Evidence.Kind.REPORT, stance=Evidence.Stance.CONTEXT, is_public=True)
    return [add_link(link=link, described=described, recommendations=[record], by=by) for link in links]


def settle_signatures(record: int) -> None:
    """Bring up to date which institutions have signed assessments on this record: what `recommendations` goes by
    before a record leaves the public."""
    signed = Assessment.objects.signed().standing().filter(recommendation=record)
    wanted = set(signed.order_by().values_list("institution", flat=True))
    Signature.objects.filter(recommendation=record).exclude(institution__in=wanted).delete()
    there = set(Signature.objects.filter(recommendation=record).values_list("institution", flat=True))
    Signature.objects.bulk_create(
        Signature(recommendation_id=record, institution_id=one) for one in sorted(wanted - there)
    )


@transaction.atomic
def withdraw_own_assessment(*, assessment: Assessment, reason: str, by: User) -> None:
    """The institution takes back what it published, wherever a merge has carried it. Raises `Refused`."""
    rows = everywhere(assessment)
    first = rows[0]
    if not is_of_institution(by, first.institution_id):
        raise Refused(_("Only the institution that published this assessment withdraws it."))
    if first.retracted_at:
        raise Refused(_("This assessment was withdrawn already."))
    said, now = needed(reason), timezone.now()
    for one in rows:
        one.retracted_at, one.retracted_by, one.retraction_reason, one.is_latest = now, by, said, False
        one.save(update_fields=["retracted_at", "retracted_by", "retraction_reason", "is_latest"])
        keep_latest(one)
        settle_signatures(one.recommendation_id)
    tell_of_withdrawal(first, by=by)
    Event.record(
        "assessment-withdrawn", first, by=by, difference={"reason": ["", said]}, label=first.recommendation.code
    )


def is_of_institution(person: User, institution: int | None) -> bool:
    """Whether this person acts for the institution: by an appointment to it, and to no office of the mechanism. What
    an institution above it or in its place could do is not asked."""
    return not person.roles & set(OFFICES) and institution in institutions_of(person)


def everywhere(assessment: Assessment) -> list[Assessment]:
    """The signed assessment and its copies on records that took others in, with their records locked."""
    origin = Assessment.objects.get(pk=assessment.pk).origin_id
    rows = Assessment.objects.signed().filter(pk=origin) | Assessment.objects.signed().filter(copied_from=origin)
    records = Recommendation.objects.filter(pk__in=rows.values("recommendation"))
    list(records.select_for_update().order_by("pk").values_list("pk"))
    found = list(rows.select_related("recommendation", "institution").order_by("pk"))
    if not found:
        raise Refused(_("This assessment is not published on the signature of an institution."))
    return found


@transaction.atomic
def reply_to_assessment(*, assessment: Assessment, text: str, by: User) -> AssessmentReply:
    """What the State says beside it, dated and public at once; the institution is told by notification and by mail.
    Raises `Refused`."""
    if not can(by, Can.ASSESS):
        raise Refused(_("Your role does not reply for the State. Ask the coordinator of the mechanism."))
    first = everywhere(assessment)[0]
    if first.retracted_at:
        raise Refused(_("The institution has withdrawn this assessment. There is nothing to reply to."))
    if not (said := clean(text)):
        raise FieldRefused("text", _("Enter a reply."))
    if first.replies.filter(text=said).exists():
        raise Refused(_("This reply is published already."))
    reply = AssessmentReply.objects.create(assessment=first, text=said, by=by)
    tell_of_reply(reply, by=by)
    code = first.recommendation.code
    Event.record("assessment-replied", first, by=by, difference={"reply": ["", said]}, label=code)
    return reply
