"""A reference without a year or a number becomes whole once that is known; the former one leads to the record."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import IntegerField, Max, Value
from django.db.models.functions import Cast, Coalesce, Length, NullIf, Substr

from servanda.recommendations.models import FormerCode, Recommendation
from servanda.recommendations.records import codes


def complete_code(record: Recommendation) -> bool:
    """Give a record with a provisional reference its whole one. The caller saves it."""
    if not codes.is_provisional(record.code_stem):
        return False
    stem = whole_stem(record)
    if stem == record.code_stem:
        return False
    FormerCode.objects.create(code=record.code, code_stem=record.code_stem, recommendation=record)
    record.code_stem, record.code = stem, codes.nth(stem, taken_numbers([stem])[stem] + 1)
    return True


def restore_code(record: Recommendation) -> bool:
    """Give a record back the reference that it had before an import that is undone. The caller saves it."""
    former = record.former_codes.order_by("-pk").first()
    if former is None or whole_stem(record) != former.code_stem:
        return False
    record.code_stem, record.code = former.code_stem, former.code
    former.delete()
    return True


def whole_stem(record: Recommendation) -> str:
    """The stem that a record of this State, body, year and paragraph has."""
    return codes.stem(
        country=record.country.code if record.country else "",
        body=record.body.code,
        cycle=record.review.cycle if record.review else 0,
        year=record.year or 0,
        paragraph=record.paragraph,
    )


def taken_numbers(stems: Iterable[str]) -> dict[str, int]:
    """The highest number of each stem; a number once given is never given again."""
    number = Cast(NullIf(Substr("code", Length("code_stem") + 2), Value("")), IntegerField())
    taken: dict[str, int] = defaultdict(int)
    for model in (Recommendation, FormerCode):
        found = (
            model._default_manager.filter(code_stem__in=set(stems))
            .order_by()
            .values("code_stem")
            .annotate(highest=Coalesce(Max(number), 1))
            .values_list("code_stem", "highest")
        )
        for stem, highest in found:
            taken[stem] = max(taken[stem], highest)
    return taken
