"""One mail for each person who wants it, with what they have not read yet."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.jobs.services import queue_mail
from servanda.people.models import Digest, Instance, Notification, NotificationQuerySet, User
from servanda.people.notifications.services import house_address, in_language_of, in_words

# An hour short of the whole, because the job comes round each hour: else each mail would be an hour later.
RHYTHM = {Digest.DAILY: timedelta(hours=23), Digest.WEEKLY: timedelta(days=7, hours=-1)}
MOST_LINES = 40


def send_digests(*, on: datetime) -> int:
    """How many mails were written; whoever has nothing new gets none."""
    return sum(send_digest(person, on=on) for person in due_digests(on=on))


def due_digests(*, on: datetime) -> QuerySet[User]:
    waiting = news().filter(person=OuterRef("pk"))
    rhythm = Q(pk__in=[])
    for digest, every in RHYTHM.items():
        rhythm |= Q(digest=digest) & (Q(digest_at=None) | Q(digest_at__lte=on - every))
    return User.objects.filter(rhythm, Exists(waiting), is_active=True).order_by("pk")


def news() -> NotificationQuerySet:
    """What nobody read, here or in a mail."""
    return Notification.objects.filter(read_at=None, mailed_at=None)


@transaction.atomic
def send_digest(person: User, *, on: datetime) -> bool:
    """Locked, so that two workers do not write the same mail."""
    held = User.objects.select_for_update().get(pk=person.pk)
    rows = list(news().visible_to(held))
    if held.digest_at != person.digest_at or not rows:
        return False
    with in_language_of(held):
        write_digest(held, rows)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=on)
    held.digest_at = on
    held.save(update_fields=["digest_at"])
    return True


def write_digest(person: User, rows: list[Notification]) -> None:
    lines = [f"– {notice.sentence}" for notice in in_words(rows[:MOST_LINES], to=person)]
    if more := len(rows) - len(lines):
        lines.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    subject = ngettext("%(count)d new notification", "%(count)d new notifications", len(rows))
    body = _(
        "Dear %(name)s,\n\n"
        "this is new for you in %(instance)s:\n\n%(lines)s\n\n"
        "Read it here:\n%(link)s\n\n"
        "How often you get this mail, and whether at all, you choose under “My account”.\n"
    )
    words = {
        "name": person,
        "instance": Instance.current(),
        "lines": "\n".join(lines),
        "link": house_address("") + reverse("people:notifications"),
    }
    queue_mail(to=person.email, subject=subject % {"count": len(rows)}, body=body % words)
