"""The catalogue as a list and a file, the sessions of a course, and the capacities with gaps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Self

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from i18nfield.strings import LazyI18nString

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.network.models import (
    Course,
    CourseMaterial,
    CourseQuerySet,
    CourseRegistration,
    CourseSession,
    SelfAssessment,
)
from servanda.network.practices.queries import capacities, has_code
from servanda.network.self_assessments.queries import results_of
from servanda.people.models import User
from servanda.people.naming import shown_names

MOST_WORDS, MOST_AHEAD = 8, 3
PARTICIPANT_COLUMNS = ("name", "institution", "status", "attended")
COLUMNS = (
    "title",
    "provider",
    "level",
    "form",
    "languages",
    "capacity",
    "content",
    "materials",
    "address",
    "next session",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFilter(ListFilter):
    words: str = ""
    capacity: str = ""
    level: str = ""
    form: str = ""
    language: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        choice = partial(choice_in, params)
        language = params.get("language", "")
        return cls(
            words=words_in(params),
            capacity=choice("capacity", capacities()),
            level=choice("level", Course.Level.values),
            form=choice("form", Course.Form.values),
            language=language if language.replace("-", "").isalpha() and len(language) < 9 else "",
            number=page_number(params),
        )


@dataclass(frozen=True, slots=True)
class Need:
    """A capacity of our own mechanism with gaps in its newest self-assessment, and the next sessions about it."""

    capacity: str
    label: LazyI18nString
    gaps: int
    sessions: Sequence[CourseSession]


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session with its counts and the registration of this person."""

    session: CourseSession
    mine: CourseRegistration | None
    is_open: bool
    is_closed: bool
    has_begun: bool

    @property
    def is_registered(self) -> bool:
        return self.mine is not None and self.mine.state != CourseRegistration.State.WITHDRAWN


def find_courses(user: User, filters: CourseFilter, *, on: date) -> CourseQuerySet:
    found = Course.objects.visible_to(user)
    for column, value in (("capacity", filters.capacity), ("level", filters.level), ("form", filters.form)):
        if value:
            found = found.filter(**{column: value})
    if filters.language:
        found = found.filter(has_code("languages", filters.language))
    for word in filters.words.split()[:MOST_WORDS]:
        found = found.filter(has_word("title", word) | has_word("text", word) | has_word("provider", word))
    return found.with_next_session(on=on).order_by("title", "pk")


def languages_of_courses(user: User) -> list[str]:
    found = Course.objects.visible_to(user).order_by().values_list("languages", flat=True).distinct()
    return sorted({code for codes in found for code in codes.split()})


def needs(user: User, *, on: date) -> list[Need]:
    """By capacity, from the newest completed self-assessment of our own mechanism."""
    newest = SelfAssessment.objects.visible_to(user).completed().filter(profile__is_own=True)
    assessment = newest.prefetch_related("answers").first()
    if assessment is None:
        return []
    gaps = Counter(
        {result.capacity.code: sum(row.is_gap for row in result.rows) for result in results_of(assessment)}
    )
    ahead = sessions_ahead(user, on=on)
    labels = capacities().items()
    return [Need(code, label, gaps[code], ahead.get(code, [])) for code, label in labels if gaps[code]]


def sessions_ahead(user: User, *, on: date) -> dict[str, list[CourseSession]]:
    """By capacity, the next ones that have not begun, at most `MOST_AHEAD` each."""
    rows = CourseSession.objects.visible_to(user).filter(start__gte=on, cancelled_at=None)
    ranked = rows.exclude(course__capacity="").annotate(
        rank=Window(RowNumber(), partition_by=F("course__capacity"), order_by=[F("start"), F("pk")])
    )
    found: dict[str, list[CourseSession]] = {}
    for row in ranked.filter(rank__lte=MOST_AHEAD).select_related("course").order_by("start", "pk"):
        found.setdefault(row.course.capacity, []).append(row)
    return found


def materials_of(user: User, course: Course) -> list[tuple[str, list[CourseMaterial]]]:
    """By title, each with its languages."""
    rows = CourseMaterial.objects.visible_to(user).filter(course=course).order_by("title", "language", "pk")
    return [(title, list(files)) for title, files in groupby(rows, key=lambda row: row.title)]


def participants_of(user: User, session: CourseSession) -> QuerySet[CourseRegistration]:
    """In the order in which they registered."""
    rows = CourseRegistration.objects.visible_to(user).filter(session=session)
    return rows.select_related("person").order_by("queued_at", "pk")


def names_of(rows: Iterable[CourseRegistration], *, to: User) -> dict[int, str]:
    """By the key of the registration: of an account as this reader may see it, otherwise as entered."""
    listed = list(rows)
    accounts = shown_names([row.person for row in listed if row.person], to=to)
    return {row.pk: accounts[row.person_id] if row.person_id else row.name for row in listed}


def participant_rows(rows: Sequence[CourseRegistration], *, to: User) -> Iterator[Sequence[str]]:
    names = names_of(rows, to=to)
    attended = {True: "yes", False: "no", None: ""}
    for row in rows:
        yield [names[row.pk], row.institution, str(row.get_state_display()), attended[row.attended]]


def sessions_of(user: User, course: Course, *, on: date) -> list[ShownSession]:
    """The newest first."""
    mine = {row.session_id: row for row in CourseRegistration.objects.filter(session__course=course, person=user)}
    return [
        ShownSession(
            session,
            mine.get(session.pk),
            is_open=session.is_open(on=on),
            is_closed=session.is_closed(on=on),
            has_begun=session.start <= on,
        )
        for session in course.sessions.counted().order_by("-start", "-pk")
    ]


def export_rows(courses: Iterable[Course]) -> Iterator[Sequence[str]]:
    labels = capacities()
    for course in courses:
        next_on: date | None = getattr(course, "next_on", None)
        yield [
            course.title,
            course.provider,
            str(course.get_level_display()),
            str(course.get_form_display()),
            course.languages,
            str(labels.get(course.capacity, "")),
            course.text,
            course.materials,
            course.link,
            next_on.isoformat() if next_on else "",
        ]
