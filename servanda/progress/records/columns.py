"""Columns of follow-up for lists and files: the follow-up of each record, and its assessments by the three kinds of
assessors."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from django.db.models import Count, Max, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.people.models import User
from servanda.planning.assignments.columns import BESIDE as BESIDE_OF_PLANNING
from servanda.planning.assignments.columns import COLUMNS as COLUMNS_OF_PLANNING
from servanda.progress.models import Assessment, Common, LastUpdate, Voice, voices_of
from servanda.progress.records.countable import CountableRows, countable_rows
from servanda.progress.records.measure_columns import asks_for_measures, with_measures
from servanda.progress.updates.last_updates import THROUGH, heard_through, latest_publication
from servanda.recommendations.filters.audiences import Audience
from servanda.recommendations.models import Recommendation
from servanda.recommendations.records.sql_text import expression_text
from servanda.recommendations.register.exports import AddedColumns
from servanda.recommendations.register.rows import Reading, Row, Status

STATUS = {voice: f"{voice}_status" for voice in Voice.values}
COUNTED = ("actions", "indicators", "evidence")
NAMES = (*STATUS.values(), *COUNTED, "last_update")


def columns_for(audience: Audience, user: User | None, *, kinds: Sequence[str] = ()) -> AddedColumns:
    """The columns of a file, as far as its audience (not the person who makes it) may see them; those of measures
    where the list asks for that kind.

    Files for everyone hold published follow-up, without the responsible institutions.
    """
    rows = countable_rows(audience, None if audience.code else user)
    beside = AddedColumns((*COLUMNS_OF_PLANNING.columns, *NAMES), partial(read_columns, rows))
    if not audience.is_inside:
        beside = AddedColumns(NAMES, partial(read_follow_up, rows), is_public=True)
    return with_measures(beside, rows) if asks_for_measures(kinds) else beside


def read_columns(rows: CountableRows, pks: Sequence[int]) -> dict[int, dict[str, object]]:
    """The columns of planning and of follow-up."""
    follow_up, answerers = read_follow_up(rows, pks), COLUMNS_OF_PLANNING.read(pks)
    return {pk: {**answerers.get(pk, {}), **follow_up.get(pk, {})} for pk in follow_up.keys() | answerers.keys()}


def read_follow_up(rows: CountableRows, pks: Sequence[int]) -> dict[int, dict[str, object]]:
    """By record: the stored values of the common scale for each voice, the counts, and the date of the last
    update."""
    values: dict[int, dict] = {}
    latest = Assessment.objects.latest().filter(recommendation__in=pks).order_by("recommendation", "pk")
    for pk, voice, common in latest.values_list("recommendation", "voice", "common"):
        row = values.setdefault(pk, {})
        row[STATUS[voice]] = [*row.get(STATUS[voice], []), common]
    for name in COUNTED:
        counts = numbers_of_actions(rows, pks) if name == "actions" else numbers(getattr(rows, name), pks)
        for pk, number in counts.items():
            values.setdefault(pk, {})[name] = number
    for pk, at in last_publications(pks).items():
        values.setdefault(pk, {})["last_update"] = timezone.localtime(at).date().isoformat()
    return values


def last_publications(pks: Sequence[int]) -> dict[int, datetime]:
    by_name = LastUpdate.objects.filter(recommendation__in=pks).values_list("recommendation", "published_at")
    newest = dict(by_name)
    members = heard_through().filter(recommendation__in=pks).order_by().values("recommendation")
    for pk, at in members.annotate(at=Max(f"{THROUGH}__published_at")).values_list("recommendation", "at"):
        newest[pk] = max(at, newest.get(pk, at))
    return newest


def numbers_of_actions(rows: CountableRows, pks: Sequence[int]) -> Counter[int]:
    """The number of actions by record. An action that names both a record and its cluster counts once."""
    direct = rows.actions.filter(recommendation__in=pks).values_list("recommendation", "action")
    through = rows.actions_through.filter(recommendation__in=pks).values_list("recommendation", "answer")
    return Counter(pk for pk, _action in {*direct.order_by(), *through.order_by()})


def numbers(rows: QuerySet, pks: Sequence[int]) -> Counter[int]:
    counts = rows.filter(recommendation__in=pks).order_by().values("recommendation").annotate(n=Count("pk"))
    return Counter(dict(counts.values_list("recommendation", "n")))


def _statuses(voice: str) -> Subquery:
    assessments = Assessment.objects.latest().filter(voice=voice, recommendation=OuterRef("pk"))
    grouped = assessments.order_by().values("recommendation").annotate(all=StringAgg("common", delimiter=Value(",")))
    return Subquery(grouped.values("all"))


# Read with the records themselves: the list is at its budget of queries.
STATUSES = {f"said_by_{voice}": _statuses(voice) for voice in Voice.values}
BESIDE_PUBLIC = STATUSES | {"last_update": latest_publication()}


@lru_cache
def beside_public() -> Mapping[str, Combinable]:
    """The same as `BESIDE_PUBLIC`, put together once."""
    texts = {name: expression_text(expression) for name, expression in STATUSES.items()}
    return {**texts, "last_update": BESIDE_PUBLIC["last_update"]}


@lru_cache
def beside() -> Mapping[str, Combinable]:
    """What the list at the desk reads with each record, with what planning says of it."""
    texts = {name: expression_text(expression) for name, expression in BESIDE_OF_PLANNING.items()}
    return {**texts, **beside_public()}


def add_follow_up_facts(rows: Sequence[Row | Reading]) -> None:
    """Add the status of each assessment and the date of the last update to rows that were read with `beside`."""
    known: dict[tuple[str, ...], Status] = {}
    for row in rows:
        possible = voices_of(row.record.body)
        for voice, values in statuses_by_voice(row.record).items():
            if not values and voice not in possible:
                continue  # most bodies do not assess
            key = (voice, *values)
            row.statuses.append(known.get(key) or known.setdefault(key, status_of(voice, values)))
        if at := vars(row.record)["last_update"]:
            row.facts.append((_("Last update"), date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")))


def status_of(voice: str, values: Sequence[str]) -> Status:
    """All values in words; the mark shows the first of them."""
    words = ", ".join(str(Common(value).label) for value in values) or _("Not assessed")
    return Status(str(Voice(voice).label), values[0] if values else "", words)


def statuses_by_voice(record: Recommendation) -> dict[str, list[str]]:
    """The values of the common scale for each voice. The query needs `BESIDE_PUBLIC`."""
    statuses = {voice.value: vars(record)[f"said_by_{voice}"] for voice in Voice}
    return {voice: list(dict.fromkeys(values.split(","))) if values else [] for voice, values in statuses.items()}


def day_of_last_update(record: Recommendation) -> str | None:
    at = vars(record)["last_update"]
    return timezone.localtime(at).date().isoformat() if at else None


@dataclass(frozen=True, slots=True)
class StatusMark:
    """What one kind of assessor says now, on the common scale; no values where it has not assessed the record."""

    label: object
    values: list[Common]


def marks_of(record: Recommendation) -> list[StatusMark]:
    """One mark for each kind of assessor of such records, assessed or not. The query needs `BESIDE_PUBLIC`."""
    values = statuses_by_voice(record)
    voices = [voice for voice in Voice if values[voice] or voice in voices_of(record.body)]
    return [StatusMark(voice.label, [Common(value) for value in values[voice]]) for voice in voices]


def statuses_of(record: Recommendation) -> list[tuple[str, str]]:
    """Label and present values of each voice that has assessed the record."""
    statuses = statuses_by_voice(record)
    return [
        (str(voice.label), ", ".join(str(Common(value).label) for value in statuses[voice]))
        for voice in Voice
        if statuses[voice]
    ]
