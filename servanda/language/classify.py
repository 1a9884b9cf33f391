"""Labels suggested for a text, by what people said of others: a linear model on words, and one on meaning.

The one on words knows the language that it learned from; the one on meaning carries over to the others. Below a few
hundred texts, and in a language with few of them, meaning speaks alone. A probability is what was right among texts
that the model had not seen when it was measured.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import LinearSVC

from servanda.language.embed import Vectors
from servanda.language.grams import Grams, side_by_side

FEW = 400  # texts: from fewer, meaning alone
MANY = 5_000  # texts: from here on the margin of a support vector machine is worth its time
SPOKEN = 100  # texts of a language, from which on its words are weighed
OFFERED_HINT = 0.7  # how much the labels of another family weigh beside the meaning of the text

Numbers = NDArray[np.float32]
Targets = NDArray[np.bool_]  # (texts, labels)


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts to learn from or to be labelled: their vectors are rows, `hints` what another model says of each."""

    texts: Sequence[str]
    languages: Sequence[str]
    vectors: Vectors
    hints: Numbers | None = None

    def part(self, rows: NDArray[np.intp]) -> "Sample":
        hints = None if self.hints is None else self.hints[rows]
        texts, languages = [self.texts[row] for row in rows], [self.languages[row] for row in rows]
        return Sample(texts, languages, self.vectors[rows], hints)

    def meaning(self) -> Numbers:
        if self.hints is None:
            return self.vectors
        return np.hstack([self.vectors, self.hints * np.float32(OFFERED_HINT)])


@dataclass(slots=True)
class Line:
    """One weight for each feature and label."""

    weights: Numbers  # (features, labels)
    offset: Numbers

    def of(self, features: Any) -> Numbers:
        return np.asarray(features @ self.weights, dtype=np.float32) + self.offset


@dataclass(slots=True)
class Model:
    """What was learned for one family of labels; arrays and words only, so that a file of it is no program."""

    labels: list[str]
    is_one: bool  # exactly one label holds
    spoken: list[str]  # languages whose words it knows
    meaning: Line
    words: Line | None = None
    grams: list[Grams] = field(default_factory=list)
    mixed: Numbers = field(default_factory=lambda: np.array([1, 0, 0], dtype=np.float32))  # meaning, words, offset
    alone: Numbers = field(default_factory=lambda: np.array([1, 0], dtype=np.float32))  # meaning, offset
    threshold: float = 0.5

    def probabilities(self, sample: Sample) -> Numbers:
        meaning, words = self.raw(sample)
        said = expit(self.alone[0] * meaning + self.alone[1])
        if words is not None:
            both = expit(self.mixed[0] * meaning + self.mixed[1] * words + self.mixed[2])
            known = np.array([language in self.spoken for language in sample.languages], dtype=bool)
            said = np.where(known[:, None], both, said)
        return np.asarray(said, dtype=np.float32)

    def raw(self, sample: Sample) -> tuple[Numbers, Numbers | None]:
        meaning = self.meaning.of(sample.meaning())
        return meaning, self.words.of(side_by_side(self.grams, sample.texts)) if self.words else None

    def suggested(self, probabilities: Numbers) -> Targets:
        """Which labels are worth a look; where exactly one holds, the likeliest if it is likely enough."""
        above = probabilities >= self.threshold
        if not self.is_one:
            return above
        best = np.zeros_like(above)
        if len(self.labels):
            best[np.arange(len(best)), probabilities.argmax(axis=1)] = True
        return best & above

    def reasons(self, texts: Sequence[str], labels: Sequence[Sequence[str]], *, most: int) -> list[list[list[str]]]:
        """For each text and label asked about, the words that spoke most for it; none where only meaning spoke."""
        if self.words is None:
            return [[[] for _label in some] for some in labels]
        rows = side_by_side(self.grams, texts)
        names = [None if one.kind == "letters" else name for one in self.grams for name in one.known]
        said = []
        for at, some in enumerate(labels):
            first, last = rows.indptr[at], rows.indptr[at + 1]
            places, values = rows.indices[first:last], rows.data[first:last]
            said.append([self._strongest(places, values, names, label, most) for label in some])
        return said

    def _strongest(
        self, places: NDArray[np.int32], values: Numbers, names: list[str | None], label: str, most: int
    ) -> list[str]:
        weights = self.words.weights[places, self.labels.index(label)] * values if self.words else values
        found = sorted(
            (-float(weight), name)
            for weight, place in zip(weights, places, strict=True)
            if weight > 0 and (name := names[place])
        )
        return list(dict.fromkeys(name.rpartition(":")[2] for _weight, name in found))[:most]


def fit(
    sample: Sample,
    targets: Targets,
    labels: list[str],
    *,
    by_words: bool = True,
    by_verbs: bool = False,
    is_one: bool = False,
) -> Model:
    """Learn from all of a sample, by meaning alone or also `by_words`; `by_verbs` also weighs how a text begins.
    Probabilities are measured apart."""
    counted = Counter(sample.languages)
    spoken = sorted(language for language, number in counted.items() if number >= SPOKEN)
    number = len(sample.texts)
    features = sample.meaning()
    meaning = squares(features, targets) if by_words else balanced(features, targets)
    model = Model(labels, is_one, spoken, meaning)
    if not by_words:
        return model
    beside = ["opening"] if by_verbs else ["letters"] if number >= MANY else []
    model.grams = [Grams.of(kind, sample.texts) for kind in ["words", *beside]]
    counts = side_by_side(model.grams, sample.texts)
    model.words = margins(counts, targets) if number >= MANY else squares(counts, targets)
    return model


def _nothing(features: int, labels: int) -> tuple[Numbers, Numbers]:
    return np.zeros((features, labels), dtype=np.float32), np.full(labels, -4, dtype=np.float32)


def balanced(features: Numbers, targets: Targets) -> Line:
    """Logistic regression in which a rare label weighs as much as a frequent one."""
    weights, offset = _nothing(features.shape[1], targets.shape[1])
    for at, target in enumerate(targets.T):
        if target.any() and not target.all():
            made = LogisticRegression(class_weight="balanced", C=10, max_iter=300).fit(features, target)
            weights[:, at], offset[at] = made.coef_[0], made.intercept_[0]
    return Line(weights, offset)


def squares(features: Any, targets: Targets) -> Line:
    """Least squares with a penalty: a moment's work for all labels together."""
    solver = "cholesky" if isinstance(features, np.ndarray) else "sparse_cg"
    made = Ridge(alpha=1.0, solver=solver, tol=1e-3, fit_intercept=True)
    made.fit(features, targets.astype(np.float32) * 2 - 1)
    return Line(np.atleast_2d(made.coef_).T.astype(np.float32), np.atleast_1d(made.intercept_).astype(np.float32))


def margins(features: Any, targets: Targets) -> Line:
    weights, offset = _nothing(features.shape[1], targets.shape[1])
    for at, target in enumerate(targets.T):
        if target.any() and not target.all():
            made = LinearSVC(C=0.5, tol=0.05).fit(features, target)
            weights[:, at], offset[at] = made.coef_[0], made.intercept_[0]
    return Line(weights, offset)
