"""What a person says to many suggestions of the machine at once: to those ticked, or by label and probability.

They are previewed, and what runs is exactly what was previewed; they count together, and are taken back together.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import batched

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch
from servanda.kit.pages.translations import listed
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import FIRST_DIFFERENCES
from servanda.recommendations.counting.counts import touch
from servanda.recommendations.editing.versioning import save_versions, write_baselines
from servanda.recommendations.models import Recommendation, Suggestion, Tagging
from servanda.recommendations.models.suggesting import SuggestionQuerySet
from servanda.vocab.models import Taxonomy, Term

DECIDING = f"{bulk.BULK}-suggestions"  # the shape of such a batch
LABELS_NAMED = 3  # of those ticked, in the name of the change
State = Suggestion.State


class Answer(models.TextChoices):
    ACCEPT = "accept", gettext_lazy("Accept")
    REJECT = "reject", gettext_lazy("Reject")
    CHANGE = "change", gettext_lazy("Change")


@dataclass(frozen=True, slots=True)
class Order:
    """One answer to many suggestions: of a taxonomy from a probability on, of a label between percentages as the
    queue shows them, or those ticked."""

    answer: str = Answer.ACCEPT
    taxonomy: int = 0
    probability: float = 0
    term: int = 0
    least: int = 0  # per cent; none: from the least sure on
    below: int = 0  # per cent; none: up to the surest
    ticked: tuple[int, ...] = ()
    instead: int = 0

    def as_json(self) -> dict:
        """Without those ticked: the batch keeps which suggestions it is for."""
        return {name: value for name, value in asdict(self).items() if name != "ticked"}


def read_order(batch: Batch) -> tuple[Order, list[int]]:
    change, pks = bulk.read_kept(batch)
    return Order(**change), pks


def affected(order: Order, suggestions: SuggestionQuerySet) -> SuggestionQuerySet:
    """Of these, the ones that wait for such an answer. Guesses by names are never accepted by a probability."""
    found = suggestions.waiting()
    if order.taxonomy:
        found = found.filter(term__taxonomy=order.taxonomy, probability__gte=order.probability).exclude(model=None)
    elif order.term:
        found = found.filter(term=order.term)
        if order.least:
            found = found.filter(probability__gte=shown_from(order.least))
        if order.below:
            found = found.filter(probability__lt=shown_from(order.below))
    else:
        found = found.filter(pk__in=order.ticked)
    if order.instead:
        same = Term.objects.filter(pk=order.instead).values("taxonomy")
        found = found.filter(term__taxonomy__in=same).exclude(term=order.instead)
    return found


def shown_from(percent: int) -> float:
    """The least probability that a page rounds to this percentage."""
    return (percent - 0.5) / 100


def picked(order: Order, suggestions: SuggestionQuerySet) -> list[int]:
    return list(affected(order, suggestions).order_by("pk").values_list("pk", flat=True))


def digest_of(pks: Sequence[int]) -> str:
    """Which suggestions were previewed: one that went and another that came are no longer the same."""
    return sha256(" ".join(map(str, sorted(pks))).encode()).hexdigest()


def first_differences(order: Order, suggestions: SuggestionQuerySet) -> list[dict[str, object]]:
    """Of those to be accepted the least sure, of others the surest: where a slip is likeliest."""
    found = affected(order, suggestions).select_related("recommendation", "term")
    first = found.order_by("probability" if order.answer == Answer.ACCEPT else "-probability", "pk")
    new = str(Term.objects.get(pk=order.instead)) if order.instead else ""

    def difference(one: Suggestion) -> dict[str, object]:
        if order.answer == Answer.ACCEPT:
            return {"label": one.recommendation.code, "old": "", "new": str(one.term)}
        return {"label": one.recommendation.code, "old": str(one.term), "new": new}

    return [difference(one) for one in first[:FIRST_DIFFERENCES]]


def title(order: Order, pks: Sequence[int]) -> str:
    """What is answered to which, in one line."""
    what = {"what": chosen(order, pks)}
    if order.answer == Answer.ACCEPT:
        return _("Accept suggestions: %(what)s") % what
    if order.answer == Answer.REJECT:
        return _("Reject suggestions: %(what)s") % what
    return _("Change suggestions to “%(label)s”: %(what)s") % {**what, "label": Term.objects.get(pk=order.instead)}


def chosen(order: Order, pks: Sequence[int]) -> str:
    if not (order.taxonomy or order.term):
        names = [str(one) for one in Term.objects.filter(pk__in=Suggestion.objects.filter(pk__in=pks).values("term"))]
        return listed(names[:LABELS_NAMED]) + (" …" if len(names) > LABELS_NAMED else "")
    of = str(Taxonomy.objects.get(pk=order.taxonomy) if order.taxonomy else Term.objects.get(pk=order.term))
    if order.below:
        return _("%(label)s, below %(percent)d %%") % {"label": of, "percent": order.below}
    if least := order.least or round(order.probability * 100):
        return _("%(label)s, from %(percent)d %% on") % {"label": of, "percent": least}
    return of


def decide_suggestions(*, order: Order, pks: list[int], by: User) -> Batch:
    """Keep the answer with the suggestions that were previewed; it runs with `apply_decided`."""
    if order.answer == Answer.CHANGE and not Term.objects.filter(pk=order.instead, is_artefact=False).exists():
        raise Refused(_("Choose another label of the same taxonomy."))
    return bulk.keep_order(shape=DECIDING, name=title(order, pks), change=order.as_json(), pks=pks, by=by)


def apply_decided(batch: Batch) -> None:
    order, pks = read_order(batch)
    for some in batched(pks[batch.done :], bulk.AT_ONCE):
        apply_some(batch, order, some)
    bulk.switch_on(batch, said=said_of(order) | {"suggestions": len(pks)})


def said_of(order: Order) -> dict[str, object]:
    """For the trail, in codes that stay when words change."""
    said: dict[str, object] = {"answer": order.answer}
    if order.taxonomy:
        code = Taxonomy.objects.values_list("code", flat=True).get(pk=order.taxonomy)
        said |= {"taxonomy": code, "probability": order.probability}
    codes = dict(Term.objects.filter(pk__in=[order.term, order.instead]).values_list("pk", "code"))
    said |= {name: codes[pk] for name, pk in (("label", order.term), ("instead", order.instead)) if pk in codes}
    bounds = {"from": order.least, "below": order.below}
    return said | {name: percent for name, percent in bounds.items() if percent}


@transaction.atomic
def apply_some(batch: Batch, order: Order, pks: Sequence[int]) -> None:
    if not Batch.objects.select_for_update().filter(pk=batch.pk, state=Batch.State.APPLYING).first():
        return  # undone while it ran
    theirs = Suggestion.objects.filter(pk__in=pks).values("recommendation")
    kept = Recommendation.objects.kept().filter(pk__in=theirs).select_for_update().order_by("pk")
    held_records = {record.pk: record for record in kept}
    waiting = list(Suggestion.objects.waiting().filter(pk__in=pks, recommendation__in=held_records))
    records = [held_records[pk] for pk in sorted({one.recommendation_id for one in waiting})]
    write_baselines(records)
    ANSWERING[order.answer](batch, order, waiting)
    save_versions(records, [], "records-changed-in-bulk", by=batch.created_by)
    touch()
    batch.done += len(pks)
    Batch.objects.filter(pk=batch.pk).update(done=batch.done)


def accept(batch: Batch, _order: Order, waiting: Sequence[Suggestion]) -> None:
    decide(batch, State.ACCEPTED, waiting)
    say(batch, [(one.recommendation_id, one.term_id) for one in waiting])


def reject(batch: Batch, _order: Order, waiting: Sequence[Suggestion]) -> None:
    decide(batch, State.REJECTED, waiting)


def change(batch: Batch, order: Order, waiting: Sequence[Suggestion]) -> None:
    """A record gets the right label once, however many of its suggestions were wrong; if that was suggested for it as
    well, this is accepted."""
    records = {one.recommendation_id for one in waiting}
    decide(batch, State.CHANGED, waiting, instead=order.instead)
    present = Tagging.objects.current().filter(recommendation__in=records, term=order.instead)
    there = set(present.exclude(origin=Tagging.Origin.MACHINE).values_list("recommendation", flat=True))
    right = Suggestion.objects.waiting().filter(recommendation__in=records, term=order.instead)
    decide(batch, State.ACCEPTED, list(right))
    say(batch, [(record, order.instead) for record in sorted(records - there)])


ANSWERING: dict[str, Callable[[Batch, Order, Sequence[Suggestion]], None]] = {
    Answer.ACCEPT: accept,
    Answer.REJECT: reject,
    Answer.CHANGE: change,
}


def decide(batch: Batch, state: str, waiting: Sequence[Suggestion], *, instead: int | None = None) -> None:
    """The label of the machine ends with the batch."""
    Tagging.objects.filter(suggestion__in=waiting).update(ended_by=batch)
    Suggestion.objects.filter(pk__in=[one.pk for one in waiting]).update(
        state=state, instead=instead, decided_by=batch.created_by, decided_at=timezone.now(), decided_in=batch
    )


def say(batch: Batch, labels: Sequence[tuple[int, int]]) -> None:
    """These labels of records become the word of the person who decided."""
    Tagging.objects.bulk_create(
        Tagging(
            recommendation_id=record,
            term_id=term,
            origin=Tagging.Origin.PERSON,
            said_by=batch.created_by,
            added_by=batch,
        )
        for record, term in labels
    )


def clear_decided(batch: Batch, *, by: User) -> int:
    """Let the suggestions of an undone change wait again; may be repeated. None is left behind."""
    _order, pks = read_order(batch)
    for some in batched(pks, bulk.AT_ONCE):
        clear_some(batch, some, by=by)
    return 0


@transaction.atomic
def clear_some(batch: Batch, pks: Sequence[int], *, by: User) -> None:
    theirs = Suggestion.objects.filter(pk__in=pks, decided_in=batch).values("recommendation")
    records = list(Recommendation.objects.filter(pk__in=theirs).select_for_update().order_by("pk"))
    Tagging.objects.filter(recommendation__in=records, added_by=batch).delete()
    Tagging.objects.filter(recommendation__in=records, ended_by=batch).update(ended_by=None)
    mine = Suggestion.objects.filter(recommendation__in=records, decided_in=batch)
    mine.update(state=State.WAITING, instead=None, decided_by=None, decided_at=None, decided_in=None)
    if records:
        save_versions(records, [], "bulk-change-undone", by=by)
    touch()
