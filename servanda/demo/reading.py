"""Read the data of the parts, and resolve the people and days in them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from servanda.people.demonstration import COORDINATOR
from servanda.people.models import User

DATA = Path(__file__).parent / "data"


def read(part: str) -> dict[str, Any]:
    return yaml.safe_load((DATA / f"{part}.yaml").read_text(encoding="utf-8"))


def coordinator() -> User:
    return User.objects.get(email=COORDINATOR)


def day(offset: int) -> date:
    """A day relative to today; in the past if the number is negative."""
    return timezone.localdate() + timedelta(days=offset)


def moment(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(9)))


def in_turn(values: list[str], number: int) -> str:
    return values[number % len(values)]
