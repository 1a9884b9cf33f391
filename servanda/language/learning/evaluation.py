"""How well a model does on texts that it has not seen, and from which probability on it may speak.

Whole groups are held back (a State, or a review), because texts of one State resemble each other; equal texts are
one before anything is split. What decides the threshold and what is reported are never the same texts.
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
FEW_HELD = 1_000  # texts held back: from fewer it is luck whether words alone seem better than all that speaks
LEAST_TEXTS = 20  # from fewer nothing is learned
LEAST_CASES = 3  # a label of fewer texts is not learned
SURE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # from which probability on; the share that was right is shown for each


class TooFew(Exception):
    """There is not enough to learn from."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    label: str
    cases: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A model, and what it did on texts that were held back."""

    model: Model
    texts: int
    micro: float
    macro: float
    by_time: float | None  # micro F1 on the newest fifth, learned from the rest
    labels: list[LabelScore] = field(default_factory=list)
    right_above: list[tuple[float, int, float]] = field(default_factory=list)  # from p on: how many, share right


def merged(texts: Sequence[str], labels: Sequence[frozenset[str]]) -> tuple[list[int], list[frozenset[str]]]:
    """Equal texts as one: the place of the first of each, and the labels that at least half of them have."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(normal(text), []).append(place)
    said = []
    for same in places.values():
        counted = Counter(label for place in same for label in labels[place])
        said.append(frozenset(label for label, number in counted.items() if 2 * number >= len(same)))
    return [same[0] for same in places.values()], said


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
    """Measure on what is held back, then learn from everything. `when` sorts by time; without it time is left out.

    A `helper` must not have learned from these texts: what it sees in them would be surer than in others.
    """
    first, said = merged(sample.texts, labels)
    rows = np.array(first, dtype=np.intp)
    sample, groups = sample.part(rows), [groups[row] for row in rows]
    counted = Counter(label for one in said for label in one)
    known = sorted(label for label, number in counted.items() if number >= LEAST_CASES)
    if len(rows) < LEAST_TEXTS or not known:
        raise TooFew
    targets = np.array([[label in one for label in known] for one in said], dtype=bool)
    how: dict[str, Any] = {
        "by_words": len(rows) >= FEW or helper is not None,
        "by_verbs": by_verbs,
        "is_one": is_one,
        "names": names and names.only(known),
        "helper": helper,
    }
    folds = folds_of(groups, whole=len(rows) < MANY)
    evidence, held = unseen(sample, targets, known, folds, how)
    model = fit(sample, targets, known, **how)
    tuning = np.array([_number_of(groups[row], "half") % 2 == 0 for row in held], dtype=bool)
    if tuning.all() or not tuning.any():
        tuning = np.arange(len(held)) % 2 == 0
    probabilities = calibrated(model, evidence, targets[held], tuning)
    model.threshold = best_threshold(model, probabilities[tuning], targets[held][tuning])
    judged = judge(model, probabilities[~tuning], targets[held][~tuning], texts=len(rows))
    model.threshold = best_threshold(model, probabilities, targets[held])  # what was reported is reported
    if when is None or len(rows) >= MANY:
        return judged
    return replace(judged, by_time=on_the_newest(sample, targets, known, [when[row] for row in first], model, how))


def folds_of(groups: Sequence[Hashable], *, whole: bool) -> list[NDArray[np.intp]]:
    """The rows that are held back together: each once, or of many texts only a fifth of the groups."""
    if len(set(groups)) < FOLDS:  # one State with one review: rows, then
        groups = range(len(groups))
    number = FOLDS if whole else FOLDS + 1
    place = np.array([_number_of(group, "fold") % number for group in groups])
    folds = [np.flatnonzero(place == at) for at in range(number if whole else 1)]
    return [fold for fold in folds if 0 < len(fold) < len(place)]


def _number_of(group: Hashable, purpose: str) -> int:
    """The same in every run, and of two purposes independent."""
    return int.from_bytes(sha256(f"{purpose} {group}".encode()).digest()[:4])


def unseen(
    sample: Sample, targets: Targets, labels: list[str], folds: list[NDArray[np.intp]], how: dict[str, Any]
) -> tuple[Numbers, NDArray[np.intp]]:
    """What models that did not see them find in the rows held back, and which rows these are."""
    found = []
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(targets)), fold)
        found.append(fit(sample.part(rest), targets[rest], labels, **how).evidence(sample.part(fold)))
    return np.concatenate(found, axis=1), np.concatenate(folds)


