"""The positions of the State as facts."""

from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.recommendations.models import Position, Stand
from servanda.recommendations.records.as_of import current_at
from servanda.reporting.facts.citing import cited, days_in, in_words, keys_of, listed
from servanda.reporting.facts.record_numbers import RecordNumber
from servanda.reporting.facts.registry import Fact, FactContext, FactSource


def positions(context: FactContext) -> QuerySet:
    known = Position.objects.decided()
    if context.as_of:
        known = current_at(Position.objects.filter(is_draft=False), context.as_of).exclude(stand=Stand.PENDING)
    rows = known.filter(recommendation__in=keys_of(context.records))
    rows = rows.filter(days_in(context.start, context.end, begins=F("date"), ends=None))  # it is in force until today
    return rows.select_related("recommendation__document", "recommendation__body").order_by(
        F("date").desc(nulls_last=True), "recommendation__order_key"
    )


def position_facts(rows: Iterable[Position], _context: FactContext) -> list[Fact]:
    rows = list(rows)
    about = {row.pk: (RecordNumber.of(row.recommendation),) for row in rows}
    return [
        Fact(
            key=str(row.pk),
            title=f"{row.recommendation.code}: {row.get_stand_display()}",
            text=f"{row.get_stand_display()}. {row.comment}".strip(),
            citation=cited(_("Position of the State"), row.symbol, in_words(row.date), about=about[row.pk]),
            address=reverse("desk:record", args=[row.recommendation.code]),
            day=row.date,
            lead=listed(_("Position of the State"), in_words(row.date)),
            about=about[row.pk],
        )
        for row in rows
    ]


def with_position(context: FactContext) -> QuerySet:
    return positions(context).order_by().values("recommendation")


SOURCE = FactSource(
    "positions",
    gettext_lazy("Positions of the State"),
    positions,
    position_facts,
    with_position,
    is_drafted=True,
    is_merged=True,
)
