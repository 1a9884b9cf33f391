"""Completes provisional references once their year or number is known; the former reference still leads to the
record."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import IntegerField, Max, Value
from django.db.models.functions import Cast, Coalesce, Length, NullIf, Substr

from servanda.recommendations.models import FormerCode, Recommendation
from servanda.recommendations.records import codes


def complete_code(record: Recommendation) -> bool:
    """Complete a provisional reference; returns whether it changed. The caller saves the record."""
    if not codes.is_provisional(record.code_stem):
        return False
    stem = complete_stem(record)
    if stem == record.code_stem:
        return False
    FormerCode.objects.create(code=record.code, code_stem=record.code_stem, recommendation=record)
    record.code_stem, record.code = stem, codes.nth(stem, taken_numbers([stem])[stem] + 1)
    return True


def restore_code(record: Recommendation) -> bool:
    """Restore the reference from before an import that is being undone; returns whether it changed. The caller saves
    the record."""
    former = record.former_codes.order_by("-pk").first()
    if former is None or complete_stem(record) != former.code_stem:
        return False
    record.code_stem, record.code = former.code_stem, former.code
    former.delete()
    return True


def complete_stem(record: Recommendation) -> str:
    """The stem for the record's State, body, year and paragraph."""
    return codes.stem(
        country=record.country.code if record.country else "",
        body=record.body.code,
        cycle=record.review.cycle if record.review else 0,
        year=record.year or 0,
        paragraph=record.paragraph,
    )


def taken_numbers(stems: Iterable[str]) -> dict[str, int]:
    """The highest number that each stem has ever had; numbers are never reused."""
    number = Cast(NullIf(Substr("code", Length("code_stem") + 2), Value("")), IntegerField())
    highest_numbers: dict[str, int] = defaultdict(int)
    for model in (Recommendation, FormerCode):
        rows = (
            model._default_manager.filter(code_stem__in=set(stems))
            .order_by()
            .values("code_stem")
            .annotate(highest=Coalesce(Max(number), 1))
            .values_list("code_stem", "highest")
        )
        for stem, highest in rows:
            highest_numbers[stem] = max(highest_numbers[stem], highest)
    return highest_numbers
