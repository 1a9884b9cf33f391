"""One institution assigned to many records: previewed, applied in short steps, undone from the page of the change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import batched

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import Institution, User, answering_for
from servanda.planning.assignments.services import Ending, Part, put, refuse_closed, refuse_due_too_early
from servanda.planning.models import Assignment
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import FIRST_DIFFERENCES
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean

ASSIGNMENT = f"{bulk.BULK}-assignment"  # the shape of such a batch
State = Batch.State


@dataclass(slots=True, frozen=True)
class Order:
    """What many records are to say alike, in plain values that a job can carry."""

    institution: int
    part: str
    since: str
    due_on: str = ""
    note: str = ""

    def first_day(self) -> date:
        return date.fromisoformat(self.since)

    def last_day(self) -> date | None:
        return date.fromisoformat(self.due_on) if self.due_on else None

    def terms(self) -> dict[str, object]:
        said = {"institution_id": self.institution, "part": self.part, "note": clean(self.note)}
        return said | {"due_on": self.last_day()}


def affected(order: Order, records: QuerySet) -> QuerySet:
    """Those among these records that the institution may read and that do not say so yet, since whatever day."""
    readable = readable_by(records, order.institution)
    there = Assignment.objects.current().filter(**order.terms())
    return readable.exclude(pk__in=there.values("recommendation_id"))


def readable_by(records: QuerySet, institution: int) -> QuerySet:
    """Those among these records that the people of an institution may read: `assigning.may_read`, for many."""
    named = Recommendation.restricted_to.through.objects.filter(institution__in=answering_for({institution}))
    is_open = ~Q(confidentiality=Recommendation.Confidentiality.RESTRICTED)
    return records.filter(is_open | Q(pk__in=named.values("recommendation_id")))


def title(order: Order) -> str:
    institution = Institution.objects.get(pk=order.institution)
    return _("Assign: %(institution)s (%(part)s)") % {"institution": institution, "part": Part(order.part).label}


def first_differences(order: Order, records: QuerySet) -> list[dict[str, object]]:
    """The first records with who has that part now, and who would have it then."""
    first = list(affected(order, records).order_by("order_key", "pk")[:FIRST_DIFFERENCES])
    there = Assignment.objects.current().filter(recommendation__in=first, part=order.part)
    named: dict[int, list[str]] = {}
    for one in there.select_related("institution"):
        named.setdefault(one.recommendation_id, []).append(str(one.institution))
    new = str(Institution.objects.get(pk=order.institution))
    return [{"label": one.code, "old": ", ".join(named.get(one.pk, [])), "new": new} for one in first]


def assign_in_bulk(*, order: Order, records: QuerySet, by: User) -> Batch:
    """Keep the order with the records that it is for; it runs with `apply_assignments`."""
    refuse_due_too_early(since=order.first_day(), due_on=order.last_day())
    refuse_closed(Institution.objects.get(pk=order.institution), since=order.first_day())
    pks = list(affected(order, records).order_by("pk").values_list("pk", flat=True))
    return bulk.keep_order(shape=ASSIGNMENT, name=title(order), change=asdict(order), pks=pks, by=by)


def read_order(batch: Batch) -> tuple[Order, list[int]]:
    change, pks = bulk.read_kept(batch)
    return Order(**change), pks


def apply_assignments(batch: Batch) -> None:
    order, pks = read_order(batch)
    for some in batched(pks[batch.done :], bulk.AT_ONCE):
        apply_some(batch, order, some)
    code = Institution.objects.values_list("code", flat=True).get(pk=order.institution)
    said = {"institution": code, "part": order.part, "since": order.since, "due_on": order.due_on}
    bulk.switch_on(batch, said={**said, "records": len(pks)})


@transaction.atomic
def apply_some(batch: Batch, order: Order, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first():
        return  # undone while it ran
    held = list(affected(order, Recommendation.objects.kept().filter(pk__in=pks)).select_for_update())
    common = {**order.terms(), "since": order.first_day(), "assigned_by": batch.created_by, "brought_by": batch}
    put([Assignment(recommendation=record, **common) for record in held], by=batch.created_by, batch=batch)
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


def clear_assignments(batch: Batch, *, by: User) -> int:
    """Take back what an undone change said; may be repeated. Returns how many records say something else since."""
    _order, pks = read_order(batch)
    return sum(clear_some(batch, some, by=by) for some in batched(pks, bulk.AT_ONCE))


@transaction.atomic
def clear_some(batch: Batch, pks: Sequence[int], *, by: User) -> int:
    list(Recommendation.objects.select_for_update().filter(pk__in=pks))
    made = Assignment.objects.filter(brought_by=batch, recommendation__in=pks)
    as_left = list(made.current().values_list("recommendation_id", flat=True))
    left = made.exclude(recommendation__in=as_left).exclude(ending=Ending.UNDONE).count()
    made.current().update(ended_at=timezone.now(), ended_by=by, ending=Ending.UNDONE)
    for one in Assignment.objects.filter(ended_in=batch, recommendation__in=as_left):
        if not is_taken(one):
            one.ended_at = one.ended_by = one.ended_in = None
            one.ending = ""
            one.save(update_fields=["ended_at", "ended_by", "ended_in", "ending"])
    return left


def is_taken(former: Assignment) -> bool:
    """Somebody said meanwhile who has this part, or what this institution does."""
    there = Assignment.objects.current().filter(recommendation=former.recommendation_id)
    same = Q(institution=former.institution_id)
    return there.filter(same | Q(part=Part.LEAD) if former.part == Part.LEAD else same).exists()
