"""The stations of a record in the procedure of its mechanism (`vocab/procedures.py`), and its timeline.

Both are built from what the reader sees anyway, so they reveal nothing more.
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
    """One station, whether the record has reached it, and the day if known."""

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


def with_milestones(records: QuerySet, *, reader: User | None) -> QuerySet:
    """Annotate each record with the first day of each station, as far as its reader sees it from inside; without one,
    as everyone does."""
    of_record = Q(recommendation=OuterRef("pk"))
    actions = Action.objects.public() if reader is None else Action.objects.visible_to(reader)
    links = ActionRecommendation.objects.filter(of_record, action__in=actions.order_by().values("pk"))
    answers = "cluster__action_answers"
    members = ClusterMember.objects.reached().filter(
        of_record, (f"{answers}__action__in", actions.order_by().values("pk"))
    )
    # A record is answered from the day on which both it and the action had been added to the cluster.
    members = members.annotate(since=Greatest("added_at", F(f"{answers}__added_at")))
    by_name, through = published_updates().filter(of_record), heard_through().filter(of_record)
    assessments = Assessment.objects.standing().filter(of_record, is_published=True)
    positions = Position.objects.decided().filter(of_record)
    records = records.annotate(
        first_answered=first(positions.with_days(), "known_day"),
        first_stated=first(positions, "date"),
        first_planned=sooner(first(links, "added_at"), first(members, "since")),
        first_done=sooner(first(by_name, "update__published_at"), first(through, f"{THROUGH}__published_at")),
        first_assessed=first(assessments, "date"),
        first_closed=first(assessments.filter(voice=Voice.MECHANISM, common=Common.FULL), "date"),
    )
    if reader is None:
        return records
    return records.annotate(first_assigned=first(Assignment.objects.current().filter(of_record), "since"))


def first(rows: QuerySet, field: str) -> Subquery:
    return Subquery(rows.order_by().values("recommendation").annotate(first=Min(field)).values("first"))


def sooner(left: Subquery, right: Subquery) -> Least:
    """The earlier day, or the only one: in SQLite, LEAST is NULL if one argument is."""
    return Least(Coalesce(left, right), Coalesce(right, left))


COLUMN_OF = {
    Station.ANSWERED: "first_answered",
    Station.ASSIGNED: "first_assigned",
    Station.PLANNED: "first_planned",
    Station.REPORTED: "first_done",
    Station.ASSESSED: "first_assessed",
    Station.CLOSED: "first_closed",
}


def steps_of(record: Recommendation) -> list[Step]:
    """The stations of a record from `with_milestones`; the assignment is shown inside only."""
    columns = vars(record)
    steps = []
    for station, label in record.body.procedure.stations:
        if station == Station.RECEIVED:
            steps.append(Step(label, record.date or day_of(record.created_at), has_come=True))
        elif station == Station.ANSWERED:
            is_of_document = (
                columns["first_answered"] is not None and columns["first_answered"] != columns["first_stated"]
            )
            note = _("date of the document") if is_of_document else ""
            steps.append(Step(label, columns["first_answered"], record.is_answered, note))
        elif (column := COLUMN_OF[station]) in columns:
            steps.append(Step(label, day := day_of(columns[column]), day is not None))
    return steps


@overload
def day_of(moment: date) -> date: ...
@overload
def day_of(moment: None) -> None: ...
def day_of(moment: date | None) -> date | None:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def timeline_of(
    record: Recommendation,
    *,
    positions: Iterable[Position],
    assignments: Iterable[Assignment] = (),
    actions: Iterable[Action],
    updates: Sequence[Update],
    assessments: Sequence[AssessmentLine],
    user: User | None = None,
) -> list[Entry]:
    """The timeline, newest first. Rounds appear only for a `user` whom they concern; without a user it is public."""
    entries = [
        *(of_position(position, position.day) for position in positions if position.day and not position.is_draft),
        *(
            Entry(assignment.since, _("Assigned to %(place)s") % {"place": assignment.institution})
            for assignment in assignments
        ),
        *of_actions(actions, is_inside=user is not None),
        *of_updates(updates, is_inside=user is not None),
        *of_voices(assessments),
        *(of_rounds(record, user) if user is not None else ()),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def of_position(position: Position, day: date) -> Entry:
    text = _("The State's position: %(stand)s") % {"stand": position.get_stand_display()}
    notes = [position.symbol, _("date of the document") if position.day_is_of_document else ""]
    return Entry(day, text, note=listed(filter(None, notes)))


def of_actions(actions: Iterable[Action], *, is_inside: bool) -> Iterator[Entry]:
    for action in actions:
        text = _("Action planned: %(title)s") % {"title": action.title}
        note = through_cluster(action)
        yield Entry(day_of(vars(action)["linked_at"]), text, action.get_absolute_url() if is_inside else "", note)


def through_cluster(linked: Action | Update) -> str:
    """A note on what reached the record through a cluster, with its name for readers who see clusters."""
    if not vars(linked).get("is_through"):
        return ""
    if name := vars(linked).get("cluster_name"):
        return _("through the cluster “%(name)s”") % {"name": name}
    return _("through the cluster of this record")


def of_updates(updates: Sequence[Update], *, is_inside: bool) -> Iterator[Entry]:
    for update in updates:
        text = _("Update from %(place)s") % {"place": update.institution}
        href = update.get_absolute_url() if is_inside else "#updates"
        yield Entry(day_of(cast("datetime", update.published_at)), text, href, through_cluster(update))


def of_voices(lines: Sequence[AssessmentLine]) -> Iterator[Entry]:
    """Published assessments that were not retracted."""
    for line in lines:
        assessment = line.assessment
        if assessment.is_published and assessment.retracted_at is None:
            text = _("%(voice)s, %(who)s: %(value)s")
            values = {
                "voice": assessment.get_voice_display(),
                "who": line.who,
                "value": assessment.get_common_display(),
            }
            yield Entry(assessment.date, text % values, "#voices")


def of_rounds(record: Recommendation, user: User) -> Iterator[Entry]:
    requests = InputRequest.objects.visible_to(user).order_by().values("pk")
    items = InputItem.objects.filter(recommendation=record, request__in=requests).order_by("pk")
    for item in items.select_related("request__round", "request__institution"):
        text = _("Information requested from %(place)s: %(round)s")
        values = {"place": item.request.institution, "round": item.request.round.title}
        yield Entry(day_of(item.request.created_at), text % values)
