"""Builders of assessments, scales and contributions."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from servanda.people.models import User
from servanda.planning.models import Indicator, Measurement
from servanda.progress.assessments.signing import sign_assessment
from servanda.progress.assessments.speaking import contributing_institution
from servanda.progress.models import Assessment, Contribution, Evidence, Grade, Scale, Voice
from servanda.recommendations.models import FollowUp, Recommendation
from servanda.sources.models import Obligation
from tests import make, obligation_make

DAY = date(2026, 9, 1)


def grade(common: str = "partial", voice: str = Voice.GOVERNMENT, bodies: str = "", **fields) -> Grade:
    scale, _new = Scale.objects.get_or_create(
        code=f"{voice}-{bodies.lower() or 'all'}",
        defaults={"name": f"Scale of {voice}", "voice": voice, "bodies": bodies},
    )
    return Grade.objects.get_or_create(
        scale=scale, code=common, defaults={"label": common, "common": common, **fields}
    )[0]


def assessment(
    record: Recommendation, common: str = "partial", voice: str = Voice.GOVERNMENT, **fields
) -> Assessment:
    """One that is published and the latest of its voice, unless the fields say otherwise."""
    fields = {"reason": "The law is in force.", "date": DAY, "is_published": True} | fields
    fields.setdefault("published_at", timezone.now() if fields["is_published"] else None)
    fields.setdefault("symbol", "CCPR/C/1" if voice == Voice.MECHANISM else "")
    return Assessment.objects.create(
        recommendation=record, voice=voice, grade=grade(common, voice), common=common, **fields
    )


def evidence(record: Recommendation, **fields) -> Evidence:
    fields = {"title": "Survey", "kind": "statistic", "link": "https://example.org/survey"} | fields
    made = Evidence.objects.create(**fields)
    made.abouts.create(recommendation=record)
    return made


def measurement(record: Recommendation, kind: str = "outcome", **fields) -> Measurement:
    indicator = Indicator.objects.create(
        code=f"I-{next(make.numbers)}", name="Girls in school", kind=kind, unit="percent", direction="up"
    )
    indicator.abouts.create(recommendation=record)
    fields = {"start": date(2025, 1, 1), "end": date(2025, 12, 31), "value": 7} | fields
    return Measurement.objects.create(indicator=indicator, **fields)


def contribution(record: Recommendation, text: str = "The school has no ramp.", **fields) -> Contribution:
    """One that waits for an answer, unless the fields say otherwise."""
    if fields.get("state") == "declined":
        fields.setdefault("decline_reason", "off-topic")
    if contributor := fields.get("contributor"):
        fields.setdefault("institution", contributing_institution(contributor))
    made = Contribution.objects.create(text=text, **fields)
    made.abouts.create(recommendation=record)
    return made


def contributor(code: str = "nhri", **fields) -> User:
    return make.user("contributor", make.institution(code), **fields)


@dataclass(slots=True)
class Voiced:
    """One of everything that is said about a record in the three voices."""

    assessment: Assessment
    scale: Scale
    grade: Grade
    contribution: Contribution
    accepted: Contribution
    own: Contribution
    graded: Recommendation  # by its committee
    requested: Obligation  # to report on it
    signed: Assessment


def voiced(record: Recommendation, by: User, owner: User | None = None) -> Voiced:
    grade("partial", Voice.MECHANISM)
    scale = Scale.objects.create(code="ours", name="Ours", voice=Voice.INDEPENDENT)
    graded = make.recommendation(body=make.committee(), review=None)
    return Voiced(
        assessment=assessment(record, made_by=by, is_published=False, is_latest=False),
        scale=scale,
        grade=Grade.objects.create(scale=scale, code="good", label="Good", common="full"),
        contribution=contribution(record),
        accepted=contribution(record, "The ramp is there.", state="accepted", answered_at=timezone.now()),
        own=contribution(record, "The lift is out of order.", contributor=owner or by),
        graded=graded,
        requested=follow_up(graded),
        signed=signed(make.recommendation(), signer_beside(owner)),
    )


def follow_up(*records: Recommendation) -> Obligation:
    """The body asked to report on these records."""
    due = obligation_make.obligation("Follow-up", body=records[0].body, kind="follow-up", has_records=True)
    for record in records:
        FollowUp.objects.create(recommendation=record, kind="follow-up", obligation=due)
    return due


def signer_beside(owner: User | None) -> User:
    """Of the institution for which the owner contributes, or of one of their own."""
    appointments = owner.current_appointments if owner else []
    places = [appointment.institution for appointment in appointments if appointment.function == "contributor"]
    return accredited(places[0].code if places else "nhri")


def accredited(code: str = "nhri", status: str = "a") -> User:
    """A person who contributes for an accredited institution."""
    person = contributor(code)
    place = person.appointments.get().institution
    if not place.accreditations.exists():
        make.accreditation(place, status)
    return person


def signed(record: Recommendation, by: User | None = None, common: str = "not-started", **fields) -> Assessment:
    """Published by an accredited institution on its own signature."""
    fields = {"reason": "Nobody has been hired.", "confidence": "high", "date": DAY} | fields
    fields.setdefault("grade", grade(common, Voice.INDEPENDENT))
    return sign_assessment(recommendation=record, **fields, by=by or accredited())
