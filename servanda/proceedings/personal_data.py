"""Personal data of users in proceedings: exported for the person; after erasure it stays, without the name."""

from django.db.models import Q

from servanda.people.accounts.personal_data import keeps_personal_data, shown_where_seen
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


def seen_through(path: str, person: User) -> Q:
    """The condition for rows of proceedings that the person still sees."""
    return Q(**{f"{path}__in": Proceeding.objects.visible_to(person).order_by().values("pk")})


def proceedings(person: User) -> list[dict]:
    wrote = Q(reply_written_by=person) | Q(reply_earlier_writers=person)
    rows = Proceeding.objects.filter(Q(owner=person) | Q(created_by=person) | wrote).distinct()
    return shown_where_seen(
        rows.order_by("pk"), ["kind", "created_at"], ["reference"], seen=seen_through("pk", person)
    )


def earlier_submissions(person: User) -> list[dict]:
    wrote = Q(reply_written_by=person) | Q(reply_earlier_writers=person)
    rows = EarlierSubmission.objects.filter(wrote).distinct().order_by("pk")
    return shown_where_seen(rows, ["replied_on"], ["proceeding__reference"], seen=seen_through("proceeding", person))


def questions(person: User) -> list[dict]:
    rows = ProceedingQuestion.objects.filter(owner=person).order_by("pk")
    seen = seen_through("proceeding", person)
    return shown_where_seen(rows, ["due_at"], ["proceeding__reference", "question__place"], seen=seen)


def steps(person: User) -> list[dict]:
    rows = TakenStep.objects.filter(by=person).order_by("pk")
    return shown_where_seen(rows, ["step", "on"], ["proceeding__reference"], seen=seen_through("proceeding", person))


def drafts(person: User) -> list[dict]:
    rows = Draft.objects.filter(Q(written_by=person) | Q(validated_by=person) | Q(earlier_writers=person)).distinct()
    facts, texts = ["institution__code"], ["proceeding__reference", "state", "changed_at"]
    return shown_where_seen(rows.order_by("pk"), facts, texts, seen=seen_through("proceeding", person))


def clearances(person: User) -> list[dict]:
    """The person's own verdicts. Of clearances that they started, only the steps."""
    rows = ClearanceVerdict.objects.filter(Q(by=person) | Q(clearance__started_by=person)).order_by("pk")
    return shown_where_seen(rows, ["title"], ["verdict", "at", "reason"], seen=Q(by=person))


def files(person: User) -> list[dict]:
    rows = ProceedingFile.objects.filter(added_by=person).order_by("pk")
    seen = seen_through("proceeding", person)
    return shown_where_seen(rows, ["name", "added_at"], ["proceeding__reference"], seen=seen)


def public_letters(person: User) -> list[dict]:
    return list(PublicLetter.objects.filter(published_by=person).order_by("pk").values("title", "published_at"))


def legal_holds(person: User) -> list[dict]:
    rows = LegalHold.objects.filter(Q(placed_by=person) | Q(released_by=person)).order_by("pk")
    facts, seen = ["obligation__code", "placed_at", "released_at"], seen_through("proceeding", person)
    return shown_where_seen(rows, facts, ["proceeding__reference"], seen=seen)


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
