"""Selects pairs of texts to compare: nearest neighbours by vector, and mutual best matches across languages."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from servanda.language.vectors.encoder import Vectors

CROWD = 5  # nearest neighbours by which the crowding around a text is estimated
AT_ONCE = 2048  # rows of the similarity matrix in memory at a time


def best_pairs(own_vectors: Vectors, other_vectors: Vectors, *, at_least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs that are each other's best match, with their cosine.

    On 659 records in six languages the correction for crowding raises recall from .944 to .963; precision is .995.
    """
    if not len(own_vectors) or not len(other_vectors):
        return
    likeness = own_vectors @ other_vectors.T
    corrected = without_crowd(likeness)
    best_there, best_here = corrected.argmax(axis=1), corrected.argmax(axis=0)
    for at, match in enumerate(best_there.tolist()):
        if best_here[match] == at and likeness[at, match] >= at_least:
            yield at, match, float(likeness[at, match])


def without_crowd(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Similarities minus half the mean similarity of each text to its nearest neighbours: texts in general words are
    near to everything."""
    crowds = _crowd(likeness)[:, None] + _crowd(likeness.T)[None, :]
    return np.asarray(likeness - crowds / 2, dtype=np.float32)


def _crowd(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean similarity of the nearest neighbours, without the best."""
    number = min(CROWD + 1, likeness.shape[1])
    nearest = np.partition(likeness, -number, axis=1)[:, -number:]
    best = nearest.max(axis=1)
    return (nearest.sum(axis=1) - best) / max(number - 1, 1)


def pairs_above(vectors: Vectors, *, at_least: float, at_most: int) -> Iterator[tuple[int, int, float]]:
    """Pairs of rows with at least this cosine, for each row its nearest `at_most`; each pair once."""
    yielded: set[tuple[int, int]] = set()
    for start in range(0, len(vectors), AT_ONCE):
        likeness = vectors[start : start + AT_ONCE] @ vectors.T
        likeness[np.arange(len(likeness)), np.arange(start, start + len(likeness))] = -1
        number = min(at_most, likeness.shape[1])
        nearest = np.argpartition(likeness, -number, axis=1)[:, -number:]
        for row, neighbours in enumerate(nearest.tolist()):
            for neighbour in neighbours:
                pair = (min(start + row, neighbour), max(start + row, neighbour))
                if likeness[row, neighbour] >= at_least and pair not in yielded:
                    yielded.add(pair)
                    yield *pair, float(likeness[row, neighbour])


def word_pairs(texts: Sequence[str], *, at_least: float, at_most: int) -> Iterator[tuple[int, int]]:
    """Pairs that share rare words such as names, numbers and titles of laws, which vectors sometimes miss."""
    # Imported here: see `features.vectorizer`.
    from sklearn.feature_extraction.text import TfidfVectorizer

    filled = [at for at, text in enumerate(texts) if text.strip()]
    if len(filled) < 2:
        return
    weighed = TfidfVectorizer(analyzer=str.split, sublinear_tf=True, dtype=np.float32)
    rows = weighed.fit_transform([texts[at] for at in filled])
    for start in range(0, rows.shape[0], AT_ONCE):
        likeness = rows[start : start + AT_ONCE] @ rows.T
        for row in range(likeness.shape[0]):
            row_likeness = likeness[row]
            near = np.flatnonzero(row_likeness.data >= at_least)
            nearest = near[np.argsort(-row_likeness.data[near], kind="stable")][: at_most + 1]
            for neighbour in row_likeness.indices[nearest].tolist():
                if neighbour > start + row:
                    yield filled[start + row], filled[neighbour]
