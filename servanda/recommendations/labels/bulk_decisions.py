"""Decisions on many suggestions at once: on those ticked, or by label and probability.

They are previewed, and exactly those previewed are decided on. They take effect together and are undone together.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch
from servanda.kit.pages.translations import listed
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.recommendations.bulk.changes import label_as_person
from servanda.recommendations.bulk.registry import BULK, BulkChange, Difference
from servanda.recommendations.counting.counts import invalidate_counts
from servanda.recommendations.editing.versioning import save_versions, write_baselines
from servanda.recommendations.models import Recommendation, Suggestion, Tagging
from servanda.recommendations.models.suggesting import SuggestionQuerySet
from servanda.vocab.models import Taxonomy, Term

LABELS_NAMED = 3  # labels of ticked suggestions that are listed in the title of the change
State = Suggestion.State


class Answer(models.TextChoices):
    ACCEPT = "accept", gettext_lazy("Accept")
    REJECT = "reject", gettext_lazy("Reject")
    CHANGE = "change", gettext_lazy("Change")


@dataclass(frozen=True, slots=True)
class AnswerSuggestions(BulkChange):
    """One answer to many suggestions: those of a taxonomy from a probability on, those of a label between percentages
    as the queue shows them, or those ticked."""

    shape: ClassVar[str] = f"{BULK}-suggestions"

    answer: str = Answer.ACCEPT
    taxonomy: int = 0
    probability: float = 0
    term: int = 0
    least: int = 0  # per cent; 0: no lower bound
    below: int = 0  # per cent; 0: no upper bound
    ticked: tuple[int, ...] = ()
    instead: int = 0

    def as_json(self) -> dict[str, Any]:
        """The parameters without the ticked suggestions, which the batch stores."""
        return {name: value for name, value in asdict(self).items() if name != "ticked"}

    def narrowed_to(self, pks: Sequence[int]) -> Self:
        """Limited to these suggestions, which were previewed."""
        return replace(self, ticked=tuple(pks)) if self.ticked else self

    def title(self) -> str:
        """The answer and the suggestions it is for, in one line."""
        values = {"what": chosen_in_words(self)}
        if self.answer == Answer.ACCEPT:
            return _("Accept suggestions: %(what)s") % values
        if self.answer == Answer.REJECT:
            return _("Reject suggestions: %(what)s") % values
        return _("Change suggestions to “%(label)s”: %(what)s") % {
            **values,
            "label": Term.objects.get(pk=self.instead),
        }

    def affected(self, rows: Any) -> SuggestionQuerySet:
        return affected(self, rows)

    def in_preview_order(self, affected: QuerySet) -> QuerySet:
        """The likeliest mistakes first: when accepting, the least probable; otherwise the most probable."""
        probability = "probability" if self.answer == Answer.ACCEPT else "-probability"
        return affected.select_related("recommendation", "term").order_by(probability, "pk")

    def differences(self, first: Sequence[Suggestion]) -> list[Difference]:
        instead = str(Term.objects.get(pk=self.instead)) if self.instead else ""
        accepts = self.answer == Answer.ACCEPT
        return [
            Difference(
                label=suggestion.recommendation.code,
                old="" if accepts else str(suggestion.term),
                new=str(suggestion.term) if accepts else instead,
            )
            for suggestion in first
        ]

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        if self.answer == Answer.CHANGE and not Term.objects.filter(pk=self.instead, is_artefact=False).exists():
            raise Refused(_("Choose another label of the same taxonomy."))

    def apply_to(self, batch: Batch, pks: Sequence[int]) -> None:
        record_ids = Suggestion.objects.filter(pk__in=pks).values("recommendation")
        locked = Recommendation.objects.kept().filter(pk__in=record_ids).select_for_update().order_by("pk")
        by_pk = {record.pk: record for record in locked}
        waiting = list(Suggestion.objects.waiting().filter(pk__in=pks, recommendation__in=by_pk))
        records = [by_pk[pk] for pk in sorted({suggestion.recommendation_id for suggestion in waiting})]
        write_baselines(records)
        ANSWERING[self.answer](batch, self, waiting)
        save_versions(records, [], "records-changed-in-bulk", by=batch.created_by)
        invalidate_counts()

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        return values_in_codes(self) | {"suggestions": batch.total}

    def take_back(self, batch: Batch, pks: Sequence[int], *, by: User) -> int:
        """Reopen the suggestions; returns 0, since all of them can be."""
        record_ids = Suggestion.objects.filter(pk__in=pks, decided_in=batch).values("recommendation")
        records = list(Recommendation.objects.filter(pk__in=record_ids).select_for_update().order_by("pk"))
        Tagging.objects.filter(recommendation__in=records, added_by=batch).delete()
        Tagging.objects.filter(recommendation__in=records, ended_by=batch).update(ended_by=None)
        decided = Suggestion.objects.filter(recommendation__in=records, decided_in=batch)
        decided.update(state=State.WAITING, instead=None, decided_by=None, decided_at=None, decided_in=None)
        if records:
            save_versions(records, [], "bulk-change-undone", by=by)
        invalidate_counts()
        return 0


def affected(answer: AnswerSuggestions, suggestions: SuggestionQuerySet) -> SuggestionQuerySet:
    """Those of the suggestions that wait for such an answer. Suggestions made from names have no learned model and
    are never accepted by probability."""
    waiting = suggestions.waiting()
    if answer.taxonomy:
        waiting = waiting.filter(term__taxonomy=answer.taxonomy, probability__gte=answer.probability).exclude(
            model=None
        )
    elif answer.term:
        waiting = waiting.filter(term=answer.term)
        if answer.least:
            waiting = waiting.filter(probability__gte=shown_from(answer.least))
        if answer.below:
            waiting = waiting.filter(probability__lt=shown_from(answer.below))
    else:
        waiting = waiting.filter(pk__in=answer.ticked)
    if answer.instead:
        taxonomy_ids = Term.objects.filter(pk=answer.instead).values("taxonomy")
        waiting = waiting.filter(term__taxonomy__in=taxonomy_ids).exclude(term=answer.instead)
    return waiting


def shown_from(percent: int) -> float:
    """The lowest probability that a page rounds to this percentage."""
    return (percent - 0.5) / 100


def digest_of(pks: Sequence[int]) -> str:
    """A digest of the previewed suggestions, to detect that the set has changed since."""
    return sha256(" ".join(map(str, sorted(pks))).encode()).hexdigest()


def chosen_in_words(answer: AnswerSuggestions) -> str:
    if not (answer.taxonomy or answer.term):
        ticked = Suggestion.objects.filter(pk__in=answer.ticked)
        names = [str(term) for term in Term.objects.filter(pk__in=ticked.values("term"))]
        return listed(names[:LABELS_NAMED]) + (" …" if len(names) > LABELS_NAMED else "")
    of = str(Taxonomy.objects.get(pk=answer.taxonomy) if answer.taxonomy else Term.objects.get(pk=answer.term))
    if answer.below:
        return _("%(label)s, below %(percent)d %%") % {"label": of, "percent": answer.below}
    if least := answer.least or round(answer.probability * 100):
        return _("%(label)s, from %(percent)d %% on") % {"label": of, "percent": least}
    return of


def values_in_codes(answer: AnswerSuggestions) -> dict[str, object]:
    values: dict[str, object] = {"answer": answer.answer}
    if answer.taxonomy:
        code = Taxonomy.objects.values_list("code", flat=True).get(pk=answer.taxonomy)
        values |= {"taxonomy": code, "probability": answer.probability}
    codes = dict(Term.objects.filter(pk__in=[answer.term, answer.instead]).values_list("pk", "code"))
    values |= {name: codes[pk] for name, pk in (("label", answer.term), ("instead", answer.instead)) if pk in codes}
    bounds = {"from": answer.least, "below": answer.below}
    return values | {name: percent for name, percent in bounds.items() if percent}


def accept(batch: Batch, _answer: AnswerSuggestions, waiting: Sequence[Suggestion]) -> None:
    decide(batch, State.ACCEPTED, waiting)
    label_as_person(batch, [(suggestion.recommendation_id, suggestion.term_id) for suggestion in waiting])


def reject(batch: Batch, _answer: AnswerSuggestions, waiting: Sequence[Suggestion]) -> None:
    decide(batch, State.REJECTED, waiting)


def change(batch: Batch, answer: AnswerSuggestions, waiting: Sequence[Suggestion]) -> None:
    """Each record gets the right label once, however many of its suggestions were wrong; a suggestion of that label
    is accepted."""
    records = {suggestion.recommendation_id for suggestion in waiting}
    decide(batch, State.CHANGED, waiting, instead=answer.instead)
    present = Tagging.objects.current().filter(recommendation__in=records, term=answer.instead)
    already_labelled = set(present.exclude(origin=Tagging.Origin.MACHINE).values_list("recommendation", flat=True))
    right = Suggestion.objects.waiting().filter(recommendation__in=records, term=answer.instead)
    decide(batch, State.ACCEPTED, list(right))
    label_as_person(batch, [(record, answer.instead) for record in sorted(records - already_labelled)])


ANSWERING: dict[str, Callable[[Batch, AnswerSuggestions, Sequence[Suggestion]], None]] = {
    Answer.ACCEPT: accept,
    Answer.REJECT: reject,
    Answer.CHANGE: change,
}


def decide(batch: Batch, state: str, waiting: Sequence[Suggestion], *, instead: int | None = None) -> None:
    """Record the decision; the batch ends the suggested labels."""
    Tagging.objects.filter(suggestion__in=waiting).update(ended_by=batch)
    Suggestion.objects.filter(pk__in=[suggestion.pk for suggestion in waiting]).update(
        state=state, instead=instead, decided_by=batch.created_by, decided_at=timezone.now(), decided_in=batch
    )
