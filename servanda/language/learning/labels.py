"""Models that suggest labels, trained on labels that people gave: one linear model on words, and one on meaning.

The model on words works for the languages of its training texts, the one on meaning for all. With fewer than a few
hundred texts, and in languages with few of them, only meaning is used. Names of labels are used in addition.
Probabilities are calibrated on held-out texts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from servanda.language.learning.features import Grams, side_by_side
from servanda.language.learning.label_names import LabelNames
from servanda.language.vectors.encoder import Vectors

if TYPE_CHECKING:
    from scipy import sparse

FEW = 400  # texts: with fewer, only meaning is used
MANY = 5_000  # texts: with more, support vector machines are worth their time
SPOKEN = 100  # texts in a language from which on its words are used
HINT = 1.0  # the weight of labels predicted by a helper, relative to the words of the text
COST, COST_OF_OPENING = 0.5, 0.25  # the cost of a misclassified text
EVEN = 0.7  # share of a word's weight that is equal for all words; the remainder depends on its association

Numbers = NDArray[np.float32]
Targets = NDArray[np.bool_]  # (texts, labels)


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts for training or prediction, with a row of `vectors` for each."""

    texts: Sequence[str]
    languages: Sequence[str]
    vectors: Vectors

    def part(self, rows: NDArray[np.intp]) -> "Sample":
        texts, languages = [self.texts[row] for row in rows], [self.languages[row] for row in rows]
        return Sample(texts, languages, self.vectors[rows])


@dataclass(slots=True)
class LinearWeights:
    """One weight for each feature and label."""

    weights: Numbers  # (features, labels)
    offset: Numbers

    def of(self, features: Any) -> Numbers:
        return np.asarray(features @ self.weights, dtype=np.float32) + self.offset


# Sources of evidence for a label: the meaning of a text, its words, words shared with names of the label, similarity
# to these names, and predictions of a helper.
SOURCES = 5
MEANING, WORDS, SHARED, NEAR, SEEN = range(SOURCES)


def only(*sources: int) -> Numbers:
    """A weight of one for these sources, zero for the others, and no offset."""
    return np.array([*(float(source in sources) for source in range(SOURCES)), 0], dtype=np.float32)


@dataclass(slots=True)
class Model:
    """A model for one family of labels; it consists of arrays and words only, so that loading its file runs no
    code."""

    labels: list[str]
    is_one: bool  # exactly one label applies
    spoken: list[str]  # languages whose words it knows
    meaning: LinearWeights
    words: LinearWeights | None = None
    grams: list[Grams] = field(default_factory=list)
    names: LabelNames | None = None
    helper: "Model | None" = None  # model of another family, whose predictions are additional features
    seen: LinearWeights | None = None  # on the helper's predictions by meaning, which work in every language
    mixed: Numbers = field(default_factory=lambda: only(MEANING))  # weights of the sources of evidence, and an offset
    alone: Numbers = field(default_factory=lambda: only(MEANING))  # for languages whose words are not known
    bare: Numbers = field(
        default_factory=lambda: only(MEANING)
    )  # for languages in which the labels have no names either
    threshold: float = 0.5

    def counted(self, texts: Sequence[str]) -> "sparse.csr_matrix":
        """Counts of the known words of each text, for both probabilities and reasons."""
        return side_by_side(self.grams, texts)

    def probabilities(self, sample: Sample, counted: "sparse.csr_matrix | None" = None) -> Numbers:
        evidence = self.evidence(sample, counted)
        result = weighed(evidence, self.bare)
        for weights, knows in ((self.alone, self.is_named_in), (self.mixed, self.speaks)):
            applies = np.array([knows(language) for language in sample.languages], dtype=bool)
            result = np.where(applies[:, None], weighed(evidence, weights), result)
        return np.asarray(result, dtype=np.float32)

    def speaks(self, language: str) -> bool:
        return self.words is not None and language in self.spoken

    def is_named_in(self, language: str) -> bool:
        return self.names is not None and self.names.named_in(language)

    def evidence(self, sample: Sample, counted: "sparse.csr_matrix | None" = None) -> Numbers:
        """Evidence for each label of each text, in one layer for each source; zeros for unused sources."""
        layers = self.beyond_words(sample.vectors)
        if self.words:
            layers[WORDS] = self.words.of(self.features(sample, counted))
        if self.names:
            layers[SHARED] = self.names.shared(sample.texts, sample.languages)
        return layers

    def beyond_words(self, vectors: Vectors) -> Numbers:
        """The layers of `evidence` that do not depend on words; the others are zeros."""
        layers = np.zeros((SOURCES, len(vectors), len(self.labels)), dtype=np.float32)
        layers[MEANING] = self.meaning.of(vectors)
        if self.names:
            layers[NEAR] = self.names.near(vectors)
        if self.seen and self.helper:
            layers[SEEN] = self.seen.of(self.helper.by_meaning(vectors))
        return layers

    def by_meaning(self, vectors: Vectors) -> Numbers:
        """Predictions from vectors alone: the square root of probabilities, so that low ones count as well."""
        return np.sqrt(weighed(self.beyond_words(vectors), self.bare))

    def features(self, sample: Sample, counted: "sparse.csr_matrix | None" = None) -> Any:
        if counted is None:
            counted = self.counted(sample.texts)
        if self.helper is None:
            return counted
        from scipy import sparse

        hints = sparse.csr_matrix(self.helper.probabilities(sample) * np.float32(HINT))
        return sparse.hstack([counted, hints], format="csr", dtype=np.float32)

    def suggested(self, probabilities: Numbers) -> Targets:
        """Labels above the threshold; where exactly one applies, only the likeliest."""
        above = probabilities >= self.threshold
        if not self.is_one:
            return above
        best = np.zeros_like(above)
        if len(self.labels):
            best[np.arange(len(best)), probabilities.argmax(axis=1)] = True
        return best & above

    def reasons(
        self, counted: "sparse.csr_matrix", labels: Sequence[Sequence[str]], *, most: int
    ) -> list[list[list[str]]]:
        """The words of each text with the highest weight for each of its labels; empty where words are not used."""
        if self.words is None:
            return [[[] for _label in some] for some in labels]
        names = [
            None if grams_of_kind.kind == "letters" else name
            for grams_of_kind in self.grams
            for name in grams_of_kind.known
        ]
        reasons = []
        for at, some in enumerate(labels):
            first, last = counted.indptr[at], counted.indptr[at + 1]
            places, values = counted.indices[first:last], counted.data[first:last]
            reasons.append([self._strongest(places, values, names, label, most) for label in some])
        return reasons

    def _strongest(
        self, places: NDArray[np.int32], values: Numbers, names: list[str | None], label: str, most: int
    ) -> list[str]:
        weights = self.words.weights[places, self.labels.index(label)] * values if self.words else values
        weighted = sorted(
            (-float(weight), name)
            for weight, place in zip(weights, places, strict=True)
            if weight > 0 and (name := names[place])
        )
        return list(dict.fromkeys(name.rpartition(":")[2] for _weight, name in weighted))[:most]


