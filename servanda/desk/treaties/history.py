"""The history of the reservations to a treaty: which one changed, what from and what to, on a page or by a sheet."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch, StagedRow
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.people.trail_pages.stored_values import day_in_words, differences
from servanda.recommendations.pages.history import Change, Entry
from servanda.sources.models import Reservation, TreatyStatus
from servanda.sources.treaties.reservation_cells import DAYS, KIND, TEXTS, Written
from servanda.sources.treaties.sheet import TreatySheets
from servanda.trail.models import Event
from servanda.trail.sentences import SENTENCES

LATEST = 50
DEEDS = ("reservation-added", "reservation-edited", "reservation-removed")
BY_SHEET = "treaty-sheet-applied"
COLUMNS = ("date", "change", "reservation", "field", "before", "after")


@dataclass(slots=True)
class ReservationChange:
    """One deed, or one row of a spreadsheet; `which` names the reservation, `changes` its fields."""

    at: datetime
    by: User | None
    action: str
    what: str  # the treaty, or the file
    which: str
    changes: Sequence[tuple[str, str, str]]  # label, before, after; of a deed one, of the whole reservation

    def entry(self, names: Mapping[int, str]) -> Entry:
        who = names.get(self.by.pk, "") if self.by else _("The system")
        words = SENTENCES[self.action] % {"who": who, "what": self.what}
        return Entry(self.at, words, [Change(label, before, after) for label, before, after in self.labelled()])

    def labelled(self) -> Iterator[tuple[str, str, str]]:
        """Each field with the reservation that it is of."""
        for label, before, after in self.changes:
            yield f"{self.which} · {label}" if label else self.which, before, after


def changes_of(status: TreatyStatus, *, most: int | None = LATEST) -> list[ReservationChange]:
    """The newest first. Three queries, however many there are."""
    found = [*by_deeds(status, most), *by_sheets(status, most)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:most]


def by_deeds(status: TreatyStatus, most: int | None) -> Iterator[ReservationChange]:
    events = Event.objects.filter(object_type="sources.treatystatus", object_id=str(status.pk), action__in=DEEDS)
    for event in events.select_related("actor").order_by("-sequence")[:most]:
        before, after = (in_words(line) for line in differences(event).get("reservation", ["", ""]))
        which = name_in(after or before)
        changes = [("", before, after)]
        yield ReservationChange(event.at, event.actor, event.action, status.instrument.code, which, changes)


def by_sheets(status: TreatyStatus, most: int | None) -> Iterator[ReservationChange]:
    """Rows of imports that are applied, and those that stayed when the import was undone, which have a reason."""
    stayed = Q(batch__state=Batch.State.UNDONE) & ~Q(reason="")
    rows = StagedRow.objects.filter(
        Q(batch__state=Batch.State.APPLIED) | stayed,
        batch__shape=TreatySheets.shape,
        code__iexact=status.instrument.code,
        verdict__in=[StagedRow.Verdict.NEW, StagedRow.Verdict.CHANGED],
    )
    present = {row.pk: str(row) for row in status.reservations.all()}
    for row in rows.select_related("batch__created_by").order_by("-batch__applied_at", "-number")[:most]:
        written = json.loads(row.difference).get("reservation") if row.difference else None
        if written is not None and row.batch.applied_at:
            pk, _is_new, cells = Written(*written)
            which = present.get(pk) or name_of_cells(cells)
            changes = [(label_of(column), *map(value_in_words, pair)) for column, pair in cells.items()]
            who, file = row.batch.created_by, row.batch.name
            yield ReservationChange(row.batch.applied_at, who, BY_SHEET, file, which, changes)


def in_words(line: str) -> str:
    """A reservation as the trail has it, with its kind and days in the language of the reader."""
    return " · ".join(value_in_words(part) for part in line.split(" | ")) if line else ""


def value_in_words(value: str) -> str:
    return str(dict(Reservation.Kind.choices).get(value) or day_in_words(value))


def name_in(words: str) -> str:
    """The kind, followed by the article or date."""
    return ", ".join(words.split(" · ")[:2])


def name_of_cells(cells: Mapping[str, list[str]]) -> str:
    parts = [next(filter(None, reversed(cells.get(column, [""]))), "") for column in (KIND, "reservation article")]
    return ", ".join(value_in_words(part) for part in parts if part)


def label_of(column: str) -> str:
    name = (DAYS | TEXTS | {KIND: "kind"}).get(column)
    return str(Reservation._meta.get_field(name).verbose_name) if name else _("objections")


def entries_for(changes: Iterable[ReservationChange], *, to: User) -> list[Entry]:
    listed = list(changes)
    names = shown_names([change.by for change in listed], to=to)
    return [change.entry(names) for change in listed]


def rows_of_history(changes: Iterable[ReservationChange], *, to: User) -> Iterator[list[str]]:
    listed = list(changes)
    names = shown_names([change.by for change in listed], to=to)
    for change in listed:
        day, what = timezone.localtime(change.at).isoformat(timespec="minutes"), change.entry(names).what
        yield from ([day, what, change.which, *cells] for cells in change.changes)
