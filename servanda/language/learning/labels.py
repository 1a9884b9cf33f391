"""Labels suggested for a text, by what people said of others: a linear model on words, and one on meaning.

The one on words knows the language that it learned from; the one on meaning carries over to the others. Below a few
hundred texts, and in a language with few of them, meaning speaks alone. What a label is called is heard beside both.
A probability is what was right among texts that the model had not seen when it was measured.
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

FEW = 400  # texts: from fewer, meaning alone
MANY = 5_000  # texts: from here on the margin of a support vector machine is worth its time
SPOKEN = 100  # texts of a language, from which on its words are weighed
HINT = 1.0  # how much the labels that a helper sees weigh beside the words of the text
COST, COST_OF_OPENING = 0.5, 0.25  # how much a text on the wrong side weighs against small weights
EVEN = 0.7  # of the weight of a word, how much all words of a label share; the rest goes by how often they go with it

Numbers = NDArray[np.float32]
Targets = NDArray[np.bool_]  # (texts, labels)


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts to learn from or to be labelled; their vectors are rows."""

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


# What speaks for a label: the meaning of a text, its words, the words of the label's names in it, nearness to them,
# and what a helper takes its meaning to be.
SOURCES = 5
MEANING, WORDS, SHARED, NEAR, SEEN = range(SOURCES)


def only(*sources: int) -> Numbers:
    """A weight of one for some of what speaks, none for the rest, and no offset."""
    return np.array([*(float(source in sources) for source in range(SOURCES)), 0], dtype=np.float32)


@dataclass(slots=True)
class Model:
    """What was learned for one family of labels; arrays and words only, so that a file of it is no program."""

    labels: list[str]
    is_one: bool  # exactly one label holds
    spoken: list[str]  # languages whose words it knows
    meaning: LinearWeights
    words: LinearWeights | None = None
    grams: list[Grams] = field(default_factory=list)
    names: LabelNames | None = None
    helper: "Model | None" = None  # of another family: the labels that it sees are words, too
    seen: LinearWeights | None = None  # on what the helper sees by meaning, which it does in every language
    mixed: Numbers = field(default_factory=lambda: only(MEANING))  # weights of what speaks, and an offset
    alone: Numbers = field(default_factory=lambda: only(MEANING))  # where its words are not known
    bare: Numbers = field(default_factory=lambda: only(MEANING))  # where the labels have no names either
    threshold: float = 0.5

    def counted(self, texts: Sequence[str]) -> "sparse.csr_matrix":
        """The known words of each text, counted once for both probabilities and reasons."""
        return side_by_side(self.grams, texts)

    def probabilities(self, sample: Sample, counted: "sparse.csr_matrix | None" = None) -> Numbers:
        evidence = self.evidence(sample, counted)
        said = weighed(evidence, self.bare)
        for weights, knows in ((self.alone, self.is_named_in), (self.mixed, self.speaks)):
            known = np.array([knows(language) for language in sample.languages], dtype=bool)
            said = np.where(known[:, None], weighed(evidence, weights), said)
        return np.asarray(said, dtype=np.float32)

    def speaks(self, language: str) -> bool:
        return self.words is not None and language in self.spoken

    def is_named_in(self, language: str) -> bool:
        return self.names is not None and self.names.named_in(language)

    def evidence(self, sample: Sample, counted: "sparse.csr_matrix | None" = None) -> Numbers:
        """What speaks for each label of each text, one layer for each source; a silent source is all zeros."""
        found = self.beyond_words(sample.vectors)
        if self.words:
            found[WORDS] = self.words.of(self.features(sample, counted))
        if self.names:
            found[SHARED] = self.names.shared(sample.texts, sample.languages)
        return found

    def beyond_words(self, vectors: Vectors) -> Numbers:
        """The layers of `evidence` that need no word of any language; the others are zeros."""
        found = np.zeros((SOURCES, len(vectors), len(self.labels)), dtype=np.float32)
        found[MEANING] = self.meaning.of(vectors)
        if self.names:
            found[NEAR] = self.names.near(vectors)
        if self.seen and self.helper:
            found[SEEN] = self.seen.of(self.helper.by_meaning(vectors))
        return found

    def by_meaning(self, vectors: Vectors) -> Numbers:
        """How strongly each label is seen in vectors alone: the root of its probability, that a hint of it counts."""
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
        """Which labels are worth a look; where exactly one holds, the likeliest if it is likely enough."""
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
        """For each text and label asked about, the words that spoke most for it; none where only meaning spoke."""
        if self.words is None:
            return [[[] for _label in some] for some in labels]
        names = [None if one.kind == "letters" else name for one in self.grams for name in one.known]
        said = []
        for at, some in enumerate(labels):
            first, last = counted.indptr[at], counted.indptr[at + 1]
            places, values = counted.indices[first:last], counted.data[first:last]
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


