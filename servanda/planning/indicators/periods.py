"""Periods: when the next value is due, and the SDMX notation."""

import calendar
import re
from datetime import date, timedelta

from servanda.kit.database.sentences import gettext as _
from servanda.kit.days import months_later
from servanda.kit.refusal import Refused
from servanda.planning.models import Indicator

Schedule = Indicator.Schedule
MONTHS = {
    Schedule.MONTHLY: 1,
    Schedule.QUARTERLY: 3,
    Schedule.HALF_YEARLY: 6,
    Schedule.YEARLY: 12,
    Schedule.TWO_YEARLY: 24,
}
PARTS = {1: "M", 3: "Q", 6: "S"}  # length in months, and the letter in SDMX
LENGTH_OF = {letter: months for months, letter in PARTS.items()}
YEAR = re.compile(r"(\d{4})(?:-A1)?")
PART = re.compile(r"(\d{4})-([MQS])(\d{1,2})")
MONTH = re.compile(r"(\d{4})-(\d{2})")
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00)?")
SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00)?/P(\d{1,5})([DMY])")


def next_due(indicator: Indicator, *, end: date) -> date | None:
    """The day on which the next value is due, after one for a period with this end.

    A due day asks for the value of the preceding period of the schedule; an older value does not move it.
    """
    due = indicator.next_due_on
    if due is None:
        return None
    months = MONTHS.get(Schedule(indicator.schedule))
    if months is None:
        return None  # due once
    while end > months_later(due, -months):
        due = months_later(due, months)
    return due


def as_period(start: date, end: date) -> str:
    """2025, 2025-Q1, 2025-S2, 2025-03; any other period as its first day and its length in days."""
    first_after = end + timedelta(days=1)
    if start.day == 1 and first_after.day == 1:
        months = (first_after.year - start.year) * 12 + first_after.month - start.month
        if months == 12 and start.month == 1:
            return f"{start:%Y}"
        if months == 1:
            return f"{start:%Y-%m}"
        if months in PARTS and (start.month - 1) % months == 0:
            return f"{start:%Y}-{PARTS[months]}{(start.month - 1) // months + 1}"
    if start == end:
        return start.isoformat()
    return f"{start.isoformat()}/P{(first_after - start).days}D"


def read_period(text: str) -> tuple[date, date]:
    """The first and last day of a period in SDMX notation. Raises `Refused` if it is none."""
    try:
        period = span_of(text)
    except (ValueError, OverflowError):
        period = None
    if period is None:
        sentence = _(
            "“%(given)s” is not a period. Enter, for example, 2025, 2025-Q1, 2025-S1, 2025-03 or 2025-01-15/P10D."
        )
        raise Refused(sentence % {"given": text})
    return period


def span_of(text: str) -> tuple[date, date] | None:
    if match := YEAR.fullmatch(text):
        return months_from(date(int(match[1]), 1, 1), 12)
    if match := PART.fullmatch(text):
        months = LENGTH_OF[match[2]]
        return months_from(date(int(match[1]), (int(match[3]) - 1) * months + 1, 1), months)
    if match := MONTH.fullmatch(text):
        return months_from(date(int(match[1]), int(match[2]), 1), 1)
    if match := DAY.fullmatch(text):
        day = date.fromisoformat(match[1])
        return day, day
    if match := SPAN.fullmatch(text):
        start, number = date.fromisoformat(match[1]), int(match[2])
        if not number:
            return None
        if match[3] == "D":
            return start, start + timedelta(days=number - 1)
        return months_from(start, number * (12 if match[3] == "Y" else 1))
    return None


def months_from(start: date, months: int) -> tuple[date, date]:
    """The first and last day of a period of whole months."""
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return start, date(year, month + 1, min(start.day, length)) - timedelta(days=1)
