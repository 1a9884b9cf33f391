"""Clusters texts by average linkage of their vectors; a person chooses where the tree is cut."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from servanda.language.vectors.encoder import Vectors
from servanda.language.words.decisive_words import LIGHT
from servanda.language.words.tokens import tokens

# The distance up to which texts are grouped. For 659 records in six languages, the six texts of a record join at .66
# (ARI .83, nine of ten pairs correct); above .95 whole themes join.
CUT = 0.66
LOWEST, HIGHEST = 0.40, 1.00
MOST = 4000  # texts at a time: eight million distances, 64 MB
# The surroundings of a text in a language are its nearest neighbours without the very nearest: as shares, so that a
# cut means the same among hundreds of records and among thousands; never so few that a cluster surrounds itself.
NEAREST, FARTHEST = 0.02, 0.06
NEAREST_AT_LEAST, FARTHEST_AT_LEAST = 8, 24
FEW = 10  # texts in a language that are needed to estimate how crowded it is
AMONG_FEW = 0.45  # the default for registers of a few hundred records, too small to estimate the value
APART = 2.0  # larger than any distance of two texts

type Tree = NDArray[np.float64]  # of scipy's linkage


def tree_of(vectors: Vectors, languages: Sequence[str], apart: Sequence[tuple[int, int]] = ()) -> Tree:
    """The tree of texts by mean distances between groups; pairs in `apart` join as late as possible."""
    # Imported here: see `features.vectorizer`.
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    if len(vectors) < 2:
        return np.zeros((0, 4))
    between = distances(vectors, languages)
    for first, second in apart:
        between[first, second] = between[second, first] = APART
    return linkage(squareform(between, checks=False), "average")


def distances(vectors: Vectors, languages: Sequence[str]) -> NDArray[np.float32]:
    """Distances of texts, corrected by how crowded it is around each in the language of the other.

    Texts in general words are near to everything, and texts in two languages are farther apart. The mean of the
    nearest few per cent, without the very nearest, estimates this without counting texts that really belong together.
    """
    language_of = np.asarray(languages)
    groups = [np.flatnonzero(language_of == language) for language in sorted(set(languages))]
    result = 1 - vectors @ vectors.T
    crowd = np.stack([_crowd(1 - result[:, group]) for group in groups], axis=1)  # of each text in each language
    for at, group in enumerate(groups):
        result[:, group] += crowd[:, [at]] / 2
        result[group, :] += crowd[:, [at]].T / 2
    np.fill_diagonal(result, 0)
    return np.maximum(result, 0)


def _crowd(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    number = likeness.shape[1]
    if number <= FEW:
        return np.full(len(likeness), AMONG_FEW, dtype=np.float32)
    first = min(max(NEAREST_AT_LEAST, round(NEAREST * number)), number // 2)
    last = min(max(FARTHEST_AT_LEAST, round(FARTHEST * number)), number)
    nearest = -np.sort(-np.partition(likeness, -last, axis=1)[:, -last:], axis=1)
    return nearest[:, first:].mean(axis=1)


def cut(tree: Tree, height: float) -> NDArray[np.int32]:
    """The group number of each text, from 1."""
    from scipy.cluster.hierarchy import fcluster

    return fcluster(tree, height, "distance") if len(tree) else np.ones(1, dtype=np.int32)


def medoid(vectors: Vectors) -> int:
    """The index of the text that is nearest to all others of its group."""
    return int((vectors @ vectors.sum(axis=0)).argmax())


def central(vectors: Vectors, number: int) -> list[int]:
    """Indexes of the most central texts, without those that repeat an earlier one."""
    middle = vectors @ vectors.sum(axis=0)
    chosen: list[int] = []
    for at in np.argsort(-middle, kind="stable").tolist():
        if all(vectors[at] @ vectors[earlier] < REPEATS for earlier in chosen):
            chosen.append(at)
        if len(chosen) == number:
            break
    return chosen


REPEATS = 0.86  # similarity from which on a sentence repeats another one


def distinct_terms(texts: Sequence[str], other_texts: Sequence[str], language: str, number: int = 3) -> list[str]:
    """Words that are typical of a group and rare in others, as written, the most typical first."""
    own_counts, other_counts = _in_how_many(texts, language), _in_how_many(other_texts, language)
    spelt = _most_usual_spelling(texts, language)
    weight = {
        word: count / len(texts) * np.log((1 + len(other_texts)) / (1 + other_counts[word]))
        for word, count in own_counts.items()
        if word not in LIGHT and len(word) > 2 and not word[0].isdigit() and (count > 1 or len(texts) == 1)
    }
    best = sorted(weight, key=lambda word: (-weight[word], word))
    return [spelt[word] for word in best[:number]]


def _in_how_many(texts: Sequence[str], language: str) -> Counter[str]:
    return Counter(word for text in texts for word in set(tokens(text, language)))


def _most_usual_spelling(texts: Sequence[str], language: str) -> dict[str, str]:
    spelt: dict[str, Counter[str]] = {}
    for text in texts:
        for word in text.split():
            bare = word.strip(".,;:()«»\"'“”’،؛").casefold()
            stems = tokens(bare, language)
            if len(stems) == 1:
                spelt.setdefault(stems[0], Counter())[bare] += 1
    return {stem: spellings.most_common(1)[0][0] for stem, spellings in spelt.items()} | {
        stem: stem for text in texts for stem in tokens(text, language) if stem not in spelt
    }
