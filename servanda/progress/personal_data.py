"""What a person contributed or assessed is kept for others, and stays without a name."""

from django.db.models import Q

from servanda.people.keepers import keeps_personal_data
from servanda.people.models import User
from servanda.progress.models import Assessment, Contribution, InputRound, Reminder


def contributions(person: User) -> list[dict]:
    rows = Contribution.objects.filter(Q(contributor=person) | Q(answered_by=person)).order_by("pk")
    return list(rows.values("text", "organisation", "hides_identity", "received_at", "state", "answer"))


def keep_contributions(_person: User, _names: list[str]) -> None:
    """Who sent it is shown as an erased person from then on, to the few who may know."""


def assessments(person: User) -> list[dict]:
    rows = Assessment.objects.filter(Q(made_by=person) | Q(retracted_by=person)).order_by("pk")
    return list(rows.values("recommendation__code", "voice", "common", "reason", "date", "retraction_reason"))


def keep_assessments(_person: User, _names: list[str]) -> None:
    """Who entered it is shown as an erased person from then on."""


def rounds_of_questions(person: User) -> list[dict]:
    rows = InputRound.objects.filter(Q(opened_by=person) | Q(closed_by=person)).order_by("pk")
    return list(rows.values("title", "opened_at", "closed_at"))


def reminders(person: User) -> list[dict]:
    rows = Reminder.objects.filter(person=person).order_by("pk")
    return list(rows.values("request__round__title", "request__institution__code", "on", "step"))


def keep_rounds(_person: User, _names: list[str]) -> None:
    """That somebody asked, or was reminded, is the mechanism's; who it was is shown as an erased person."""


keeps_personal_data("contributions", tell=contributions, forget=keep_contributions)
keeps_personal_data("assessments", tell=assessments, forget=keep_assessments)
keeps_personal_data("rounds of questions", tell=rounds_of_questions, forget=keep_rounds)
keeps_personal_data("reminders of what was asked", tell=reminders, forget=keep_rounds)
