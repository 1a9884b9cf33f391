"""Personal data: notifications and recently opened pages, which are deleted with the person."""

from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from servanda.people.accounts.personal_data import keeps_personal_data
from servanda.people.models import Notification, Opened, User

FACTS = ["kind", "object_type", "object_id", "label", "created_at", "read_at", "mailed_at"]


def notifications(person: User) -> list[dict]:
    """Labels, such as file names, are left out where the person may not see the object any more."""
    rows = list(Notification.objects.filter(person=person).values("pk", *FACTS))
    visible = set(Notification.objects.visible_to(person).values_list("pk", flat=True))
    return [{**row, "label": row["label"] if row.pop("pk") in visible else ""} for row in rows]


def forget_notifications(person: User, names: list[str]) -> None:
    """Delete the notifications of the person, and the name in those of others, for instance in file names."""
    Notification.objects.filter(person=person).delete()
    for name in names:
        naming = Notification.objects.filter(Q(label__icontains=name))
        naming.update(label=Replace(F("label"), Value(name), Value("…")))
        naming.update(label="")  # in another case


def opened(person: User) -> list[dict]:
    return list(Opened.objects.filter(person=person).values("kind", "number", "at"))


def forget_opened(person: User, _names: list[str]) -> None:
    Opened.objects.filter(person=person).delete()


keeps_personal_data("notifications", export=notifications, erase=forget_notifications)
keeps_personal_data("opened", export=opened, erase=forget_opened)
