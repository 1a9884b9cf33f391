"""A fallback encoder learned from the texts of the register (TF-IDF and SVD), where the package is missing.

Words that occur in the same texts get similar vectors. It knows only the languages of the register, and links words
of two languages only through texts that contain both: much worse than the package, but better than nothing.
"""

import io
import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from servanda.language.vectors.encoder import NoEncoder, Vectors
from servanda.language.words.tokens import tokens

NAME = "lsa"
LEAST = 50  # texts; with fewer, nothing can be learned about which words belong together
DIMENSION = 200
TEXTS_A_DIMENSION = 10  # with fewer, each text would have its own dimension
MOST_WORDS = 20_000
SHORTEST = 2  # letters


class LearnedEncoder:
    """An encoder of arrays: the weight and the vector of each word."""

    name = NAME

    def __init__(self, words: Sequence[str], weights: NDArray[np.float32], directions: Vectors, version: str):
        self.places = {word: place for place, word in enumerate(words)}
        self.weights, self.directions, self.version = weights, directions, version
        self.dimension = directions.shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            counted = Counter(place for word in words_in(text) if (place := self.places.get(word)) is not None)
            if counted:
                places = list(counted)
                often = 1 + np.log(np.array([counted[place] for place in places], dtype=np.float32))
                vectors[row] = (often * self.weights[places]) @ self.directions[places]
        return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def words_in(text: str) -> list[str]:
    return [word for word in tokens(text, "") if len(word) >= SHORTEST]


def learn(texts: Sequence[str]) -> bytes:
    """Learn an encoder, as bytes for `opened`. Raises `NoEncoder` for too few texts."""
    # Imported here: see `features.vectorizer`.
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = list(dict.fromkeys(texts))
    if len(texts) < LEAST:
        raise NoEncoder(f"{len(texts)} texts are too few to learn from.")
    weighed = TfidfVectorizer(
        analyzer=words_in, sublinear_tf=True, min_df=2, max_features=MOST_WORDS, dtype=np.float32
    )
    try:
        rows = weighed.fit_transform(texts)
    except ValueError as problem:
        raise NoEncoder("No word stands in two texts.") from problem
    dimension = min(DIMENSION, rows.shape[0] // TEXTS_A_DIMENSION, rows.shape[1] - 1)
    if dimension < 1:
        raise NoEncoder("The texts have too few words in common.")
    directions = TruncatedSVD(dimension, random_state=0).fit(rows).components_.T
    return packed(list(weighed.get_feature_names_out()), weighed.idf_, directions)


def packed(words: list[str], weights: NDArray, directions: NDArray) -> bytes:
    file = io.BytesIO()
    np.savez(
        file,
        words=np.frombuffer(json.dumps(words).encode(), dtype=np.uint8),
        weights=weights.astype(np.float32),
        directions=directions.astype(np.float16),
    )
    return file.getvalue()


def opened(content: bytes) -> LearnedEncoder:
    """The encoder in a file of arrays and JSON, which run no code when they are loaded."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        words = json.loads(file["words"].tobytes())
        return LearnedEncoder(words, file["weights"], file["directions"].astype(np.float32), version_of(content))


def version_of(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
