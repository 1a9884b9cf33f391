"""Builders of the network: one call makes one valid thing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from servanda.network.models import (
    Agreement,
    AgreementDuty,
    Assistance,
    Commitment,
    Cooperation,
    Course,
    CourseMaterial,
    CourseRegistration,
    CourseSession,
    Endorsement,
    ExerciseOffer,
    LegalText,
    MechanismProfile,
    Meeting,
    MeetingDecision,
    MeetingInvitation,
    MeetingMinutes,
    MeetingPaper,
    MeetingParticipant,
    MemberContact,
    MembershipStep,
    Mission,
    NetworkRule,
    Practice,
    SelfAssessment,
    SelfAssessmentAnswer,
)
from servanda.network.practices import for_record
from servanda.network.practices import services as practices
from servanda.network.practices.received import ReceivedPractice, receive_practice
from servanda.network.practices.services import EndorsementValues, PracticeText, PracticeValues
from servanda.network.profiles import services
from servanda.network.profiles.services import FactValues
from servanda.network.self_assessments.questions import questions_by_code
from servanda.people.models import Instance, User
from servanda.recommendations.models import Recommendation
from servanda.vocab.models import Body
from tests import make

SOURCE = "Decision of the Government"


def profile(name: str = "Human Rights Commission", country: str = "SVN", **fields) -> MechanismProfile:
    return MechanismProfile.objects.create(name=name, country=make.country(country, country), **fields)


def facts(of: MechanismProfile, by: User | None = None, **values: str) -> None:
    """Values by field, with a source."""
    entered = {code: FactValues(value=value, since=date(2020, 1, 1), source=SOURCE) for code, value in values.items()}
    services.set_facts(profile=of, facts=entered, seen=None, by=by)


def own_state() -> None:
    """The settings name the State."""
    make.country()
    Instance.objects.update_or_create(pk=Instance.current().pk, defaults={"state_code": "SVN"})


def commitment(text: str = "Meet once a year.", **fields) -> Commitment:
    """A record of the network, published like others of the builders."""
    body = make.body("NMIRF-NET", Body.Kind.OTHER)
    kind = Recommendation.Kind.COMMITMENT
    record = make.recommendation(text, kind=kind, body=body, review=None, document=None)
    facts = {"wording": "commitment", "source": "Annual seminar 2027"} | fields
    return Commitment.objects.create(recommendation=record, **facts)


def text(title: str = "One register of recommendations", **parts: str) -> PracticeText:
    usual = {
        "problem": "Answers came late.",
        "steps": "Name a focal point\nMeet each month",
        "result": "Answers came.",
    }
    return PracticeText(**{"title": title} | usual | parts)


def practice(
    title: str = "One register of recommendations",
    *,
    of: MechanismProfile | None = None,
    state: str = "draft",
    by: User | None = None,
    language: str = "en",
    parts: dict[str, str] | None = None,
    **values,
) -> Practice:
    """Written by another person than `by`, and brought into the given state."""
    written = PracticeValues(mechanism=of or MechanismProfile.objects.first() or profile(), **values)
    made = practices.add_practice(language=language, text=text(title, **parts or {}), values=written, by=by)
    if state in {"reviewed", "published"}:
        practices.review_practice(practice=made, by=make.user("coordinator"))
    if state == "published":
        practices.publish_practice(practice=made, by=make.user("coordinator"))
    return Practice.objects.get(pk=made.pk)


def received_practice(origin: str = "https://neighbour.example/exchange/practice/1") -> Practice:
    """One that another system sent."""
    sent = {"sender": "Neighbours", "changed": date(2026, 1, 10), "language": "en", "texts": {"en": text("A deputy")}}
    return receive_practice(received=ReceivedPractice(origin=origin, **sent), values=PracticeValues(), by=None)


def endorsement(
    of: Practice, by: MechanismProfile, kind: str = "tried", note: str = "It worked here."
) -> Endorsement:
    values = EndorsementValues(mechanism=by, kind=kind, day=date(2026, 1, 15), note=note, is_shared=True)
    return practices.set_endorsement(practice=of, values=values, by=None)


@dataclass(slots=True)
class Networked:
    """One of everything that an address of the network can name."""

    profile: MechanismProfile
    published: MechanismProfile
    withdrawn: MechanismProfile
    commitment: Commitment
    practice: Practice
    reviewed: Practice
    published_practice: Practice
    withdrawn_practice: Practice
    endorsement: Endorsement
    withdrawn_endorsement: Endorsement
    self_assessment: SelfAssessment  # with a level for each question
    withdrawn_self_assessment: SelfAssessment
    request: Assistance
    closed_request: Assistance
    withdrawn_request: Assistance
    cooperation: Cooperation
    mission: Mission
    withdrawn_mission: Mission
    agreement: Agreement
    idle_agreement: Agreement  # without duties
    withdrawn_agreement: Agreement
    duty: AgreementDuty
    former_duty: AgreementDuty
    meeting: Meeting
    cancelled_meeting: Meeting
    adopted_meeting: Meeting  # its minutes are adopted
    participant: MeetingParticipant
    former_participant: MeetingParticipant
    own_participant: MeetingParticipant  # of the person who will knock
    invitation: MeetingInvitation
    revoked_invitation: MeetingInvitation
    paper: MeetingPaper
    withdrawn_paper: MeetingPaper
    decision: MeetingDecision
    withdrawn_decision: MeetingDecision
    followed_decision: MeetingDecision
    membership: MembershipStep
    undone_membership: MembershipStep
    contact: MemberContact
    former_contact: MemberContact
    rule: NetworkRule
    course: Course
    withdrawn_course: Course
    legal_text: LegalText
    withdrawn_text: LegalText
    published_text: LegalText
    material: CourseMaterial
    withdrawn_material: CourseMaterial
    session: CourseSession
    cancelled_session: CourseSession
    guest: CourseRegistration
    former_guest: CourseRegistration
    exercises: ExerciseOffer


def self_assessment(of: MechanismProfile, *, level: int | None = None, **fields) -> SelfAssessment:
    made = SelfAssessment.objects.create(
        profile=of, **{"date": date(2026, 3, 1), "participants": "Secretariat", **fields}
    )
    if level is not None:
        SelfAssessmentAnswer.objects.bulk_create(
            SelfAssessmentAnswer(assessment=made, question=code, level=level) for code in questions_by_code()
        )
    return made


def assistance(kind: str, of: MechanismProfile, **fields) -> Assistance:
    facts = {"title": "Clusters", "text": "How to cluster.", "forms": "advice", "languages": "en", **fields}
    return Assistance.objects.create(kind=kind, mechanism=of, **facts)


def cooperation(request: Assistance, offer: Assistance, **fields) -> Cooperation:
    return Cooperation.objects.create(request=request, offer=offer, provider=offer.mechanism, **fields)


def mission(of: Cooperation, **fields) -> Mission:
    facts = {"people": "Ada Example", "destination": "Ljubljana", "purpose": "Show the clusters.", **fields}
    days = {"start": date(2026, 6, 15), "end": date(2026, 6, 16)}
    return Mission.objects.create(cooperation=of, **({"sent_by": of.provider} | days | facts))


def agreement(*parties: MechanismProfile, title: str = "Exchange of letters", **fields) -> Agreement:
    facts = {"text": "Both share their clusters.", "language": "en", "signed_on": date(2026, 5, 4), **fields}
    kind = "bilateral" if len(parties) == 2 else "multilateral"
    made = Agreement.objects.create(title=title, kind=kind, **facts)
    made.parties.set(parties)
    return made


def duty(of: Agreement, number: int = 1, **fields) -> AgreementDuty:
    made = commitment("Share one training programme.", source=of.title)
    return AgreementDuty.objects.create(agreement=of, number=number, commitment=made, **fields)


def meeting(title: str = "Annual seminar 2027", **fields) -> Meeting:
    begins = datetime(2027, 5, 10, 9, tzinfo=UTC)
    facts = {"kind": "seminar", "begins_at": begins, "ends_at": begins + timedelta(days=2), "languages": "en fr"}
    return Meeting.objects.create(title=title, **(facts | fields))


def begun(of: Meeting) -> Meeting:
    """The same meeting a year earlier, so that it has taken its decisions."""
    year = timedelta(days=365)
    Meeting.objects.filter(pk=of.pk).update(begins_at=of.begins_at - year, ends_at=of.ends_at - year)
    of.refresh_from_db()
    return of


def participant(of: Meeting, name: str = "Ada Example", **fields) -> MeetingParticipant:
    facts = {"institution": "Ministry of Justice", "queued_at": timezone.now(), **fields}
    return MeetingParticipant.objects.create(meeting=of, name=name, **facts)


def invitation(of: Meeting, email: str = "invited@example.org", **fields) -> MeetingInvitation:
    facts = {"language": "en", "sent_at": timezone.now(), **fields}
    return MeetingInvitation.objects.create(meeting=of, email=email, **facts)


def paper(of: Meeting, title: str = "Concept note", language: str = "en", **fields) -> MeetingPaper:
    row = MeetingPaper(meeting=of, title=title, language=language, **fields)
    row.store(name="note.csv", mime="text/csv", content=b"Year,Meetings\n2027,1\n")
    return row


def minutes(of: Meeting, text: str = "The meeting was opened.", number: int = 1, **fields) -> MeetingMinutes:
    return MeetingMinutes.objects.create(meeting=of, text=text, number=number, language="en", **fields)


def decision(of: Meeting, text: str = "Share one training programme.", number: int = 1, **fields) -> MeetingDecision:
    return MeetingDecision.objects.create(meeting=of, text=text, number=number, language="en", **fields)


def membership(of: MechanismProfile, kind: str = "applied", day: date = date(2026, 1, 10), **fields):
    return MembershipStep.objects.create(profile=of, kind=kind, day=day, **{"reason": "A letter.", **fields})


def contact(of: MechanismProfile, name: str = "Ada Example", **fields) -> MemberContact:
    return MemberContact.objects.create(profile=of, name=name, **fields)


def rule(subject: str = "chair", text: str = "The chair rotates.", number: int = 1, **fields) -> NetworkRule:
    facts = {"source": "Plenary 2027", "language": "en", **fields}
    return NetworkRule.objects.create(subject=subject, text=text, number=number, **facts)


def course(title: str = "Clusters", **fields) -> Course:
    facts = {"text": "How to cluster.", "provider": "Ministry", "languages": "en", **fields}
    return Course.objects.create(title=title, **facts)


def session(of: Course, **fields) -> CourseSession:
    today = timezone.localdate()
    return CourseSession.objects.create(course=of, **{"start": today, "end": today, "place": "Here", **fields})


def material(of: Course, title: str = "Workbook", language: str = "en", **fields) -> CourseMaterial:
    row = CourseMaterial(course=of, title=title, language=language, **fields)
    row.store(name="workbook.csv", mime="text/csv", content=b"Text\nForty recommendations\n")
    return row


def legal_text(of: MechanismProfile, title: str = "Decree", language: str = "en", **fields) -> LegalText:
    row = LegalText(profile=of, title=title, language=language, **fields)
    row.store(name="decree.csv", mime="text/csv", content=b"Article,Text\n1,The Commission is established.\n")
    return row


def guest(of: CourseSession, name: str = "Ada Example", **fields) -> CourseRegistration:
    facts = {"institution": "Ministry", "state": "registered", "queued_at": timezone.now(), **fields}
    return CourseRegistration.objects.create(session=of, name=name, **facts)


def networked(by: User, record: Recommendation, owner: User) -> Networked:
    own = profile("Commission", is_own=True)
    facts(own, by, type="inter-ministerial", legal_level="decree")
    published = profile("Neighbours", "HRV", is_published=True)
    facts(published, by, chair="Ministry of Justice")
    other = profile("Others", "FJI", is_published=True)
    shown = practice("A unit in each ministry", of=own, state="published")
    former = practice("Written twice", of=own)
    practices.withdraw_practice(practice=former, reason="Written twice.", by=by)
    ended = endorsement(shown, other)
    practices.withdraw_endorsement(endorsement=ended, by=by)
    offered = course()
    reviewed = practice("Plain answers", of=own, state="reviewed")
    for_record.link_practice(record=record, practice=reviewed, by=by)
    help_entry, offer = assistance("request", own), assistance("offer", published)
    helped = cooperation(help_entry, offer, state="done", end=date(2026, 6, 16))
    training_session = session(offered)
    agreed = agreement(own, published)
    planned, reason = meeting(), {"withdrawn_at": timezone.now(), "withdrawn_reason": "Entered twice."}
    adopted = meeting("Plenary", kind="plenary")
    minutes(planned)
    minutes(adopted, adopted_on=date(2026, 6, 1))
    return Networked(
        profile=own,
        published=published,
        withdrawn=profile("Entered twice", withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."),
        commitment=commitment(),
        practice=practice(of=own),
        reviewed=reviewed,
        published_practice=shown,
        withdrawn_practice=former,
        endorsement=endorsement(shown, published),
        withdrawn_endorsement=ended,
        self_assessment=self_assessment(own, level=1),
        withdrawn_self_assessment=self_assessment(
            own, withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."
        ),
        request=assistance("request", own),
        closed_request=assistance("request", own, closed_at=timezone.now()),
        withdrawn_request=assistance("request", own, withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."),
        cooperation=helped,
        mission=mission(helped),
        withdrawn_mission=mission(helped, **reason),
        agreement=agreed,
        idle_agreement=agreement(own, published, title="Letters"),
        withdrawn_agreement=agreement(own, published, withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."),
        duty=duty(agreed),
        former_duty=duty(agreed, 2, withdrawn_at=timezone.now()),
        meeting=planned,
        cancelled_meeting=meeting("Moved", cancelled_at=timezone.now(), cancelled_reason="Too few answers."),
        adopted_meeting=adopted,
        participant=participant(planned),
        former_participant=participant(planned, "Ben Example", state="withdrawn"),
        own_participant=participant(planned, "Own Example", email=owner.email),
        invitation=invitation(planned, participant=participant(planned, "Eva Example", email="eva@example.org")),
        revoked_invitation=invitation(planned, "revoked@example.org", revoked_at=timezone.now()),
        paper=paper(planned),
        withdrawn_paper=paper(planned, "Draft note", **reason),
        decision=decision(planned),
        withdrawn_decision=decision(planned, "Entered twice.", 2, withdrawn_at=timezone.now()),
        followed_decision=decision(planned, "Meet each year.", 3, commitment=commitment("Meet each year.")),
        membership=membership(own),
        undone_membership=membership(published, withdrawn_at=timezone.now()),
        contact=contact(own),
        former_contact=contact(own, "Ben Example", ended_at=timezone.now()),
        rule=rule(),
        course=offered,
        withdrawn_course=course(withdrawn_at=timezone.now(), withdrawn_reason="Entered twice."),
        legal_text=legal_text(own),
        withdrawn_text=legal_text(own, "Old decree", **reason),
        published_text=legal_text(published),
        material=material(offered),
        withdrawn_material=material(offered, "Old workbook", **reason),
        session=training_session,
        guest=guest(training_session),
        former_guest=guest(training_session, "Ben Example", state="withdrawn"),
        exercises=ExerciseOffer.objects.create(offered_by=by),
        cancelled_session=session(offered, cancelled_at=timezone.now(), cancelled_reason="No room."),
    )
