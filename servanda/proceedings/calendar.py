"""Visits, dialogues and hearings by day, for those who see the proceeding; for the public, published
versions with their days. Calendars are read in other programs: they have the reference, never the subject."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.kit.files.calendars import AllDayEvent
from servanda.people.models import User
from servanda.proceedings.models import CaseEntry, Proceeding, PublicLetter
from servanda.sources.obligations.calendar import Entry
from servanda.sources.obligations.feeds import LOOKS_BACK, STEPS_AHEAD, uid_key, uid_of

HEARING = "hearing"  # the entry in the course of a case
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event of one or more days."""

    uid: str
    url: str  # of its page, without the origin
    bodies: tuple[str, ...]  # codes
    short: str  # name of the first body
    label: str  # what it is
    title: str
    first: date
    last: date
    changed_at: datetime
    version: int
    is_open: bool = False  # a visit that the State has not answered yet

    @property
    def days_in_words(self) -> str:
        first, last = (date_format(day, "DATE_FORMAT") for day in (self.first, self.last))
        return first if self.first == self.last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def calendar_events_for(user: User, first: date, last: date) -> list[CalendarEvent]:
    """Between two days, as far as this person sees the proceeding. Four queries."""
    visible = Proceeding.objects.visible_to(user)
    placed = Q(answer="") | Q(answer__in=Proceeding.TAKES_PLACE)
    stays = visible.filter(placed, starts_on__lte=last, ends_on__gte=first)
    hearings = CaseEntry.objects.filter(type=HEARING, on__range=(first, last))
    # Asked for each of the few hearings: a list of all visible proceedings would read the table of letters.
    is_visible = Exists(visible.order_by().filter(pk=OuterRef("proceeding")))
    hearings = hearings.filter(is_visible).select_related("proceeding")
    return [
        *(
            calendar_event_of(row, row.starts_on, row.ends_on)
            for row in stays.prefetch_related("bodies").order_by("starts_on", "pk")
        ),
        *(hearing_of(row) for row in hearings.prefetch_related("proceeding__bodies").order_by("on", "pk")),
    ]


def calendar_event_of(proceeding: Proceeding, first: Any, last: Any) -> CalendarEvent:
    return of_proceeding(proceeding, f"stay-{proceeding.key}", str(proceeding.kind_facts.label), first, last)


def hearing_of(entry: CaseEntry) -> CalendarEvent:
    return of_proceeding(entry.proceeding, f"hearing-{entry.pk}", str(entry.label), entry.on, entry.on)


def of_proceeding(proceeding: Proceeding, uid: str, label: str, first: date, last: date) -> CalendarEvent:
    bodies = list(proceeding.bodies.all())
    return CalendarEvent(
        uid=uid,
        url=proceeding.get_absolute_url(),
        bodies=tuple(body.code for body in bodies),
        short=str(bodies[0].short) if bodies else "",
        label=label,
        title=f"{label} {proceeding.reference}",
        first=first,
        last=last,
        changed_at=proceeding.created_at,  # the version tells programs what is newer
        version=proceeding.version,
        is_open=proceeding.kind_facts.is_visit and not proceeding.answer,
    )


def public_calendar_events(first: date, last: date) -> Iterator[CalendarEvent]:
    """Events of published versions that name their days, with the text and the days of the version only."""
    found = PublicLetter.objects.public().filter(starts_on__lte=last, ends_on__gte=first)
    for letter in found.order_by("starts_on", "pk"):
        days: dict[str, Any] = {"first": letter.starts_on, "last": letter.ends_on}
        yield CalendarEvent(
            uid=f"published-{letter.key}",
            url=reverse("portal:letter", args=[letter.key]),
            bodies=(),
            short="",
            label=_("Published communication"),
            title=letter.title,
            **days,
            changed_at=letter.published_at,
            version=int(letter.published_at.timestamp()) // 60,  # a later version replaces this one in programs
        )


def entries_of_events(
    events: Iterable[CalendarEvent], first: date, last: date, *, on: date, is_daily: bool
) -> Iterator[Entry]:
    """Each on all its days, or on the first one only."""
    for event in events:
        begins, ends = max(event.first, first), min(event.last, last)
        for number in range((ends - begins).days + 1 if is_daily else 1):
            yield entry_of(event, begins + number * DAY, on=on)


def entry_of(event: CalendarEvent, day: date, *, on: date) -> Entry:
    return Entry(
        code=event.uid,
        body=event.short,
        title=event.title,
        day=day,
        date=date_format(day, "DATE_FORMAT"),
        style="calendar-planned" if event.last >= on else "calendar-completed",
        note="",
        is_late=False,
        is_waiting=event.last >= on,
        is_fixed=True,
        source=f"{event.label} · {event.days_in_words}",
        url=event.url,
    )


def feed_of_events(events: Iterable[CalendarEvent], *, origin: str) -> Iterator[AllDayEvent]:
    key = uid_key()
    for event in events:
        yield AllDayEvent(
            uid=uid_of(event.uid, key),
            day=event.first,
            last=event.last,
            summary=f"{event.short}: {event.title}" if event.short else event.title,
            stamped_at=event.changed_at,
            version=event.version,
            status="TENTATIVE" if event.is_open else "CONFIRMED",
            description=f"{event.label}\n{event.days_in_words}",
            url=f"{origin}{event.url}" if origin else "",
            category=event.short,
        )


def window(on: date) -> tuple[date, date]:
    """The days of a feed."""
    return on - LOOKS_BACK, on + STEPS_AHEAD
