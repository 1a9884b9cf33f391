"""Rounds of questions: opened, put to further institutions, given more time, closed, opened again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Institution, Notification, User, answering_for
from servanda.people.notifications.services import notify
from servanda.planning.models import Assignment
from servanda.progress.models import InputItem, InputRequest, InputRound
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.recipients import heirs, reached
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

MOST_ITEMS = 20_000
AT_ONCE = 2_000
RESTRICTED = Recommendation.Confidentiality.RESTRICTED


class Whom(models.TextChoices):
    LEAD = "lead", gettext_lazy("Whoever leads on the record")
    ANSWERING = "answering", gettext_lazy("Whoever leads or supports")
    CHOSEN = "chosen", gettext_lazy("The institutions chosen below, each on all of these records")


@dataclass(slots=True)
class Plan:
    """What a round would ask: the records by institution, and what it has to leave out, and why."""

    asked: dict[int, list[int]]
    unreadable: dict[int, int]  # how many records each institution may not read
    without: int  # records on which nobody would be asked
    closed: int  # assignments of institutions that have closed without one in their place

    @property
    def items(self) -> int:
        return sum(map(len, self.asked.values()))


def plan_round(*, records: QuerySet, whom: str, institutions: Sequence[Institution], on: date) -> Plan:
    """Nothing is written. An institution that has closed is asked through the one that took its place."""
    pks = list(records.order_by("order_key", "pk").values_list("pk", flat=True))
    closed = 0
    if whom == Whom.CHOSEN:
        wanted = {one.pk: pks for one in institutions}
    else:
        wanted, closed = by_assignment(pks, only_leads=whom == Whom.LEAD, on=on)
    asked, unreadable = readable(wanted)
    reached_by_a_question = {pk for some in asked.values() for pk in some}
    return Plan(asked, unreadable, len(pks) - len(reached_by_a_question), closed)


def by_assignment(pks: list[int], *, only_leads: bool, on: date) -> tuple[dict[int, list[int]], int]:
    place_of = {pk: number for number, pk in enumerate(pks)}
    current = Assignment.objects.current()
    there = (current.leading() if only_leads else current).order_by()
    pairs = [pair for pair in there.values_list("institution_id", "recommendation_id") if pair[1] in place_of]
    heir = heirs(Institution.objects.filter(pk__in={place for place, _record in pairs}), on=on)
    wanted: dict[int, set[int]] = {}
    for place, record in pairs:
        if (asked := heir[place]) is not None:
            wanted.setdefault(asked, set()).add(record)
    lost = sum(heir[place] is None for place, _record in pairs)
    return {place: sorted(some, key=place_of.__getitem__) for place, some in wanted.items()}, lost


def readable(wanted: dict[int, list[int]]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Without the restricted records that name neither the institution nor one below it."""
    named: dict[int, set[int]] = {}
    everything = {pk for some in wanted.values() for pk in some}
    restricted = set(Recommendation.objects.filter(confidentiality=RESTRICTED).values_list("pk", flat=True))
    restricted &= everything
    through = Recommendation.restricted_to.through.objects.filter(recommendation__in=restricted)
    for record, place in through.values_list("recommendation_id", "institution_id"):
        named.setdefault(record, set()).add(place)
    asked: dict[int, list[int]] = {}
    unreadable: dict[int, int] = {}
    for place, some in wanted.items():
        open_to = answering_for({place}) if restricted.intersection(some) else frozenset()
        kept = [pk for pk in some if pk not in restricted or not open_to.isdisjoint(named.get(pk, ()))]
        if kept:
            asked[place] = kept
        if left := len(some) - len(kept):
            unreadable[place] = left
    return asked, unreadable


@transaction.atomic
def open_round(
    *,
    title: str,
    question: str,
    period_start: date | None,
    period_end: date | None,
    due_on: date,
    records: QuerySet,
    whom: str,
    institutions: Sequence[Institution] = (),
    by: User,
) -> InputRound:
    """Ask these institutions about these records until a day; their focal points are told here, not by mail yet."""
    today = local_day(timezone.now())
    refuse_past(due_on, on=today)
    refuse_backwards(period_start, period_end)
    refuse_closed(institutions, on=today)
    plan = plan_round(records=records, whom=whom, institutions=institutions, on=today)
    refuse_nothing_or_too_much(plan)
    made = InputRound.objects.create(
        title=needed("title", title),
        question=needed("question", question),
        period_start=period_start,
        period_end=period_end,
        due_on=due_on,
        opened_by=by,
    )
    put(made, plan.asked, due_on=due_on, by=by)
    said = {"institutions": ["", len(plan.asked)], "items": ["", plan.items], "due": ["", due_on.isoformat()]}
    Event.record("round-opened", made, by=by, difference=said)
    return made


