"""Decide on many records at once: one position for all, or on each what its institutions agree on."""

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
from servanda.recommendations.bulk.bases import VersionedChange, refresh_positions
from servanda.recommendations.bulk.registry import BULK
from servanda.recommendations.models import Position, Recommendation, Stand, is_apart
from servanda.sources.printed.texts import clean
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

AGREED = "agreed"  # instead of a position: what the institutions of each record agree on
AGREED_LABEL = gettext_lazy("Position agreed by the institutions")


@dataclass(slots=True, frozen=True)
class DecidePosition(VersionedChange):
    """Set the position of the State on many records; without a day it is a draft."""

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

    def old_and_new(self, first: Sequence[Recommendation]) -> list[tuple[str, str]]:
        return [(record.get_stand_display(), str(Stand(self.stand_on(record)).label)) for record in first]

    def stand_on(self, record: Recommendation) -> str:
        """The position for a record from `affected`."""
        return vars(record)["agreed"] if self.stand == AGREED else self.stand

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        if self.stand != AGREED:
            refuse_unclear(stand=self.stand, comment=clean(self.comment))
        if (day := self.day()) and day > timezone.localdate():
            raise Refused(_("The date must be today or in the past. Leave it empty to prepare drafts."))

    def write_rows(self, batch: Batch, rows: Sequence[Recommendation]) -> None:
        """The drafts that these positions replace are ended; undoing the change reinstates them."""
        comments = comments_on(rows) if self.stand == AGREED and not self.comment else {}
        Position.objects.current().filter(recommendation__in=rows, is_draft=True).update(ended_by=batch)
        common = {"date": self.day(), "is_draft": not self.date, "added_by": batch}
        Position.objects.bulk_create(
            Position(
                recommendation=record,
                stand=self.stand_on(record),
                comment=comments.get(record.pk, clean(self.comment)),
                **common,
            )
            for record in rows
        )

    def settle(self, pks: Sequence[int]) -> None:
        refresh_positions(pks)

    def in_codes(self) -> dict[str, Any]:
        return {"stand": self.stand, "date": self.date}


def affected(decision: DecidePosition, records: QuerySet) -> QuerySet:
    """The records on which the decision changes something and would be in force, annotated with what their
    institutions agree on (`agreed`)."""
    candidates = records.filter(~is_apart(), body__kind__in=KINDS_WITH_POSITIONS).annotate(agreed=agreed_stand())
    if decision.stand == AGREED:
        candidates = candidates.filter(agreed__isnull=False)
    stand = F("agreed") if decision.stand == AGREED else decision.stand
    current = Position.objects.current().filter(recommendation=OuterRef("pk"))
    drafts = current.filter(is_draft=True)
    if not decision.date:
        new_stand = OuterRef("agreed") if decision.stand == AGREED else decision.stand
        return candidates.exclude(Exists(drafts.filter(stand=new_stand)))
    day = decision.day()
    later = Q(date__gt=day) | Q(date=day, symbol__contains="/Add.")
    candidates = candidates.exclude(Exists(current.filter(later, is_draft=False).exclude(stand=Stand.PENDING)))
    waits = Exists(PositionProposal.objects.waiting().filter(recommendation=OuterRef("pk")))
    return candidates.filter(~Q(stand=stand) | Exists(drafts) | waits)


def comments_on(records: Iterable[Recommendation]) -> dict[int, str]:
    """By record: the comments of waiting proposals, without repetitions."""
    waiting = PositionProposal.objects.waiting().filter(recommendation__in=records).exclude(comment="")
    by_record: dict[int, dict[str, None]] = {}
    for pk, comment in waiting.values_list("recommendation", "comment"):
        by_record.setdefault(pk, {})[comment] = None
    return {pk: "\n\n".join(comments) for pk, comments in by_record.items()}
