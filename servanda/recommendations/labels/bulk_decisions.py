"""Decisions on many suggestions at once: on those ticked, or by label and probability.

They are previewed, and exactly those previewed are decided on. They take effect together and are undone together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from servanda.recommendations.bulk.bases import ChangeOfParts, VersionedChange
from servanda.recommendations.bulk.changes import label_as_person
from servanda.recommendations.bulk.registry import BULK
from servanda.recommendations.models import Recommendation, Suggestion, Tagging
from servanda.recommendations.models.suggesting import SuggestionQuerySet
from servanda.vocab.models import Taxonomy, Term

LABELS_NAMED = 3  # labels of ticked suggestions that are listed in the title of the change
State = Suggestion.State


class Answer(models.TextChoices):
    ACCEPT = "accept", gettext_lazy("Accept")
    REJECT = "reject", gettext_lazy("Reject")
    CHANGE = "change", gettext_lazy("Change")


TITLES: dict[str, object] = {
    Answer.ACCEPT: gettext_lazy("Accept suggestions: %(what)s"),
    Answer.REJECT: gettext_lazy("Reject suggestions: %(what)s"),
    Answer.CHANGE: gettext_lazy("Change suggestions to “%(label)s”: %(what)s"),
}


@dataclass(frozen=True, slots=True)
class AnswerSuggestions(VersionedChange, ChangeOfParts):
    """One answer to many suggestions: those of a taxonomy, those of a label, or those ticked."""

    shape: ClassVar[str] = f"{BULK}-suggestions"
    model: ClassVar[type[models.Model]] = Suggestion

    answer: str = Answer.ACCEPT
    taxonomy: int = 0
    probability: float = 0  # of a taxonomy: from which on
    term: int = 0
    least: int = 0  # of a label, in per cent as the queue shows them; 0: no lower bound
    below: int = 0  # 0: no upper bound
    ticked: tuple[int, ...] = ()
    instead: int = 0

    def narrowed_to(self, pks: Sequence[int]) -> Self:
        """Limited to these suggestions, which were previewed."""
        return replace(self, ticked=tuple(pks)) if self.ticked else self

    def title(self) -> str:
        return str(TITLES[self.answer]) % {"what": chosen_in_words(self), "label": self.label_instead()}

    def label_instead(self) -> str:
        return str(Term.objects.get(pk=self.instead)) if self.instead else ""

    def affected(self, rows: Any) -> SuggestionQuerySet:
        return affected(self, rows)

    def in_preview_order(self, affected: QuerySet) -> QuerySet:
        """The likeliest mistakes first: when accepting, the least probable; otherwise the most probable."""
        probability = "probability" if self.answer == Answer.ACCEPT else "-probability"
        return affected.select_related("recommendation", "term").order_by(probability, "pk")

    def old_and_new(self, first: Sequence[Suggestion]) -> list[tuple[str, str]]:
        if self.answer == Answer.ACCEPT:
            return [("", str(suggestion.term)) for suggestion in first]
        instead = self.label_instead()
        return [(str(suggestion.term), instead) for suggestion in first]

    def refuse(self, pks: Sequence[int], *, by: User) -> None:
        if self.answer == Answer.CHANGE and not Term.objects.filter(pk=self.instead, is_artefact=False).exists():
            raise Refused(_("Choose another label of the same taxonomy."))

    def open_parts(self, batch: Batch, parts: SuggestionQuerySet) -> SuggestionQuerySet:
        return parts.waiting()

    def write_rows(self, batch: Batch, rows: Sequence[Suggestion]) -> None:
        ANSWERING[self.answer](batch, self, rows)

    def trail_values(self, batch: Batch) -> dict[str, Any]:
        return values_in_codes(self) | {"suggestions": batch.total}

    def written_records(self, batch: Batch, pks: Sequence[int]) -> QuerySet[Recommendation]:
        decided = Suggestion.objects.filter(pk__in=pks, decided_in=batch)
        return Recommendation.objects.filter(pk__in=decided.values("recommendation"))

    def restore(self, batch: Batch, records: Sequence[Recommendation]) -> Sequence[Recommendation]:
        decided = Suggestion.objects.filter(recommendation__in=records, decided_in=batch)
        decided.update(state=State.WAITING, instead=None, decided_by=None, decided_at=None, decided_in=None)
        return records


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
        return _("%(label)s, below %(percent)d%%") % {"label": of, "percent": answer.below}
    if least := answer.least or round(answer.probability * 100):
        return _("%(label)s, %(percent)d%% or more") % {"label": of, "percent": least}
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
