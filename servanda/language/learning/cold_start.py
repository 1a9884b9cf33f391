"""Label suggestions without training data: by similarity of meaning to the names of labels."""

from collections.abc import Sequence

import numpy as np

from servanda.language.vectors.encoder import Vectors

Numbers = Vectors
NEAREST = 3  # nearest names of a label that are averaged
SHARED_COUNTS = 4.0  # standard deviations that are added if all words of a name are in the text
SURE = 5.0  # standard deviations


def by_names(vectors: Vectors, names: Vectors, label_of_name: Sequence[int], number: int) -> Numbers:
    """The mean similarity of each text to the nearest three names of each label; `label_of_name` holds label
    indexes."""
    likeness = vectors @ names.T
    places = np.array(label_of_name)
    similarity = np.full((len(vectors), number), -1, dtype=np.float32)
    for label in range(number):
        nearest = np.sort(likeness[:, places == label], axis=1)[:, -NEAREST:]
        if nearest.shape[1]:
            similarity[:, label] = nearest.mean(axis=1)
    return similarity


def standing_out(near: Numbers, shared: Numbers) -> Numbers:
    """How far a label stands out among those of its taxonomy, from 0 to 1: by similarity of meaning and shared words.

    The constants were chosen on themes, persons and goals of 659 records, with a missed label counting twice as much
    as a wrong one; suggestions begin at half of `SURE`.
    """
    return np.clip((near + SHARED_COUNTS * shared) / SURE, 0, 1).astype(np.float32)
