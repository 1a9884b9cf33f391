"""Assign one institution to many records: preview, apply in short steps, undo as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import Institution, User, answering_for
from servanda.planning.assignments.services import Ending, Part, refuse_closed, refuse_due_too_early, save_assignments
from servanda.planning.models import Assignment
from servanda.recommendations.bulk.registry import BULK, BulkChange
from servanda.recommendations.editing.versioning import lock_all
from servanda.recommendations.models import Recommendation
from servanda.sources.printed.texts import clean


@dataclass(slots=True, frozen=True)
class AssignInstitution(BulkChange):
    """Assign one institution to many records on the same terms."""

    shape: ClassVar[str] = f"{BULK}-assignment"

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
        terms = {"institution_id": self.institution, "part": self.part, "note": clean(self.note)}
        return terms | {"due_on": self.last_day()}

    def title(self) -> str:
        institution = Institution.objects.get(pk=self.institution)
        return _("Assign: %(institution)s (%(part)s)") % {"institution": institution, "part": Part(self.part).label}

    def affected(self, rows: QuerySet) -> QuerySet:
        """The records that the institution may read and that lack this assignment, whatever its first day."""
        same = Assignment.objects.current().filter(**self.terms())
        return readable_by(rows, self.institution).exclude(pk__in=same.values("recommendation_id"))

    def old_and_new(self, first: Sequence[Recommendation]) -> list[tuple[str, str]]:
        current = Assignment.objects.current().filter(recommendation__in=first, part=self.part)
        names: dict[int, list[str]] = {}
        for assignment in current.select_related("institution"):
            names.setdefault(assignment.recommendation_id, []).append(str(assignment.institution))
        new = str(Institution.objects.get(pk=self.institution))
        return [(", ".join(names.get(record.pk, [])), new) for record in first]

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        refuse_due_too_early(since=self.first_day(), due_on=self.last_day())
        refuse_closed(Institution.objects.get(pk=self.institution), since=self.first_day())

    def write(self, batch: Batch, rows: Sequence[Recommendation]) -> None:
        common = {**self.terms(), "since": self.first_day(), "assigned_by": batch.created_by, "brought_by": batch}
        assignments = [Assignment(recommendation=record, **common) for record in rows]
        save_assignments(assignments, by=batch.created_by, batch=batch)

    def in_codes(self) -> dict[str, Any]:
        code = Institution.objects.values_list("code", flat=True).get(pk=self.institution)
        return {"institution": code, "part": self.part, "since": self.since, "due_on": self.due_on}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        lock_all(pks)
        made = Assignment.objects.filter(brought_by=batch, recommendation__in=pks)
        unchanged = list(made.current().values_list("recommendation_id", flat=True))
        kept = made.exclude(recommendation__in=unchanged).exclude(ending=Ending.UNDONE).count()
        made.current().update(ended_at=timezone.now(), ended_by=by, ending=Ending.UNDONE)
        for former in Assignment.objects.filter(ended_in=batch, recommendation__in=unchanged):
            reinstate(former)
        return kept


def readable_by(records: QuerySet, institution: int) -> QuerySet:
    """The records that an institution may read: `may_read` for many records."""
    named = Recommendation.restricted_to.through.objects.filter(institution__in=answering_for({institution}))
    is_open = ~Q(confidentiality=Recommendation.Confidentiality.RESTRICTED)
    return records.filter(is_open | Q(pk__in=named.values("recommendation_id")))


def reinstate(former: Assignment) -> None:
    """Make it current again, unless another institution has its part now."""
    if is_taken(former):
        return
    former.ended_at = former.ended_by = former.ended_in = None
    former.ending = ""
    former.save(update_fields=["ended_at", "ended_by", "ended_in", "ending"])


def is_taken(former: Assignment) -> bool:
    """Whether the record has another lead, or another assignment of the same institution, since."""
    current = Assignment.objects.current().filter(recommendation=former.recommendation_id)
    same_institution = Q(institution=former.institution_id)
    return current.filter(
        same_institution | Q(part=Part.LEAD) if former.part == Part.LEAD else same_institution
    ).exists()
