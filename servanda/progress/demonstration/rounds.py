"""Invented rounds of questions: one that is closed, one that is running, and one that somebody is late with."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from servanda.people.models import User
from servanda.planning.models import Assignment
from servanda.progress.demonstration.updates import COORDINATOR, SAID, Place, places_that_answer, set_back
from servanda.progress.models import InputItem, InputRequest, InputRound
from servanda.progress.rounds.services import Whom, close_round, open_round
from servanda.progress.updates.services import (
    publish_update,
    save_update,
    start_update,
    submit_update,
    validate_update,
)
from servanda.recommendations.models import Recommendation

QUESTION = "What was done since, and what has changed for people? One short paragraph, with a figure if there is one."
RECORDS = 4  # of each institution
UNANSWERED = 2  # in the round that is closed
ASKED_BEFORE, HALF_A_YEAR = timedelta(days=35), timedelta(days=182)
MOST_PLACES = 4


@transaction.atomic
def ask_demonstration() -> None:
    """Called again, it changes nothing."""
    if InputRound.objects.exists():
        return
    by, today = User.objects.get(email=COORDINATOR), timezone.localdate()
    leading = set(Assignment.objects.current().leading().values_list("institution", flat=True))
    places = [one for one in places_that_answer() if one.institution.pk in leading]
    if not places:
        return
    whole = places[:MOST_PLACES]
    former = ask("Half-yearly round (invented)", whole, due_on=today - timedelta(days=60), by=by)
    items = list(InputItem.objects.filter(request__round=former).order_by("request", "pk"))
    for number, item in enumerate(items[UNANSWERED:]):
        answer(item, place_of(item, places), former, number, steps=4, by=by)
    close_round(round=former, by=by)
    present = ask("Before the next report to the committees (invented)", whole, due_on=today + timedelta(12), by=by)
    items = list(InputItem.objects.filter(request__round=present).order_by("request", "pk"))
    for number, item in enumerate(items[: len(items) // 2]):
        answer(item, place_of(item, places), present, number, steps=number % 3, by=by)
    ask("Figures for the yearbook (invented)", places[-1:], due_on=today - timedelta(days=4), by=by)


def ask(title: str, places: list[Place], *, due_on: date, by: User) -> InputRound:
    """Opened as a round is, and then set back to the day on which it would have been."""
    today = timezone.localdate()
    held = Assignment.objects.current().leading()
    records: list[int] = []
    for place in places:
        there = held.filter(institution=place.institution).order_by("recommendation__order_key")
        records += there.values_list("recommendation", flat=True)[:RECORDS]
    opened = open_round(
        title=title,
        question=QUESTION,
        period_start=due_on - HALF_A_YEAR,
        period_end=due_on,
        due_on=max(due_on, today),
        records=Recommendation.objects.filter(pk__in=records),
        whom=Whom.LEAD,
        by=by,
    )
    asked_at = moment(due_on - ASKED_BEFORE)
    InputRound.objects.filter(pk=opened.pk).update(opened_at=asked_at, due_on=due_on)
    InputRequest.objects.filter(round=opened).update(created_at=asked_at, due_on=due_on)
    opened.refresh_from_db()
    return opened


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def place_of(item: InputItem, places: list[Place]) -> Place:
    return next(one for one in places if one.institution.pk == item.request.institution_id)


def answer(item: InputItem, place: Place, of: InputRound, number: int, *, steps: int, by: User) -> None:
    """Begun; then handed in, approved by the authority, published: as many steps of these as are told."""
    record = item.recommendation
    said, figures = SAID[place.institution.code][number % len(SAID[place.institution.code])]
    draft = start_update(
        institution=place.institution, recommendations=[record], request=item.request, by=place.writer
    )
    draft = save_update(
        update=draft,
        seen=draft.version,
        text=said,
        obstacles="",
        figures=figures,
        language="en",
        start=of.period_start,
        end=of.period_end,
        recommendations=[record],
        actions=[],
        by=place.writer,
    )
    day = min(of.due_on - ASKED_BEFORE + timedelta(days=5 + 2 * number), timezone.localdate() - timedelta(days=1))
    if steps > 0:
        submit_update(update=draft, by=place.writer)
        InputItem.objects.filter(pk=item.pk).update(answered_at=moment(day))
    if steps > 1:
        validate_update(update=draft, by=place.authority)
    if steps > 2:
        publish_update(update=draft, by=by)
    set_back(draft, day)
