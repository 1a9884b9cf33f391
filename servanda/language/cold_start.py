"""Labels for a text before anybody has labelled one: by how near it is in meaning to what the labels say."""

from collections.abc import Sequence

import numpy as np

from servanda.language.classify import Numbers
from servanda.language.embed import Vectors

NEAREST = 3  # names of a label that are heard together
LEAST = 0.2  # likeness below which no label fits, however much it stands out
SURE = 2.0  # standard deviations above the other labels


def by_names(vectors: Vectors, names: Vectors, whose: Sequence[int], number: int) -> Numbers:
    """For each text and label the likeness to the nearest three of its names; `whose` says whose each name is."""
    likeness = vectors @ names.T
    places = np.array(whose)
    found = np.full((len(vectors), number), -1, dtype=np.float32)
    for label in range(number):
        theirs = np.sort(likeness[:, places == label], axis=1)[:, -NEAREST:]
        if theirs.shape[1]:
            found[:, label] = theirs.mean(axis=1)
    return found


def standing_out(likeness: Numbers) -> Numbers:
    """From 0 to 1, how far a label stands out among all others of its taxonomy for this text.

    One standard deviation is 0.5. A likeness alone says little: some texts are near to everything.
    """
    spread = np.maximum(likeness.std(axis=1, keepdims=True), 1e-6)
    out = (likeness - likeness.mean(axis=1, keepdims=True)) / spread
    return np.where(likeness >= LEAST, np.clip(out / SURE, 0, 1), 0).astype(np.float32)
