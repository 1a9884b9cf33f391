import numpy as np
import pytest

from servanda.language.vectors.clusters import central, cut, distances, distinct_terms, medoid, tree_of
from servanda.language.vectors.nearest import best_pairs, pairs_above


def rows(*degrees: float) -> np.ndarray:
    """Vectors of length one in these directions."""
    turned = np.radians(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def test_what_is_near_is_put_together_and_a_higher_cut_puts_more_together():
    vectors = rows(0, 2, 90, 91, 45)
    tree = tree_of(vectors, ["en"] * 5)
    heights = np.sort(tree[:, 2])
    assert len(set(cut(tree, heights[1]).tolist())) == 3
    assert len(set(cut(tree, heights[-1]).tolist())) == 1
    low = cut(tree, heights[1])
    assert low[0] == low[1] != low[2] == low[3]


@pytest.mark.parametrize("number", [0, 1])
def test_hardly_any_texts_make_no_tree_and_no_error(number):
    assert len(tree_of(np.zeros((number, 3), dtype=np.float32), ["en"] * number)) == 0


def test_distances_are_the_same_both_ways_and_none_to_oneself():
    found = distances(rows(0, 10, 80, 170), ["en", "es", "en", "ar"])
    assert np.allclose(found, found.T, atol=1e-6)
    assert found.diagonal().tolist() == [0, 0, 0, 0]


def test_the_medoid_is_in_the_middle_and_what_repeats_it_is_left_out():
    vectors = rows(0, 40, 41, 80)
    assert medoid(vectors) in {1, 2}
    assert sorted(central(vectors, 3)) in ([0, 1, 3], [0, 2, 3])


def test_distinct_terms_are_those_of_the_group_as_they_are_written():
    group = ["Abolish the death penalty", "Abolish the Death penalty for minors"]
    others = ["Build schools for minors", "Abolish child labour", "Protect the judges"]
    assert distinct_terms(group, others, "en", 2) == ["death", "penalty"]


def test_best_pairs_are_each_others_best():
    assert [(one, other) for one, other, _ in best_pairs(rows(0, 90), rows(88, 3), at_least=0.5)] == [(0, 1), (1, 0)]
    assert not list(best_pairs(rows(0), rows(170), at_least=0.5))
    assert not list(best_pairs(rows(0), np.zeros((0, 2), dtype=np.float32), at_least=0.5))


def test_each_near_pair_is_told_once():
    assert [(one, other) for one, other, _ in pairs_above(rows(0, 1, 90), at_least=0.9, at_most=3)] == [(0, 1)]
