"""Changes since a person's last visit: of records, and of the institutions that they answer for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, When, Window
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from servanda.desk.record.access import known_to
from servanda.intake.models import Batch
from servanda.people.access import Can, can, scopes
from servanda.people.appointments.services import period
from servanda.people.models import Appointment, Institution, User
from servanda.recommendations.editing.merging import MERGE
from servanda.recommendations.models import (
    FieldChange,
    Position,
    Recommendation,
    RecommendingState,
    Stand,
    Tagging,
    TextVersion,
)
from servanda.recommendations.pages.history import IN_TRAIL, Entry, histories
from servanda.recommendations.register.rows import Row, row_of, with_parts
from servanda.trail.models import Event

# Events on fields, texts, positions and labels. Links, splits and merges are left out: they name other records,
# which may be hidden from the reader.
DEEDS = (
    *("recommendation-created", "recommendation-edited", "recommendation-restored"),
    *("recommendation-published", "recommendation-unpublished", "text-written", "text-ended"),
    *("position-added", "position-decided", "position-ended", "labels-added", "label-removed"),
)
PARTS = (TextVersion, RecommendingState, Position, Tagging)


@dataclass(slots=True)
class RecordNews:
    """A record and its changes, newest first."""

    row: Row
    entries: list[Entry]


@dataclass(slots=True)
class Moment:
    at: datetime
    text: str


@dataclass(slots=True)
class LatestChanges:
    """The latest changes of institutions and appointments."""

    rows: list[Moment] = field(default_factory=list)
    total: int = 0


def changed_records(seen: QuerySet, since: datetime, reader: User, *, most: int) -> tuple[list[RecordNews], int]:
    """The most recently changed records, and the number of all that changed."""
    pks = latest(seen, since, reader, most=most)
    return lines_of(pks, since, reader), count_changed(seen, since, reader) if len(pks) == most else len(pks)


def lines_of(pks: Sequence[int], since: datetime, reader: User) -> list[RecordNews]:
    records = {record.pk: record for record in with_parts(Recommendation.objects.filter(pk__in=pks), beginning=True)}
    entries = histories(list(records), known_to(reader), to=reader)
    return [
        RecordNews(row_of(records[pk]), [entry for entry in entries[pk] if entry.at > since])
        for pk in pks
        if pk in records
    ]


def latest(seen: QuerySet, since: datetime, reader: User, *, most: int, start: int = 0) -> list[int]:
    """The keys of changed records, the latest change first."""
    order = "GROUP BY of_record ORDER BY MAX(at) DESC, of_record LIMIT %s OFFSET %s"
    return [pk for (pk,) in ask("of_record", seen, changes_since(since, reader), order, [most, start])]


def count_changed(seen: QuerySet, since: datetime, reader: User) -> int:
    return sum(number for (number,) in ask("COUNT(DISTINCT of_record)", seen, changes_since(since, reader)))


def ask(what: str, seen: QuerySet, parts: Sequence[QuerySet], order: str = "", more: Sequence = ()) -> list[tuple]:
    """One query over all kinds of changes. Raw SQL, as the ORM supports UNION but cannot group its result."""
    try:
        changes, params = parts[0].union(*parts[1:], all=True).order_by().query.sql_with_params()
        records, narrowed = seen.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        # A join instead of IN: SQLite would list all visible records before looking at the changes.
        sql = f"SELECT {what} FROM ({changes}) AS changes JOIN ({records}) AS seen ON seen.id = of_record {order}"
        cursor.execute(sql, [*params, *narrowed, *more])
        return cursor.fetchall()


def changes_since(since: datetime, reader: User) -> list[QuerySet]:
    """QuerySets of pairs of record and time, one for each kind of change."""
    batches = Batch.objects.filter(state=Batch.State.APPLIED, applied_at__gt=since)
    if not can(reader, Can.READ_EVERYTHING):
        batches = batches.exclude(shape=MERGE)
    fresh = list(batches.order_by().values_list("pk", flat=True))
    return [deeds_since(since, reader), *(brought_by(fresh, reader) if fresh else [])]


def deeds_since(since: datetime, reader: User) -> QuerySet:
    deeds = Event.objects.filter(object_type=IN_TRAIL, action__in=DEEDS, at__gt=since)
    if not can(reader, Can.READ_DRAFT_POSITIONS):
        deeds = deeds.exclude(about_a_draft())
    # PostgreSQL may cast the key before it filters by the type of the object.
    of_record = Case(When(object_type=IN_TRAIL, then=Cast("object_id", BigIntegerField())))
    return deeds.order_by().annotate(of_record=of_record).values_list("of_record", "at")


def about_a_draft() -> Q:
    """Events on drafts of positions; a decided draft is the position of the State."""
    patterns = [Q(difference__contains=f'"{stand}; draft') for stand in Stand.values]
    condition = Q(pk__in=[])
    for pattern in patterns:
        condition |= pattern
    return Q(action__in=["position-added", "position-ended"]) & condition


def brought_by(fresh: Sequence[int], reader: User) -> list[QuerySet]:
    drafts = can(reader, Can.READ_DRAFT_POSITIONS)
    parts = [moved(Recommendation.objects.filter(added_by__in=fresh), "pk", "added_by")]
    parts.append(moved(FieldChange.objects.filter(batch__in=fresh), "recommendation_id", "batch"))
    for model in PARTS:
        rows = model.objects.filter(is_draft=False) if model is Position and not drafts else model.objects.all()
        parts.append(moved(rows.filter(added_by__in=fresh), "recommendation_id", "added_by"))
        parts.append(moved(rows.filter(ended_by__in=fresh), "recommendation_id", "ended_by"))
    return parts


def moved(rows: QuerySet, record: str, batch: str) -> QuerySet:
    return rows.order_by().annotate(of_record=F(record), at=F(f"{batch}__applied_at")).values_list("of_record", "at")


def institutions_of(user: User) -> QuerySet | set[int]:
    """The institutions that a person answers for; all for those who manage people."""
    if can(user, Can.MANAGE_PEOPLE):
        return Institution.objects.visible_to(user).order_by().values("pk")
    return {pk for scope in scopes(user, Can.READ_INTERNAL) for pk in scope.institutions}


def moments_of(institutions, since: datetime, reader: User, *, most: int) -> LatestChanges:
    """Changes from the history; contributors are included for those who may know them."""
    if not can(reader, Can.READ_DIRECTORY):
        return LatestChanges()
    described = Institution.history.filter(id__in=institutions, history_date__gt=since)
    appointed = Appointment.history.filter(institution__in=institutions, history_date__gt=since)
    if not can(reader, Can.SEE_CONTRIBUTORS):
        appointed = appointed.exclude(function=Appointment.Function.CONTRIBUTOR)
    if not most:
        rows = described.order_by().values_list("history_id")
        return LatestChanges(
            [], rows.union(appointed.order_by().values_list("history_id"), all=True).order_by().count()
        )
    of_places = newest(described, most)
    of_people = newest(appointed.select_related("person", "institution"), most)
    rows = [Moment(row.history_date, of_institution(row)) for row in of_places]
    rows += [Moment(row.history_date, of_appointment(row)) for row in of_people]
    total = sum(some[0].of_all for some in (of_places, of_people) if some)
    return LatestChanges(sorted(rows, key=lambda moment: moment.at, reverse=True)[:most], total)


def newest(rows: QuerySet, most: int) -> list:
    """The newest rows, each annotated with the total number, which saves a query."""
    return list(rows.annotate(of_all=Window(Count("pk"))).order_by("-history_date", "-history_id")[:most])


def of_institution(row) -> str:
    sentences = {
        "+": _("%(institution)s was added as an institution."),
        "~": _("The description of %(institution)s was changed."),
        "-": _("%(institution)s was deleted."),
    }
    return sentences[row.history_type] % {"institution": row.name}


def of_appointment(row) -> str:
    sentences = {
        "+": _("%(person)s was appointed: %(function)s, %(institution)s, %(period)s."),
        "~": _("The appointment of %(person)s was changed: %(function)s, %(institution)s, %(period)s."),
        "-": _("The appointment of %(person)s was deleted: %(function)s, %(institution)s, %(period)s."),
    }
    return sentences[row.history_type] % {
        "person": row.person,
        "function": row.get_function_display(),
        "institution": row.institution,
        "period": period(row),
    }
