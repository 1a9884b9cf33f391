"""Days and months of the calendar."""

import calendar
from datetime import date

from django.utils.formats import date_format


def in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def months_later(day: date, months: int) -> date:
    """The same day of a later month; the last day of a month gives the last day of the other."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if is_last else min(day.day, length))