def calibrated(model: Model, evidence: Numbers, targets: Targets, tuning: NDArray[np.bool_]) -> Numbers:
    """From evidence to probabilities, with the same few numbers for all labels of a family: all that speaks together,
    or words alone where the rest only blurs (what is asked, and how strongly; issues that many texts taught)."""
    model.bare = logistic(evidence, targets, (MEANING, NEAR, SEEN))
    model.alone = logistic(evidence, targets, (MEANING, SHARED, NEAR, SEEN))
    if model.words is None:
        model.mixed = model.alone
        return weighed(evidence, model.alone)
    every = (MEANING, WORDS, SHARED, NEAR, SEEN)
    scores = []
    for sources in ((WORDS,), every) if model.is_one or len(targets) >= FEW_HELD else (every,):
        mixed = logistic(evidence, targets, sources)
        said = weighed(evidence[:, tuning], mixed)
        model.threshold = best_threshold(model, said, targets[tuning])
        chosen = model.suggested(said)
        scores.append((micro_f1(chosen, targets[tuning]) + macro_f1(chosen, targets[tuning]), mixed))
    model.mixed = max(scores, key=lambda pair: pair[0])[1]
    return weighed(evidence, model.mixed)


def logistic(evidence: Numbers, targets: Targets, sources: Sequence[int]) -> Numbers:
    """How much each of these sources counts, and the offset; what is silent counts nothing."""
    # Asked for this late (`grams.vectorizer` says why).
    from sklearn.linear_model import LogisticRegression

    speaking = [source for source in sources if evidence[source].any()]
    weights = np.zeros(len(evidence) + 1, dtype=np.float32)
    right = targets.ravel()
    if right.all() or not right.any() or not speaking:
        weights[speaking] = 1
        return weights
    made = LogisticRegression(C=1e6).fit(np.column_stack([evidence[source].ravel() for source in speaking]), right)
    weights[speaking], weights[-1] = made.coef_[0], made.intercept_[0]
    return weights


def best_threshold(model: Model, probabilities: Numbers, targets: Targets) -> float:
    """One for the family, that of the best micro F1; where exactly one label holds, the likeliest is always said."""
    if model.is_one:
        return 0.0
    tried = np.linspace(0.1, 0.8, 71)
    scores = [micro_f1(probabilities >= at, targets) for at in tried]
    return float(tried[int(np.argmax(scores))])


def micro_f1(said: Targets, targets: Targets) -> float:
    both = int((said & targets).sum())
    return 2 * both / max(1, int(said.sum()) + int(targets.sum()))


def macro_f1(said: Targets, targets: Targets) -> float:
    return float(np.mean([micro_f1(a, b) for a, b in zip(said.T, targets.T, strict=True)]))


def judge(model: Model, probabilities: Numbers, targets: Targets, *, texts: int) -> Judged:
    said = model.suggested(probabilities)
    scores = []
    for at, label in enumerate(model.labels):
        both = int((said[:, at] & targets[:, at]).sum())
        cases = int(targets[:, at].sum())
        scores.append(LabelScore(label, cases, both / max(1, int(said[:, at].sum())), both / max(1, cases)))
    above = []
    for sure in SURE:
        chosen = said & (probabilities >= sure)
        if number := int(chosen.sum()):
            above.append((sure, number, int((chosen & targets).sum()) / number))
    return Judged(model, texts, micro_f1(said, targets), macro_f1(said, targets), None, scores, above)


def on_the_newest(
    sample: Sample, targets: Targets, labels: list[str], when: list[str], model: Model, how: dict[str, Any]
) -> float | None:
    """Learned from the past, asked about what came later; nothing when all is of one time."""
    order = np.argsort(np.array(when), kind="stable")
    cut = when[order[int(len(order) * 0.8)]]
    newest = np.array([moment >= cut for moment in when], dtype=bool)
    if not 0 < newest.sum() <= len(when) / 2 or len(when) - newest.sum() < LEAST_TEXTS:
        return None
    old, new = np.flatnonzero(~newest), np.flatnonzero(newest)
    past = fit(sample.part(old), targets[old], labels, **how)
    past.mixed, past.alone, past.bare, past.threshold = model.mixed, model.alone, model.bare, model.threshold
    return micro_f1(past.suggested(past.probabilities(sample.part(new))), targets[new])
