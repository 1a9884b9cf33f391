"""Personal data in the network: exported for the person; after erasure it stays, without the name."""

from django.db.models import Q

from servanda.network.models import (
    CooperationEvaluation,
    Endorsement,
    Practice,
    PracticeLink,
    ProfileFact,
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


def keep_entries(_person: User, _names: list[str]) -> None:
    """Kept. They belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("facts of mechanisms", export=facts_of_profiles, erase=keep_entries)
keeps_personal_data("practices", export=practices_written, erase=keep_entries)
keeps_personal_data("endorsements of practices", export=endorsements_entered, erase=keep_entries)
keeps_personal_data("practices for records", export=practices_linked, erase=keep_entries)
keeps_personal_data("answers in self-assessments", export=answers_of_self_assessments, erase=keep_entries)
keeps_personal_data("evaluations of cooperation", export=evaluations_of_cooperation, erase=keep_entries)
