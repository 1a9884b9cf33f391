"""Months and years: when the next value is due, and how a period is written in SDMX."""

import calendar
import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

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
PARTS = {1: "M", 3: "Q", 6: "S"}  # months of a part of a year, and its letter in SDMX
LENGTH_OF = {letter: months for months, letter in PARTS.items()}
YEAR = re.compile(r"(\d{4})(?:-A1)?")
PART = re.compile(r"(\d{4})-([MQS])(\d{1,2})")
MONTH = re.compile(r"(\d{4})-(\d{2})")
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00)?")
SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00)?/P(\d{1,5})([DMY])")


def next_due(indicator: Indicator, *, end: date) -> date | None:
    """The day by which another value is due, after one for a period that ends then.

    A day asks for a value of the time before it, as long as the schedule; an older value leaves it as it is.
    """
    due = indicator.next_due_on
    if due is None:
        return None
    months = MONTHS.get(Schedule(indicator.schedule))
    if months is None:
        return None  # asked for once
    while end > months_later(due, -months):
        due = months_later(due, months)
    return due


def as_period(start: date, end: date) -> str:
    """2025, 2025-Q1, 2025-S2, 2025-03; any other span as its first day and its length in days."""
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
    """The first and the last day of a period as SDMX writes it."""
    try:
        found = span_of(text)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        sentence = _("“%(given)s” is no period. Write it like 2025, 2025-Q1, 2025-S1, 2025-03 or 2025-01-15/P10D.")
        raise Refused(sentence % {"given": text})
    return found


def span_of(text: str) -> tuple[date, date] | None:
    if found := YEAR.fullmatch(text):
        return months_from(date(int(found[1]), 1, 1), 12)
    if found := PART.fullmatch(text):
        months = LENGTH_OF[found[2]]
        return months_from(date(int(found[1]), (int(found[3]) - 1) * months + 1, 1), months)
    if found := MONTH.fullmatch(text):
        return months_from(date(int(found[1]), int(found[2]), 1), 1)
    if found := DAY.fullmatch(text):
        day = date.fromisoformat(found[1])
        return day, day
    if found := SPAN.fullmatch(text):
        start, number = date.fromisoformat(found[1]), int(found[2])
        if not number:
            return None
        if found[3] == "D":
            return start, start + timedelta(days=number - 1)
        return months_from(start, number * (12 if found[3] == "Y" else 1))
    return None


def months_from(start: date, months: int) -> tuple[date, date]:
    """Whole months from a day on; the day after them is the same day of another month."""
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return start, date(year, month + 1, min(start.day, length)) - timedelta(days=1)
