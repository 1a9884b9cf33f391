"""Calendar feeds: the secret address of a person, and the events behind it and behind the public one."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b, sha256

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.kit.files.calendars import AllDayEvent
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.people.notifications.services import in_language_of, origin_for_links
from servanda.people.second_factor import rules as second_factor
from servanda.sources.models import CalendarFeed, Obligation, ObligationQuerySet, ObligationStep
from servanda.sources.models.step_titles import shown_title
from servanda.sources.obligations.calendar import SOURCE_COLUMNS, SourceOfDay, short_names
from servanda.sources.obligations.steps import steps_followed_by
from servanda.trail.models import Event
from servanda.vocab.models import Certainty, ObligationKind

LOOKS_BACK = timedelta(days=365)
STEPS_AHEAD = timedelta(days=366)  # all steps of twenty years would make the file five times as long
MOST_READS, HOUR = 30, timedelta(hours=1)
COLUMNS = (
    *("pk", "code", "body", "kind", "title", "combined", "due_on", "certainty", "state"),
    *("version", *SOURCE_COLUMNS),
)
IS_INTERNAL = SOURCE_COLUMNS.index("is_internal")
STEP_COLUMNS = ("pk", "title", "due_on", "obligation__code", "obligation__body", "obligation__version")


def digest_of(key: str) -> str:
    """A fast hash is enough, as keys have 256 random bits."""
    return sha256(key.encode()).hexdigest()


@transaction.atomic
def renew_feed(*, by: User, origin: str = "") -> str:
    """Create the address of this person, or a new one in its place, and return its key, which is not stored.

    The owner is notified by mail, in case it was not them; `origin` is the address of the page, for the link in the
    mail. Raises `Refused` without the permission to read what is internal.
    """
    if not can(by, Can.READ_INTERNAL):
        raise Refused(_("Your role has no calendar of its own. Use the public calendar."))
    key = secrets.token_urlsafe(32)
    values = {"digest": digest_of(key), "created_at": timezone.now(), "read_at": None, "hour_from": None, "reads": 0}
    CalendarFeed.objects.update_or_create(person=by, defaults=values)
    tell_owner(by, origin)
    Event.record("calendar-feed-made", by=by)
    return key


def tell_owner(person: User, origin: str) -> None:
    with in_language_of(person):
        body = _(
            "A secret calendar address was created with your account. Anyone who knows it can read the deadlines "
            "that you may see.\n\nIf you did not create it, revoke it and change your password:\n\n%(link)s"
        )
        what = {"link": origin_for_links(origin) + reverse("desk:own_calendar")}
        queue_mail(to=person.email, subject=_("A calendar address was created"), body=body % what)


def forget_feed(*, user: User, **_signal: object) -> None:
    """Another person may have used an account whose password is reset, and read its secret address. A closed account
    may be reopened, and somebody may have kept its address."""
    CalendarFeed.objects.filter(person=user).delete()


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    """Revoke the address at once. Raises `Refused` if there is none."""
    deleted, _by_model = CalendarFeed.objects.filter(person=by).delete()
    if not deleted:
        raise Refused(_("You have no calendar address."))
    Event.record("calendar-feed-revoked", by=by)


def feed_of(key: str) -> CalendarFeed | None:
    """The feed of a valid key; None also where its person is inactive, lost the permission or the second factor."""
    feed = CalendarFeed.objects.select_related("person").filter(digest=digest_of(key)).first()
    if feed is None or not feed.person.is_active or not can(feed.person, Can.READ_INTERNAL):
        return None
    return None if second_factor.is_missing(feed.person) else feed


def count_read(feed: CalendarFeed, *, on: datetime) -> bool:
    """Count a read of the feed; False if it was read too often within the hour."""
    same_hour = CalendarFeed.objects.filter(pk=feed.pk, hour_from__gt=on - HOUR)
    if same_hour.filter(reads__lt=MOST_READS).update(reads=F("reads") + 1, read_at=on):
        return True
    if same_hour.exists():
        return False
    CalendarFeed.objects.filter(pk=feed.pk).update(hour_from=on, reads=1, read_at=on)
    return True


def events_for(person: User, *, on: date, origin: str) -> Iterator[AllDayEvent]:
    """What this person may see, from a year ago on, and the open steps that they follow, up to a year ahead."""
    visible = Obligation.objects.visible_to(person).with_internal_side(person)
    page = f"{origin}/desk/obligations/"
    names = short_names()
    yield from events_of(visible, names, on=on, page=page)
    window = (on - LOOKS_BACK, on + STEPS_AHEAD)
    steps = steps_followed_by(person).filter(done_on=None, due_on__range=window)
    yield from step_events(steps.filter(obligation__state__in=Obligation.UNFINISHED), names, on=on, page=page)


def public_events(*, on: date) -> Iterator[AllDayEvent]:
    found = Obligation.objects.public().with_internal_side(AnonymousUser())
    return events_of(found, short_names(), on=on, page="")


def events_of(found: ObligationQuerySet, names: Mapping[int, str], *, on: date, page: str) -> Iterator[AllDayEvent]:
    """Without a date there is no event. Only the columns are read: thousands of rows are objects for too long.

    Internal work raises the version of an obligation. To a reader of its public side alone, the event has no
    version, so that the file does not tell of that work."""
    midnight = midnight_of(on)
    rows = found.filter(due_on__gte=on - LOOKS_BACK).order_by("due_on", "pk").values_list(*COLUMNS)
    kinds = {code: str(label) for code, label in ObligationKind.choices}
    states = {code: str(label) for code, label in Obligation.State.choices}
    key, estimate, source = uid_key(), str(Certainty.ESTIMATE.label), SourceOfDay()
    for pk, code, body, kind, title, combined, due_on, certainty, state, version, *facts in rows:
        name = names[body]
        what = f"{name}: {title or kinds[kind]}" + (f" ({combined})" if combined else "")
        is_estimate = certainty == Certainty.ESTIMATE
        yield AllDayEvent(
            uid=uid_of(f"obligation-{pk}", key),
            day=due_on,
            summary=f"{what} ({estimate})" if is_estimate else what,
            stamped_at=midnight,
            version=version if facts[IS_INTERNAL] else 0,
            description=f"{code}\n{states[state]}\n{source.words(*facts)}",
            url=f"{page}{code}/" if page else "",
            category=name,
            status=status_of(state, is_estimate=is_estimate),
        )


def status_of(state: str, *, is_estimate: bool) -> str:
    if state in Obligation.WITH_REASON:
        return "CANCELLED"
    return "TENTATIVE" if is_estimate else "CONFIRMED"


def step_events(
    steps: QuerySet[ObligationStep], names: Mapping[int, str], *, on: date, page: str
) -> Iterator[AllDayEvent]:
    """Each is marked as internal. Only the columns are read, as for obligations."""
    key, internal, midnight = uid_key(), str(_("internal deadline")), midnight_of(on)
    for pk, title, due_on, code, body, version in steps.values_list(*STEP_COLUMNS):
        yield AllDayEvent(
            uid=uid_of(f"step-{pk}", key),
            day=due_on,
            summary=f"{names[body]}: {shown_title(title)} ({internal})",
            stamped_at=midnight,
            version=version,
            description=code,
            url=f"{page}{code}/",
            category=names[body],
        )


def midnight_of(day: date) -> datetime:
    """The time stamp of events. In a published file it is the time of the file (RFC 5545, 3.8.7.2), and their version
    tells programs what has changed; so the file stays the same for a day."""
    return datetime.combine(day, time(), tzinfo=UTC)


def uid_key() -> bytes:
    return salted_hmac("servanda.sources.calendar", "uid", algorithm="sha256").digest()


def uid_of(event: str, key: bytes) -> str:
    """The UID of an event of this installation: the same at every address, unlike those of another installation, and
    without the number of the row, by which a reader could count those in between."""
    return blake2b(event.encode(), key=key, digest_size=12).hexdigest() + "@servanda"
