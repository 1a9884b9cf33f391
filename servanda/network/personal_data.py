"""Personal data in the network: exported for the person; after erasure it stays, without the name."""

from django.db.models import Q
from django.utils.translation import gettext as _

from servanda.network.models import (
    Agreement,
    CooperationEvaluation,
    CourseMaterial,
    CourseRegistration,
    Endorsement,
    ExerciseStart,
    LegalText,
    MeetingInvitation,
    MeetingMinutes,
    MeetingPaper,
    MeetingParticipant,
    MemberContact,
    MembershipStep,
    Mission,
    NetworkRule,
    Practice,
    PracticeLink,
    ProfileFact,
    Release,
    SelfAssessmentAnswer,
)
from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User


def facts_of_profiles(person: User) -> list[dict]:
    rows = ProfileFact.objects.filter(by=person).order_by("pk")
    return list(rows.values("profile__name", "field", "value", "at"))


def answers_of_self_assessments(person: User) -> list[dict]:
    rows = SelfAssessmentAnswer.objects.filter(by=person).order_by("pk")
    return list(rows.values("assessment__profile__name", "assessment__date", "question", "level", "evidence"))


def practices_written(person: User) -> list[dict]:
    rows = Practice.objects.filter(Q(written_by=person) | Q(reviewed_by=person)).order_by("pk")
    return [{"practice": str(row), "written_at": row.written_at, "reviewed_at": row.reviewed_at} for row in rows]


def endorsements_entered(person: User) -> list[dict]:
    rows = Endorsement.objects.filter(by=person).select_related("practice", "mechanism").order_by("pk")
    return [{"practice": str(row.practice), "mechanism": str(row.mechanism), "note": row.note} for row in rows]


def practices_linked(person: User) -> list[dict]:
    rows = PracticeLink.objects.filter(by=person).order_by("pk")
    return list(rows.values("recommendation__code", "decision", "at"))


def evaluations_of_cooperation(person: User) -> list[dict]:
    rows = CooperationEvaluation.objects.filter(by=person).order_by("pk")
    return list(rows.values("cooperation__request__title", "side", "rating", "text", "at"))


def missions_entered(person: User) -> list[dict]:
    rows = Mission.objects.filter(added_by=person).order_by("pk")
    return list(rows.values("destination", "purpose", "start", "end", "added_at"))


def agreements_entered(person: User) -> list[dict]:
    return list(Agreement.objects.filter(created_by=person).order_by("pk").values("title", "created_at"))


def registrations_for_meetings(person: User) -> list[dict]:
    """Those with the address of the person, and those that the person entered."""
    rows = MeetingParticipant.objects.filter(email__iexact=person.email).order_by("pk")
    entered = MeetingParticipant.objects.filter(added_by=person).exclude(email__iexact=person.email).order_by("pk")
    own = rows.values("meeting__title", "name", "role", "institution", "language", "email", "state", "queued_at")
    invited = MeetingInvitation.objects.filter(email__iexact=person.email).order_by("pk")
    sent = MeetingInvitation.objects.filter(invited_by=person).exclude(email__iexact=person.email).order_by("pk")
    links = [*invited.values("meeting__title", "email", "sent_at"), *sent.values("meeting__title", "sent_at")]
    return [*own, *entered.values("meeting__title", "queued_at"), *links]


def forget_participant(person: User, names: list[str]) -> None:
    """The registration stays in the numbers, without the name and the address; invitations are deleted."""
    is_same = Q(email__iexact=person.email) | Q(email__in=[name for name in names if "@" in name])
    MeetingInvitation.objects.filter(is_same).delete()
    rows = MeetingParticipant.objects.filter(is_same).exclude(email="")
    rows.update(name=_("Erased person"), email="", language="", institution="")


def contact_of_members(person: User) -> list[dict]:
    """Entries with the address of the person, and those that the person entered."""
    rows = MemberContact.objects.filter(email__iexact=person.email).order_by("pk")
    entered = MemberContact.objects.filter(added_by=person).exclude(email__iexact=person.email).order_by("pk")
    own = rows.values("profile__name", "name", "function", "email", "language", "added_at")
    return [*own, *entered.values("profile__name", "added_at")]


def forget_contact(person: User, _names: list[str]) -> None:
    MemberContact.objects.filter(email__iexact=person.email).exclude(email="").delete()


def entries_on_members(person: User) -> list[dict]:
    steps = MembershipStep.objects.filter(by=person).order_by("pk").values("profile__name", "kind", "day", "at")
    rules = NetworkRule.objects.filter(by=person).order_by("pk").values("subject", "number", "at")
    return [*steps, *rules]


def papers_and_minutes(person: User) -> list[dict]:
    papers = MeetingPaper.objects.filter(added_by=person).order_by("pk").values("meeting__title", "title", "added_at")
    written = Q(written_by=person) | Q(adopted_by=person)
    materials = CourseMaterial.objects.filter(added_by=person).order_by("pk")
    files = materials.values("course__title", "title", "added_at")
    minutes = MeetingMinutes.objects.filter(written).order_by("pk").values("meeting__title", "number", "written_at")
    acts = LegalText.objects.filter(added_by=person).order_by("pk").values("profile__name", "title", "added_at")
    return [*papers, *files, *acts, *minutes]


def registrations_for_training(person: User) -> list[dict]:
    rows = CourseRegistration.objects.filter(person=person).order_by("pk")
    return list(rows.values("session__course__title", "session__start", "state", "attended"))


def exercises_started(person: User) -> list[dict]:
    return list(ExerciseStart.objects.filter(person=person).order_by("pk").values("exercise", "started_at"))


def forget_exercises(person: User, _names: list[str]) -> None:
    ExerciseStart.objects.filter(person=person).delete()


def entries_shared(person: User) -> list[dict]:
    return list(Release.objects.filter(by=person).order_by("pk").values("kind", "key", "audience", "at"))


def keep_entries(_person: User, _names: list[str]) -> None:
    """Kept. They belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("facts of mechanisms", export=facts_of_profiles, erase=keep_entries)
keeps_personal_data("practices", export=practices_written, erase=keep_entries)
keeps_personal_data("endorsements of practices", export=endorsements_entered, erase=keep_entries)
keeps_personal_data("practices for records", export=practices_linked, erase=keep_entries)
keeps_personal_data("answers in self-assessments", export=answers_of_self_assessments, erase=keep_entries)
keeps_personal_data("evaluations of cooperation", export=evaluations_of_cooperation, erase=keep_entries)
keeps_personal_data("agreements", export=agreements_entered, erase=keep_entries)
keeps_personal_data("missions", export=missions_entered, erase=keep_entries)
keeps_personal_data("registrations for meetings", export=registrations_for_meetings, erase=forget_participant)
keeps_personal_data("papers, minutes and files of courses", export=papers_and_minutes, erase=keep_entries)
keeps_personal_data("contact persons of mechanisms", export=contact_of_members, erase=forget_contact)
keeps_personal_data("memberships and rules of the network", export=entries_on_members, erase=keep_entries)
keeps_personal_data("registrations for training", export=registrations_for_training, erase=keep_entries)
keeps_personal_data("exercises", export=exercises_started, erase=forget_exercises)
keeps_personal_data("sharing of entries", export=entries_shared, erase=keep_entries)
