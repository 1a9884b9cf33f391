"""Compact vectors of a large register: one byte for each number, rows of length one.

Rows are quantised independently of each other, so that hidden records do not influence others. On 659 texts in six
languages, rank 1 across languages is the same as with four bytes (`./run bench language_find`).
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
    """Rows that are written, read and compared by index; a row that was never written is similar to no query."""

    def __init__(self, numbers: Numbers, lengths: Lengths):
        self.numbers = numbers
        self.lengths = lengths  # inverse of the length of the numbers, 0 for an empty row

    @classmethod
    def empty(cls) -> Self:
        return cls(np.zeros((0, 0), dtype=np.int8), np.zeros(0, dtype=np.float32))

    @classmethod
    def mapped(cls, folder: Path) -> Self:
        """Rows from a file of another process: memory-mapped and shared; changes stay in this process."""
        return cls(np.load(folder / "numbers.npy", mmap_mode="c"), np.load(folder / "lengths.npy"))

    def keep(self, folder: Path, size: int, room: int) -> None:
        """Write the first `size` rows into a sparse file with room for `room` rows."""
        for name, rows in (("numbers", self.numbers), ("lengths", self.lengths)):
            shape = (room, *rows.shape[1:])
            file_rows = np.lib.format.open_memmap(folder / f"{name}.npy", mode="w+", dtype=rows.dtype, shape=shape)
            file_rows[:size] = rows[:size]
            file_rows.flush()

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def dimension(self) -> int:
        return self.numbers.shape[1]

    def widen(self, size: int, dimension: int) -> None:
        """Make room for more rows, which takes no memory until they are written."""
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
        """The similarity of the first rows to a vector, which is quantised as well: integer sums do not depend on the
        position of a row."""
        quantised, length = in_bytes(vector[np.newaxis])
        sums = np.asarray(cdist(quantised, self.numbers[:size], "dot"))[0]
        return np.round(sums * (length * self.lengths[:size]), 5).astype(np.float32)


def in_bytes(vectors: Vectors) -> tuple[Numbers, Lengths]:
    """Each row in integers up to 127, and the inverse of its length (0 for an empty row)."""
    greatest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    numbers = np.rint(vectors * (GREATEST / greatest)).astype(np.int8)
    lengths = np.linalg.norm(numbers.astype(np.float32), axis=1)
    return numbers, np.where(lengths > 0, 1 / np.maximum(lengths, 1), 0).astype(np.float32)
