"""Moments of which a report is rebuilt: the end of a day, or a time of a day."""

from datetime import date, datetime, time
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format

from servanda.recommendations.records.as_of import end_of


def moment_of(day: date, at: time | None) -> datetime:
    """The end of the day without a time."""
    return timezone.make_aware(datetime.combine(day, at)) if at else end_of(day)


def time_of(moment: datetime) -> time | None:
    """None at the end of a day."""
    local = timezone.localtime(moment)
    return None if moment == end_of(local.date()) else local.time()


def in_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return date_format(local, "DATETIME_FORMAT" if time_of(moment) else "DATE_FORMAT")


def in_data(moment: datetime) -> str:
    """Such as 2026-11-30, or 2026-11-30T10:15."""
    local = timezone.localtime(moment)
    return local.strftime("%Y-%m-%dT%H:%M") if time_of(moment) else local.date().isoformat()


def in_query(moment: datetime) -> str:
    """The query of an address with the moment, as the form of the day sends it."""
    day, _sign, at = in_data(moment).partition("T")
    return urlencode({"on": day} | ({"at": at} if at else {}))
