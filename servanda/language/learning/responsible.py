"""Which institutions are responsible for a record, learned from those named on others.

Ridge regression on how alike two records are: by words, by letters, by meaning, by labels and by who recommended. How
much each counts, and how strong the penalty is, is chosen on the records themselves, each predicted from all others.
Below `LEAST` records, or where the vectors are of another encoder, the ten nearest by words and labels are asked.
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

LEAST = 30  # records: from fewer nothing is learned but who is nearest
NEAREST = 10
MOST_NAMED = 3
FOLDS = 5
SAMPLE = 600  # records on which the mix is chosen: each trial takes the cube of their number
SHORTEST_WORD = 4  # letters of a word that is given as a reason
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
NEAR: Mix = {WORDS: 1, LETTERS: 1, LABELS: 1, SENDER: 0.25}  # what the ten nearest go by: no vectors

Numbers = NDArray[np.float32]
Targets = NDArray[np.bool_]  # (records, institutions)


@dataclass(frozen=True, slots=True)
class Cases:
    """Records to learn from or to be asked about: their texts in all languages, labels, senders; rows of vectors, or
    none where nothing makes any."""

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
    """The words, labels and senders that are known; what is new in a record counts nothing."""

    grams: list[Grams]
    labels: list[str]
    senders: list[str]

    @classmethod
    def of(cls, cases: Cases) -> "Known":
        grams = [Grams.of(kind, cases.texts) for kind in GRAMS]
        return cls(grams, sorted(set().union(*cases.labels)), sorted(set().union(*cases.senders)))

    def features(self, cases: Cases) -> "dict[str, sparse.csr_matrix]":
        """For each thing that records may be alike in, one row of length one for each record, or an empty one."""
        from scipy import sparse

        found = {one.kind: one.matrix(cases.texts) for one in self.grams}
        found[LABELS] = marked(cases.labels, self.labels)
        found[SENDER] = marked(cases.senders, self.senders)
        if cases.vectors is not None:
            lengths = np.maximum(np.linalg.norm(cases.vectors, axis=1, keepdims=True), 1e-9)
            found[MEANING] = sparse.csr_matrix((cases.vectors / lengths).astype(np.float32))
        return found


def marked(given: Sequence[frozenset[str]], known: Sequence[str]) -> "sparse.csr_matrix":
    from scipy import sparse

    places = {name: place for place, name in enumerate(known)}
    rows = [sorted(places[name] for name in names if name in places) for names in given]
    values = [1 / np.sqrt(len(row)) for row in rows for _place in row]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = [place for row in rows for place in row]
    return sparse.csr_matrix((np.array(values, dtype=np.float32), columns, ends), shape=(len(rows), len(known)))


def alike(
    here: "Mapping[str, sparse.csr_matrix]", others: "Mapping[str, sparse.csr_matrix]", weights: Mix
) -> Numbers:
    """How alike each record here is to each other, in all that the mix weighs; from nought to one."""
    total = sum(weights.values())
    shape = (next(iter(here.values())).shape[0], next(iter(others.values())).shape[0])
    found = np.zeros(shape, dtype=np.float32)
    for name, weight in weights.items():
        found += np.float32(weight / total) * (here[name] @ others[name].T).toarray()
    return found


@dataclass(slots=True)
class Model:
    """What was learned: the records with their features, and how much each speaks for each institution."""

    institutions: list[int]
    records: list[int]
    known: Known
    features: "dict[str, sparse.csr_matrix]"
    targets: Targets
    weights: dict[str, float]
    usual: Numbers  # how often each institution is named
    strengths: Numbers  # (records, institutions)
    own: Numbers  # of each record, how much it is explained by itself

    def answer(self, cases: Cases, place: int | None = None) -> "Answer":
        """For the one record of `cases`, which stands at `place` among those learned from, or nowhere."""
        here = self.known.features(cases)
        likeness = alike(here, self.features, self.weights)[0]
        if place is None:
            return Answer(self, here, likeness, likeness @ self.strengths + self.usual, self.strengths)
        strengths = self.strengths.copy()
        strengths[place] = 0
        likeness[place] = -1
        others_say = self.targets[place] - self.strengths[place] / self.own[place]
        return Answer(self, here, likeness, others_say, strengths)

    def nearest(self, cases: Cases, place: int | None = None) -> "Answer":
        """The same by the ten nearest alone, without any vector."""
        here = self.known.features(cases)
        likeness = alike(here, self.features, NEAR)[0]
        if place is not None:
            likeness[place] = -1
        return Answer(self, here, likeness, by_nearest(likeness[None], self.targets)[0])


@dataclass(slots=True)
class Answer:
    """How much speaks for each institution, and why."""

    model: Model
    features: "dict[str, sparse.csr_matrix]"
    likeness: Numbers
    scores: Numbers
    strengths: Numbers | None = None  # none where only the nearest were asked

    def ranked(self) -> list[int]:
        """Places of the institutions, the likeliest first."""
        return [int(place) for place in np.argsort(-self.scores, kind="stable")]

    def near(self, institution: int) -> list[int]:
        """The records most like this one that name the institution at this place, among all that are near."""
        order = np.argsort(-self.likeness, kind="stable")
        theirs = [at for at in order if self.model.targets[at, institution] and self.likeness[at] > 0]
        return [self.model.records[at] for at in theirs]

    def words(self, institution: int, *, most: int) -> list[str]:
        """Words of this record that speak most for the institution at this place."""
        names = next(one for one in self.model.known.grams if one.kind == WORDS).known
        row, others = self.features[WORDS], self.model.features[WORDS]
        if not row.nnz:
            return []
        targets = self.model.targets[:, institution].astype(np.float32)
        speaks = targets - targets.mean() if self.strengths is None else self.strengths[:, institution]
        weights = row.data * (others[:, row.indices].T @ speaks)
        order = np.argsort(-weights, kind="stable")
        strong = [names[row.indices[at]] for at in order if weights[at] > 0]
        return [word for word in strong if " " not in word and len(word) >= SHORTEST_WORD][:most]


def by_nearest(likeness: Numbers, targets: Targets) -> Numbers:
    """Each of the ten nearest counts by how near it is; where they say the same, the more frequent comes first."""
    found = np.tile(targets.mean(axis=0, dtype=np.float32) * np.float32(1e-3), (len(likeness), 1))
    for at, row in enumerate(likeness):
        near = np.argsort(-row, kind="stable")[:NEAREST]
        found[at] += np.maximum(row[near], 0) @ targets[near].astype(np.float32)
    return found


def most_frequent(targets: Targets, number: int) -> Numbers:
    return np.tile(targets.mean(axis=0, dtype=np.float32), (number, 1))


def learn(cases: Cases, targets: Targets, records: Sequence[int], institutions: Sequence[int]) -> Model:
    """From all of these; what it is worth on others is measured apart."""
    known = Known.of(cases)
    features = known.features(cases)
    weights, penalty = chosen_mix(features, targets)
    strengths, own = solved(alike(features, features, weights), targets, penalty)
    usual = targets.mean(axis=0, dtype=np.float32)
    return Model(list(institutions), list(records), known, features, targets, dict(weights), usual, strengths, own)


def chosen_mix(features: "Mapping[str, sparse.csr_matrix]", targets: Targets) -> tuple[Mix, float]:
    """The mix and the penalty by which each record is best predicted from all others."""
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
    _error, weights, penalty = min(tried, key=lambda one: one[0])
    return weights, penalty


def distinct_mixes(features: "Mapping[str, sparse.csr_matrix]") -> list[Mix]:
    """The mixes of what there is: without vectors, or where no record has a label, some are the same."""
    there = {name for name, matrix in features.items() if matrix.nnz}
    found: list[Mix] = []
    for mix in MIXES:
        weights = {name: weight for name, weight in mix.items() if name in there}
        if weights and weights not in found:
            found.append(weights)
    return found or [{WORDS: 1}]


def solved(likeness: Numbers, targets: Targets, penalty: float) -> tuple[Numbers, Numbers]:
    inverse = np.linalg.inv(likeness + np.float32(penalty) * np.eye(len(likeness), dtype=np.float32))
    return inverse @ (targets - targets.mean(axis=0, dtype=np.float32)), np.diag(inverse).copy()


@dataclass(frozen=True, slots=True)
class Measured:
    """On how many of the records held back one of the three named institutions was right."""

    tested: int
    learned: int
    nearest: int
    frequent: int


def measure(cases: Cases, targets: Targets, folds: Sequence[NDArray[np.intp]]) -> Measured:
    """Each fold is held back once; what answers has seen nothing of it, not even to choose its mix."""
    hits = {"learned": 0, "nearest": 0, "frequent": 0}
    for held in folds:
        rest = np.setdiff1d(np.arange(len(targets)), held)
        for name, scores in scored(cases.part(rest), targets[rest], cases.part(held)).items():
            hits[name] += number_right(scores, targets[held])
    return Measured(sum(len(held) for held in folds), **hits)


def scored(cases: Cases, targets: Targets, asked: Cases) -> dict[str, Numbers]:
    """What each way says of the records asked about, learned from others."""
    known = Known.of(cases)
    features, here = known.features(cases), known.features(asked)
    found = {
        "nearest": by_nearest(alike(here, features, NEAR), targets),
        "frequent": most_frequent(targets, len(asked.texts)),
    }
    if len(targets) >= LEAST:
        weights, penalty = chosen_mix(features, targets)
        strengths, _own = solved(alike(features, features, weights), targets, penalty)
        usual = targets.mean(axis=0, dtype=np.float32)
        found["learned"] = alike(here, features, weights) @ strengths + usual
    return found


def number_right(scores: Numbers, targets: Targets) -> int:
    first = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_NAMED]
    return int(np.take_along_axis(targets, first, axis=1).any(axis=1).sum())


def folds_of(texts: Sequence[str], *, seed: int = 0) -> list[NDArray[np.intp]]:
    """Shuffled; equal texts are held back together. Of few texts each is a fold of its own."""
    groups: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        groups.setdefault(text, []).append(row)
    some = list(groups.values())
    order = np.random.default_rng(seed).permutation(len(some))
    number = FOLDS if len(some) >= LEAST else len(some)
    parts = [np.array(sorted(row for at in part for row in some[at]), dtype=np.intp) for part in split(order, number)]
    return [part for part in parts if 0 < len(part) < len(texts)]


def split(order: NDArray[np.intp], number: int) -> list[NDArray[np.intp]]:
    return np.array_split(order, max(1, number))
