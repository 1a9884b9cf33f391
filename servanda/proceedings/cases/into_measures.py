"""Records that were imported from a judgment as ordinary recommendations become measures of its case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.proceedings.models import CaseMeasure, Proceeding
from servanda.proceedings.rules import lock_kept, refuse_closed, refuse_unless_running, save_version
from servanda.recommendations.bulk.bases import VersionedChange
from servanda.recommendations.bulk.registry import BULK
from servanda.recommendations.models import FieldChange, OrderedMeasure, Recommendation, is_apart
from servanda.vocab.procedures import KINDS_WITH_POSITIONS

Kind = Recommendation.Kind


def cases_open_to(user: User) -> QuerySet[Proceeding]:
    """The cases to which this person may add measures."""
    return Proceeding.objects.visible_to(user).open().filter(case__isnull=False).order_by("reference", "pk")


@dataclass(slots=True, frozen=True)
class IntoMeasures(VersionedChange):
    """Records of the body of a case, on which no position is taken, become its measures of one type. Their texts,
    assignments and updates stay with them, and they leave the lists of recommendations."""

    shape: ClassVar[str] = f"{BULK}-measures"

    proceeding: int
    type: str

    @property
    def changed_fields(self) -> list[str]:
        return ["kind"]

    def case(self) -> Proceeding:
        return Proceeding.objects.get(pk=self.proceeding)

    def title(self) -> str:
        return _("Measures of the case %(case)s") % {"case": self.case().reference}

    def affected(self, rows: QuerySet) -> QuerySet:
        bodies = Proceeding.bodies.through.objects.filter(proceeding=self.proceeding).values("body")
        found = rows.filter(~is_apart(), body__in=bodies, stand="", decide_by=None, merged_into=None)
        return found.exclude(body__kind__in=KINDS_WITH_POSITIONS)

    def old_and_new(self, first: Sequence[Recommendation]) -> list[tuple[str, str]]:
        new = f"{Kind.MEASURE.label} · {OrderedMeasure.Type(self.type).label}"
        return [(str(record.get_kind_display()), new) for record in first]

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        refuse_unless_running(by)
        refuse_closed(self.case())

    def in_codes(self) -> dict[str, Any]:
        return {"case": self.case().reference, "type": self.type}

    def write_rows(self, batch: Batch, rows: Sequence[Recommendation]) -> None:
        add_to_case(self.proceeding, self.type, batch, rows)
        record_links(self.case(), "case-measures-linked", ["", codes_of(rows)], by=batch.created_by)

    def restore(self, batch: Batch, records: Sequence[Recommendation]) -> Sequence[Recommendation]:
        """Restore the records that are still in the case and have no further facts."""
        unchanged = without_further_facts(self.proceeding, self.type, records)
        restored = [record for record in records if record.pk in unchanged]
        take_from_case(batch, restored)
        return restored

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        links = CaseMeasure.objects.filter(proceeding=self.proceeding, recommendation__in=pks)
        before = set(links.values_list("recommendation", flat=True))
        left = VersionedChange.take_back(self, batch, pks, by=by)
        if gone := before.difference(links.values_list("recommendation", flat=True)):
            codes = codes_of(Recommendation.objects.filter(pk__in=gone))
            record_links(self.case(), "case-measure-unlinked", [codes, ""], by=by)
        return left


def add_to_case(proceeding: int, measure_type: str, batch: Batch, rows: Sequence[Recommendation]) -> None:
    FieldChange.objects.bulk_create(
        FieldChange(batch=batch, recommendation=record, field="kind", old=record.kind, new=Kind.MEASURE)
        for record in rows
    )
    OrderedMeasure.objects.bulk_create(OrderedMeasure(recommendation=record, type=measure_type) for record in rows)
    CaseMeasure.objects.bulk_create(CaseMeasure(proceeding_id=proceeding, recommendation=record) for record in rows)
    for record in rows:
        record.kind = Kind.MEASURE


def without_further_facts(proceeding: int, measure_type: str, records: Sequence[Recommendation]) -> set[int]:
    links = CaseMeasure.objects.filter(proceeding=proceeding, recommendation__in=records)
    untouched = OrderedMeasure.objects.filter(
        recommendation__in=links.values("recommendation"),
        type=measure_type,
        due_on=None,
        amount=None,
        interest=None,
        paid_on=None,
    )
    return set(untouched.values_list("recommendation", flat=True))


def take_from_case(batch: Batch, records: Sequence[Recommendation]) -> None:
    """Take the records out of the case and restore their former kind."""
    former = dict(FieldChange.objects.filter(batch=batch).values_list("recommendation", "old"))
    for record in records:
        record.kind = former[record.pk]
    CaseMeasure.objects.filter(recommendation__in=records).delete()
    OrderedMeasure.objects.filter(recommendation__in=records).delete()
    FieldChange.objects.filter(batch=batch, recommendation__in=records).delete()


def record_links(case: Proceeding, action: str, pair: list[str], *, by: User | None) -> None:
    proceeding = lock_kept(case)
    if by is not None and pair != ["", ""]:
        save_version(proceeding, action, by=by, difference={"measures": pair})


def codes_of(records: Iterable[Recommendation]) -> str:
    return ", ".join(sorted(record.code for record in records))
