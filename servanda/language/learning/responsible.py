"""Suggests responsible institutions for a record, trained on those assigned to others.

Kernel ridge regression on the similarity of records by words, letters, meaning, labels and recommending States. The
weights and the penalty are chosen on the records themselves, each predicted from all others. With fewer than `LEAST`
records, or with vectors of another encoder, the ten nearest records by words and labels are used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from servanda.language.learning.features import Grams
from servanda.language.vectors.encoder import Vectors

if TYPE_CHECKING:
    from scipy import sparse

LEAST = 30  # records: with fewer, only the nearest are used
NEAREST = 10
MOST_NAMED = 3
FOLDS = 5
SAMPLE = 600  # records on which the mix is chosen: the time grows with the cube of their number
SHORTEST_WORD = 4  # letters of words that are shown as a reason
WORDS, LETTERS, MEANING, LABELS, SENDER = "words", "letters", "meaning", "labels", "sender"
GRAMS = (WORDS, LETTERS)
PENALTIES = (0.03, 0.1, 0.3, 1.0)

type Mix = Mapping[str, float]
MIXES: tuple[Mix, ...] = (
    {WORDS: 1, LETTERS: 1, MEANING: 1, LABELS: 1, SENDER: 1},
    {WORDS: 1, LETTERS: 1, MEANING: 1, LABELS: 1, SENDER: 0.25},
    {WORDS: 1, LETTERS: 1, MEANING: 1, LABELS: 1},
    {WORDS: 1, LETTERS: 1, MEANING: 1},
    {WORDS: 1, LETTERS: 1, LABELS: 1},
    {WORDS: 1, LETTERS: 1},
    {WORDS: 1, LETTERS: 1, MEANING: 1, LABELS: 2, SENDER: 0.25},
    {WORDS: 1, LETTERS: 1, MEANING: 3, LABELS: 1},
    {MEANING: 1, LABELS: 0.5},
)
NEAR: Mix = {WORDS: 1, LETTERS: 1, LABELS: 1, SENDER: 0.25}  # the mix for the ten nearest: without vectors

Numbers = NDArray[np.float32]
Targets = NDArray[np.bool_]  # (records, institutions)


@dataclass(frozen=True, slots=True)
class Cases:
    """Records for training or prediction: their texts in all languages, labels, senders, and rows of vectors (None
    without an encoder)."""

    texts: Sequence[str]
    labels: Sequence[frozenset[str]]
    senders: Sequence[frozenset[str]]
    vectors: Vectors | None = None

    def part(self, rows: NDArray[np.intp]) -> "Cases":
        def of(some: Sequence) -> list:
            return [some[row] for row in rows]

        vectors = None if self.vectors is None else self.vectors[rows]
        return Cases(of(self.texts), of(self.labels), of(self.senders), vectors)


@dataclass(slots=True)
class Known:
    """The known words, labels and senders; unknown ones are ignored."""

    grams: list[Grams]
    labels: list[str]
    senders: list[str]

    @classmethod
    def of(cls, cases: Cases) -> "Known":
        grams = [Grams.of(kind, cases.texts) for kind in GRAMS]
        return cls(grams, sorted(set().union(*cases.labels)), sorted(set().union(*cases.senders)))

    def features(self, cases: Cases) -> "dict[str, sparse.csr_matrix]":
        """For each kind of similarity, a normalised row for each record, which may be empty."""
        from scipy import sparse

        matrices = {grams_of_kind.kind: grams_of_kind.matrix(cases.texts) for grams_of_kind in self.grams}
        matrices[LABELS] = marked(cases.labels, self.labels)
        matrices[SENDER] = marked(cases.senders, self.senders)
        if cases.vectors is not None:
            lengths = np.maximum(np.linalg.norm(cases.vectors, axis=1, keepdims=True), 1e-9)
            matrices[MEANING] = sparse.csr_matrix((cases.vectors / lengths).astype(np.float32))
        return matrices


def marked(name_sets: Sequence[frozenset[str]], known_names: Sequence[str]) -> "sparse.csr_matrix":
    from scipy import sparse

    places = {name: place for place, name in enumerate(known_names)}
    rows = [sorted(places[name] for name in names if name in places) for names in name_sets]
    values = [1 / np.sqrt(len(row)) for row in rows for _place in row]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = [place for row in rows for place in row]
    return sparse.csr_matrix((np.array(values, dtype=np.float32), columns, ends), shape=(len(rows), len(known_names)))


def alike(
    own_features: "Mapping[str, sparse.csr_matrix]", other_features: "Mapping[str, sparse.csr_matrix]", weights: Mix
) -> Numbers:
    """The similarity, from 0 to 1, of each record to each of the others, by this mix."""
    total = sum(weights.values())
    shape = (next(iter(own_features.values())).shape[0], next(iter(other_features.values())).shape[0])
    similarity = np.zeros(shape, dtype=np.float32)
    for name, weight in weights.items():
        similarity += np.float32(weight / total) * (own_features[name] @ other_features[name].T).toarray()
    return similarity


@dataclass(slots=True)
class Model:
    """A trained model: the records with their features, and the strength of each for each institution."""

    institutions: list[int]
    records: list[int]
    known: Known
    features: "dict[str, sparse.csr_matrix]"
    targets: Targets
    weights: dict[str, float]
    usual: Numbers  # how often each institution is assigned
    strengths: Numbers  # (records, institutions)
    own: Numbers  # how much each record is explained by itself

    def predict(self, cases: Cases, place: int | None = None) -> "Answer":
        """The prediction for the one record of `cases`, which has the index `place` among the training records, or
        None."""
        own_features = self.known.features(cases)
        likeness = alike(own_features, self.features, self.weights)[0]
        if place is None:
            return Answer(self, own_features, likeness, likeness @ self.strengths + self.usual, self.strengths)
        strengths = self.strengths.copy()
        strengths[place] = 0
        likeness[place] = -1
        others_say = self.targets[place] - self.strengths[place] / self.own[place]
        return Answer(self, own_features, likeness, others_say, strengths)

    def nearest(self, cases: Cases, place: int | None = None) -> "Answer":
        """The same by the ten nearest records only, without vectors."""
        own_features = self.known.features(cases)
        likeness = alike(own_features, self.features, NEAR)[0]
        if place is not None:
            likeness[place] = -1
        return Answer(self, own_features, likeness, by_nearest(likeness[None], self.targets)[0])


@dataclass(slots=True)
class Answer:
    """Scores of the institutions for a record, with their reasons."""

    model: Model
    features: "dict[str, sparse.csr_matrix]"
    likeness: Numbers
    scores: Numbers
    strengths: Numbers | None = None  # None where only the nearest records were used

    def ranked(self) -> list[int]:
        """Indexes of the institutions, the likeliest first."""
        return [int(place) for place in np.argsort(-self.scores, kind="stable")]

    def near(self, institution: int) -> list[int]:
        """The most similar records to which the institution with this index is assigned."""
        order = np.argsort(-self.likeness, kind="stable")
        assigned = [at for at in order if self.model.targets[at, institution] and self.likeness[at] > 0]
        return [self.model.records[at] for at in assigned]

    def words(self, institution: int, *, most: int) -> list[str]:
        """Words of this record with the highest weight for the institution with this index."""
        names = next(grams_of_kind for grams_of_kind in self.model.known.grams if grams_of_kind.kind == WORDS).known
        row, other_rows = self.features[WORDS], self.model.features[WORDS]
        if not row.nnz:
            return []
        targets = self.model.targets[:, institution].astype(np.float32)
        speaks = targets - targets.mean() if self.strengths is None else self.strengths[:, institution]
        weights = row.data * (other_rows[:, row.indices].T @ speaks)
        order = np.argsort(-weights, kind="stable")
        strong = [names[row.indices[at]] for at in order if weights[at] > 0]
        return [word for word in strong if " " not in word and len(word) >= SHORTEST_WORD][:most]


def by_nearest(likeness: Numbers, targets: Targets) -> Numbers:
    """Scores weighted by the similarity of the ten nearest records; ties are broken by frequency."""
    scores = np.tile(targets.mean(axis=0, dtype=np.float32) * np.float32(1e-3), (len(likeness), 1))
    for at, row in enumerate(likeness):
        near = np.argsort(-row, kind="stable")[:NEAREST]
        scores[at] += np.maximum(row[near], 0) @ targets[near].astype(np.float32)
    return scores


def most_frequent(targets: Targets, number: int) -> Numbers:
    return np.tile(targets.mean(axis=0, dtype=np.float32), (number, 1))


def learn(cases: Cases, targets: Targets, records: Sequence[int], institutions: Sequence[int]) -> Model:
    """Train on all of these; `measure` evaluates separately."""
    vocabulary = Known.of(cases)
    features = vocabulary.features(cases)
    weights, penalty = chosen_mix(features, targets)
    strengths, own = solved(alike(features, features, weights), targets, penalty)
    usual = targets.mean(axis=0, dtype=np.float32)
    return Model(
        list(institutions), list(records), vocabulary, features, targets, dict(weights), usual, strengths, own
    )


def chosen_mix(features: "Mapping[str, sparse.csr_matrix]", targets: Targets) -> tuple[Mix, float]:
    """The mix and the penalty with which each record is best predicted from all others."""
    number = len(targets)
    rows = np.sort(np.random.default_rng(0).permutation(number)[:SAMPLE])
    some, right = {name: matrix[rows] for name, matrix in features.items()}, targets[rows]
    tried: list[tuple[float, Mix, float]] = []
    for weights in distinct_mixes(features):
        values, directions = np.linalg.eigh(alike(some, some, weights).astype(np.float64))
        turned = directions.T @ (right - right.mean(axis=0))
        for penalty in PENALTIES:
            shrunk = 1 / (np.maximum(values, 0) + penalty)
            strengths = directions @ (shrunk[:, None] * turned)
            own = (directions**2) @ shrunk
            error = float(np.mean((strengths / own[:, None]) ** 2))
            tried.append((error, weights, penalty))
    _error, weights, penalty = min(tried, key=lambda trial: trial[0])
    return weights, penalty


def distinct_mixes(features: "Mapping[str, sparse.csr_matrix]") -> list[Mix]:
    """The mixes limited to the available features: without vectors or labels some of them are the same."""
    available = {name for name, matrix in features.items() if matrix.nnz}
    mixes: list[Mix] = []
    for mix in MIXES:
        weights = {name: weight for name, weight in mix.items() if name in available}
        if weights and weights not in mixes:
            mixes.append(weights)
    return mixes or [{WORDS: 1}]


def solved(likeness: Numbers, targets: Targets, penalty: float) -> tuple[Numbers, Numbers]:
    inverse = np.linalg.inv(likeness + np.float32(penalty) * np.eye(len(likeness), dtype=np.float32))
    return inverse @ (targets - targets.mean(axis=0, dtype=np.float32)), np.diag(inverse).copy()


@dataclass(frozen=True, slots=True)
class Measured:
    """For how many held-out records one of the three suggested institutions was correct."""

    tested: int
    learned: int
    nearest: int
    frequent: int


def measure(cases: Cases, targets: Targets, folds: Sequence[NDArray[np.intp]]) -> Measured:
    """Hold out each fold once; everything, including the mix, is chosen without it."""
    hits = {"learned": 0, "nearest": 0, "frequent": 0}
    for held_out in folds:
        training = np.setdiff1d(np.arange(len(targets)), held_out)
        for name, scores in scored(cases.part(training), targets[training], cases.part(held_out)).items():
            hits[name] += number_right(scores, targets[held_out])
    return Measured(sum(len(held_out) for held_out in folds), **hits)


def scored(cases: Cases, targets: Targets, held_out: Cases) -> dict[str, Numbers]:
    """Scores of each method for held-out records, trained on the others."""
    vocabulary = Known.of(cases)
    features, own_features = vocabulary.features(cases), vocabulary.features(held_out)
    scores = {
        "nearest": by_nearest(alike(own_features, features, NEAR), targets),
        "frequent": most_frequent(targets, len(held_out.texts)),
    }
    if len(targets) >= LEAST:
        weights, penalty = chosen_mix(features, targets)
        strengths, _own = solved(alike(features, features, weights), targets, penalty)
        usual = targets.mean(axis=0, dtype=np.float32)
        scores["learned"] = alike(own_features, features, weights) @ strengths + usual
    return scores


def number_right(scores: Numbers, targets: Targets) -> int:
    first = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_NAMED]
    return int(np.take_along_axis(targets, first, axis=1).any(axis=1).sum())


def folds_of(texts: Sequence[str]) -> list[NDArray[np.intp]]:
    """Shuffled folds; equal texts are in the same one. With few texts each is a fold of its own."""
    groups: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        groups.setdefault(text, []).append(row)
    some = list(groups.values())
    order = np.random.default_rng(0).permutation(len(some))
    number = FOLDS if len(some) >= LEAST else len(some)
    parts = [np.array(sorted(row for at in part for row in some[at]), dtype=np.intp) for part in split(order, number)]
    return [part for part in parts if 0 < len(part) < len(texts)]


def split(order: NDArray[np.intp], number: int) -> list[NDArray[np.intp]]:
    return np.array_split(order, max(1, number))
