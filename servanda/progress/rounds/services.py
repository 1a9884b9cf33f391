"""Rounds of questions: open, add institutions, extend, close, reopen."""

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
from servanda.progress.rounds.recipients import contacts_of, heirs
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

MOST_ITEMS = 20_000
AT_ONCE = 2_000
RESTRICTED = Recommendation.Confidentiality.RESTRICTED


class Whom(models.TextChoices):
    LEAD = "lead", gettext_lazy("Lead institution of each record")
    ANSWERING = "answering", gettext_lazy("Lead and supporting institutions")
    CHOSEN = "chosen", gettext_lazy("Institutions selected below, each for all of these records")


@dataclass(slots=True)
class Plan:
    """What a round would ask: the records by institution, and what has to be left out, and why."""

    by_institution: dict[int, list[int]]
    unreadable: dict[int, int]  # how many records each institution may not read
    without: int  # records on which nobody would be asked
    closed: int  # assignments of closed institutions without a single successor

    @property
    def items(self) -> int:
        return sum(map(len, self.by_institution.values()))


def plan_round(*, records: QuerySet, whom: str, institutions: Sequence[Institution], on: date) -> Plan:
    """Work out what a round would ask, without writing. Closed institutions are replaced by their successors."""
    pks = list(records.order_by("order_key", "pk").values_list("pk", flat=True))
    closed = 0
    if whom == Whom.CHOSEN:
        wished = {institution.pk: pks for institution in institutions}
    else:
        wished, closed = by_assignment(pks, only_leads=whom == Whom.LEAD, on=on)
    by_institution, unreadable = readable(wished)
    covered = {pk for records_asked in by_institution.values() for pk in records_asked}
    return Plan(by_institution, unreadable, len(pks) - len(covered), closed)


def by_assignment(pks: list[int], *, only_leads: bool, on: date) -> tuple[dict[int, list[int]], int]:
    positions = {pk: number for number, pk in enumerate(pks)}
    current = Assignment.objects.current()
    assignments = (current.leading() if only_leads else current).order_by()
    pairs = [pair for pair in assignments.values_list("institution_id", "recommendation_id") if pair[1] in positions]
    answering = heirs(Institution.objects.filter(pk__in={place for place, _record in pairs}), on=on)
    by_institution: dict[int, set[int]] = {}
    for place, record in pairs:
        if (institution := answering[place]) is not None:
            by_institution.setdefault(institution, set()).add(record)
    unanswerable = sum(answering[place] is None for place, _record in pairs)
    return {
        place: sorted(records, key=positions.__getitem__) for place, records in by_institution.items()
    }, unanswerable


def readable(wished: dict[int, list[int]]) -> tuple[dict[int, list[int]], dict[int, int]]:
    """Leave out restricted records that name neither the institution nor one below it; return their number as
    well."""
    restricted_to: dict[int, set[int]] = {}
    all_records = {pk for records in wished.values() for pk in records}
    restricted = set(Recommendation.objects.filter(confidentiality=RESTRICTED).values_list("pk", flat=True))
    restricted &= all_records
    through = Recommendation.restricted_to.through.objects.filter(recommendation__in=restricted)
    for record, place in through.values_list("recommendation_id", "institution_id"):
        restricted_to.setdefault(record, set()).add(place)
    allowed: dict[int, list[int]] = {}
    unreadable: dict[int, int] = {}
    for place, records in wished.items():
        open_to = answering_for({place}) if restricted.intersection(records) else frozenset()
        open_records = [
            pk for pk in records if pk not in restricted or not open_to.isdisjoint(restricted_to.get(pk, ()))
        ]
        if open_records:
            allowed[place] = open_records
        if closed := len(records) - len(open_records):
            unreadable[place] = closed
    return allowed, unreadable


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
    """Ask these institutions about these records by a day. Focal points get a notification; mails follow later.

    Raises `Refused` (or `FieldRefused`, for a form) if a date is wrong, an institution has closed, or nothing or too
    much would be asked.
    """
    today = local_day(timezone.now())
    refuse_past(due_on, on=today)
    refuse_backwards(period_start, period_end)
    refuse_closed(institutions, on=today)
    plan = plan_round(records=records, whom=whom, institutions=institutions, on=today)
    refuse_nothing_or_too_much(plan)
    round = InputRound.objects.create(
        title=required_text("title", title),
        question=required_text("question", question),
        period_start=period_start,
        period_end=period_end,
        due_on=due_on,
        opened_by=by,
    )
    create_requests(round, plan.by_institution, due_on=due_on, by=by)
    difference = {
        "institutions": ["", len(plan.by_institution)],
        "items": ["", plan.items],
        "due": ["", due_on.isoformat()],
    }
    Event.record("round-opened", round, by=by, difference=difference)
    return round


