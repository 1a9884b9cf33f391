"""One decision for many records, or on each what its institutions agree on: previewed, in short steps, undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.planning.models import PositionProposal
from servanda.planning.positions.proposals import refuse_unclear
from servanda.planning.positions.queries import agreed_stand
from servanda.recommendations.bulk.changes import Change, Deed
from servanda.recommendations.bulk.registry import BULK, BulkChange, Difference
from servanda.recommendations.counting.counts import invalidate_counts
from servanda.recommendations.editing.versioning import save_versions, write_baselines
from servanda.recommendations.models import Position, Recommendation, Stand
from servanda.sources.printed.texts import clean
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

AGREED = "agreed"  # in the place of a position: on each record what its institutions agree on
AGREED_LABEL = gettext_lazy("What the institutions agree on")
POSITIONS = Change(deed=Deed.ADD_POSITION)  # how what is written here is settled and taken back


@dataclass(slots=True, frozen=True)
class DecidePosition(BulkChange):
    """Where the State stands on many records; without a day it is a draft."""

    shape: ClassVar[str] = f"{BULK}-decision"

    stand: str
    date: str = ""
    comment: str = ""

    def day(self) -> Date | None:
        return Date.fromisoformat(self.date) if self.date else None

    def title(self) -> str:
        what = AGREED_LABEL if self.stand == AGREED else Stand(self.stand).label
        sentence = _("Decide: %(what)s") if self.date else _("Prepare a draft: %(what)s")
        return sentence % {"what": what}

    def affected(self, rows: QuerySet) -> QuerySet:
        return affected(self, rows)

    def differences(self, first: Sequence[Recommendation]) -> list[Difference]:
        """Where the State stands now, and where it would stand then."""
        return [
            Difference(label=one.code, old=one.get_stand_display(), new=str(Stand(self.stand_on(one)).label))
            for one in first
        ]

    def stand_on(self, record: Recommendation) -> str:
        """Of a record that `affected` has found."""
        return vars(record)["agreed"] if self.stand == AGREED else self.stand

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        if self.stand != AGREED:
            refuse_unclear(stand=self.stand, comment=clean(self.comment))
        if (day := self.day()) and day > timezone.localdate():
            raise Refused(
                _("This day has not come yet. Leave the day empty to prepare drafts, and decide them then.")
            )

    def apply_to(self, batch: Batch, pks: Sequence[int]) -> None:
        list(Recommendation.objects.select_for_update().filter(pk__in=pks))
        records = list(affected(self, Recommendation.objects.kept().filter(pk__in=pks)))
        write_baselines(records)
        comments = comments_on(records) if self.stand == AGREED and not self.comment else {}
        Position.objects.current().filter(recommendation__in=records, is_draft=True).update(ended_by=batch)
        common = {"date": self.day(), "is_draft": not self.date, "added_by": batch}
        Position.objects.bulk_create(
            Position(
                recommendation=record,
                stand=self.stand_on(record),
                comment=comments.get(record.pk, clean(self.comment)),
                **common,
            )
            for record in records
        )
        save_versions(records, [], "records-changed-in-bulk", by=batch.created_by)
        invalidate_counts()

    def settle(self, pks: Sequence[int]) -> None:
        POSITIONS.settle(pks)

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        return {"stand": self.stand, "date": self.date, "records": batch.total}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        """The drafts that it ended count again."""
        return POSITIONS.take_back(batch, pks, by=by)


def affected(decision: DecidePosition, records: QuerySet) -> QuerySet:
    """Those among these records on which the decision says something new and would be in force; `agreed` is what
    their institutions agree on."""
    found = records.filter(body__kind__in=KINDS_WITH_POSITIONS).annotate(agreed=agreed_stand())
    if decision.stand == AGREED:
        found = found.filter(agreed__isnull=False)
    stand = F("agreed") if decision.stand == AGREED else decision.stand
    there = Position.objects.current().filter(recommendation=OuterRef("pk"))
    drafts = there.filter(is_draft=True)
    if not decision.date:
        said = OuterRef("agreed") if decision.stand == AGREED else decision.stand
        return found.exclude(Exists(drafts.filter(stand=said)))
    day = decision.day()
    later = Q(date__gt=day) | Q(date=day, symbol__contains="/Add.")
    found = found.exclude(Exists(there.filter(later, is_draft=False).exclude(stand=Stand.PENDING)))
    waits = Exists(PositionProposal.objects.waiting().filter(recommendation=OuterRef("pk")))
    return found.filter(~Q(stand=stand) | Exists(drafts) | waits)


def comments_on(records: Iterable[Recommendation]) -> dict[int, str]:
    """What the institutions want said, one below the other; the same words once."""
    waiting = PositionProposal.objects.waiting().filter(recommendation__in=records).exclude(comment="")
    said: dict[int, dict[str, None]] = {}
    for pk, comment in waiting.values_list("recommendation", "comment"):
        said.setdefault(pk, {})[comment] = None
    return {pk: "\n\n".join(comments) for pk, comments in said.items()}
