"""Invented rounds of questions: one closed, one running, and one with a late answer."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from servanda.demo.reading import coordinator, day, moment, read
from servanda.demo.updates import Reporter, reporters, set_back, write_draft
from servanda.people.models import User
from servanda.planning.models import Assignment
from servanda.progress.models import InputItem, InputRequest, InputRound
from servanda.progress.rounds.services import RecordRecipients, close_round, open_round
from servanda.progress.updates.services import publish_update, submit_update, validate_update
from servanda.recommendations.models import Recommendation

RECORDS = 4  # of each institution
UNANSWERED = 2  # in the round that is closed
OPENED_BEFORE, HALF_A_YEAR = timedelta(days=35), timedelta(days=182)
MOST_INSTITUTIONS = 4


@transaction.atomic
def load() -> None:
    """Idempotent."""
    if InputRound.objects.exists():
        return
    by, data = coordinator(), read("rounds")
    leading = set(Assignment.objects.current().leading().values_list("institution", flat=True))
    reporting = {reporter.institution.pk: reporter for reporter in reporters() if reporter.institution.pk in leading}
    if not reporting:
        return
    everybody = list(reporting.values())
    closed = open_on(data["closed"], data["question"], everybody[:MOST_INSTITUTIONS], by=by)
    for number, item in enumerate(items_of(closed)[UNANSWERED:]):
        answer(item, reporting[item.request.institution_id], closed, number, steps=4, by=by)
    close_round(round=closed, by=by)
    running = open_on(data["running"], data["question"], everybody[:MOST_INSTITUTIONS], by=by)
    items = items_of(running)
    for number, item in enumerate(items[: len(items) // 2]):
        answer(item, reporting[item.request.institution_id], running, number, steps=number % 3, by=by)
    open_on(data["late"], data["question"], everybody[-1:], by=by)


def open_on(row: dict[str, Any], question: str, reporting: list[Reporter], *, by: User) -> InputRound:
    """Open a round, and then backdate it."""
    due_on = day(row["due"])
    leading = Assignment.objects.current().leading()
    records: list[int] = []
    for reporter in reporting:
        own = leading.filter(institution=reporter.institution).order_by("recommendation__order_key")
        records += own.values_list("recommendation", flat=True)[:RECORDS]
    opened = open_round(
        title=row["title"],
        question=question,
        period_start=due_on - HALF_A_YEAR,
        period_end=due_on,
        due_on=max(due_on, day(0)),
        records=Recommendation.objects.filter(pk__in=records),
        whom=RecordRecipients.LEAD,
        by=by,
    )
    opened_at = moment(due_on - OPENED_BEFORE)
    InputRound.objects.filter(pk=opened.pk).update(opened_at=opened_at, due_on=due_on)
    InputRequest.objects.filter(round=opened).update(created_at=opened_at, due_on=due_on)
    opened.refresh_from_db()
    return opened


def items_of(opened: InputRound) -> list[InputItem]:
    return list(InputItem.objects.filter(request__round=opened).order_by("request", "pk"))


def answer(item: InputItem, reporter: Reporter, of: InputRound, number: int, *, steps: int, by: User) -> None:
    """Start a draft, then submit, validate and publish it: the first `steps` of these."""
    draft = write_draft(
        reporter,
        item.recommendation,
        reporter.report(number),
        start=of.period_start,
        end=of.period_end,
        request=item.request,
    )
    answered_on = min(of.due_on - OPENED_BEFORE + timedelta(days=5 + 2 * number), day(-1))
    if steps > 0:
        submit_update(update=draft, by=reporter.writer)
        InputItem.objects.filter(pk=item.pk).update(answered_at=moment(answered_on))
    if steps > 1:
        validate_update(update=draft, by=reporter.authority)
    if steps > 2:
        publish_update(update=draft, by=by)
    set_back(draft, answered_on)