@transaction.atomic
def add_institutions(*, round: InputRound, institutions: Sequence[Institution], due_on: date, by: User) -> int:
    """Put the same question on the same records to further institutions, and return how many were added.

    Raises `Refused` if the round is closed, if all of them are asked already, or as in `open_round`.
    """
    round, today = lock(round), local_day(timezone.now())
    refuse_past(due_on, on=today)
    refuse_closed(institutions, on=today)
    present = set(round.requests.values_list("institution_id", flat=True))
    new = [institution for institution in institutions if institution.pk not in present]
    if not new:
        raise Refused(_("These institutions are already in the round. Choose others."))
    records = Recommendation.every_kind.kept().filter(input_items__request__round=round).distinct()
    plan = plan_round(records=records, whom=Whom.CHOSEN, institutions=new, on=today)
    refuse_nothing_or_too_much(plan)
    create_requests(round, plan.by_institution, due_on=due_on, by=by)
    codes = ", ".join(sorted(institution.code for institution in new if institution.pk in plan.by_institution))
    Event.record("round-widened", round, by=by, difference={"institutions": ["", codes]})
    return len(plan.by_institution)


@transaction.atomic
def give_more_time(*, request: InputRequest, due_on: date, by: User) -> InputRequest:
    """Extend the due date of one institution. Raises `Refused` if the round is closed or the day is not later."""
    lock(request.round)
    request = InputRequest.objects.select_for_update().get(pk=request.pk)
    refuse_past(due_on, on=local_day(timezone.now()))
    if due_on <= request.due_on:
        raise FieldRefused("due_on", _("Choose a date after the current deadline."))
    earlier, request.due_on = request.due_on, due_on
    request.save(update_fields=["due_on"])
    difference = {"due": [earlier.isoformat(), due_on.isoformat()]}
    Event.record("input-time-given", request, by=by, difference=difference)
    return request


@transaction.atomic
def close_round(*, round: InputRound, by: User) -> InputRound:
    """Stop the reminders. Answers stay, and late ones are still accepted. Raises `Refused` if it is closed."""
    round = lock(round)
    round.closed_at, round.closed_by = timezone.now(), by
    round.save(update_fields=["closed_at", "closed_by"])
    Event.record("round-closed", round, by=by)
    return round


@transaction.atomic
def reopen_round(*, round: InputRound, by: User) -> InputRound:
    round = InputRound.objects.select_for_update().get(pk=round.pk)
    if round.is_open:
        raise Refused(_("This round is already open. No changes were made."))
    round.closed_at = round.closed_by = None
    round.save(update_fields=["closed_at", "closed_by"])
    Event.record("round-reopened", round, by=by)
    return round


def create_requests(round: InputRound, by_institution: dict[int, list[int]], *, due_on: date, by: User) -> None:
    institutions = {institution.pk: institution for institution in Institution.objects.filter(pk__in=by_institution)}
    requests = InputRequest.objects.bulk_create(
        InputRequest(round=round, institution=institutions[place], due_on=due_on) for place in by_institution
    )
    items = (
        InputItem(request=request, recommendation_id=pk)
        for request in requests
        for pk in by_institution[request.institution_id]
    )
    InputItem.objects.bulk_create(items, batch_size=AT_ONCE)
    people = contacts_of(institutions.values(), on=local_day(timezone.now()))
    for request in requests:
        focal_points = [appointment.person for appointment in people[request.institution_id].first_asked]
        kind = Notification.Kind.INPUT_ASKED
        notify(people=focal_points, kind=kind, thing=request, by=by, label=round.title)


def lock(round: InputRound) -> InputRound:
    locked = InputRound.objects.select_for_update().get(pk=round.pk)
    if not locked.is_open:
        raise Refused(_("This round is closed. Reopen it first."))
    return locked


def required_text(field: str, value: str) -> str:
    if not (text := clean(value)):
        raise FieldRefused(field, _("Enter a title.") if field == "title" else _("Enter a question."))
    return text


def refuse_past(due_on: date, *, on: date) -> None:
    if due_on < on:
        raise FieldRefused("due_on", _("Choose today’s date or a later one."))


def refuse_backwards(start: date | None, end: date | None) -> None:
    if start and end and end < start:
        raise FieldRefused("period_end", _("Enter an end date that is not before the start date."))


def refuse_closed(institutions: Iterable[Institution], *, on: date) -> None:
    for institution in institutions:
        if not institution.is_active(on=on):
            sentence = _("%(institution)s no longer exists. Choose the institution that took its place.")
            raise FieldRefused("institutions", sentence % {"institution": institution})


def refuse_nothing_or_too_much(plan: Plan) -> None:
    if not plan.by_institution:
        raise Refused(
            _("No institution would receive a request. Assign these records first, or choose institutions.")
        )
    if plan.items > MOST_ITEMS:
        sentence = _("This would create %(count)d questions; the maximum is %(most)d. Narrow the list.")
        raise Refused(sentence % {"count": plan.items, "most": MOST_ITEMS})
