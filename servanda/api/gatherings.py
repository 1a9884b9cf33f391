"""What is published of meetings, training and commitments of mechanisms, key by key."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from ninja import Field, Schema

from servanda.api.resources import recommendations, with_published
from servanda.api.schemas import Status, Text
from servanda.network import models as network
from servanda.recommendations.models import Recommendation


class Meeting(Schema):
    """A meeting of mechanisms. Its papers, participants, minutes and link are not published."""

    code: str = Field(description="The permanent key.")
    kind: str = Field(description="`seminar`, `plenary`, `working-group` or `other`.")
    title: str
    text: str = Field(description="The call.")
    place: str
    start: str = Field(description="First day, ISO 8601.")
    end: str = Field(description="End (inclusive), ISO 8601.")
    begins_at: str = Field(description="ISO 8601, with the difference to UTC.")
    ends_at: str = Field(description="ISO 8601, with the difference to UTC.")
    languages: list[str]
    agenda: list[str] = Field(description="Its points, in their order.")
    is_cancelled: bool
    is_invented: bool = Field(description="For trying things out.")


class TrainingSession(Schema):
    start: str = Field(description="ISO 8601.")
    end: str = Field(description="ISO 8601.")
    place: str
    language: str


class Training(Schema):
    """A course that mechanisms can take."""

    code: str = Field(description="The permanent key.")
    title: str
    text: str = Field(description="What the course contains.")
    provider: str
    level: str = Field(description="`introductory`, `intermediate` or `advanced`.")
    form: str = Field(description="`in-person`, `online`, `blended` or `self-paced`.")
    languages: list[str]
    capacity: str = Field(description="`engage`, `coordinate`, `consult`, `manage-information`, or empty.")
    materials: str
    link: str = Field(description="Web address of the materials, or empty.")
    sessions: list[TrainingSession] = Field(description="Those that are not cancelled, the earliest first.")


class Commitment(Schema):
    """What mechanisms have agreed, or a conclusion of theirs, with how far it is implemented."""

    code: str = Field(description="The permanent reference.")
    address: str = Field(description="The page for people.")
    wording: str = Field(description="`commitment`, `conclusion` (no commitment) or `priority`.")
    source: str = Field(description="Where it was agreed.")
    mechanism: str = Field(description="The mechanism that committed itself; empty for all.")
    due_on: str | None = Field(description="ISO 8601.")
    texts: list[Text]
    status: Status = Field(description="How far it is implemented, according to the published assessments.")


def with_agenda(meetings: QuerySet) -> QuerySet:
    return meetings.prefetch_related("agenda")


def meetings(rows: Iterable[network.Meeting], site: str) -> list[Meeting]:
    """The published shape of meetings read by `with_agenda`; days are those of this system's time zone."""
    return [_meeting(row) for row in rows]


def _meeting(row: network.Meeting) -> Meeting:
    begins, ends = timezone.localtime(row.begins_at), timezone.localtime(row.ends_at)
    return Meeting(
        code=str(row.key),
        kind=row.kind,
        title=row.title,
        text=row.call,
        place=row.place,
        start=begins.date().isoformat(),
        end=ends.date().isoformat(),
        begins_at=begins.isoformat(),
        ends_at=ends.isoformat(),
        languages=row.language_codes,
        agenda=[point.title for point in row.agenda.all()],
        is_cancelled=row.is_cancelled,
        is_invented=row.is_invented,
    )


def with_sessions(courses: QuerySet) -> QuerySet:
    sessions = network.CourseSession.objects.filter(cancelled_at=None).order_by("start", "pk")
    return courses.prefetch_related(Prefetch("sessions", sessions, to_attr="held"))


def courses(rows: Iterable[network.Course], site: str) -> list[Training]:
    """The published shape of courses read by `with_sessions`."""
    return [_course(row) for row in rows]


def _course(row: network.Course) -> Training:
    return Training(
        code=str(row.key),
        title=row.title,
        text=row.text,
        provider=row.provider,
        level=row.level,
        form=row.form,
        languages=row.language_codes,
        capacity=row.capacity,
        materials=row.materials,
        link=row.link,
        sessions=[
            TrainingSession(
                start=session.start.isoformat(),
                end=session.end.isoformat(),
                place=session.place,
                language=session.language,
            )
            for session in cast(list[network.CourseSession], vars(row)["held"])
        ],
    )


def with_owner(commitments: QuerySet) -> QuerySet:
    return commitments.select_related("owner")


def commitments(rows: Iterable[network.Commitment], site: str) -> list[Commitment]:
    """The published shape of commitments read by `with_owner`: what is published of their records in the register."""
    found = {row.recommendation_id: row for row in rows}
    records = list(with_published(Recommendation.every_kind.public().filter(pk__in=found)))
    shapes = zip(records, recommendations(records, site), strict=True)
    by_pk = {record.pk: shape for record, shape in shapes}
    return [
        Commitment(
            code=by_pk[pk].code,
            address=by_pk[pk].address,
            wording=row.wording,
            source=row.source,
            mechanism=row.owner.name if row.owner and row.owner.is_public else "",
            due_on=_day(row.due_on),
            texts=by_pk[pk].texts,
            status=by_pk[pk].status,
        )
        for pk, row in found.items()
        if pk in by_pk
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
