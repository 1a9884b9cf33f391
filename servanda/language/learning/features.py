"""Features of texts for linear models of labels: counts of words and letters."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from servanda.language.words.tokens import tokens

if TYPE_CHECKING:
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer

OPENING, REACH = 6, 8  # words: the verbs at the beginning tell what is requested, above all the first
MOST_GRAMS = 120_000  # of each kind; rarer ones are dropped


def words(text: str) -> list[str]:
    """Single words and pairs of adjacent ones; for Chinese, pairs of characters."""
    unigrams = tokens(text, "")
    return unigrams + [f"{first} {second}" for first, second in zip(unigrams, unigrams[1:], strict=False)]


def letters(text: str) -> list[str]:
    """Sequences of four letters within words, including word boundaries, which are robust to endings and
    spellings."""
    return [gram for word in tokens(text, "") for gram in _fours(f" {word} ")]


def _fours(word: str) -> Iterator[str]:
    yield from (word[at : at + 4] for at in range(max(1, len(word) - 3)))


_number = re.compile(r"^[\d.\s\-–()]+")


def opening(text: str) -> list[str]:
    """The first words with their positions, sequences of two and three of them, and pairs of the first with later
    ones.

    Sequences of three and pairs raise the score on actions of unseen States from .909 to .912.
    """
    opening_words = tokens(_number.sub("", text), "")[:REACH]
    first = opening_words[:OPENING]
    rows = [" ".join(first[at : at + length]) for length in (2, 3) for at in range(len(first) - length + 1)]
    led = [f"{opening_words[0]} … {word}" for word in opening_words[2:]]
    return [*(f"{place}:{word}" for place, word in enumerate(first)), *first, *rows, *led]


KINDS: dict[str, Callable[[str], list[str]]] = {"words": words, "letters": letters, "opening": opening}
LEAST: dict[str, int] = {"words": 2, "letters": 5, "opening": 2}  # texts in which a gram must occur
WEIGHT: dict[str, float] = {"words": 1.0, "letters": 1.0, "opening": 1.2}


def vectorizer(**options: Any) -> "TfidfVectorizer":
    # Imported here, because it takes longer to load than everything else, and only learning needs it.
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(dtype=np.float32, **options)


@dataclass(slots=True)
class Grams:
    """The known grams of one kind, and the weight of each."""

    kind: str
    known: list[str]
    rarity: np.ndarray
    _counter: "TfidfVectorizer | None" = None

    @classmethod
    def of(cls, kind: str, texts: Sequence[str]) -> "Grams":
        least = LEAST[kind] if len(texts) > 50 else 1
        counted = vectorizer(analyzer=KINDS[kind], min_df=least, max_features=MOST_GRAMS)
        try:
            counted.fit(texts)
        except ValueError:  # no words, or none that two texts share
            return cls(kind, [], np.zeros(0, dtype=np.float32))
        return cls(kind, list(counted.get_feature_names_out()), counted.idf_.astype(np.float32))

    def matrix(self, texts: Sequence[str]) -> "sparse.csr_matrix":
        """A row of length `WEIGHT` for each text; empty for a text of unknown words."""
        from scipy import sparse

        if not self.known:
            return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
        return (self.counter().transform(texts) * WEIGHT[self.kind]).tocsr()

    def counter(self) -> "TfidfVectorizer":
        """Built once, because that looks up every known gram."""
        if self._counter is None:
            counter = vectorizer(analyzer=KINDS[self.kind], vocabulary=self.known, sublinear_tf=True)
            counter.idf_ = self.rarity
            self._counter = counter
        return self._counter


def side_by_side(grams: Sequence[Grams], texts: Sequence[str]) -> "sparse.csr_matrix":
    from scipy import sparse

    if not grams:
        return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
    return sparse.hstack([gram.matrix(texts) for gram in grams], format="csr", dtype=np.float32)
