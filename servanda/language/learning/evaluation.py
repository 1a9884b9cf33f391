"""Evaluates models on held-out texts, and chooses the probability from which on they suggest labels.

Whole groups (a State, or a review) are held out, because texts of one State resemble each other; equal texts are
merged before any split. The threshold is never chosen on the texts on which scores are reported.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.language.comparison.likeness import normal
from servanda.language.learning.label_names import LabelNames
from servanda.language.learning.labels import (
    FEW,
    MANY,
    MEANING,
    NEAR,
    SEEN,
    SHARED,
    WORDS,
    Model,
    Numbers,
    Sample,
    Targets,
    fit,
    weighed,
)

FOLDS = 4
# With fewer held-out texts, it is chance whether words alone seem better than all sources of evidence.
FEW_HELD = 1_000
LEAST_TEXTS = 20  # with fewer, no model is trained
LEAST_CASES = 3  # labels with fewer texts are not learned
SURE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # probabilities for which the share of correct suggestions is shown


class TooFew(Exception):
    """There are too few texts or labels to learn from."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    label: str
    cases: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A model and its scores on held-out texts."""

    model: Model
    texts: int
    micro: float
    macro: float
    by_time: float | None  # micro F1 on the newest fifth, trained on the others
    labels: list[LabelScore] = field(default_factory=list)
    right_above: list[tuple[float, int, float]] = field(
        default_factory=list
    )  # from probability p on: number, share of correct ones


def merged(texts: Sequence[str], labels: Sequence[frozenset[str]]) -> tuple[list[int], list[frozenset[str]]]:
    """Merge equal texts: the index of the first of each, and the labels that at least half of them have."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(normal(text), []).append(place)
    merged_labels = []
    for equal_places in places.values():
        counted = Counter(label for place in equal_places for label in labels[place])
        merged_labels.append(frozenset(label for label, number in counted.items() if 2 * number >= len(equal_places)))
    return [equal_places[0] for equal_places in places.values()], merged_labels


def learn(
    sample: Sample,
    labels: Sequence[frozenset[str]],
    groups: Sequence[Hashable],
    when: Sequence[str] | None = None,
    *,
    by_verbs: bool = False,
    is_one: bool = False,
    names: LabelNames | None = None,
    helper: Model | None = None,
) -> Judged:
    """Evaluate on held-out texts, then train on all of them; `when` gives their dates for `by_time`.

    A `helper` must not be trained on these texts: it would be overconfident on them. Raises `TooFew`.
    """
    first, merged_labels = merged(sample.texts, labels)
    rows = np.array(first, dtype=np.intp)
    sample, groups = sample.part(rows), [groups[row] for row in rows]
    counted = Counter(label for text_labels in merged_labels for label in text_labels)
    learned_labels = sorted(label for label, number in counted.items() if number >= LEAST_CASES)
    if len(rows) < LEAST_TEXTS or not learned_labels:
        raise TooFew
    targets = np.array(
        [[label in text_labels for label in learned_labels] for text_labels in merged_labels], dtype=bool
    )
    options: dict[str, Any] = {
        "by_words": len(rows) >= FEW or helper is not None,
        "by_verbs": by_verbs,
        "is_one": is_one,
        "names": names and names.only(learned_labels),
        "helper": helper,
    }
    folds = folds_of(groups, use_all=len(rows) < MANY)
    evidence, held_out = unseen(sample, targets, learned_labels, folds, options)
    model = fit(sample, targets, learned_labels, **options)
    tuning = np.array([_number_of(groups[row], "half") % 2 == 0 for row in held_out], dtype=bool)
    if tuning.all() or not tuning.any():
        tuning = np.arange(len(held_out)) % 2 == 0
    probabilities = calibrated(model, evidence, targets[held_out], tuning)
    model.threshold = best_threshold(model, probabilities[tuning], targets[held_out][tuning])
    judged = judge(model, probabilities[~tuning], targets[held_out][~tuning], texts=len(rows))
    model.threshold = best_threshold(model, probabilities, targets[held_out])  # the reported scores are not affected
    if when is None or len(rows) >= MANY:
        return judged
    return replace(
        judged, by_time=on_the_newest(sample, targets, learned_labels, [when[row] for row in first], model, options)
    )


def folds_of(groups: Sequence[Hashable], *, use_all: bool) -> list[NDArray[np.intp]]:
    """Rows that are held out together: each row once, or for many texts only a fifth of the groups."""
    if len(set(groups)) < FOLDS:  # one State with one review: split by rows
        groups = range(len(groups))
    number = FOLDS if use_all else FOLDS + 1
    place = np.array([_number_of(group, "fold") % number for group in groups])
    folds = [np.flatnonzero(place == at) for at in range(number if use_all else 1)]
    return [fold for fold in folds if 0 < len(fold) < len(place)]


def _number_of(group: Hashable, purpose: str) -> int:
    """A number that is stable between runs, and independent for different purposes."""
    return int.from_bytes(sha256(f"{purpose} {group}".encode()).digest()[:4])


