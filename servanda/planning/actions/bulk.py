"""Answer many records with one action: preview, apply in short steps, undo as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.planning.actions.rules import refuse_foreign
from servanda.planning.actions.services import lead_of
from servanda.planning.assignments.bulk import readable_by
from servanda.planning.models import Action, ActionRecommendation
from servanda.recommendations.bulk.registry import BULK, BulkChange
from servanda.recommendations.models import Recommendation


@dataclass(slots=True, frozen=True)
class AnswerWithAction(BulkChange):
    shape: ClassVar[str] = f"{BULK}-answers"
    is_undone_in_one_step: ClassVar[bool] = True

    action: Action

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Only the key is stored, so that the change can be undone even after the action was deleted."""
        return cls(Action(pk=values["action"]))

    def as_json(self) -> dict[str, Any]:
        return {"action": self.action.pk}

    def title(self) -> str:
        return _("Link action %(code)s: %(title)s") % {"code": self.action.code, "title": self.action.title}

    def affected(self, rows: QuerySet) -> QuerySet:
        """The records that the lead may read and that the action does not answer yet."""
        lead = lead_of(self.action)
        readable = readable_by(rows, lead.pk) if lead else rows
        return readable.exclude(pk__in=self.action.answers.values("recommendation_id"))

    def old_and_new(self, first: Sequence[Recommendation]) -> list[tuple[str, str]]:
        return [("", str(self.action)) for _record in first]

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        refuse_foreign(self.action, by=by)

    def still_affected(self, batch: Batch, pks: Sequence[int]) -> list[Recommendation]:
        """Here the action is locked, not the records."""
        action = Action.objects.select_for_update().get(pk=self.action.pk)
        return list(AnswerWithAction(action).affected(Recommendation.every_kind.kept().filter(pk__in=pks)))

    def write(self, batch: Batch, rows: Sequence[Recommendation]) -> None:
        common = {"action": self.action, "added_by": batch.created_by, "brought_by": batch}
        ActionRecommendation.objects.bulk_create(ActionRecommendation(recommendation=row, **common) for row in rows)

    def in_codes(self) -> dict[str, Any]:
        return {"action": Action.objects.values_list("code", flat=True).get(pk=self.action.pk)}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        ActionRecommendation.objects.filter(brought_by=batch).delete()
        return 0