def weighed(evidence: Numbers, weights: Numbers) -> Numbers:
    """Probabilities, from all that speaks and how much each of it counts."""
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
    """Learn from all of a sample, by meaning alone or also `by_words`; `by_verbs` also weighs how a text begins.
    Probabilities are measured apart."""
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
    """Logistic regression in which a rare label weighs as much as a frequent one."""
    # Asked for this late (`grams.vectorizer` says why).
    from sklearn.linear_model import LogisticRegression

    weights, offset = _nothing(features.shape[1], targets.shape[1])
    for at, target in enumerate(targets.T):
        if target.any() and not target.all():
            made = LogisticRegression(class_weight="balanced", C=10, max_iter=300).fit(features, target)
            weights[:, at], offset[at] = made.coef_[0], made.intercept_[0]
    return LinearWeights(weights, offset)


def squares(features: Any, targets: Targets) -> LinearWeights:
    """Least squares with a penalty: a moment's work for all labels together."""
    # Asked for this late (`grams.vectorizer` says why).
    from sklearn.linear_model import Ridge

    solver = "cholesky" if isinstance(features, np.ndarray) else "sparse_cg"
    made = Ridge(alpha=1.0, solver=solver, tol=1e-3, fit_intercept=True)
    made.fit(features, targets.astype(np.float32) * 2 - 1)
    return LinearWeights(
        np.atleast_2d(made.coef_).T.astype(np.float32), np.atleast_1d(made.intercept_).astype(np.float32)
    )


def margins(features: "sparse.csr_matrix", targets: Targets, cost: float) -> LinearWeights:
    """Support vectors on words that weigh more, the more often they go with a label or never do.

    On the States of a fourth fifth: micro and macro F1 of issues .912 and .865, with equal weights .909 and .861.
    """
    # Asked for this late (`grams.vectorizer` says why).
    from scipy import sparse
    from sklearn.svm import LinearSVC

    weights, offset = _nothing(features.shape[1], targets.shape[1])
    present = features.astype(bool).astype(np.float32)
    for at, target in enumerate(targets.T):
        if target.any() and not target.all():
            spread = going_with(present, target)
            made = LinearSVC(C=cost, tol=0.05).fit((features @ sparse.diags(spread)).tocsr(), target)
            weights[:, at], offset[at] = made.coef_[0] * spread, made.intercept_[0]
    return LinearWeights(weights, offset)


def going_with(present: "sparse.csr_matrix", target: NDArray[np.bool_]) -> Numbers:
    """For each word around one: how much more often it is in texts with the label than in those without, or less."""
    having, lacking = (np.asarray(present[rows].sum(axis=0)).ravel() + 1 for rows in (target, ~target))
    ratio = np.abs(np.log((having / having.sum()) / (lacking / lacking.sum())))
    return np.asarray(EVEN + (1 - EVEN) * ratio / max(float(ratio.mean()), 1e-6), dtype=np.float32)
