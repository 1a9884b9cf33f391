"""The mechanism of Slovenia, as documents of its reviews describe it, an invented neighbour, and the Declaration."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.demo.reading import coordinator, read
from servanda.network.agreements import services as agreements
from servanda.network.agreements.services import AgreementValues, DutyValues
from servanda.network.assistance import services as assistance
from servanda.network.assistance.missions import MissionValues, add_mission
from servanda.network.assistance.services import AssistanceValues, CooperationValues
from servanda.network.commitments.services import add_declaration
from servanda.network.meetings import decisions, minutes, papers, registration
from servanda.network.meetings import services as meetings
from servanda.network.meetings.decisions import DecisionValues
from servanda.network.meetings.registration import ParticipantValues
from servanda.network.meetings.services import MeetingValues
from servanda.network.members import services as members
from servanda.network.members.services import ContactValues
from servanda.network.models import Assistance, MechanismProfile, Meeting
from servanda.network.practices import services as practices
from servanda.network.practices.services import (
    EndorsementValues,
    EvidenceValues,
    PracticeText,
    PracticeValues,
)
from servanda.network.profiles import services
from servanda.network.profiles.services import FactValues, ProfileValues
from servanda.network.self_assessments import services as self_assessments
from servanda.network.self_assessments.questions import capacities
from servanda.network.self_assessments.services import AnswerValues, SelfAssessmentValues
from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.rounds.days import house_zone, local_day
from servanda.recommendations.editing.services import publish_recommendation
from servanda.vocab.models import Body, Country, Term

PARTIES = ("request", "offer")


def load() -> None:
    """Idempotent."""
    if MechanismProfile.objects.exists():
        return
    data, by = read("network"), coordinator()
    own, neighbour = data["own"], data["neighbour"]
    profiles = {"own": enter(own, Country.objects.get(code=own["country"]), by=by, is_own=True)}
    state = neighbour["state"]
    name = LazyI18nString(state["name"])
    invented, _is_new = Country.objects.get_or_create(code=state["code"], defaults={"name": name, "is_state": False})
    known = {name: neighbour[name] for name in ("source", "since")}
    facts = {code: {"value": value, **known} for code, value in neighbour["facts"].items()}
    made = enter(neighbour | {"facts": facts}, invented, by=by, is_invented=True)
    profiles["neighbour"] = made
    # That of Slovenia stays inside: its figures are counted from invented people and answers.
    services.publish_profile(profile=made, by=by)
    for practice in data["practices"]:
        add(practice, profiles, by=by)
    for assessment in data["self_assessments"]:
        assess(assessment, profiles["neighbour"], by=by)
    for entry in data["assistance"]:
        ask_or_offer(entry, profiles, by=by)
    cooperate(data["cooperation"], by=by)
    promise(data, profiles, by=by)


def promise(data: dict[str, Any], profiles: dict[str, MechanismProfile], *, by: User) -> None:
    """Agreements, the Declaration, meetings and members."""
    for agreement in data["agreements"]:
        agree(agreement, profiles, by=by)
    for commitment in add_declaration(by=by):
        publish_recommendation(recommendation=commitment.recommendation, by=by)
    for meeting in data["meetings"]:
        meet(meeting, profiles, by=by)
    for member in data["members"]:
        admit(member, profiles[member["of"]], by=by)


def enter(written: dict[str, Any], country: Country, *, by: User, **marks: bool) -> MechanismProfile:
    profile = services.add_profile(values=ProfileValues(country=country, name=written["name"], **marks), by=by)
    facts = {code: FactValues(**fact) for code, fact in written["facts"].items()}
    services.set_facts(profile=profile, facts=facts, seen=None, by=by)
    return profile


def add(written: dict[str, Any], profiles: dict[str, MechanismProfile], *, by: User) -> None:
    """One invented practice in its languages, reviewed by another person."""
    first, *further = written["texts"]
    values = practice_values(written, profiles[written["of"]])
    text = PracticeText(**written["texts"][first])
    practice = practices.add_practice(language=first, text=text, values=values, by=by)
    for language in further:
        text = PracticeText(**written["texts"][language])
        practices.edit_practice(practice=practice, language=language, text=text, values=values, seen=None, by=by)
    practices.review_practice(practice=practice, by=User.objects.get(role=Role.ADMINISTRATOR))
    if written["is_published"]:
        practices.publish_practice(practice=practice, by=by)
    if "endorsed_by" in written:
        endorsed = EndorsementValues(
            mechanism=profiles[written["endorsed_by"]],
            kind=written["endorsed_as"],
            day=written["endorsed_on"],
            note=written["note"],
        )
        practices.set_endorsement(practice=practice, values=endorsed, by=by)


def practice_values(written: dict[str, Any], profile: MechanismProfile) -> PracticeValues:
    cost = written.get("cost")
    named = [theme.split(":") for theme in written["themes"]]
    return PracticeValues(
        mechanism=profile,
        is_invented=True,
        cost=Decimal(cost["amount"]) if cost else None,
        currency=cost["currency"] if cost else "",
        cost_year=cost["year"] if cost else None,
        contact=written["contact"],
        capacities=written["capacities"],
        themes=list(Term.objects.filter(taxonomy__code__in=[t for t, _ in named], code__in=[c for _, c in named])),
        bodies=list(Body.objects.filter(code__in=written["bodies"])),
        evidence=[EvidenceValues(**row) for row in written["evidence"]],
    )


def assess(written: dict[str, Any], profile: MechanismProfile, *, by: User) -> None:
    """One completed self-assessment, with its levels in the order of the questions."""
    values = SelfAssessmentValues(date=written["date"], participants=written["participants"])
    made = self_assessments.start_self_assessment(profile=profile, values=values, by=by)
    answers = {
        question.code: AnswerValues(level=level, evidence=written["evidence"].get(question.code, ""))
        for capacity in capacities().values()
        for question, level in zip(capacity.questions, written["levels"][capacity.code], strict=True)
    }
    self_assessments.answer_questions(assessment=made, answers=answers, seen=None, by=by)
    self_assessments.complete_self_assessment(assessment=made, by=by)


def ask_or_offer(written: dict[str, Any], profiles: dict[str, MechanismProfile], *, by: User) -> None:
    facts = {name: value for name, value in written.items() if name not in ("of", "kind", "amount")}
    amount = Decimal(written["amount"]) if "amount" in written else None
    values = AssistanceValues(mechanism=profiles[written["of"]], amount=amount, **facts)
    assistance.add_assistance(kind=written["kind"], values=values, by=by)


def cooperate(written: dict[str, Any], *, by: User) -> None:
    request, offer = (Assistance.objects.get(title=written[name]) for name in PARTIES)
    made = assistance.introduce(request=request, provider=offer.mechanism, offer=offer, by=by)
    facts = {name: value for name, value in written.items() if name not in (*PARTIES, "evaluations", "missions")}
    assistance.follow_cooperation(cooperation=made, values=CooperationValues(**facts), seen=None, by=by)
    for side, said in written["evaluations"].items():
        assistance.evaluate_cooperation(cooperation=made, side=side, by=by, **said)
    for mission in written["missions"]:
        facts = mission | {"cost": Decimal(mission["cost"]), "sent_by": made.provider}
        add_mission(cooperation=made, values=MissionValues(**facts), by=by)


def agree(written: dict[str, Any], profiles: dict[str, MechanismProfile], *, by: User) -> None:
    """An invented agreement with its duties, due some days after today."""
    facts = {name: value for name, value in written.items() if name not in ("parties", "duties")}
    parties = [profiles[name] for name in written["parties"]]
    values = AgreementValues(parties=parties, is_invented=True, **facts)
    agreement = agreements.add_agreement(values=values, by=by)
    for duty in written["duties"]:
        due_on = local_day(timezone.now()) + timedelta(days=duty["due_in"])
        owner = profiles.get(duty.get("of", ""))
        promised = DutyValues(text=duty["text"], language=written["language"], owner=owner, due_on=due_on)
        agreements.add_duty(agreement=agreement, values=promised, by=by)


def meet(written: dict[str, Any], profiles: dict[str, MechanismProfile], *, by: User) -> None:
    """One invented meeting with all that belongs to it, some days before or after today."""
    begins = datetime.combine(
        local_day(timezone.now()) + timedelta(days=written["begins_on"]), time(9), tzinfo=house_zone()
    )
    texts = {name: written[name] for name in ("kind", "title", "call", "place", "link", "languages")}
    values = MeetingValues(
        **texts,
        begins_at=begins,
        ends_at=begins + timedelta(days=written["days"] - 1, hours=8),
        most_participants=written["limit"],
        notes=written.get("notes", ""),
        is_invented=True,
    )
    meeting = meetings.add_meeting(values=values, by=by)
    meetings.set_agenda(meeting=meeting, titles=written["agenda"], by=by)
    for person in written["participants"]:
        facts = {name: person[name] for name in ("name", "role", "language")}
        mechanism, institution = profiles.get(person.get("of", "")), person.get("institution", "")
        registered = ParticipantValues(**facts, mechanism=mechanism, institution=institution)
        registration.register_participant(meeting=meeting, values=registered, by=by)
    for paper in written.get("papers", []):
        hand_out(paper, meeting, by=by)
    if "minutes" in written:
        minutes.write_minutes(meeting=meeting, text=written["minutes"], language="en", seen=0, by=by)
        minutes.adopt_minutes(meeting=meeting, on=local_day(timezone.now()), by=by)
    for decision in written.get("decisions", []):
        decide(decision, meeting, profiles, by=by)


def hand_out(written: dict[str, str], meeting: Meeting, *, by: User) -> None:
    name = f"paper-{written['language']}.csv"
    papers.add_paper(
        meeting=meeting,
        file=File(BytesIO(f"Text\n{written['text']}\n".encode()), name),
        name=name,
        title=written["title"],
        language=written["language"],
        point=meeting.agenda.get(title=written["point"]),
        by=by,
    )


def decide(written: dict[str, Any], meeting: Meeting, profiles: dict[str, MechanismProfile], *, by: User) -> None:
    due_in = written.get("due_in")
    values = DecisionValues(
        text=written["text"],
        language="en",
        owner=profiles.get(written.get("of", "")),
        due_on=local_day(timezone.now()) + timedelta(days=due_in) if due_in else None,
    )
    decision = decisions.add_decision(meeting=meeting, values=values, by=by)
    if written.get("is_commitment"):
        decisions.make_commitment(decision=decision, by=by)


def admit(written: dict[str, Any], profile: MechanismProfile, *, by: User) -> None:
    """The invented steps and contact persons of one mechanism."""
    for step in written["steps"]:
        members.record_membership(profile=profile, **step, by=by)
    for contact in written["contacts"]:
        members.add_contact(profile=profile, values=ContactValues(**contact), by=by)
