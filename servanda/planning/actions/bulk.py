"""One action that answers many records: previewed, applied in short steps, undone from the page of the change."""

from collections.abc import Sequence
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.planning.actions.rules import refuse_foreign
from servanda.planning.actions.services import lead_of
from servanda.planning.assignments.bulk import readable_by
from servanda.planning.models import Action, ActionRecommendation
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import FIRST_DIFFERENCES
from servanda.recommendations.models import Recommendation

ANSWERS = f"{bulk.BULK}-answers"  # the shape of such a batch
State = Batch.State


def affected(action: Action, records: QuerySet) -> QuerySet:
    """Those among these records that the lead may read and that the action does not answer yet."""
    lead = lead_of(action)
    readable = readable_by(records, lead.pk) if lead else records
    return readable.exclude(pk__in=action.answers.values("recommendation_id"))


def title(action: Action) -> str:
    return _("Answer with %(code)s: %(title)s") % {"code": action.code, "title": action.title}


def first_differences(action: Action, records: QuerySet) -> list[dict[str, object]]:
    """The first records that would be answered by it then."""
    first = affected(action, records).order_by("order_key", "pk")[:FIRST_DIFFERENCES]
    return [{"label": one.code, "old": "", "new": str(action)} for one in first]


def answer_in_bulk(*, action: Action, records: QuerySet, by: User) -> Batch:
    """Keep the action with the records that it is to answer; it runs with `apply_answers`."""
    refuse_foreign(action, by=by)
    pks = list(affected(action, records).order_by("pk").values_list("pk", flat=True))
    return bulk.keep_order(shape=ANSWERS, name=title(action), change={"action": action.pk}, pks=pks, by=by)


def apply_answers(batch: Batch) -> None:
    change, pks = bulk.read_kept(batch)
    action = Action.objects.get(pk=change["action"])
    for some in batched(pks[batch.done :], bulk.AT_ONCE):
        apply_some(batch, action, some)
    bulk.switch_on(batch, said={"action": action.code, "records": len(pks)})


@transaction.atomic
def apply_some(batch: Batch, action: Action, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first():
        return  # undone while it ran
    held = Action.objects.select_for_update().get(pk=action.pk)
    records = affected(held, Recommendation.objects.kept().filter(pk__in=pks))
    ActionRecommendation.objects.bulk_create(
        ActionRecommendation(action=held, recommendation=one, added_by=batch.created_by, brought_by=batch)
        for one in records
    )
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


@transaction.atomic
def clear_answers(batch: Batch, *, by: User) -> int:  # noqa: ARG001 -- as the others of their kind
    """Take back what an undone change said; may be repeated. Returns how many records say something else since."""
    ActionRecommendation.objects.filter(brought_by=batch).delete()
    return 0
