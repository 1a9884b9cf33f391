"""The list of indicators: what somebody asks of it, and its rows for other programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import batched
from typing import NamedTuple, Self

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.forms import LONGEST_ID
from servanda.kit.pages.listing import ListFilter, choice_in, page_number, words_in
from servanda.people.access import Can
from servanda.people.models import Institution, User
from servanda.planning.indicators.formatting import plain
from servanda.planning.indicators.series import Shown, shown
from servanda.planning.models import SOON, Indicator, IndicatorQuerySet
from servanda.vocab.models import Term

MINE, LATE, NEAR, WITH, WITHOUT = "mine", "late", "soon", "with", "without"
MOST_WORDS = 8
AT_ONCE = 200
COLUMNS = (
    "reference",
    "name",
    "type",
    "right",
    "attribute",
    "unit",
    "unit_words",
    "custodian",
    "direction",
    "baseline",
    "baseline_on",
    "target",
    "target_on",
    "schedule",
    "next_due_on",
    "sdg_indicator",
    "latest",
    "latest_until",
    "missing",
    "progress",
    "progress_by_hand",
    "published",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFilter(ListFilter):
    words: str = ""
    kind: str = ""
    right: str = ""
    institution: str = ""
    due: str = ""
    target: str = ""
    value: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        institution = params.get("institution", "")
        return cls(
            words=words_in(params),
            kind=choice_in(params, "kind", Indicator.Kind.values),
            right=key_in(params.get("right", "")),
            institution=MINE if institution == MINE else key_in(institution),
            due=choice_in(params, "due", (LATE, NEAR)),
            target=choice_in(params, "target", (WITH, WITHOUT)),
            value=choice_in(params, "value", (WITHOUT,)),
            number=page_number(params),
        )


def key_in(said: str) -> str:
    return said if said.isascii() and said.isdecimal() and len(said) <= LONGEST_ID else ""


def narrow(indicators: IndicatorQuerySet, asked: IndicatorFilter, *, user: User, on: date) -> IndicatorQuerySet:
    for word in asked.words.split()[:MOST_WORDS]:
        indicators = indicators.filter(
            Q(code__icontains=word) | has_word("name", word) | has_word("definition", word)
        )
    if asked.kind:
        indicators = indicators.filter(kind=asked.kind)
    if asked.right:
        indicators = indicators.filter(right=int(asked.right))
    if asked.institution == MINE:
        mine = Indicator.objects.in_scope_of(user, Can.EDIT_OWN_ACTIONS)
        indicators = indicators.filter(pk__in=mine.order_by().values("pk"))
    elif asked.institution:
        indicators = indicators.filter(custodian=int(asked.institution))
    if asked.due:
        indicators = indicators.late(on=on) if asked.due == LATE else indicators.due_by(on + SOON)
    if asked.target:
        indicators = indicators.filter(target__isnull=asked.target == WITHOUT)
    return indicators.without_value() if asked.value else indicators


class Choices(NamedTuple):
    kinds: list
    rights: QuerySet[Term]
    institutions: QuerySet[Institution]
    dues: list
    targets: list
    values: list


def choices_for(seen: QuerySet[Indicator]) -> Choices:
    """Only rights and institutions of indicators that this reader sees."""
    rights = Term.objects.filter(pk__in=seen.order_by().values("right")).order_by("code")
    places = Institution.objects.filter(pk__in=seen.order_by().values("custodian")).order_by("code")
    return Choices(
        kinds=Indicator.Kind.choices,
        rights=rights,
        institutions=places,
        dues=[(LATE, _("Past")), (NEAR, _("Within 30 days, or past"))],
        targets=[(WITH, pgettext("indicators", "With a target")), (WITHOUT, _("Without a target"))],
        values=[(WITHOUT, _("Without any value"))],
    )


def rows_of(indicators: QuerySet[Indicator]) -> Iterator[dict]:
    """Each indicator with its newest value, for CSV, XLSX and JSON."""
    shown_rows = indicators.select_related("right", "custodian").iterator(chunk_size=AT_ONCE)
    for some in batched(shown_rows, AT_ONCE, strict=False):
        yield from (as_row(one) for one in shown(some))


def as_row(one: Shown) -> dict:
    it, latest = one.indicator, one.latest
    said = (
        it.code,
        it.name,
        it.kind,
        it.right.code if it.right else "",
        it.attribute,
        it.unit,
        it.unit_words,
        it.custodian.code if it.custodian else "",
        it.direction,
        as_number(it.baseline),
        as_day(it.baseline_on),
        as_number(it.target),
        as_day(it.target_on),
        it.schedule,
        as_day(it.next_due_on),
        it.sdg_indicator,
        as_number(latest.value) if latest else None,
        as_day(latest.end) if latest else None,
        latest.missing if latest else "",
        as_number(one.progress.percent),
        as_number(it.progress_override),
        it.is_published,
    )
    return dict(zip(COLUMNS, said, strict=True))


def as_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_number(number: Decimal | None) -> int | float | str | None:
    """A number for other programs; one that they would round stays the digits that it is."""
    if number is None:
        return None
    text = plain(number)
    short = int(text) if "." not in text else float(text)
    return short if len(text.strip("-").replace(".", "")) <= 15 else text


def cells_of(row: dict) -> list:
    return [("yes" if value else "no") if isinstance(value, bool) else value for value in row.values()]
