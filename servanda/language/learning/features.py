"""Texts as counts of their words and letters: what linear models of labels weigh."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from servanda.language.words.tokens import tokens

if TYPE_CHECKING:
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer

OPENING, REACH = 6, 8  # words: what is asked is said by the verbs at the beginning, the first above all
MOST_GRAMS = 120_000  # of one kind; rarer ones are left out


def words(text: str) -> list[str]:
    """Single words and pairs of neighbours; of Chinese its pairs of signs."""
    found = tokens(text, "")
    return found + [f"{one} {two}" for one, two in zip(found, found[1:], strict=False)]


def letters(text: str) -> list[str]:
    """Four letters in a row within a word, its edges included: endings and spellings matter less so."""
    return [gram for word in tokens(text, "") for gram in _fours(f" {word} ")]


def _fours(word: str) -> Iterator[str]:
    yield from (word[at : at + 4] for at in range(max(1, len(word) - 3)))


_number = re.compile(r"^[\d.\s\-–()]+")


def opening(text: str) -> list[str]:
    """The first words, each with its place, two and three in a row, and the very first with each that follows.

    Threes and what follows the first: of actions of States never seen .912 right, without them .909.
    """
    found = tokens(_number.sub("", text), "")[:REACH]
    first = found[:OPENING]
    rows = [" ".join(first[at : at + length]) for length in (2, 3) for at in range(len(first) - length + 1)]
    led = [f"{found[0]} … {word}" for word in found[2:]]
    return [*(f"{place}:{word}" for place, word in enumerate(first)), *first, *rows, *led]


KINDS: dict[str, Callable[[str], list[str]]] = {"words": words, "letters": letters, "opening": opening}
LEAST: dict[str, int] = {"words": 2, "letters": 5, "opening": 2}  # texts that a gram must be in
WEIGHT: dict[str, float] = {"words": 1.0, "letters": 1.0, "opening": 1.2}


def vectorizer(**how: Any) -> "TfidfVectorizer":
    # Asked for this late, so that nobody waits for it who does not learn: it takes longer to load than all the rest.
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(dtype=np.float32, **how)


@dataclass(slots=True)
class Grams:
    """Which grams of one kind are known, and how much each of them says."""

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
        except ValueError:  # no word at all, or none that two texts share
            return cls(kind, [], np.zeros(0, dtype=np.float32))
        return cls(kind, list(counted.get_feature_names_out()), counted.idf_.astype(np.float32))

    def matrix(self, texts: Sequence[str]) -> "sparse.csr_matrix":
        """A row for each text, of length `WEIGHT`; a text of unknown words has an empty one."""
        from scipy import sparse

        if not self.known:
            return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
        return (self.counter().transform(texts) * WEIGHT[self.kind]).tocsr()

    def counter(self) -> "TfidfVectorizer":
        """Made once: it has to look up every known gram."""
        if self._counter is None:
            made = vectorizer(analyzer=KINDS[self.kind], vocabulary=self.known, sublinear_tf=True)
            made.idf_ = self.rarity
            self._counter = made
        return self._counter


def side_by_side(grams: Sequence[Grams], texts: Sequence[str]) -> "sparse.csr_matrix":
    from scipy import sparse

    if not grams:
        return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
    return sparse.hstack([one.matrix(texts) for one in grams], format="csr", dtype=np.float32)