@transaction.atomic
def add_institutions(*, round: InputRound, institutions: Sequence[Institution], due_on: date, by: User) -> int:
    """Put the same question on the same records to further institutions; answers how many were not asked before."""
    held, today = lock(round), local_day(timezone.now())
    refuse_past(due_on, on=today)
    refuse_closed(institutions, on=today)
    there = set(held.requests.values_list("institution_id", flat=True))
    new = [one for one in institutions if one.pk not in there]
    if not new:
        raise Refused(_("They are asked already. Choose others."))
    records = Recommendation.objects.kept().filter(input_items__request__round=held).distinct()
    plan = plan_round(records=records, whom=Whom.CHOSEN, institutions=new, on=today)
    refuse_nothing_or_too_much(plan)
    put(held, plan.asked, due_on=due_on, by=by)
    codes = ", ".join(sorted(one.code for one in new if one.pk in plan.asked))
    Event.record("round-widened", held, by=by, difference={"institutions": ["", codes]})
    return len(plan.asked)


@transaction.atomic
def give_more_time(*, request: InputRequest, due_on: date, by: User) -> InputRequest:
    """The institution has until a later day; what was due for the others stays."""
    lock(request.round)
    held = InputRequest.objects.select_for_update().get(pk=request.pk)
    refuse_past(due_on, on=local_day(timezone.now()))
    if due_on <= held.due_on:
        raise FieldRefused("due_on", _("This is not later than the present day. Choose a later one."))
    before, held.due_on = held.due_on, due_on
    held.save(update_fields=["due_on"])
    difference = {"due": [before.isoformat(), due_on.isoformat()]}
    Event.record("input-time-given", held, by=by, difference=difference)
    return held


@transaction.atomic
def close_round(*, round: InputRound, by: User) -> InputRound:
    """Nobody is reminded any more. What was answered stays, and what is still handed in is taken."""
    held = lock(round)
    held.closed_at, held.closed_by = timezone.now(), by
    held.save(update_fields=["closed_at", "closed_by"])
    Event.record("round-closed", held, by=by)
    return held


@transaction.atomic
def reopen_round(*, round: InputRound, by: User) -> InputRound:
    held = InputRound.objects.select_for_update().get(pk=round.pk)
    if held.is_open:
        raise Refused(_("This round is open. Nothing was changed."))
    held.closed_at = held.closed_by = None
    held.save(update_fields=["closed_at", "closed_by"])
    Event.record("round-reopened", held, by=by)
    return held


def put(round: InputRound, asked: dict[int, list[int]], *, due_on: date, by: User) -> None:
    there = {one.pk: one for one in Institution.objects.filter(pk__in=asked)}
    requests = InputRequest.objects.bulk_create(
        InputRequest(round=round, institution=there[place], due_on=due_on) for place in asked
    )
    items = (
        InputItem(request=request, recommendation_id=pk)
        for request in requests
        for pk in asked[request.institution_id]
    )
    InputItem.objects.bulk_create(items, batch_size=AT_ONCE)
    people = reached(there.values(), on=local_day(timezone.now()))
    for request in requests:
        told = [held.person for held in people[request.institution_id].first_asked]
        kind = Notification.Kind.INPUT_ASKED
        notify(people=told, kind=kind, thing=request, by=by, label=round.title)


def lock(round: InputRound) -> InputRound:
    held = InputRound.objects.select_for_update().get(pk=round.pk)
    if not held.is_open:
        raise Refused(_("This round is closed. Open it again first."))
    return held


def needed(field: str, words: str) -> str:
    if not (said := clean(words)):
        raise FieldRefused(field, _("Say what you ask, so that they can answer."))
    return said


def refuse_past(due_on: date, *, on: date) -> None:
    if due_on < on:
        raise FieldRefused("due_on", _("This day is over. Choose today or a later day."))


def refuse_backwards(start: date | None, end: date | None) -> None:
    if start and end and end < start:
        raise FieldRefused("period_end", _("The period ends before it begins. Change one of the two days."))


def refuse_closed(institutions: Iterable[Institution], *, on: date) -> None:
    for one in institutions:
        if not one.is_active(on=on):
            sentence = _("%(institution)s has closed. Choose the one that took its place.")
            raise FieldRefused("institutions", sentence % {"institution": one})


def refuse_nothing_or_too_much(plan: Plan) -> None:
    if not plan.asked:
        raise Refused(
            _("Nobody would be asked anything. Assign these records first, or choose the institutions yourself.")
        )
    if plan.items > MOST_ITEMS:
        sentence = _("That would be %(count)d questions; %(most)d are the most. Narrow the list.")
        raise Refused(sentence % {"count": plan.items, "most": MOST_ITEMS})
