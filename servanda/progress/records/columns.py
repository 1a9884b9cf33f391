"""What was done about each record of a list, and of its files, and what the three voices say of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db.models import Count, Max, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.people.models import User
from servanda.planning.assignments.columns import BESIDE as BESIDE_OF_PLANNING
from servanda.planning.assignments.columns import COLUMNS as COLUMNS_OF_PLANNING
from servanda.progress.models import Assessment, Common, LastUpdate, Voice
from servanda.progress.records.countable import CountableRows, said_to
from servanda.progress.updates.last_updates import THROUGH, heard_through, newest_word
from servanda.recommendations.counting.counts import Audience
from servanda.recommendations.models import Recommendation
from servanda.recommendations.register.exports import Beside
from servanda.recommendations.register.listing import Row

STATUS = {voice: f"{voice}_status" for voice in Voice.values}
COUNTED = ("actions", "indicators", "evidence")
NAMES = (*STATUS.values(), *COUNTED, "last_update")


def columns_for(audience: Audience, user: User | None) -> Beside:
    """A file that is passed on holds what they see for whom it is made, and not what its maker sees.

    Everybody is told what is published of follow-up, and not who answers.
    """
    said = said_to(audience, None if audience.code else user)
    if not audience.is_inside:
        return Beside(NAMES, partial(read_follow_up, said), is_public=True)
    return Beside((*COLUMNS_OF_PLANNING.columns, *NAMES), partial(read_columns, said))


def read_columns(said: CountableRows, pks: Sequence[int]) -> dict[int, dict[str, object]]:
    """Who answers, and what was done and said."""
    told, answering = read_follow_up(said, pks), COLUMNS_OF_PLANNING.read(pks)
    return {pk: {**answering.get(pk, {}), **told.get(pk, {})} for pk in told.keys() | answering.keys()}


def read_follow_up(said: CountableRows, pks: Sequence[int]) -> dict[int, dict[str, object]]:
    """Values of the common scale as they are stored; the voices beside each other, each author once."""
    told: dict[int, dict] = {}
    latest = Assessment.objects.latest().filter(recommendation__in=pks).order_by("recommendation", "pk")
    for pk, voice, common in latest.values_list("recommendation", "voice", "common"):
        row = told.setdefault(pk, {})
        row[STATUS[voice]] = [*row.get(STATUS[voice], []), common]
    for name in COUNTED:
        counted = numbers_of_actions(said, pks) if name == "actions" else numbers(getattr(said, name), pks)
        for pk, number in counted.items():
            told.setdefault(pk, {})[name] = number
    for pk, at in newest_words(pks).items():
        told.setdefault(pk, {})["last_update"] = timezone.localtime(at).date().isoformat()
    return told


def newest_words(pks: Sequence[int]) -> dict[int, datetime]:
    by_name = LastUpdate.objects.filter(recommendation__in=pks).values_list("recommendation", "published_at")
    newest = dict(by_name)
    members = heard_through().filter(recommendation__in=pks).order_by().values("recommendation")
    for pk, at in members.annotate(at=Max(f"{THROUGH}__published_at")).values_list("recommendation", "at"):
        newest[pk] = max(at, newest.get(pk, at))
    return newest


def numbers_of_actions(said: CountableRows, pks: Sequence[int]) -> Counter[int]:
    """An action that answers a record by name and through its cluster counts once."""
    direct = said.actions.filter(recommendation__in=pks).values_list("recommendation", "action")
    through = said.actions_through.filter(recommendation__in=pks).values_list("recommendation", "answer")
    return Counter(pk for pk, _action in {*direct.order_by(), *through.order_by()})


def numbers(rows: QuerySet, pks: Sequence[int]) -> Counter[int]:
    counted = rows.filter(recommendation__in=pks).order_by().values("recommendation").annotate(n=Count("pk"))
    return Counter(dict(counted.values_list("recommendation", "n")))


def _statuses(voice: str) -> Subquery:
    said = Assessment.objects.latest().filter(voice=voice, recommendation=OuterRef("pk"))
    grouped = said.order_by().values("recommendation").annotate(all=StringAgg("common", delimiter=Value(",")))
    return Subquery(grouped.values("all"))


# Asked with the records themselves: the list has no question to spare.
BESIDE_PUBLIC = {f"said_by_{voice}": _statuses(voice) for voice in Voice.values} | {"last_update": newest_word()}
BESIDE = {**BESIDE_OF_PLANNING, **BESIDE_PUBLIC}


def say_what_was_done(rows: Sequence[Row]) -> None:
    """Under each row of the list what each voice says of it, and when the last update was; ask with `BESIDE`."""
    for row in rows:
        row.facts += statuses_of(row.record)
        if at := vars(row.record)["last_update"]:
            row.facts.append((_("Last update"), date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")))


def said_by_voice(record: Recommendation) -> dict[str, list[str]]:
    """The values of the common scale that each voice says; ask with `BESIDE_PUBLIC`."""
    said = {voice.value: vars(record)[f"said_by_{voice}"] for voice in Voice}
    return {voice: list(dict.fromkeys(values.split(","))) if values else [] for voice, values in said.items()}


def day_of_last_update(record: Recommendation) -> str | None:
    at = vars(record)["last_update"]
    return timezone.localtime(at).date().isoformat() if at else None


def statuses_of(record: Recommendation) -> list[tuple[str, str]]:
    """Each voice that said something, and what it says now; several authors beside each other."""
    said = said_by_voice(record)
    return [
        (str(voice.label), ", ".join(str(Common(value).label) for value in said[voice]))
        for voice in Voice
        if said[voice]
    ]
