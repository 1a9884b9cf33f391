"""Refusals and remarks on a file, grouped by reason: the same lines on the page and on the command line."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from servanda.intake.columns.dates import DateOrder
from servanda.intake.models import Batch, Remark
from servanda.kit.database.sentences import gettext, joined
from servanda.sources.resolve import NO_STATE, Resolved

DATE_ORDER = "date order"  # the remark on dates that can be read in two ways: one for the file
PLACES = 5  # rows that are listed for each reason
FIELDS = {
    "country": _("State concerned"),
    "recommending": _("recommending State"),
    "body": _("body"),
    "label": _("label"),
    "date": _("date"),
    "text": _("text"),
    "symbol": _("document symbol"),
    "paragraph": _("paragraph"),
    "position": _("position of the State"),
    "external sheet": _("sender’s ID"),
    "code": _("reference in this register"),
    "institutions": _("institution"),
    NO_STATE: _("State concerned"),
    DATE_ORDER: _("order of day and month"),
}


@dataclass(slots=True)
class Tally:
    """Counts reasons while a file is read; even a file of a million rows has few."""

    rows: dict[tuple[str, str, bool, str], int] = field(default_factory=dict)
    places: dict[tuple[str, str, bool, str], list[str]] = field(default_factory=dict)

    def count(self, rows: Iterable[Resolved]) -> None:
        for row in rows:
            reasons = {(problem.field, problem.message, problem.fatal, problem.name) for problem in row.problems}
            for reason in reasons:
                self.rows[reason] = self.rows.get(reason, 0) + 1
                places = self.places.setdefault(reason, [])
                if len(places) < PLACES:
                    places.append(row.where)

    def add(self, name: str, message: str, place: str) -> None:
        """Add a remark on an earlier row."""
        reason = (name, message, False, "")
        self.rows[reason] = self.rows.get(reason, 0) + 1
        places = self.places.setdefault(reason, [])
        if len(places) < PLACES:
            places.append(place)

    def save(self, batch: Batch) -> None:
        """Replace the stored remarks of the file."""
        batch.remarks.all().delete()
        Remark.objects.bulk_create(
            [
                Remark(
                    batch=batch,
                    field=name_of_field[:60],
                    message=message,
                    is_fatal=is_fatal,
                    name=name,
                    rows=self.rows[name_of_field, message, is_fatal, name],
                    places=joined(self.places[name_of_field, message, is_fatal, name], "\n"),
                )
                for name_of_field, message, is_fatal, name in sorted(self.rows)
            ],
            batch_size=500,
        )


def save_order(batch: Batch, order: DateOrder) -> None:
    """One remark for all dates of the file that can be read in two ways; none where there are none."""
    if order.count:
        text = gettext("Read with the month first.") if order.month_first else gettext("Read with the day first.")
        examples = "\n".join(order.examples)
        batch.remarks.create(field=DATE_ORDER, message=text, is_fatal=False, rows=order.count, places=examples)


def order_remark(batch: Batch) -> Remark | None:
    return batch.remarks.filter(field=DATE_ORDER).first()


def line_of(remark: Remark) -> str:
    """A remark as one line: how many rows, which field, why, and where in the file."""
    values = {
        "rows": remark.rows,
        "field": FIELDS.get(remark.field, remark.field),
        "reason": remark.message,
        "places": ", ".join(remark.shown_places) + (", …" if remark.others else ""),
    }
    return (
        ngettext(
            "%(rows)d row, field “%(field)s”: %(reason)s (%(places)s)",
            "%(rows)d rows, field “%(field)s”: %(reason)s (%(places)s)",
            remark.rows,
        )
        % values
    )
