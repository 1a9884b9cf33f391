"""Numbers on the start page that rooms supply whose pages the desk does not import."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules


class DeskNumber(NamedTuple):
    """How many rows await this person, and the page that lists them."""

    key: str
    label: Promise
    none: Promise  # the sentence where there are no rows
    concerns: Callable[[Any], bool]  # whether a person has this number
    rows: Callable[[Any], QuerySet]  # of a person; the query is kept, so it depends on the person and the day only
    address: Callable[[], str]


NUMBERS: dict[str, DeskNumber] = {}


def shown_on_desk(number: DeskNumber) -> None:
    NUMBERS[number.key] = number


@cache
def read_desk_numbers() -> list[DeskNumber]:
    """Import the `desk_numbers.py` of every room, so that their declarations take effect."""
    autodiscover_modules("desk_numbers")
    return list(NUMBERS.values())
