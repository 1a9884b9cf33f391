"""The way of one record through the stations of its mechanism (`vocab/procedures.py`), and all of it over time.

It is told from what the reader sees anyway, so that it tells nobody more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast, overload

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.pages.translations import listed
from servanda.people.models import User
from servanda.planning.models import Action, ActionRecommendation, Assignment
from servanda.progress.assessments.voices import AssessmentLine
from servanda.progress.models import Assessment, Common, InputItem, InputRequest, Update, Voice
from servanda.progress.updates.last_updates import THROUGH, heard_through, published_updates
from servanda.recommendations.models import ClusterMember, Position, Recommendation
from servanda.vocab.procedures import Station


@dataclass(frozen=True, slots=True)
class Step:
    """One station, whether it has come, and on which day as far as that is known."""

    label: object
    on: date | None
    has_come: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    at: date
    text: str
    href: str = ""
    note: str = ""


def with_milestones(records: QuerySet, *, is_inside: bool) -> QuerySet:
    """Each record with the first day of each station, asked with the record itself."""
    here = Q(recommendation=OuterRef("pk"))
    actions = Action.objects.kept() if is_inside else Action.objects.public()
    links = ActionRecommendation.objects.filter(here, action__in=actions.order_by().values("pk"))
    answers = "cluster__action_answers"
    members = ClusterMember.objects.reached().filter(
        here, (f"{answers}__action__in", actions.order_by().values("pk"))
    )
    # A record is answered from the day on which it and the action had both come to the cluster.
    members = members.annotate(since=Greatest("added_at", F(f"{answers}__added_at")))
    by_name, through = published_updates().filter(here), heard_through().filter(here)
    said = Assessment.objects.standing().filter(here, is_published=True)
    answers_given = Position.objects.decided().filter(here)
    records = records.annotate(
        first_answered=first(answers_given.with_days(), "known_day"),
        first_stated=first(answers_given, "date"),
        first_planned=sooner(first(links, "added_at"), first(members, "since")),
        first_done=sooner(first(by_name, "update__published_at"), first(through, f"{THROUGH}__published_at")),
        first_assessed=first(said, "date"),
        first_closed=first(said.filter(voice=Voice.MECHANISM, common=Common.FULL), "date"),
    )
    if not is_inside:
        return records
    return records.annotate(first_assigned=first(Assignment.objects.current().filter(here), "since"))


def first(rows: QuerySet, field: str) -> Subquery:
    return Subquery(rows.order_by().values("recommendation").annotate(first=Min(field)).values("first"))


def sooner(one: Subquery, other: Subquery) -> Least:
    """The least of a day and nothing is nothing in SQLite."""
    return Least(Coalesce(one, other), Coalesce(other, one))


COLUMN_OF = {
    Station.ANSWERED: "first_answered",
    Station.ASSIGNED: "first_assigned",
    Station.PLANNED: "first_planned",
    Station.REPORTED: "first_done",
    Station.ASSESSED: "first_assessed",
    Station.CLOSED: "first_closed",
}


def steps_of(record: Recommendation) -> list[Step]:
    """Ask for the record by `with_milestones`; who answers is told inside only."""
    known = vars(record)
    steps = []
    for station, label in record.body.procedure.stations:
        if station == Station.RECEIVED:
            steps.append(Step(label, record.date or day_of(record.created_at), has_come=True))
        elif station == Station.ANSWERED:
            is_of_document = known["first_answered"] is not None and known["first_answered"] != known["first_stated"]
            note = _("date of the document") if is_of_document else ""
            steps.append(Step(label, known["first_answered"], record.is_answered, note))
        elif (column := COLUMN_OF[station]) in known:
            steps.append(Step(label, day := day_of(known[column]), day is not None))
    return steps


@overload
def day_of(moment: date) -> date: ...
@overload
def day_of(moment: None) -> None: ...
def day_of(moment: date | None) -> date | None:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def story_of(
    record: Recommendation,
    *,
    positions: Iterable[Position],
    assignments: Iterable[Assignment] = (),
    actions: Iterable[Action],
    updates: Sequence[Update],
    said: Sequence[AssessmentLine],
    user: User | None = None,
) -> list[Entry]:
    """The newest first. A round is told to those whom it concerns, by `user`; without one, for everybody."""
    entries = [
        *(of_position(one, one.day) for one in positions if one.day and not one.is_draft),
        *(Entry(one.since, _("%(place)s answers for it") % {"place": one.institution}) for one in assignments),
        *of_actions(actions, is_inside=user is not None),
        *of_updates(updates, is_inside=user is not None),
        *of_voices(said),
        *(of_rounds(record, user) if user is not None else ()),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def of_position(one: Position, day: date) -> Entry:
    text = _("The State's position: %(stand)s") % {"stand": one.get_stand_display()}
    notes = [one.symbol, _("date of the document") if one.day_is_of_document else ""]
    return Entry(day, text, note=listed(filter(None, notes)))


def of_actions(actions: Iterable[Action], *, is_inside: bool) -> Iterator[Entry]:
    for one in actions:
        text = _("An action was planned: %(title)s") % {"title": one.title}
        note = through_cluster(one)
        yield Entry(day_of(vars(one)["linked_at"]), text, one.get_absolute_url() if is_inside else "", note)


def through_cluster(thing: Action | Update) -> str:
    """How it came to a record that it does not name; whoever sees clusters is told through which one."""
    if not vars(thing).get("is_through"):
        return ""
    if name := vars(thing).get("cluster_name"):
        return _("through the cluster “%(name)s”") % {"name": name}
    return _("through the cluster of this record")


def of_updates(updates: Sequence[Update], *, is_inside: bool) -> Iterator[Entry]:
    for one in updates:
        text = _("%(place)s reported") % {"place": one.institution}
        href = one.get_absolute_url() if is_inside else "#updates"
        yield Entry(day_of(cast("datetime", one.published_at)), text, href, through_cluster(one))


def of_voices(said: Sequence[AssessmentLine]) -> Iterator[Entry]:
    """What was published and stands."""
    for one in said:
        it = one.assessment
        if it.is_published and it.retracted_at is None:
            text = _("%(voice)s, %(who)s: %(value)s")
            words = {"voice": it.get_voice_display(), "who": one.who, "value": it.get_common_display()}
            yield Entry(it.date, text % words, "#voices")


def of_rounds(record: Recommendation, user: User) -> Iterator[Entry]:
    requests = InputRequest.objects.visible_to(user).order_by().values("pk")
    items = InputItem.objects.filter(recommendation=record, request__in=requests).order_by("pk")
    for item in items.select_related("request__round", "request__institution"):
        text = _("%(place)s was asked: %(round)s")
        words = {"place": item.request.institution, "round": item.request.round.title}
        yield Entry(day_of(item.request.created_at), text % words)
