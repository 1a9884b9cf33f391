"""Personal data of users in proceedings: exported for the person; after erasure it stays, without the name."""

from django.db.models import Q

from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import User
from servanda.proceedings.models import (
    ClearanceVerdict,
    Draft,
    EarlierSubmission,
    LegalHold,
    Proceeding,
    ProceedingFile,
    ProceedingQuestion,
    PublicLetter,
    TakenStep,
)


def proceedings(person: User) -> list[dict]:
    wrote = Q(reply_written_by=person) | Q(reply_earlier_writers=person)
    rows = Proceeding.objects.filter(Q(owner=person) | Q(created_by=person) | wrote).distinct()
    return list(rows.order_by("pk").values("kind", "reference", "created_at"))


def earlier_submissions(person: User) -> list[dict]:
    wrote = Q(reply_written_by=person) | Q(reply_earlier_writers=person)
    rows = EarlierSubmission.objects.filter(wrote).distinct().order_by("pk")
    return list(rows.values("proceeding__reference", "replied_on"))


def questions(person: User) -> list[dict]:
    rows = ProceedingQuestion.objects.filter(owner=person).order_by("pk")
    return list(rows.values("proceeding__reference", "question__place", "due_at"))


def steps(person: User) -> list[dict]:
    return list(TakenStep.objects.filter(by=person).order_by("pk").values("proceeding__reference", "step", "on"))


def drafts(person: User) -> list[dict]:
    rows = Draft.objects.filter(Q(written_by=person) | Q(validated_by=person) | Q(earlier_writers=person)).distinct()
    return list(rows.order_by("pk").values("proceeding__reference", "institution__code", "state", "changed_at"))


def clearances(person: User) -> list[dict]:
    rows = ClearanceVerdict.objects.filter(Q(by=person) | Q(clearance__started_by=person)).order_by("pk")
    return list(rows.values("title", "verdict", "at", "reason"))


def files(person: User) -> list[dict]:
    rows = ProceedingFile.objects.filter(added_by=person).order_by("pk")
    return list(rows.values("proceeding__reference", "name", "added_at"))


def public_letters(person: User) -> list[dict]:
    return list(PublicLetter.objects.filter(published_by=person).order_by("pk").values("title", "published_at"))


def legal_holds(person: User) -> list[dict]:
    rows = LegalHold.objects.filter(Q(placed_by=person) | Q(released_by=person)).order_by("pk")
    return list(rows.values("proceeding__reference", "obligation__code", "placed_at", "released_at"))


def keep_proceedings(_person: User, _names: list[str]) -> None:
    """Kept. Proceedings belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("proceedings", export=proceedings, erase=keep_proceedings)
keeps_personal_data("earlier submissions", export=earlier_submissions, erase=keep_proceedings)
keeps_personal_data("questions of proceedings", export=questions, erase=keep_proceedings)
keeps_personal_data("steps of proceedings", export=steps, erase=keep_proceedings)
keeps_personal_data("drafts of replies", export=drafts, erase=keep_proceedings)
keeps_personal_data("clearances", export=clearances, erase=keep_proceedings)
keeps_personal_data("files of proceedings", export=files, erase=keep_proceedings)
keeps_personal_data("letters for the public", export=public_letters, erase=keep_proceedings)
keeps_personal_data("legal holds", export=legal_holds, erase=keep_proceedings)
