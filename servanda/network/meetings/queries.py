"""Meetings as lists, pages and tables, with their participants and invitations."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Self

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.models import (
    AgendaPoint,
    Commitment,
    Meeting,
    MeetingDecision,
    MeetingInvitation,
    MeetingPaper,
    MeetingParticipant,
    MeetingQuerySet,
)
from servanda.people.models import User
from servanda.progress.rounds.days import local
from servanda.recommendations.models import Recommendation

MOST_WORDS = 8
UPCOMING, PAST, CANCELLED = "upcoming", "past", "cancelled"
STATES = {
    UPCOMING: pgettext_lazy("meetings", "Upcoming"),
    PAST: pgettext_lazy("meetings", "Past"),
    CANCELLED: pgettext_lazy("meetings", "Cancelled"),
}
State = MeetingParticipant.State
COLUMNS = ("name", "role", "mechanism", "State", "institution", "language", "e-mail address", "status")
MEETING_COLUMNS = (
    *("title", "kind", "begins", "ends", "venue", "web address", "languages", "limit of participants"),
    *("registered", "waiting", "decisions", "status", "invented"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFilter(ListFilter):
    words: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            kind=choice("kind", Meeting.Kind.values),
            state=choice("state", STATES),
            number=page_number(params),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantFilter(ListFilter):
    words: str = ""
    role: str = ""
    state: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        return cls(
            words=words_in(params),
            role=choice("role", MeetingParticipant.Role.values),
            state=choice("state", State.values),
            number=page_number(params),
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its files, one for each language."""

    title: str
    files: Sequence[MeetingPaper]


def find_meetings(user: User, filters: MeetingFilter, *, on: datetime) -> MeetingQuerySet:
    """The latest first, each with the number of its registered participants and decisions."""
    found = Meeting.objects.visible_to(user)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    match filters.state:
        case "upcoming":
            found = found.held().filter(ends_at__gte=on)
        case "past":
            found = found.held().filter(ends_at__lt=on)
        case "cancelled":
            found = found.exclude(cancelled_at=None)
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(has_word("title", word) | has_word("place", word) | has_word("call", word))
    registered = counted(MeetingParticipant.objects.registered())
    waiting = counted(MeetingParticipant.objects.waiting())
    decided = counted(MeetingDecision.objects.filter(withdrawn_at=None))
    return found.annotate(registered=registered, waiting=waiting, decided=decided).order_by("-begins_at", "-pk")


def counted(rows: QuerySet) -> Subquery:
    """The number of these rows of a meeting, None for none: only the meetings of a page are counted."""
    of_meeting = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    return Subquery(of_meeting.annotate(number=Count("pk")).values("number"))


def find_participants(user: User, meeting: Meeting, filters: ParticipantFilter) -> QuerySet[MeetingParticipant]:
    """In the order in which they registered."""
    found = MeetingParticipant.objects.visible_to(user).filter(meeting=meeting)
    for name in ("role", "state"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(
            has_word("name", word) | has_word("institution", word) | has_word("mechanism__name", word)
        )
    return found.select_related("mechanism__country").order_by("queued_at", "pk")


def numbers_by_state(meeting: Meeting) -> list[tuple[object, int]]:
    """The number of participants in each state; states without any are left out."""
    rows = MeetingParticipant.objects.filter(meeting=meeting).order_by().values_list("state").annotate(Count("pk"))
    numbers = dict(rows)
    return [(label, numbers[code]) for code, label in State.choices if code in numbers]


def numbers_by_language(meeting: Meeting) -> list[tuple[str, int]]:
    """How many of those who are registered chose each language, the most frequent first."""
    rows = MeetingParticipant.objects.filter(meeting=meeting).registered().exclude(language="")
    return list(rows.order_by().values_list("language").annotate(number=Count("pk")).order_by("-number", "language"))


def find_invitations(user: User, meeting: Meeting) -> QuerySet[MeetingInvitation]:
    rows = MeetingInvitation.objects.visible_to(user).filter(meeting=meeting)
    return rows.select_related("participant").order_by("email", "pk")


def agenda_of(meeting: Meeting, user: User) -> tuple[list[tuple[AgendaPoint, list[Paper]]], list[Paper]]:
    """The points with their papers, and the papers of no point."""
    files = MeetingPaper.objects.visible_to(user).order_by("title", "language", "pk")
    points = meeting.agenda.prefetch_related(Prefetch("papers", files))
    rest = files.filter(meeting=meeting, point=None)
    return [(point, papers_in(point.papers.all())) for point in points], papers_in(rest)


def papers_in(files: Iterable[MeetingPaper]) -> list[Paper]:
    return [Paper(title, list(group)) for title, group in groupby(files, key=lambda file: file.title)]


def decisions_of(meeting: Meeting, user: User) -> QuerySet[MeetingDecision]:
    """Each with whether this person may open the record that was made of it."""
    opened = Commitment.objects.visible_to(user).filter(pk=OuterRef("commitment"))
    rows = MeetingDecision.objects.visible_to(user).filter(meeting=meeting).annotate(is_open=Exists(opened))
    return rows.select_related("owner", "commitment__recommendation").order_by("number", "pk")


def decision_behind(record: Recommendation, user: User) -> MeetingDecision | None:
    """The decision of which a commitment was made, for those who see the meeting."""
    if record.kind != Recommendation.Kind.COMMITMENT:
        return None
    rows = MeetingDecision.objects.visible_to(user).select_related("meeting")
    return rows.filter(commitment__recommendation=record).first()


def participant_rows(participants: Iterable[MeetingParticipant]) -> Iterator[list[str]]:
    for row in participants:
        yield [
            row.name,
            str(row.get_role_display()),
            row.mechanism.name if row.mechanism else "",
            row.mechanism.country.code if row.mechanism else "",
            row.institution,
            row.language,
            row.email,
            str(row.get_state_display()),
        ]


def meeting_rows(meetings: Iterable[Meeting], *, on: datetime) -> Iterator[list[str]]:
    """Times are those of the time zone of the instance."""
    for row in meetings:
        counts = vars(row)
        yield [
            row.title,
            str(row.get_kind_display()),
            *(f"{local(moment):%Y-%m-%d %H:%M}" for moment in (row.begins_at, row.ends_at)),
            row.place,
            row.link,
            row.languages,
            str(row.most_participants or ""),
            *(str(counts[name] or 0) for name in ("registered", "waiting", "decided")),
            str(STATES[state_of(row, on=on)]),
            str(_("yes")) if row.is_invented else "",
        ]


def state_of(meeting: Meeting, *, on: datetime) -> str:
    if meeting.is_cancelled:
        return CANCELLED
    return PAST if meeting.is_over(on=on) else UPCOMING
