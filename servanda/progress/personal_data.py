"""Personal data in follow-up: exported for the person; after erasure it stays, without the name."""

from django.db.models import Q

from servanda.people.accounts.personal_data import keeps_personal_data, shown_where_seen
from servanda.people.models import User
from servanda.progress.models import (
    Assessment,
    Contribution,
    Evidence,
    InputRound,
    Reminder,
    Update,
    UpdateCluster,
    UpdateStep,
)


def contributions(person: User) -> list[dict]:
    """Those that the person sent, and those that they answered, without the sender and the text."""
    rows = Contribution.objects.filter(Q(contributor=person) | Q(answered_by=person)).order_by("pk")
    texts = ["text", "organisation", "hides_identity", "answer"]
    return shown_where_seen(rows, ["received_at", "answered_at", "state"], texts, seen=Q(contributor=person))


def evidence_of_contributions(person: User) -> list[dict]:
    """Evidence from contributions with a hidden identity, which is stored without a name."""
    rows = Evidence.objects.filter(contributions__contributor=person, added_by=None).distinct().order_by("pk")
    return list(rows.values("title", "name", "link", "added_at", "withdrawal_reason"))


def keep_contributions(_person: User, _names: list[str]) -> None:
    """Contributions are kept. Users who may see the sender then see an erased person."""


def assessments(person: User) -> list[dict]:
    rows = Assessment.objects.filter(Q(made_by=person) | Q(retracted_by=person)).order_by("pk")
    facts, texts = ["recommendation__code", "voice", "date"], ["common", "reason", "retraction_reason"]
    return shown_where_seen(rows, facts, texts, seen=Q(made_by=person))


def keep_assessments(_person: User, _names: list[str]) -> None:
    """Kept. It is shown as entered by an erased person from then on."""


def updates(person: User) -> list[dict]:
    rows = Update.objects.filter(Q(written_by=person) | Q(earlier_writers=person) | Q(withdrawn_by=person))
    seen = Q(pk__in=Update.objects.visible_to(person).order_by().values("pk"))
    facts, texts = ["institution__code", "created_at"], ["state", "text", "withdrawal_reason"]
    return shown_where_seen(rows.distinct().order_by("pk"), facts, texts, seen=seen)


def updates_on_clusters(person: User) -> list[dict]:
    """Clusters that the person added to updates."""
    rows = UpdateCluster.objects.filter(added_by=person).order_by("pk")
    return list(rows.values("update", "cluster__name", "added_at"))


def steps_of_updates(person: User) -> list[dict]:
    return list(UpdateStep.objects.filter(by=person).order_by("pk").values("update", "state", "at", "reason"))


def evidence(person: User) -> list[dict]:
    rows = Evidence.objects.filter(Q(added_by=person) | Q(withdrawn_by=person)).order_by("pk")
    return shown_where_seen(
        rows, ["added_at"], ["title", "name", "link", "withdrawal_reason"], seen=Q(added_by=person)
    )


def keep_updates(_person: User, _names: list[str]) -> None:
    """Kept. The text belongs to the institution; its writer is shown as an erased person from then on."""


def rounds_of_questions(person: User) -> list[dict]:
    rows = InputRound.objects.filter(Q(opened_by=person) | Q(closed_by=person)).order_by("pk")
    return list(rows.values("title", "opened_at", "closed_at"))


def reminders(person: User) -> list[dict]:
    rows = Reminder.objects.filter(person=person).order_by("pk")
    return list(
        rows.values(
            *("request__round__title", "request__institution__code", "indicator__code", "obligation__code"),
            *("further", "on", "step"),
        )
    )


def keep_rounds(_person: User, _names: list[str]) -> None:
    """Kept. Rounds and reminders belong to the mechanism; the person is shown as an erased person from then on."""


keeps_personal_data("updates", export=updates, erase=keep_updates)
keeps_personal_data("updates on clusters", export=updates_on_clusters, erase=keep_updates)
keeps_personal_data("steps of updates", export=steps_of_updates, erase=keep_updates)
keeps_personal_data("evidence", export=evidence, erase=keep_updates)
keeps_personal_data("contributions", export=contributions, erase=keep_contributions)
keeps_personal_data("evidence of contributions", export=evidence_of_contributions, erase=keep_contributions)
keeps_personal_data("assessments", export=assessments, erase=keep_assessments)
keeps_personal_data("rounds of questions", export=rounds_of_questions, erase=keep_rounds)
keeps_personal_data("reminders of what was asked", export=reminders, erase=keep_rounds)
