"""The recommendations that facts are about, by number and document, as endnotes and drafts name them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import ngettext
from i18nfield.strings import LazyI18nString

from servanda.recommendations.models import Recommendation
from servanda.vocab.models import ShortName

MOST_NUMBERS = 40  # in one sentence
COLUMNS = ("order_key", "code", "paragraph", "document__symbol", "body__short_name", "body__code")


@dataclass(frozen=True, slots=True, order=True)
class RecordNumber:
    order_key: str
    code: str
    number: str  # the paragraph; the reference of one without a paragraph
    source: str  # the symbol of its document; without one, of a paragraph the short name of its body

    @classmethod
    def of(cls, record: Recommendation) -> "RecordNumber":
        symbol, body = record.document.symbol if record.document else "", record.body
        return cls.made(record.order_key, record.code, record.paragraph, symbol, body.short_name, body.code)

    @classmethod
    def made(
        cls, order_key: str, code: str, paragraph: str, symbol: str | None, short_name: LazyI18nString, body: str
    ) -> "RecordNumber":
        if not paragraph:
            return cls(order_key, code, code, symbol or "")  # the reference names the body already
        return cls(order_key, code, paragraph, symbol or str(ShortName(short_name, body)))


def numbers_of(records: QuerySet) -> dict[int, RecordNumber]:
    """By the key of the record."""
    return {pk: RecordNumber.made(*rest) for pk, *rest in records.order_by().values_list("pk", *COLUMNS)}


def numbers_of_facts(
    links: Iterable[tuple[QuerySet, str]], keys: Collection[int], records: QuerySet
) -> dict[int, tuple[RecordNumber, ...]]:
    """By the key of a fact, those of these records with which one of `links` connects it, in their order: rows with a
    recommendation, and the column that names the fact."""
    found: defaultdict[int, set[RecordNumber]] = defaultdict(set)
    columns = [f"recommendation__{name}" for name in COLUMNS]
    inside = records.order_by().values("pk")
    first, *others = (
        rows.filter(**{f"{fact}__in": keys}, recommendation__in=inside).order_by().values_list(fact, *columns)
        for rows, fact in links
    )
    for key, *rest in first.union(*others) if others else first:
        found[key].add(RecordNumber.made(*rest))
    return {key: tuple(sorted(numbers)) for key, numbers in found.items()}


def in_words(numbers: Iterable[RecordNumber], most: int = MOST_NUMBERS) -> str:
    """By document: "140.9, 140.10 (A/HRC/59/15); 23 (CEDAW/C/SVN/CO/7)"."""
    known = list(numbers)
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for number in known[:most]:
        by_source[number.source].append(number.number)
    groups = [f"{', '.join(found)} ({source})" if source else ", ".join(found) for source, found in by_source.items()]
    words = "; ".join(groups)
    if (more := len(known) - most) > 0:
        sentence = ngettext("%(numbers)s and %(count)d other", "%(numbers)s and %(count)d others", more)
        return sentence % {"numbers": words, "count": more}
    return words
