"""The suffix of a day of the month, `S` in formats of dates: Django has the English ones only, in every language."""

from django.utils.dateformat import DateFormat
from django.utils.translation import get_language


def suffix_of_day(date: DateFormat) -> str:
    return "er" if (get_language() or "").startswith("fr") and date.j() == 1 else ""


def use_ordinals() -> None:
    """Our formats are the only ones with `S`, and only in French (`kit/formats/fr`)."""
    DateFormat.S = suffix_of_day  # type: ignore[assignment, method-assign]  # -- Django offers no setting for it
