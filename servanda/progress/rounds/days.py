"""Days in the time zone of the mechanism, and the milestones before and after a due date."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from servanda.people.models import Instance
from servanda.progress.models import Reminder

Step = Reminder.Step
MILESTONES = (-7, -1, 0, 3, 7, 14)  # days from the due day
MISSED = 14  # days after the last milestone in which a run makes up for those that were missed


def usual_step(late: int) -> str:
    return Step.AFTER if late > 0 else Step.DUE if late == 0 else Step.BEFORE


def near(milestones: Sequence[int], *, on: date) -> tuple[date, date]:
    """The first and last deadline of which a run on this day reminds: some days before the first milestone none has
    come, and some days after the last one a reminder is of no use any more."""
    return on - timedelta(days=milestones[-1] + MISSED), on - timedelta(days=milestones[0])


def has_come(
    due_on: date,
    asked_on: date,
    begins: int,
    last_reminder: date | None,
    *,
    on: date,
    milestones: Sequence[int] = MILESTONES,
) -> bool:
    """Whether a milestone has passed since the last reminder.

    Of several missed milestones only the last counts, and none on or before the day of the question.
    """
    days = [due_on + timedelta(days=days) for days in milestones if days >= begins]
    reached = [day for day in days if asked_on < day <= on]
    return bool(reached) and (last_reminder is None or last_reminder < reached[-1])


def house_zone() -> ZoneInfo:
    return ZoneInfo(Instance.current().time_zone)


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment, house_zone())


def local_day(moment: datetime) -> date:
    return local(moment).date()
