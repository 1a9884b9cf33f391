"""Who is responsible for a record, learned from others."""

import numpy as np
import pytest

from servanda.language.learning import responsible
from servanda.language.learning.model_file import OtherVersion
from servanda.language.learning.responsible import LEAST, MEANING, Cases
from servanda.language.learning.responsible_file import digest_of, packed, unpacked

WATER, PRISON = "wells and drinking water number {}", "cells and guards number {}"


def some_cases(number: int, *, has_vectors: bool = True) -> tuple[Cases, np.ndarray]:
    texts = [(WATER, PRISON)[at % 2].format(at) for at in range(number)]
    vectors = np.array([[1, 0.1] if at % 2 else [0.1, 1] for at in range(number)], dtype=np.float32)
    nothing = [frozenset()] * number
    targets = np.array([[at % 2 == 0, at % 2 == 1] for at in range(number)], dtype=bool)
    return Cases(texts, nothing, nothing, vectors if has_vectors else None), targets


def asked(text: str) -> Cases:
    return Cases([text], [frozenset()], [frozenset()], np.array([[0.1, 1]], dtype=np.float32))


def test_a_model_answers_the_same_after_it_was_written_and_read():
    cases, targets = some_cases(40)
    model = responsible.learn(cases, targets, range(100, 140), [7, 8])
    content = packed(model)
    read = unpacked(content, digest=digest_of(content))
    question = asked("more drinking water")
    for place in (None, 3):
        first, second = (each.predict(question, place) for each in (model, read))
        assert first.scores == pytest.approx(second.scores, abs=1e-3)
        assert first.ranked() == second.ranked()
    assert read.predict(question).ranked() == [0, 1]
    assert {"drinking", "water"} <= set(read.predict(question).words(0, most=4))
    assert all(record % 2 == 0 for record in read.predict(question).near(0))


def test_a_damaged_file_is_not_read():
    cases, targets = some_cases(10)
    content = packed(responsible.learn(cases, targets, range(10), [7, 8]))
    with pytest.raises(OtherVersion):
        unpacked(content[:-1], digest=digest_of(content))


def test_what_a_record_says_of_itself_does_not_count():
    cases, targets = some_cases(40)
    targets[4] = [False, True]
    model = responsible.learn(cases, targets, range(40), [7, 8])
    answer = model.predict(cases.part(np.array([4])), 4)
    assert answer.ranked()[0] == 0
    assert 4 not in answer.near(1)
    without = np.setdiff1d(np.arange(40), [4])
    others = responsible.learn(cases.part(without), targets[without], without.tolist(), [7, 8])
    assert others.predict(cases.part(np.array([4]))).ranked()[0] == 0


def test_no_vectors_and_no_labels_are_no_hindrance():
    cases, targets = some_cases(LEAST + 10, has_vectors=False)
    model = responsible.learn(cases, targets, range(len(targets)), [7, 8])
    assert MEANING not in model.weights
    assert model.predict(Cases([PRISON], [frozenset()], [frozenset()])).ranked()[0] == 1


def test_a_text_without_a_known_word_is_answered_by_what_is_usual():
    cases, targets = some_cases(40)
    targets[:, 1] = True
    model = responsible.learn(cases, targets, range(40), [7, 8])
    question = Cases(["zorbatrix"], [frozenset()], [frozenset()])
    answer = model.nearest(question)
    assert (answer.ranked()[0], answer.words(0, most=4)) == (1, [])


def test_equal_texts_are_held_back_together_and_few_one_by_one():
    folds = responsible.folds_of(["same", "same", *(f"text {at}" for at in range(40))])
    assert [bool({0, 1} <= set(fold.tolist())) for fold in folds].count(True) == 1
    assert [bool({0, 1} & set(fold.tolist())) for fold in folds].count(True) == 1
    assert sorted(row for fold in folds for row in fold.tolist()) == list(range(42))
    assert [fold.tolist() for fold in sorted(responsible.folds_of(["a", "b", "a"]), key=len)] == [[1], [0, 2]]
    assert responsible.folds_of(["alone"]) == []
