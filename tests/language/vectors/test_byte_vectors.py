"""Vectors in one byte a number: as near as before, whatever stands beside them."""

import numpy as np
import pytest

from servanda.language.vectors.byte_vectors import Rows, in_bytes

MANY = 515


def some(number: int, *, dimension: int = 512) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(number, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def rows_of(vectors: np.ndarray) -> Rows:
    rows = Rows.empty()
    rows.widen(len(vectors) + 2, vectors.shape[1])
    rows.put(range(len(vectors)), vectors)
    return rows


def test_likeness_is_that_of_the_whole_numbers_to_the_second_digit():
    vectors = some(MANY)
    likeness = rows_of(vectors).compared(vectors[0], len(vectors))
    assert np.abs(likeness - vectors @ vectors[0]).max() < 0.005
    assert np.allclose(np.linalg.norm(rows_of(vectors).vectors([1, 2]), axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("dimension", [1, 7, 300, 512])
def test_likeness_is_exactly_what_numpy_says_of_the_same_bytes(dimension):
    vectors = some(MANY, dimension=dimension)
    numbers, lengths = in_bytes(vectors)
    sums = numbers.astype(np.int64) @ numbers[3].astype(np.int64)
    likeness = rows_of(vectors).compared(vectors[3], MANY)
    assert np.array_equal(likeness, np.round(sums * (lengths[3] * lengths), 5).astype(np.float32))
    assert likeness[3] == 1


def test_a_row_is_as_near_in_whatever_place_it_stands():
    vectors = some(4)
    many = np.vstack([some(MANY), vectors[:1]])
    assert rows_of(vectors).compared(vectors[1], 1)[0] == rows_of(many).compared(vectors[1], len(many))[-1]


def test_a_row_of_nothing_is_near_to_nothing():
    nothing = np.zeros((1, 512), dtype=np.float32)
    assert rows_of(nothing).compared(some(1)[0], 1)[0] == 0
    assert rows_of(some(2)).compared(nothing[0], 2).tolist() == [0, 0]


def test_what_is_written_into_a_mapped_file_stays_here(tmp_path):
    vectors = some(3)
    rows_of(vectors).keep(tmp_path, 3, 4)
    mine = Rows.mapped(tmp_path)
    mine.put([3, 0], vectors[1:])
    assert np.allclose(mine.compared(vectors[2], 4)[0], 1, atol=1e-3)
    assert Rows.mapped(tmp_path).compared(vectors[2], 4)[3] == 0
    assert np.allclose(Rows.mapped(tmp_path).compared(vectors[0], 4)[0], 1, atol=1e-3)
