"""The list of indicators: its filters, and its rows for other programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import batched
from typing import Self

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import pgettext

from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.word_filters import has_word
from servanda.kit.pages.forms import LONGEST_ID
from servanda.kit.pages.listing import ListFilter, SelectBox, choice_in, page_number, words_in
from servanda.people.access import Can
from servanda.people.models import Institution, User
from servanda.people.naming import listed_name
from servanda.planning.indicators.formatting import plain
from servanda.planning.indicators.series import IndicatorLine, with_series
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


def key_in(text: str) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else ""


def narrow(indicators: IndicatorQuerySet, filters: IndicatorFilter, *, user: User, on: date) -> IndicatorQuerySet:
    for word in filters.words.split()[:MOST_WORDS]:
        indicators = indicators.filter(
            Q(code__icontains=word) | has_word("name", word) | has_word("definition", word)
        )
    if filters.kind:
        indicators = indicators.filter(kind=filters.kind)
    if filters.right:
        indicators = indicators.filter(right=int(filters.right))
    if filters.institution == MINE:
        own = Indicator.objects.in_scope_of(user, Can.EDIT_OWN_ACTIONS)
        indicators = indicators.filter(pk__in=own.order_by().values("pk"))
    elif filters.institution:
        indicators = indicators.filter(custodian=int(filters.institution))
    if filters.due:
        indicators = indicators.late(on=on) if filters.due == LATE else indicators.due_by(on + SOON)
    if filters.target:
        indicators = indicators.filter(target__isnull=filters.target == WITHOUT)
    return indicators.without_value() if filters.value else indicators


def boxes_for(filters: IndicatorFilter, visible: QuerySet[Indicator]) -> list[SelectBox]:
    """The form above the list; rights and institutions only from indicators that the reader sees."""
    rights = Term.objects.filter(pk__in=visible.order_by().values("right")).order_by("code")
    institutions = Institution.objects.filter(pk__in=visible.order_by().values("custodian")).order_by("code")
    custodians = [(MINE, _("My institutions")), *((str(row.pk), listed_name(row)) for row in institutions)]
    dues = [(LATE, _("Overdue")), (NEAR, _("Within 30 days or overdue"))]
    targets = [(WITH, pgettext("indicators", "With a target")), (WITHOUT, _("Without a target"))]
    return [
        filters.box("kind", _("Type"), Indicator.Kind.choices),
        filters.box("right", _("Right or theme"), ((str(right.pk), right) for right in rights)),
        filters.box("institution", _("Kept by"), custodians, every=pgettext("institutions", "All")),
        filters.box("due", _("Next value due"), dues, every=_("Any time")),
        filters.box("target", _("Target"), targets),
        filters.box("value", _("Values"), [(WITHOUT, _("Without any value"))]),
    ]


def rows_of(indicators: QuerySet[Indicator]) -> Iterator[dict]:
    """Each indicator with its newest value, for CSV, XLSX and JSON."""
    shown_rows = indicators.select_related("right", "custodian").iterator(chunk_size=AT_ONCE)
    for batch in batched(shown_rows, AT_ONCE, strict=False):
        yield from (as_row(row) for row in with_series(batch))


def as_row(row: IndicatorLine) -> dict:
    indicator, latest = row.indicator, row.latest
    values = (
        indicator.code,
        indicator.name,
        indicator.kind,
        indicator.right.code if indicator.right else "",
        indicator.attribute,
        indicator.unit,
        indicator.unit_words,
        indicator.custodian.code if indicator.custodian else "",
        indicator.direction,
        as_number(indicator.baseline),
        as_day(indicator.baseline_on),
        as_number(indicator.target),
        as_day(indicator.target_on),
        indicator.schedule,
        as_day(indicator.next_due_on),
        indicator.sdg_indicator,
        as_number(latest.value) if latest else None,
        as_day(latest.end) if latest else None,
        latest.missing if latest else "",
        as_number(row.progress.percent),
        as_number(indicator.progress_override),
        indicator.is_published,
    )
    return dict(zip(COLUMNS, values, strict=True))


def as_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_number(number: Decimal | None) -> int | float | str | None:
    """A number for other programs, or its digits as a text if they would round it."""
    if number is None:
        return None
    text = plain(number)
    short = int(text) if "." not in text else float(text)
    return short if len(text.strip("-").replace(".", "")) <= 15 else text


def cells_of(row: dict) -> list:
    return [("yes" if value else "no") if isinstance(value, bool) else value for value in row.values()]
