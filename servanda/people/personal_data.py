"""What a person was told, and what they opened, is theirs and goes with them."""

from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import Notification, Opened, User

FACTS = ["kind", "object_type", "object_id", "label", "created_at", "read_at", "mailed_at"]


def notifications(person: User) -> list[dict]:
    """What a file was called is no fact about the person, and is not for those who lost the role that saw it."""
    told = list(Notification.objects.filter(person=person).values("pk", *FACTS))
    seen = set(Notification.objects.visible_to(person).values_list("pk", flat=True))
    return [{**row, "label": row["label"] if row.pop("pk") in seen else ""} for row in told]


def forget_notifications(person: User, names: list[str]) -> None:
    """Others keep what they were told, without the words that name the person, in a file name for instance."""
    Notification.objects.filter(person=person).delete()
    for name in names:
        naming = Notification.objects.filter(Q(label__icontains=name))
        naming.update(label=Replace(F("label"), Value(name), Value("…")))
        naming.update(label="")  # written with other great and small letters


def opened(person: User) -> list[dict]:
    return list(Opened.objects.filter(person=person).values("kind", "number", "at"))


def forget_opened(person: User, _names: list[str]) -> None:
    Opened.objects.filter(person=person).delete()


keeps_personal_data("notifications", tell=notifications, forget=forget_notifications)
keeps_personal_data("opened", tell=opened, forget=forget_opened)
