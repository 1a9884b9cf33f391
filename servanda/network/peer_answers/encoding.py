"""The meaning of answers of other States as vectors, made in the background."""

import logging

import numpy as np

from servanda.language.vectors.encoder import NoEncoder, encoding, mark_of
from servanda.network.models import PeerAnswer
from servanda.recommendations.search.encoders import embedder

log = logging.getLogger(__name__)
AT_ONCE = 500


def encode_answers() -> int:
    """Compute the vectors of all answers that have none of the present encoder. Returns how many."""
    try:
        encoder = embedder()
    except NoEncoder:
        return 0
    mark, done = mark_of(encoder), 0
    waiting = PeerAnswer.objects.exclude(encoder=mark).order_by("pk")
    with encoding(encoder, waiting.count()) as encode:
        while rows := list(waiting.only("pk", "text")[:AT_ONCE]):
            try:
                vectors = encode([row.text for row in rows]).astype(np.float16)
            except NoEncoder as problem:
                log.warning("Answers of other States wait for their vectors: %s", problem)
                break
            for row, vector in zip(rows, vectors, strict=True):
                row.encoder, row.vector = mark, vector.tobytes()
            PeerAnswer.objects.bulk_update(rows, ["encoder", "vector"])
            done += len(rows)
    return done
