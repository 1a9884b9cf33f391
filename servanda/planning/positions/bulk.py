"""One decision for many records, or on each what its institutions agree on: previewed, in short steps, undone."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date as Date
from itertools import batched

from django.db import transaction
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
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import FIRST_DIFFERENCES, Change, Deed
from servanda.recommendations.counting.counts import touch
from servanda.recommendations.editing.versioning import save_versions, write_baselines
from servanda.recommendations.models import Position, Recommendation, Stand
from servanda.sources.printed.texts import clean
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

DECISION = f"{bulk.BULK}-decision"  # the shape of such a batch
AGREED = "agreed"  # in the place of a position: on each record what its institutions agree on
AGREED_LABEL = gettext_lazy("What the institutions agree on")
POSITIONS = Change(deed=Deed.ADD_POSITION)  # how what is written here is settled and taken back
State = Batch.State


@dataclass(slots=True, frozen=True)
class Decision:
    """What many records are to say, in plain values that a job can carry; without a day it is a draft."""

    stand: str
    date: str = ""
    comment: str = ""

    def day(self) -> Date | None:
        return Date.fromisoformat(self.date) if self.date else None


def affected(decision: Decision, records: QuerySet) -> QuerySet:
    """Those among these records on which the decision says something new and would be in force; `decided` is what
    it says."""
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


def title(decision: Decision) -> str:
    what = AGREED_LABEL if decision.stand == AGREED else Stand(decision.stand).label
    sentence = _("Decide: %(what)s") if decision.date else _("Prepare a draft: %(what)s")
    return sentence % {"what": what}


def first_differences(decision: Decision, records: QuerySet) -> list[dict[str, object]]:
    """The first records with where the State stands now, and where it would stand then."""
    first = affected(decision, records).order_by("order_key", "pk")[:FIRST_DIFFERENCES]
    return [
        {"label": one.code, "old": one.get_stand_display(), "new": Stand(decided_on(one, decision)).label}
        for one in first
    ]


def decided_on(record: Recommendation, decision: Decision) -> str:
    """Of a record that `affected` has found."""
    return vars(record)["agreed"] if decision.stand == AGREED else decision.stand


def decide_in_bulk(*, decision: Decision, records: QuerySet, by: User) -> Batch:
    """Keep the decision with the records that it is for; it runs with `apply_decisions`."""
    if decision.stand != AGREED:
        refuse_unclear(stand=decision.stand, comment=clean(decision.comment))
    if (day := decision.day()) and day > timezone.localdate():
        raise Refused(_("This day has not come yet. Leave the day empty to prepare drafts, and decide them then."))
    pks = list(affected(decision, records).order_by("pk").values_list("pk", flat=True))
    return bulk.keep_order(shape=DECISION, name=title(decision), change=asdict(decision), pks=pks, by=by)


def apply_decisions(batch: Batch) -> None:
    change, pks = bulk.read_kept(batch)
    decision = Decision(**change)
    for some in batched(pks[batch.done :], bulk.AT_ONCE):
        apply_some(batch, decision, some)
    said = {"stand": decision.stand, "date": decision.date, "records": len(pks)}
    if bulk.switch_on(batch, said=said):
        bulk.settle(POSITIONS, pks)


@transaction.atomic
def apply_some(batch: Batch, decision: Decision, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first():
        return  # undone while it ran
    list(Recommendation.objects.select_for_update().filter(pk__in=pks))
    held = list(affected(decision, Recommendation.objects.kept().filter(pk__in=pks)))
    write_baselines(held)
    comments = comments_on(held) if decision.stand == AGREED and not decision.comment else {}
    Position.objects.current().filter(recommendation__in=held, is_draft=True).update(ended_by=batch)
    Position.objects.bulk_create(
        Position(
            recommendation=one,
            stand=decided_on(one, decision),
            date=decision.day(),
            comment=comments.get(one.pk, clean(decision.comment)),
            is_draft=not decision.date,
            added_by=batch,
        )
        for one in held
    )
    save_versions(held, [], "records-changed-in-bulk", by=batch.created_by)
    touch()
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


def comments_on(records: Iterable[Recommendation]) -> dict[int, str]:
    """What the institutions want said, one below the other; the same words once."""
    waiting = PositionProposal.objects.waiting().filter(recommendation__in=records).exclude(comment="")
    said: dict[int, dict[str, None]] = {}
    for pk, comment in waiting.values_list("recommendation", "comment"):
        said.setdefault(pk, {})[comment] = None
    return {pk: "\n\n".join(comments) for pk, comments in said.items()}


def clear_decisions(batch: Batch, *, by: User) -> int:
    """Take back what an undone decision wrote, and let the drafts that it ended count again; may be repeated."""
    _change, pks = bulk.read_kept(batch)
    left = sum(bulk.clear_some(batch, POSITIONS, some, by=by) for some in batched(pks, bulk.AT_ONCE))
    bulk.settle(POSITIONS, pks)
    return left
