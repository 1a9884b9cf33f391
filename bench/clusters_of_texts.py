"""Whether clusters find the six languages of one record together, with the cut chosen on other records."""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import adjusted_rand_score

from servanda.language.vectors.clusters import cut, tree_of
from servanda.language.vectors.encoder import Vectors

CUTS = [round(0.40 + 0.02 * step, 2) for step in range(30)]
SURE = 0.90  # pair precision that the cut must reach where it is chosen


def clusters(report: Callable[..., None], records: list[dict[str, str]], vectors: dict[str, Vectors]) -> None:
    """Half of the records choose the cut, all are cut by what the other half chose."""
    half = np.arange(len(records)) % 2 == 0
    tried = {height: _score(vectors, half, height) for height in CUTS}
    sure = {height: found for height, (found, precision) in tried.items() if precision >= SURE} or {CUTS[0]: 0.0}
    chosen = max((found, height) for height, found in sure.items())[1]
    found, precision = _score(vectors, ~half, chosen)
    everything, all_precision = _score(vectors, np.ones(len(records), dtype=bool), chosen)
    report(f"clusters of {(~half).sum()} records x 6, cut {chosen}, ARI", found, "at least .82", ok=found >= 0.82)
    report("clusters, pair precision", precision, "at least .90", ok=precision >= 0.90)
    report(f"clusters of all {len(records)} x 6 at that cut, ARI", everything, "at least .82", ok=everything >= 0.82)
    report("clusters of all, pair precision", all_precision, "at least .90", ok=all_precision >= 0.90)


def _score(vectors: dict[str, Vectors], of: np.ndarray, height: float) -> tuple[float, float]:
    rows = np.concatenate([one[of] for one in vectors.values()])
    truth = np.tile(np.arange(of.sum()), len(vectors))
    key = (rows.shape[0], int(of[0]))
    if key not in _trees:
        _trees[key] = tree_of(rows, np.repeat([*vectors], of.sum()).tolist())
    groups = cut(_trees[key], height)
    return adjusted_rand_score(truth, groups), _pair_precision(truth, groups)


_trees: dict = {}


def _pair_precision(truth: np.ndarray, groups: np.ndarray) -> float:
    _, both = np.unique(np.stack([truth, groups]), axis=1, return_counts=True)
    _, grouped = np.unique(groups, return_counts=True)
    return float((both * (both - 1)).sum() / max((grouped * (grouped - 1)).sum(), 1))
