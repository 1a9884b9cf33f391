"""Rounds of requests: open, add institutions, extend, close, reopen."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.progress.models import InputItem, InputRequest, InputRound
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.plans import Plan, QuestionRecipients, RecordRecipients, plan_questions, plan_round
from servanda.progress.rounds.recipients import contacts_of
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Question, QuestionQuerySet
from servanda.sources.printed.texts import clean
from servanda.sources.questions.services import name_institutions
from servanda.trail.models import Event

MOST_ITEMS = 20_000
AT_ONCE = 2_000


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
    refuse_closed(institutions, on=today)
    plan = plan_round(records=records, whom=whom, institutions=institutions, on=today)
    return start_round(
        title=title,
        question=question,
        period_start=period_start,
        period_end=period_end,
        due_on=due_on,
        plan=plan,
        by=by,
    )


@transaction.atomic
def ask_questions(
    *,
    title: str,
    question: str,
    due_on: date,
    questions: QuestionQuerySet,
    whom: str,
    institutions: Sequence[Institution] = (),
    by: User,
) -> InputRound:
    """Ask institutions for answers to questions of a document by a day; each institution is named at its questions,
    and sees them from then on.

    Raises `Refused` (or `FieldRefused`, for a form) if the date is wrong, an institution has closed, or nothing or
    too much would be asked.
    """
    today = local_day(timezone.now())
    refuse_closed(institutions, on=today)
    plan = plan_questions(questions=questions, whom=whom, institutions=institutions, by=by, on=today)
    name_asked(plan, by=by)
    period: dict = {"period_start": None, "period_end": None}
    return start_round(title=title, question=question, due_on=due_on, **period, plan=plan, about="question_id", by=by)


def name_asked(plan: Plan, *, by: User) -> None:
    """Name the institutions that are asked at the questions where they are not named yet."""
    places = {institution.pk: institution for institution in Institution.objects.filter(pk__in=plan.by_institution)}
    asked: defaultdict[int, set[int]] = defaultdict(set)
    for place, pks in plan.by_institution.items():
        for pk in pks:
            asked[pk].add(place)
    for question in Question.objects.filter(pk__in=asked).prefetch_related("institutions"):
        named = {institution.pk for institution in question.institutions.all()}
        if new := asked[question.pk] - named:
            name_institutions(question=question, institutions=[places[pk] for pk in sorted(new)], by=by)


def start_round(
    *,
    title: str,
    question: str,
    period_start: date | None,
    period_end: date | None,
    due_on: date,
    plan: Plan,
    about: str = "recommendation_id",
    by: User,
) -> InputRound:
    """Save a round with what its plan asks: records, or questions put to the State. Raises as `open_round`."""
    refuse_past(due_on, on=local_day(timezone.now()))
    refuse_backwards(period_start, period_end)
    refuse_nothing_or_too_much(plan)
    round = InputRound.objects.create(
        title=required_text("title", title),
        question=required_text("question", question),
        period_start=period_start,
        period_end=period_end,
        due_on=due_on,
        opened_by=by,
    )
    create_requests(round, plan.by_institution, due_on=due_on, about=about, by=by)
    difference = {
        "institutions": ["", len(plan.by_institution)],
        "items": ["", plan.items],
        "due": ["", due_on.isoformat()],
    }
    Event.record("round-opened", round, by=by, difference=difference)
    return round


@transaction.atomic
def add_institutions(*, round: InputRound, institutions: Sequence[Institution], due_on: date, by: User) -> int:
    """Send the same request, on the same records or questions, to further institutions; returns how many were added.

    Raises `Refused` if the round is closed, if all of them are asked already, or as in `open_round`.
    """
    round, today = lock(round), local_day(timezone.now())
    refuse_past(due_on, on=today)
    refuse_closed(institutions, on=today)
    present = set(round.requests.values_list("institution_id", flat=True))
    new = [institution for institution in institutions if institution.pk not in present]
    if not new:
        raise Refused(_("These institutions are already in the round. Choose others."))
    if round.asks_questions:
        questions, about = Question.objects.visible_to(by).filter(input_items__request__round=round), "question_id"
        whom = QuestionRecipients.CHOSEN
        plan = plan_questions(questions=questions.distinct(), whom=whom, institutions=new, by=by, on=today)
        name_asked(plan, by=by)
    else:
        records, about = Recommendation.every_kind.kept(), "recommendation_id"
        records = records.filter(input_items__request__round=round).distinct()
        plan = plan_round(records=records, whom=RecordRecipients.CHOSEN, institutions=new, on=today)
    refuse_nothing_or_too_much(plan)
    create_requests(round, plan.by_institution, due_on=due_on, about=about, by=by)
    added = Institution.objects.filter(pk__in=plan.by_institution).order_by("code")
    codes = ", ".join(added.values_list("code", flat=True))
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


def create_requests(
    round: InputRound, by_institution: dict[int, list[int]], *, due_on: date, about: str, by: User
) -> None:
    """`about` is the field of the item: `recommendation_id` or `question_id`."""
    institutions = {institution.pk: institution for institution in Institution.objects.filter(pk__in=by_institution)}
    requests = InputRequest.objects.bulk_create(
        InputRequest(round=round, institution=institutions[place], due_on=due_on) for place in by_institution
    )
    items = (
        InputItem(request=request, **{about: pk})
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
