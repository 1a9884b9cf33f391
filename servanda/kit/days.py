"""Days and months of the calendar."""

import calendar
from datetime import date

from django.utils.formats import date_format


def in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def months_later(day: date, months: int) -> date:
    """The same day of a later month; the last day of a month gives the last day of the other. For series."""
    is_last = day.day == days_in_month(day)
    later = end_of_term(day, months)
    return later.replace(day=days_in_month(later)) if is_last else later


def end_of_term(day: date, months: int) -> date:
    """The last day of a term of so many months from this day: the same date, or the last day of a shorter month, as
    in article 4 of the European Convention on the Calculation of Time-Limits."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, days_in_month(first)))


def days_in_month(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]
