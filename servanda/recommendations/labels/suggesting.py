"""Suggests labels for records that have none of a taxonomy yet; a person decides on each.

A label is suggested once for a record: a rejected one is not suggested again. Suggested labels are marked as such
wherever labels are shown, and are never published.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from servanda.kit.database.bulk_rows import insert_rows, next_keys
from servanda.language.learning.cold_start import standing_out
from servanda.language.learning.label_names import LabelNames
from servanda.language.learning.labels import Sample
from servanda.language.learning.model_file import OtherVersion
from servanda.language.vectors.encoder import Embedder, NoEncoder, mark_of
from servanda.recommendations.counting.counts import invalidate_counts
from servanda.recommendations.editing.versioning import lock_all
from servanda.recommendations.filters.facets import assigned_labels
from servanda.recommendations.labels.learning import WITHOUT, names_of, opened, originals, sample_of
from servanda.recommendations.models import LabelScore, LearnedModel, Recommendation, Suggestion, Tagging
from servanda.recommendations.search.encoders import embedder, knows_languages, sends_texts
from servanda.vocab.models import Taxonomy, Term

AT_ONCE = 500
MOST = 6  # labels suggested for one record and taxonomy
# Taxonomies whose labels are suggested by their names until a model is trained.
BY_NAME = ("uhri-theme", "uhri-group", "sdg")
BY_NAME_FROM = 0.5  # how far a name must stand out; measured by `./run bench language_labels`
# Standard deviations nearer than the mean of all targets: of 71 such suggestions, 6 in 10 were right.
TARGET_FROM = 3.5
MOST_BY_NAME = 3
STRONGEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Guess:
    record: int
    code: str
    probability: float
    words: str = ""


def suggest_labels() -> int:
    """Suggest labels for all records without a label of a taxonomy; returns the number of new ones."""
    return sum(suggest_of_taxonomy(taxonomy) for taxonomy in Taxonomy.objects.all())


def suggest_of_taxonomy(taxonomy: Taxonomy) -> int:
    """Suggest labels of one taxonomy, replacing undecided suggestions of an earlier model."""
    records = list(unlabelled(taxonomy).order_by("pk").values_list("pk", flat=True))
    guesser = guesser_for(taxonomy) if records else None  # it encodes names, or reads a model
    if guesser is None:
        return 0
    terms = guesser.suggestible_terms(Term.objects.filter(taxonomy=taxonomy, is_artefact=False))
    number = 0
    for some in batched(records, AT_ONCE):
        texts = originals(guesser.may_read(Recommendation.objects.filter(pk__in=some)))
        sample, mark = sample_of(texts)
        if texts and mark != guesser.mark:
            break  # the encoder has just failed; the remaining records are tried next time
        guesses = list(guesser.guess([text.record for text in texts], sample)) if texts else []
        number += save_guesses(
            taxonomy, some, [guess for guess in guesses if guess.code in terms], terms, guesser.learned
        )
    return number


def unlabelled(taxonomy: Taxonomy) -> QuerySet[Recommendation]:
    labels = assigned_labels().filter(recommendation=OuterRef("pk"), term__taxonomy=taxonomy, term__is_artefact=False)
    return Recommendation.objects.kept().filter(~Exists(labels))


class Guesser(ABC):
    """Guesses labels from texts and their vectors; `mark` is that of the encoder of the vectors."""

    learned: LearnedModel | None = None

    def __init__(self, mark: str, *, sends_texts: bool) -> None:
        self.mark, self.sends_texts = mark, sends_texts

    def may_read(self, records: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
        """Those of the records whose texts may be used: restricted ones are not sent to another program."""
        restricted = Recommendation.Confidentiality.RESTRICTED
        return records.exclude(confidentiality=restricted) if self.sends_texts else records

    def suggestible_terms(self, terms: QuerySet[Term]) -> dict[str, int]:
        """The terms that it can suggest, by code. A term created later with the code of a deleted one is another
        term, of which nothing was learned."""
        if self.learned:
            terms = terms.filter(pk__in=LabelScore.objects.filter(model=self.learned).values("term"))
        return dict(terms.values_list("code", "pk"))

    @abstractmethod
    def guess(self, records: Sequence[int], sample: Sample) -> Iterator[Guess]:
        """The labels of each record that are worth suggesting."""


class Learned(Guesser):
    """Guesses with a trained model."""

    def __init__(self, learned: LearnedModel, mark: str, *, sends_texts: bool) -> None:
        super().__init__(mark, sends_texts=sends_texts)
        self.learned = learned
        self.model = opened(learned, mark)

    def guess(self, records: Sequence[int], sample: Sample) -> Iterator[Guess]:
        counted = self.model.counted(sample.texts)
        probabilities = self.model.probabilities(sample, counted)
        chosen = self.model.suggested(probabilities)
        picked = [likeliest(row, probabilities[at]) for at, row in enumerate(chosen)]
        names = [[self.model.labels[place] for place in places] for places in picked]
        reasons = self.model.reasons(counted, names, most=STRONGEST_WORDS)
        for at, record in enumerate(records):
            for place, weighty_words in zip(picked[at], reasons[at], strict=True):
                reason = ", ".join(weighty_words)[:300]
                yield Guess(record, self.model.labels[place], float(probabilities[at, place]), reason)


def likeliest(chosen: np.ndarray, probabilities: np.ndarray) -> list[int]:
    places = [int(place) for place in np.flatnonzero(chosen)]
    return sorted(places, key=lambda place: -float(probabilities[place]))[:MOST]


class ByNames(Guesser):
    """Guesses by the names of the labels, in all their languages. Targets of the SDGs count for their goal; the
    nearest target is suggested itself if it stands out by far."""

    least = BY_NAME_FROM

    def __init__(self, taxonomy: Taxonomy, encoder: Embedder, names: LabelNames) -> None:
        super().__init__(mark_of(encoder), sends_texts=sends_texts(encoder))
        above = Term.objects.filter(taxonomy=taxonomy, parent__isnull=False).values_list("code", "parent__code")
        upper = dict(above)
        self.below = names.only(sorted(upper)) if upper else None
        self.names = names.under({code: upper.get(code, code) for code in names.labels})

    def guess(self, records: Sequence[int], sample: Sample) -> Iterator[Guess]:
        near, shared = self.names.near(sample.vectors), self.names.shared(sample.texts, sample.languages)
        sure = standing_out(near, shared)
        for record, row in zip(records, sure, strict=True):
            for place in likeliest(row >= self.least, row)[:MOST_BY_NAME]:
                yield Guess(record, self.names.labels[place], float(row[place]))
        yield from self.guess_below(records, sample)

    def guess_below(self, records: Sequence[int], sample: Sample) -> Iterator[Guess]:
        if self.below is None:
            return
        near = self.below.near(sample.vectors)
        sure = standing_out(near, np.zeros_like(near))
        for at, place in enumerate(near.argmax(axis=1)):
            if near[at, place] >= TARGET_FROM:
                yield Guess(records[at], self.below.labels[place], float(sure[at, place]))


def guesser_for(taxonomy: Taxonomy) -> Guesser | None:
    """A guesser with the newest model, or by the names of labels until there is one; None where neither is
    possible."""
    encoder: Embedder | None
    try:
        encoder = embedder()
    except NoEncoder:
        encoder = None
    learned = LearnedModel.objects.newest().filter(taxonomy=taxonomy).first()
    if learned:
        try:
            mark = mark_of(encoder) if encoder else WITHOUT
            return Learned(learned, mark, sends_texts=encoder is not None and sends_texts(encoder))
        except OtherVersion:
            return None  # the page of the model says that `learn` has to be run
    if encoder is None or not knows_languages(encoder) or taxonomy.code not in BY_NAME:
        return None
    names = names_of(taxonomy)
    return ByNames(taxonomy, encoder, names) if names else None


@transaction.atomic
def save_guesses(
    taxonomy: Taxonomy,
    records: Collection[int],
    guesses: list[Guess],
    terms: dict[str, int],
    learned: LearnedModel | None,
) -> int:
    """Save guesses as suggestions, except for records that were labelled in the meantime; the records are locked."""
    lock_all(records)
    records = set(unlabelled(taxonomy).filter(pk__in=records).values_list("pk", flat=True))
    suggestions = Suggestion.objects.filter(recommendation__in=records, term__taxonomy=taxonomy)
    stale = suggestions.filter(state=Suggestion.State.WAITING)
    taggings = list(stale.exclude(tagging=None).values_list("tagging", flat=True))
    stale.delete()
    Tagging.objects.filter(pk__in=taggings, origin=Tagging.Origin.MACHINE, ended_at=None, ended_by=None).delete()
    decided = set(suggestions.values_list("recommendation", "term"))
    new = [guess for guess in guesses if guess.record in records and (guess.record, terms[guess.code]) not in decided]
    marks = next_keys(Tagging, len(new))
    insert_rows(
        Tagging,
        ("id", "recommendation", "term", "origin", "confidence"),
        (
            (mark, guess.record, terms[guess.code], Tagging.Origin.MACHINE.value, guess.probability)
            for mark, guess in zip(marks, new, strict=True)
        ),
    )
    insert_rows(
        Suggestion,
        ("recommendation", "term", "tagging", "model", "probability", "words"),
        (
            (guess.record, terms[guess.code], mark, learned and learned.pk, guess.probability, guess.words)
            for mark, guess in zip(marks, new, strict=True)
        ),
    )
    invalidate_counts()
    return len(new)
