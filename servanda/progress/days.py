"""Which day it is where the mechanism works: a due date is one of theirs, wherever the server stands."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from servanda.people.models import Instance


def house_zone() -> ZoneInfo:
    return ZoneInfo(Instance.current().time_zone)


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment, house_zone())


def local_day(moment: datetime) -> date:
    return local(moment).date()
