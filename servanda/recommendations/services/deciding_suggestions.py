"""What a person says to a suggestion of the machine: accepted, another label instead, or rejected.

Each decision is kept, and what was accepted is what the next model learns from. Many are accepted at once above a
probability; they count together, and are taken back together.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import batched

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.counts import touch
from servanda.recommendations.models import Recommendation, Suggestion, Tagging
from servanda.recommendations.models.suggesting import SuggestionQuerySet
from servanda.recommendations.services import bulk
from servanda.recommendations.services.bulk_changes import FIRST_DIFFERENCES
from servanda.recommendations.services.keeping import hold, keep, keep_all, write_baselines
from servanda.recommendations.services.labels import add_labels
from servanda.vocab.models import Taxonomy, Term

ACCEPTING = f"{bulk.BULK}-suggestions"  # the shape of such a batch
State = Suggestion.State


def held(suggestion: Suggestion) -> Suggestion:
    hold(suggestion.recommendation)
    now = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if not Suggestion.objects.waiting().filter(pk=now.pk).exists():
        raise Refused(_("This suggestion was already decided on."))
    return now


@transaction.atomic
def accept_suggestion(*, suggestion: Suggestion, by: User) -> None:
    """The label becomes the word of this person."""
    now = held(suggestion)
    add_labels(recommendation=now.recommendation, terms=[now.term], by=by)


@transaction.atomic
def change_suggestion(*, suggestion: Suggestion, instead: Term, by: User) -> None:
    """Another label of the same taxonomy is the right one."""
    now = held(suggestion)
    if instead.pk == now.term_id or instead.taxonomy_id != now.term.taxonomy_id:
        raise Refused(_("Choose another label of the same taxonomy."))
    add_labels(recommendation=now.recommendation, terms=[instead], by=by)
    decide(now, State.CHANGED, by=by, instead=instead)


@transaction.atomic
def reject_suggestion(*, suggestion: Suggestion, by: User) -> None:
    """The label does not fit, and is not suggested for this record again."""
    now = held(suggestion)
    decide(now, State.REJECTED, by=by)
    record = Recommendation.objects.get(pk=now.recommendation_id)
    keep(record, "suggestion-rejected", by=by, difference={"labels": [str(now.term), ""]})


@transaction.atomic
def reopen_suggestion(*, suggestion: Suggestion, by: User) -> None:
    """A rejection was a slip: the suggestion waits again."""
    record = hold(suggestion.recommendation)
    rejected = Suggestion.objects.filter(pk=suggestion.pk, state=State.REJECTED)
    if not rejected.update(state=State.WAITING, decided_by=None, decided_at=None):
        raise Refused(_("Only a rejected suggestion can be reopened."))
    Tagging.objects.filter(suggestion=suggestion).update(ended_at=None)
    keep(record, "suggestion-reopened", by=by, difference={"labels": ["", str(suggestion.term)]})


def decide(now: Suggestion, state: str, *, by: User, instead: Term | None = None) -> None:
    Suggestion.objects.filter(pk=now.pk).update(
        state=state, instead=instead, decided_by=by, decided_at=timezone.now()
    )
    Tagging.objects.filter(suggestion=now, ended_at=None).update(ended_at=timezone.now())


@dataclass(frozen=True, slots=True)
class Sure:
    """All suggestions of a taxonomy from one probability on."""

    taxonomy: int
    probability: float


def affected(sure: Sure, suggestions: SuggestionQuerySet) -> SuggestionQuerySet:
    """Of these, the ones that would be accepted. Only what a model says: guesses by names are looked at singly."""
    waiting = suggestions.waiting().filter(term__taxonomy=sure.taxonomy)
    return waiting.filter(probability__gte=sure.probability).exclude(model=None)


def first_differences(sure: Sure, suggestions: SuggestionQuerySet) -> list[dict[str, object]]:
    first = affected(sure, suggestions).select_related("recommendation", "term").order_by("probability", "pk")
    return [{"label": one.recommendation.code, "old": "", "new": str(one.term)} for one in first[:FIRST_DIFFERENCES]]


def title(sure: Sure) -> str:
    said = {"taxonomy": Taxonomy.objects.get(pk=sure.taxonomy), "percent": round(sure.probability * 100)}
    return _("Accept suggestions: %(taxonomy)s, from %(percent)d %% on") % said


def accept_suggestions(*, sure: Sure, suggestions: SuggestionQuerySet, by: User) -> Batch:
    """Keep which suggestions are accepted; it runs with `apply_accepting`."""
    pks = list(affected(sure, suggestions).order_by("pk").values_list("pk", flat=True))
    return bulk.keep_order(shape=ACCEPTING, name=title(sure), change=asdict(sure), pks=pks, by=by)


def apply_accepting(batch: Batch) -> None:
    change, pks = bulk.read_kept(batch)
    for some in batched(pks[batch.done :], bulk.AT_ONCE):
        apply_some(batch, some)
    code = Taxonomy.objects.values_list("code", flat=True).get(pk=change["taxonomy"])
    bulk.switch_on(batch, said={"taxonomy": code, "probability": change["probability"], "suggestions": len(pks)})


@transaction.atomic
def apply_some(batch: Batch, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=Batch.State.APPLYING).first():
        return  # undone while it ran
    theirs = Suggestion.objects.filter(pk__in=pks).values("recommendation")
    kept = Recommendation.objects.kept().filter(pk__in=theirs).select_for_update().order_by("pk")
    held_records = {record.pk: record for record in kept}
    waiting = list(Suggestion.objects.waiting().filter(pk__in=pks, recommendation__in=held_records))
    records = [held_records[pk] for pk in sorted({one.recommendation_id for one in waiting})]
    write_baselines(records)
    Tagging.objects.filter(suggestion__in=waiting).update(ended_by=batch)
    Tagging.objects.bulk_create(
        Tagging(
            recommendation_id=one.recommendation_id,
            term_id=one.term_id,
            origin=Tagging.Origin.PERSON,
            said_by=batch.created_by,
            added_by=batch,
        )
        for one in waiting
    )
    Suggestion.objects.filter(pk__in=[one.pk for one in waiting]).update(
        state=State.ACCEPTED, decided_by=batch.created_by, decided_at=timezone.now(), decided_in=batch
    )
    keep_all(records, [], "records-changed-in-bulk", by=batch.created_by)
    touch()
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


def clear_accepting(batch: Batch, *, by: User) -> int:
    """Let the suggestions of an undone change wait again; may be repeated. None is left behind."""
    _change, pks = bulk.read_kept(batch)
    for some in batched(pks, bulk.AT_ONCE):
        clear_some(batch, some, by=by)
    return 0


@transaction.atomic
def clear_some(batch: Batch, pks: Sequence[int], *, by: User) -> None:
    mine = Suggestion.objects.filter(pk__in=pks, decided_in=batch)
    theirs = Recommendation.objects.filter(pk__in=mine.values("recommendation"))
    records = {record.pk: record for record in theirs.select_for_update().order_by("pk")}
    Tagging.objects.filter(recommendation__in=records, added_by=batch).delete()
    Tagging.objects.filter(recommendation__in=records, ended_by=batch).update(ended_by=None)
    mine.update(state=State.WAITING, decided_by=None, decided_at=None, decided_in=None)
    if records:
        keep_all(list(records.values()), [], "bulk-change-undone", by=by)
    touch()
