"""The names of labels are encoded once for an installation, and what a file says is believed only if it is whole."""

import os
from errno import ENOSPC
from unittest.mock import Mock

import numpy as np
import pytest

from servanda.recommendations.labels import learning
from servanda.recommendations.labels.name_vectors import KEPT, file_of, folder, load_vectors, save_vectors

NAMES, MARK = ("Torture", "Schools"), "an encoder 1"
VECTORS = np.array([[1, 0, 0], [0, 0.5, 0.5]], dtype=np.float32)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    learning.vectors_of_names.cache_clear()
    yield
    learning.vectors_of_names.cache_clear()


def test_another_process_finds_what_was_encoded(monkeypatch):
    asked = []

    def encode(names):
        asked.append(names)
        return VECTORS, MARK

    monkeypatch.setattr(learning, "vectors_for", encode)
    for _process in range(2):
        assert (learning.vectors_of_names(NAMES, MARK) == VECTORS).all()
        learning.vectors_of_names.cache_clear()
    assert asked == [NAMES]
    learning.vectors_of_names(NAMES, "an encoder 2")
    learning.vectors_of_names(NAMES[::-1], MARK)
    assert len(asked) == 3


@pytest.mark.parametrize("mark", [learning.WITHOUT, MARK])
def test_what_was_made_without_the_encoder_is_not_saved(monkeypatch, mark):
    """Because there is none, or because it did not answer any more."""
    monkeypatch.setattr(learning, "vectors_for", lambda names: (np.zeros((2, 1), np.float32), learning.WITHOUT))
    learning.vectors_of_names(NAMES, mark)
    assert not folder().exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(b""),
        lambda path: np.save(path, VECTORS.astype(np.float16)[:1]),
        lambda path: np.save(path, np.array([[1], [None]]), allow_pickle=True),
    ],
)
def test_a_damaged_file_is_not_there(damage):
    save_vectors(NAMES, MARK, VECTORS)
    damage(file_of(NAMES, MARK))
    assert load_vectors(NAMES, MARK) is None


def test_on_a_full_disk_the_vectors_are_made_and_nothing_is_left(monkeypatch):
    monkeypatch.setattr(learning, "vectors_for", lambda names: (VECTORS, MARK))
    monkeypatch.setattr(np, "save", Mock(side_effect=OSError(ENOSPC, "No space left on device")))
    assert (learning.vectors_of_names(NAMES, MARK) == VECTORS).all()
    assert [*folder().iterdir()] == []


def test_the_oldest_files_are_deleted():
    for number in range(KEPT + 2):
        save_vectors((f"name {number}",), MARK, VECTORS[:1])
        os.utime(file_of((f"name {number}",), MARK), (number, number))
    assert len(list(folder().iterdir())) == KEPT
    assert load_vectors(("name 17",), MARK) is not None
    assert (folder().stat().st_mode & 0o777, file_of(("name 17",), MARK).stat().st_mode & 0o777) == (0o700, 0o600)
    assert load_vectors(("name 0",), MARK) is None