def unseen(
    sample: Sample, targets: Targets, labels: list[str], folds: list[NDArray[np.intp]], options: dict[str, Any]
) -> tuple[Numbers, NDArray[np.intp]]:
    """Evidence on held-out rows from models trained without them, and these rows."""
    evidence = []
    for fold in folds:
        training = np.setdiff1d(np.arange(len(targets)), fold)
        evidence.append(fit(sample.part(training), targets[training], labels, **options).evidence(sample.part(fold)))
    return np.concatenate(evidence, axis=1), np.concatenate(folds)


def calibrated(model: Model, evidence: Numbers, targets: Targets, tuning: NDArray[np.bool_]) -> Numbers:
    """Turn evidence into probabilities, with the same few weights for all labels: for all sources of evidence, or for
    words alone where these do better (action categories, and issues with many texts)."""
    model.bare = logistic(evidence, targets, (MEANING, NEAR, SEEN))
    model.alone = logistic(evidence, targets, (MEANING, SHARED, NEAR, SEEN))
    if model.words is None:
        model.mixed = model.alone
        return weighed(evidence, model.alone)
    every = (MEANING, WORDS, SHARED, NEAR, SEEN)
    scores = []
    for sources in ((WORDS,), every) if model.is_one or len(targets) >= FEW_HELD else (every,):
        mixed = logistic(evidence, targets, sources)
        probabilities = weighed(evidence[:, tuning], mixed)
        model.threshold = best_threshold(model, probabilities, targets[tuning])
        chosen = model.suggested(probabilities)
        scores.append((micro_f1(chosen, targets[tuning]) + macro_f1(chosen, targets[tuning]), mixed))
    model.mixed = max(scores, key=lambda pair: pair[0])[1]
    return weighed(evidence, model.mixed)


def logistic(evidence: Numbers, targets: Targets, sources: Sequence[int]) -> Numbers:
    """The weights of these sources and the offset; sources without evidence get none."""
    # Imported here: see `features.vectorizer`.
    from sklearn.linear_model import LogisticRegression

    speaking = [source for source in sources if evidence[source].any()]
    weights = np.zeros(len(evidence) + 1, dtype=np.float32)
    right = targets.ravel()
    if right.all() or not right.any() or not speaking:
        weights[speaking] = 1
        return weights
    regression = LogisticRegression(C=1e6).fit(
        np.column_stack([evidence[source].ravel() for source in speaking]), right
    )
    weights[speaking], weights[-1] = regression.coef_[0], regression.intercept_[0]
    return weights


def best_threshold(model: Model, probabilities: Numbers, targets: Targets) -> float:
    """The threshold with the best micro F1; 0 where exactly one label applies, so that one is always suggested."""
    if model.is_one:
        return 0.0
    tried = np.linspace(0.1, 0.8, 71)
    scores = [micro_f1(probabilities >= at, targets) for at in tried]
    return float(tried[int(np.argmax(scores))])


def micro_f1(suggested: Targets, targets: Targets) -> float:
    correct = int((suggested & targets).sum())
    return 2 * correct / max(1, int(suggested.sum()) + int(targets.sum()))


def macro_f1(suggested: Targets, targets: Targets) -> float:
    return float(np.mean([micro_f1(a, b) for a, b in zip(suggested.T, targets.T, strict=True)]))


def judge(model: Model, probabilities: Numbers, targets: Targets, *, texts: int) -> Judged:
    suggested = model.suggested(probabilities)
    scores = []
    for at, label in enumerate(model.labels):
        correct = int((suggested[:, at] & targets[:, at]).sum())
        cases = int(targets[:, at].sum())
        scores.append(
            LabelScore(label, cases, correct / max(1, int(suggested[:, at].sum())), correct / max(1, cases))
        )
    above = []
    for sure in SURE:
        chosen = suggested & (probabilities >= sure)
        if number := int(chosen.sum()):
            above.append((sure, number, int((chosen & targets).sum()) / number))
    return Judged(model, texts, micro_f1(suggested, targets), macro_f1(suggested, targets), None, scores, above)


def on_the_newest(
    sample: Sample, targets: Targets, labels: list[str], when: list[str], model: Model, options: dict[str, Any]
) -> float | None:
    """Micro F1 on the newest texts of a model trained on older ones; None where all are of one time."""
    order = np.argsort(np.array(when), kind="stable")
    cut = when[order[int(len(order) * 0.8)]]
    newest = np.array([moment >= cut for moment in when], dtype=bool)
    if not 0 < newest.sum() <= len(when) / 2 or len(when) - newest.sum() < LEAST_TEXTS:
        return None
    old, new = np.flatnonzero(~newest), np.flatnonzero(newest)
    past = fit(sample.part(old), targets[old], labels, **options)
    past.mixed, past.alone, past.bare, past.threshold = model.mixed, model.alone, model.bare, model.threshold
    return micro_f1(past.suggested(past.probabilities(sample.part(new))), targets[new])
