"""Do clusters put the six translations of a record together? The height of the cut is chosen on other records."""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import adjusted_rand_score

from servanda.language.vectors.clusters import cut, tree_of
from servanda.language.vectors.encoder import Vectors

CUTS = [round(0.40 + 0.02 * step, 2) for step in range(30)]
MIN_PRECISION = 0.90  # of pairs, on the records on which the cut is chosen


def clusters(report: Callable[..., None], records: list[dict[str, str]], vectors: dict[str, Vectors]) -> None:
    """Choose the cut on one half of the records; measure it on the other half and on all."""
    half = np.arange(len(records)) % 2 == 0
    scores = {height: _score(vectors, half, height) for height in CUTS}
    precise = {height: ari for height, (ari, precision) in scores.items() if precision >= MIN_PRECISION} or {
        CUTS[0]: 0.0
    }
    cut_height = max((ari, height) for height, ari in precise.items())[1]
    ari, precision = _score(vectors, ~half, cut_height)
    ari_of_all, all_precision = _score(vectors, np.ones(len(records), dtype=bool), cut_height)
    report(f"clusters of {(~half).sum()} records x 6, cut {cut_height}, ARI", ari, "at least .82", ok=ari >= 0.82)
    report("clusters, pair precision", precision, "at least .90", ok=precision >= 0.90)
    report(f"clusters of all {len(records)} x 6 at that cut, ARI", ari_of_all, "at least .82", ok=ari_of_all >= 0.82)
    report("clusters of all, pair precision", all_precision, "at least .90", ok=all_precision >= 0.90)


def _score(vectors: dict[str, Vectors], is_chosen: np.ndarray, height: float) -> tuple[float, float]:
    rows = np.concatenate([matrix[is_chosen] for matrix in vectors.values()])
    truth = np.tile(np.arange(is_chosen.sum()), len(vectors))
    key = (rows.shape[0], int(is_chosen[0]))
    if key not in _trees:
        _trees[key] = tree_of(rows, np.repeat([*vectors], is_chosen.sum()).tolist())
    groups = cut(_trees[key], height)
    return adjusted_rand_score(truth, groups), _pair_precision(truth, groups)


_trees: dict = {}


def _pair_precision(truth: np.ndarray, groups: np.ndarray) -> float:
    _, right = np.unique(np.stack([truth, groups]), axis=1, return_counts=True)
    _, sizes = np.unique(groups, return_counts=True)
    return float((right * (right - 1)).sum() / max((sizes * (sizes - 1)).sum(), 1))
