"""Vectors of a large register in little memory: each number in one byte, each row of length one.

A row is written the same whatever stands beside it, so what somebody may not see moves nobody else. Measured on 659
texts in six languages: rank 1 across languages stays as with four bytes (`./run bench language_find`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numkong import cdist
from numpy.typing import NDArray

from servanda.language.vectors.encoder import Vectors

GREATEST = 127

Numbers = NDArray[np.int8]
Lengths = NDArray[np.float32]
Likeness = NDArray[np.float32]
Places = Sequence[int] | NDArray[np.intp]


class Rows:
    """Rows that are written, read and compared by their place; a place that was never written is near to nothing."""

    def __init__(self, numbers: Numbers, lengths: Lengths):
        self.numbers = numbers
        self.lengths = lengths  # one part through the length of the numbers, nought for no row

    @classmethod
    def empty(cls) -> Self:
        return cls(np.zeros((0, 0), dtype=np.int8), np.zeros(0, dtype=np.float32))

    @classmethod
    def mapped(cls, folder: Path) -> Self:
        """As another process kept them: read from the disk when they are needed, shared with all who do, and what
        is written into them stays here."""
        return cls(np.load(folder / "numbers.npy", mmap_mode="c"), np.load(folder / "lengths.npy"))

    def keep(self, folder: Path, size: int, room: int) -> None:
        """The first rows, and room for so many in all; what is empty takes no place on the disk."""
        for name, rows in (("numbers", self.numbers), ("lengths", self.lengths)):
            shape = (room, *rows.shape[1:])
            kept = np.lib.format.open_memmap(folder / f"{name}.npy", mode="w+", dtype=rows.dtype, shape=shape)
            kept[:size] = rows[:size]
            kept.flush()

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def dimension(self) -> int:
        return self.numbers.shape[1]

    def widen(self, size: int, dimension: int) -> None:
        """Room that is not used yet takes no memory."""
        numbers = np.zeros((size, dimension), dtype=np.int8)
        lengths = np.zeros(size, dtype=np.float32)
        numbers[: len(self)] = self.numbers.reshape(-1, dimension)
        lengths[: len(self)] = self.lengths
        self.numbers, self.lengths = numbers, lengths

    def put(self, places: Places, vectors: Vectors) -> None:
        self.numbers[places], self.lengths[places] = in_bytes(vectors)

    def vectors(self, places: Places) -> Vectors:
        return self.numbers[places].astype(np.float32) * self.lengths[places][:, np.newaxis]

    def compared(self, vector: Vectors, size: int) -> Likeness:
        """The likeness of the first rows to one vector, which is put into bytes as they are: sums of whole numbers,
        which do not differ with the place of a row."""
        asked, length = in_bytes(vector[np.newaxis])
        sums = np.asarray(cdist(asked, self.numbers[:size], "dot"))[0]
        return np.round(sums * (length * self.lengths[:size]), 5).astype(np.float32)


def in_bytes(vectors: Vectors) -> tuple[Numbers, Lengths]:
    """Each row in whole numbers up to 127, and one part through its length; nought for a row of nothing."""
    greatest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    numbers = np.rint(vectors * (GREATEST / greatest)).astype(np.int8)
    lengths = np.linalg.norm(numbers.astype(np.float32), axis=1)
    return numbers, np.where(lengths > 0, 1 / np.maximum(lengths, 1), 0).astype(np.float32)
