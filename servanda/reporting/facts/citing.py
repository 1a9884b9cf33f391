"""How a fact names its source, and which of its days count."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import Expression, F, Model, Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, IsNull, LessThanOrEqual
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language

from servanda.kit.pages.translations import separator
from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.reporting.facts.record_numbers import RecordNumber
from servanda.reporting.facts.record_numbers import in_words as numbers_in_words

LONGEST_CITATION, LONGEST_NUMBERS = 385, 180
MOST_CITED = 12  # recommendations in one endnote


def keys_of(records: QuerySet) -> QuerySet:
    return records.order_by().values("pk")


def cited(*parts: object, about: Sequence[RecordNumber] = ()) -> str:
    """The source of a fact as an endnote, followed by the numbers and documents of its recommendations."""
    numbers = cited_numbers(about)
    whole = listed(*parts)
    return listed(Truncator(whole).chars(LONGEST_CITATION - len(numbers)), numbers)


def without_numbers(citation: str, about: Sequence[RecordNumber]) -> str:
    """The same endnote for a sentence that names its recommendations itself; in the language of the citation."""
    return citation.removesuffix(cited_numbers(about)).rstrip(" ,،")


def cited_numbers(about: Sequence[RecordNumber]) -> str:
    return Truncator(numbers_in_words(about, most=MOST_CITED)).chars(LONGEST_NUMBERS)


def listed(*parts: object) -> str:
    """Those that are not empty, with the comma of the language."""
    return separator(get_language() or settings.LANGUAGE_CODE).join(str(part) for part in parts if part)


def days_in(start: date | None, end: date | None, *, begins: Expression | F, ends: Expression | F | None) -> Q:
    """Condition for rows whose period overlaps these dates; rows without dates match."""
    condition = Q()
    if end:
        condition &= Q(LessThanOrEqual(begins, end)) | Q(IsNull(begins, rhs=True))
    if start and ends is not None:
        condition &= Q(GreaterThanOrEqual(ends, start)) | Q(IsNull(ends, rhs=True))
    return condition


def withdrawn_since(model: type[Model], as_of: datetime, user: User) -> QuerySet:
    """Rows withdrawn after `as_of`, for users who read everything; they are shown as withdrawn."""
    rows = model._default_manager.filter(withdrawn_at__gt=as_of)
    return rows if can(user, Can.READ_EVERYTHING) else rows.none()


def day_of(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def days_of_withdrawal(model: type[Model], keys: Collection[int]) -> dict[str, date]:
    rows = model._default_manager.filter(pk__in=keys, withdrawn_at__isnull=False).values_list("pk", "withdrawn_at")
    return {str(pk): timezone.localdate(moment) for pk, moment in rows}


def in_words(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