def weighed(evidence: Numbers, weights: Numbers) -> Numbers:
    """Probabilities from the evidence and the weights of its sources."""
    from scipy.special import expit

    return np.asarray(expit(np.tensordot(weights[:-1], evidence, axes=1) + weights[-1]), dtype=np.float32)


def fit(
    sample: Sample,
    targets: Targets,
    labels: list[str],
    *,
    by_words: bool = True,
    by_verbs: bool = False,
    is_one: bool = False,
    names: LabelNames | None = None,
    helper: Model | None = None,
) -> Model:
    """Train on a whole sample, by meaning alone or also `by_words`; `by_verbs` adds features of the first words.
    Calibration is done separately."""
    counted = Counter(sample.languages)
    spoken = sorted(language for language, number in counted.items() if number >= SPOKEN)
    number = len(sample.texts)
    meaning = squares(sample.vectors, targets) if by_words else balanced(sample.vectors, targets)
    model = Model(labels, is_one, spoken, meaning, names=names, helper=helper)
    if helper is not None:
        model.seen = (balanced if number < MANY else squares)(helper.by_meaning(sample.vectors), targets)
    if not by_words:
        return model
    beside = ["opening"] if by_verbs else ["letters"] if number >= MANY else []
    model.grams = [Grams.of(kind, sample.texts) for kind in ["words", *beside]]
    features = model.features(sample)
    cost = COST_OF_OPENING if by_verbs else COST
    model.words = margins(features, targets, cost) if number >= MANY else squares(features, targets)
    return model


def _nothing(features: int, labels: int) -> tuple[Numbers, Numbers]:
    return np.zeros((features, labels), dtype=np.float32), np.full(labels, -4, dtype=np.float32)


def balanced(features: Numbers, targets: Targets) -> LinearWeights:
    """Logistic regression with balanced class weights."""
    # Asked for this late (`grams.vectorizer` says why).
    from sklearn.linear_model import LogisticRegression

    weights, offset = _nothing(features.shape[1], targets.shape[1])
    for at, target in enumerate(targets.T):
        if target.any() and not target.all():
            regression = LogisticRegression(class_weight="balanced", C=10, max_iter=300).fit(features, target)
            weights[:, at], offset[at] = regression.coef_[0], regression.intercept_[0]
    return LinearWeights(weights, offset)


def squares(features: Any, targets: Targets) -> LinearWeights:
    """Ridge regression, which is fast for all labels together."""
    # Asked for this late (`grams.vectorizer` says why).
    from sklearn.linear_model import Ridge

    solver = "cholesky" if isinstance(features, np.ndarray) else "sparse_cg"
    ridge = Ridge(alpha=1.0, solver=solver, tol=1e-3, fit_intercept=True)
    ridge.fit(features, targets.astype(np.float32) * 2 - 1)
    return LinearWeights(
        np.atleast_2d(ridge.coef_).T.astype(np.float32), np.atleast_1d(ridge.intercept_).astype(np.float32)
    )


def margins(features: "sparse.csr_matrix", targets: Targets, cost: float) -> LinearWeights:
    """Support vector machines on words weighted by how strongly they are associated with a label.

    Micro and macro F1 of issues on held-out States: .912 and .865, with equal weights .909 and .861.
    """
    # Asked for this late (`grams.vectorizer` says why).
    from scipy import sparse
    from sklearn.svm import LinearSVC

    weights, offset = _nothing(features.shape[1], targets.shape[1])
    present = features.astype(bool).astype(np.float32)
    for at, target in enumerate(targets.T):
        if target.any() and not target.all():
            spread = going_with(present, target)
            machine = LinearSVC(C=cost, tol=0.05).fit((features @ sparse.diags(spread)).tocsr(), target)
            weights[:, at], offset[at] = machine.coef_[0] * spread, machine.intercept_[0]
    return LinearWeights(weights, offset)


def going_with(present: "sparse.csr_matrix", target: NDArray[np.bool_]) -> Numbers:
    """A weight around 1 for each word: how much more or less often it is in texts with the label than in others."""
    having, lacking = (np.asarray(present[rows].sum(axis=0)).ravel() + 1 for rows in (target, ~target))
    ratio = np.abs(np.log((having / having.sum()) / (lacking / lacking.sum())))
    return np.asarray(EVEN + (1 - EVEN) * ratio / max(float(ratio.mean()), 1e-6), dtype=np.float32)
