"""How well a model does on texts that it has not seen, and from which probability on it may speak.

Whole groups are held back (a State, or a review), because texts of one State resemble each other; equal texts are
one before anything is split. What decides the threshold and what is reported are never the same texts.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from servanda.language.classify import FEW, MANY, Model, Numbers, Sample, Targets, fit
from servanda.language.compare import normal

FOLDS = 4
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
) -> Judged:
    """Measure on what is held back, then learn from everything. `when` sorts by time; without it time is left out."""
    first, said = merged(sample.texts, labels)
    rows = np.array(first, dtype=np.intp)
    sample, groups = sample.part(rows), [groups[row] for row in rows]
    counted = Counter(label for one in said for label in one)
    names = sorted(label for label, number in counted.items() if number >= LEAST_CASES)
    if len(rows) < LEAST_TEXTS or not names:
        raise TooFew
    targets = np.array([[name in one for name in names] for one in said], dtype=bool)
    how = {"by_words": len(rows) >= FEW, "by_verbs": by_verbs, "is_one": is_one}
    folds = folds_of(groups, whole=len(rows) < MANY)
    meaning, words, held = unseen(sample, targets, names, folds, how)
    model = fit(sample, targets, names, **how)
    tuning = np.array([_number_of(groups[row], "half") % 2 == 0 for row in held], dtype=bool)
    if tuning.all() or not tuning.any():
        tuning = np.arange(len(held)) % 2 == 0
    probabilities = calibrated(model, meaning, words, targets[held], tuning)
    model.threshold = best_threshold(model, probabilities[tuning], targets[held][tuning])
    judged = judge(model, probabilities[~tuning], targets[held][~tuning], texts=len(rows))
    if when is None or len(rows) >= MANY:
        return judged
    return replace(judged, by_time=on_the_newest(sample, targets, names, [when[row] for row in first], model, how))


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
    sample: Sample, targets: Targets, names: list[str], folds: list[NDArray[np.intp]], how: dict[str, bool]
) -> tuple[Numbers, Numbers | None, NDArray[np.intp]]:
    """What models that did not see them say of the rows held back, and which rows these are."""
    meanings: list[Numbers] = []
    words: list[Numbers] = []
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(targets)), fold)
        model = fit(sample.part(rest), targets[rest], names, **how)
        meaning, word = model.raw(sample.part(fold))
        meanings.append(meaning)
        words += [] if word is None else [word]
    return np.vstack(meanings), np.vstack(words) if words else None, np.concatenate(folds)


def calibrated(
    model: Model, meaning: Numbers, words: Numbers | None, targets: Targets, tuning: NDArray[np.bool_]
) -> Numbers:
    """From scores to probabilities, with the same few numbers for all labels of a family: those of words and meaning
    together, or of words alone where meaning only blurs (what is asked, and how strongly)."""
    right = targets.ravel()
    model.alone = logistic(meaning.reshape(-1, 1), right)
    if words is None or model.words is None:
        return as_probabilities(model, meaning, None)
    both = logistic(np.column_stack([meaning.ravel(), words.ravel()]), right)
    words_alone = logistic(words.reshape(-1, 1), right)
    scores = []
    for mixed in (both, np.array([0, *words_alone], dtype=np.float32)):
        model.mixed = mixed
        said = as_probabilities(model, meaning, words)
        model.threshold = best_threshold(model, said[tuning], targets[tuning])
        scores.append((micro_f1(model.suggested(said[tuning]), targets[tuning]), mixed))
    model.mixed = max(scores, key=lambda pair: pair[0])[1]
    return as_probabilities(model, meaning, words)


def logistic(scores: Numbers, right: NDArray[np.bool_]) -> Numbers:
    if right.all() or not right.any():
        return np.array([*np.ones(scores.shape[1]), 0], dtype=np.float32)
    made = LogisticRegression(C=1e6).fit(scores, right)
    return np.array([*made.coef_[0], made.intercept_[0]], dtype=np.float32)


def as_probabilities(model: Model, meaning: Numbers, words: Numbers | None) -> Numbers:
    if words is None or model.words is None:
        return np.asarray(expit(model.alone[0] * meaning + model.alone[1]), dtype=np.float32)
    both = model.mixed[0] * meaning + model.mixed[1] * words + model.mixed[2]
    return np.asarray(expit(both), dtype=np.float32)


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
    sample: Sample, targets: Targets, names: list[str], when: list[str], model: Model, how: dict[str, bool]
) -> float | None:
    """Learned from the past, asked about what came later; nothing when all is of one time."""
    order = np.argsort(np.array(when), kind="stable")
    cut = when[order[int(len(order) * 0.8)]]
    newest = np.array([moment >= cut for moment in when], dtype=bool)
    if not 0 < newest.sum() <= len(when) / 2 or len(when) - newest.sum() < LEAST_TEXTS:
        return None
    old, new = np.flatnonzero(~newest), np.flatnonzero(newest)
    past = fit(sample.part(old), targets[old], names, **how)
    past.mixed, past.alone, past.threshold = model.mixed, model.alone, model.threshold
    return micro_f1(past.suggested(past.probabilities(sample.part(new))), targets[new])
