"""Digests: one mail with unread notifications for each person who wants it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.jobs.services import queue_mail
from servanda.people.models import Digest, Instance, Notification, NotificationQuerySet, User
from servanda.people.notifications.services import in_language_of, in_words, origin_for_links

# One hour less than a day or a week: the job runs hourly, and otherwise each mail would be an hour later.
RHYTHM = {Digest.DAILY: timedelta(hours=23), Digest.WEEKLY: timedelta(days=7, hours=-1)}
MOST_LINES = 40


def send_digests(*, on: datetime) -> int:
    """Send the digests that are due, and return how many; people without news get none."""
    return sum(send_digest(person, on=on) for person in due_digests(on=on))


def due_digests(*, on: datetime) -> QuerySet[User]:
    waiting = news().filter(person=OuterRef("pk"))
    rhythm = Q(pk__in=[])
    for digest, every in RHYTHM.items():
        rhythm |= Q(digest=digest) & (Q(digest_at=None) | Q(digest_at__lte=on - every))
    return User.objects.filter(rhythm, Exists(waiting), is_active=True).order_by("pk")


def news() -> NotificationQuerySet:
    """Notifications that were neither read nor mailed."""
    return Notification.objects.filter(read_at=None, mailed_at=None)


@transaction.atomic
def send_digest(person: User, *, on: datetime) -> bool:
    """The person is locked, so that two workers do not send the same mail."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    rows = list(news().visible_to(locked))
    if locked.digest_at != person.digest_at or not rows:
        return False
    with in_language_of(locked):
        write_digest(locked, rows)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=on)
    locked.digest_at = on
    locked.save(update_fields=["digest_at"])
    return True


def write_digest(person: User, rows: list[Notification]) -> None:
    lines = [f"– {notice.sentence}" for notice in in_words(rows[:MOST_LINES], to=person, in_mail=True)]
    if more := len(rows) - len(lines):
        lines.append("– " + ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    subject = ngettext("%(count)d new notification", "%(count)d new notifications", len(rows))
    body = _(
        "Dear %(name)s,\n\nyou have new notifications in %(instance)s:\n\n%(lines)s\n\nOpen your notifications:\n"
        "%(link)s\n\nTo change how often you receive this e-mail, or to stop it, open “My account”.\n"
    )
    values = {
        "name": person,
        "instance": Instance.current(),
        "lines": "\n".join(lines),
        "link": origin_for_links("") + reverse("people:notifications"),
    }
    queue_mail(to=person.email, subject=subject % {"count": len(rows)}, body=body % values)
