"""Many records assessed for the State at once: one level for all, or one for each; undone as a whole.

What is assessed this way is published like any other assessment, with what shows it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import batched
from typing import Self

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused
from servanda.people.models import User
from servanda.progress.assessments.services import needed, refuse_stranger
from servanda.progress.models import Assessment, Grade, Voice
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import FIRST_DIFFERENCES
from servanda.recommendations.models import Recommendation

ASSESSMENT = f"{bulk.BULK}-assessment"  # the shape of such a batch
MOST_ROWS = 50  # records that can each have a level and a reason of their own on one page
State = Batch.State


@dataclass(slots=True, frozen=True)
class Level:
    grade: int
    reason: str


@dataclass(slots=True, frozen=True)
class Order:
    """What many records are assessed as, in plain values that a job can carry."""

    on: str  # the day of the assessments
    confidence: str
    level: Level | None = None  # of all records
    by_code: dict[str, Level] = field(default_factory=dict)  # or of each, by the code of the record

    @classmethod
    def from_json(cls, kept: dict) -> Self:
        by_code = {code: Level(**level) for code, level in kept["by_code"].items()}
        return cls(kept["on"], kept["confidence"], Level(**kept["level"]) if kept["level"] else None, by_code)

    def level_of(self, record: Recommendation) -> Level:
        return self.level or self.by_code[record.code]

    def levels(self) -> list[Level]:
        return [self.level] if self.level else list(self.by_code.values())

    def day(self) -> date:
        return date.fromisoformat(self.on)


def affected(order: Order, records: QuerySet) -> QuerySet:
    """Those among these records that are of this day at the latest and do not say the same already."""
    found = records.exclude(date__gt=order.day())
    same = Assessment.objects.standing().filter(voice=Voice.GOVERNMENT, date=order.day())
    if order.level:
        recorded = same.filter(grade=order.level.grade, reason=order.level.reason)
        return found.exclude(pk__in=recorded.order_by().values("recommendation"))
    by_code = Q(pk__in=[])
    for code, level in order.by_code.items():
        by_code |= Q(recommendation__code=code, grade=level.grade, reason=level.reason)
    recorded = same.filter(by_code).order_by().values("recommendation")
    return found.filter(code__in=order.by_code).exclude(pk__in=recorded)


def title(order: Order) -> str:
    grades = set(Grade.objects.in_bulk([level.grade for level in order.levels()]).values())
    if len(grades) == 1:
        return _("Assess for the State: %(value)s") % {"value": grades.pop()}
    return _("Assess for the State")


def first_differences(order: Order, records: QuerySet) -> list[dict[str, object]]:
    """The first records with what the Government says of them now, and what it would say then."""
    first = list(affected(order, records).order_by("order_key", "pk")[:FIRST_DIFFERENCES])
    latest = Assessment.objects.latest().filter(recommendation__in=first, voice=Voice.GOVERNMENT)
    now = {one.recommendation_id: str(one.grade) for one in latest.select_related("grade")}
    grades = Grade.objects.in_bulk([level.grade for level in order.levels()])
    return [
        {"label": one.code, "old": now.get(one.pk, ""), "new": str(grades[order.level_of(one).grade])}
        for one in first
    ]


def assess_in_bulk(*, order: Order, records: QuerySet, by: User) -> Batch:
    """Keep the order with the records that it is for; it runs with `apply_assessments`.

    Raises `Refused` for a day that has not come, a missing reason, a value out of use, or an order without effect.
    """
    refuse_stranger(by)
    if order.day() > timezone.localdate():
        raise FieldRefused("date", _("This day is in the future. Enter the day of the assessment."))
    for level in order.levels():
        needed(level.reason)
    wanted = {level.grade for level in order.levels()}
    usable = Grade.objects.filter(scale__voice=Voice.GOVERNMENT, scale__bodies="", scale__is_in_use=True)
    if usable.filter(pk__in=wanted, is_in_use=True).count() < len(wanted):
        raise FieldRefused("grade", _("This value is out of use. Choose another."))
    pks = list(affected(order, records).order_by("pk").values_list("pk", flat=True))
    return bulk.keep_order(shape=ASSESSMENT, name=title(order), change=asdict(order), pks=pks, by=by)


def apply_assessments(batch: Batch) -> None:
    change, pks = bulk.read_kept(batch)
    order = Order.from_json(change)
    for some in batched(pks[batch.done :], bulk.AT_ONCE):
        apply_some(batch, order, some)
    bulk.switch_on(batch, said={"deed": ASSESSMENT, "date": order.on, "records": len(pks)})


@transaction.atomic
def apply_some(batch: Batch, order: Order, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first():
        return  # undone while it ran
    records = affected(order, Recommendation.objects.kept().filter(pk__in=pks)).select_for_update(of=("self",))
    grades = Grade.objects.in_bulk([level.grade for level in order.levels()])
    Assessment.objects.bulk_create([assessment_of(batch, order, record, grades) for record in records])
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


def assessment_of(batch: Batch, order: Order, record: Recommendation, grades: dict[int, Grade]) -> Assessment:
    level = order.level_of(record)
    grade = grades[level.grade]
    return Assessment(
        recommendation=record,
        voice=Voice.GOVERNMENT,
        grade=grade,
        common=grade.common,
        reason=needed(level.reason),
        confidence=order.confidence,
        date=order.day(),
        is_latest=False,
        made_by=batch.created_by,
        brought_by=batch,
    )


def clear_assessments(batch: Batch, *, by: User) -> int:
    """Remove what an undone change wrote; may be repeated. What was published, completed or taken back since stays:
    returns how many."""
    mine = Assessment.objects.filter(brought_by=batch)
    used = Q(is_published=True) | Q(retracted_at__isnull=False) | Q(evidence__isnull=False)
    used |= Q(measurements__isnull=False) | Q(act_is_outcome=True)
    left = list(mine.filter(used).values_list("pk", flat=True).distinct())
    mine.exclude(pk__in=left).delete()
    return len(left)
