"""The meaning of practices as vectors, made in the background; those of another encoder are made again."""

import logging
from collections.abc import Collection
from hashlib import md5

import numpy as np
from i18nfield.strings import LazyI18nString
from numpy.typing import NDArray

from servanda.language.vectors.encoder import NoEncoder, Vectors, mark_of
from servanda.network.models import Practice, PracticeVector
from servanda.recommendations.search.encoders import embedder

log = logging.getLogger(__name__)
AT_ONCE = 200
LONGEST = 4_000  # characters that are encoded


def encode_practices() -> int:
    """Compute the vectors of all practices that have none, or whose text has changed. Returns how many."""
    try:
        encoder = embedder()
    except NoEncoder:
        return 0
    mark, stored = mark_of(encoder), dict(PracticeVector.objects.values_list("practice", "digest"))
    texts = {practice.pk: text_of(practice) for practice in Practice.objects.kept().iterator(chunk_size=AT_ONCE)}
    waiting = [pk for pk, text in texts.items() if stored.get(pk) != digest_of(mark, text)]
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        try:
            vectors = encoder.encode([texts[pk] for pk in some]).astype(np.float16)
        except NoEncoder as problem:
            log.warning("Practices wait for their vectors: %s", problem)
            return start
        write(some, [digest_of(mark, texts[pk]) for pk in some], vectors, mark)
    return len(waiting)


def text_of(practice: Practice) -> str:
    """What it is about, in its original language."""
    return f"{original(practice, practice.title)}. {original(practice, practice.problem)}"[:LONGEST]


def original(practice: Practice, text: LazyI18nString) -> str:
    data = text.data if isinstance(text.data, dict) else {}
    return str(data.get(practice.language, "") or text)


def digest_of(mark: str, text: str) -> str:
    return md5(f"{mark} {text}".encode(), usedforsecurity=False).hexdigest()


def write(pks: Collection[int], digests: Collection[str], vectors: np.ndarray, mark: str) -> None:
    existing = set(Practice.objects.filter(pk__in=pks).values_list("pk", flat=True))
    rows = [
        PracticeVector(practice_id=pk, encoder=mark, digest=digest, vector=vector.tobytes())
        for pk, digest, vector in zip(pks, digests, vectors, strict=True)
        if pk in existing
    ]
    PracticeVector.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["practice"], update_fields=["encoder", "digest", "vector"]
    )


def compared(rows: Collection[tuple[int, bytes | memoryview]], vector: Vectors) -> dict[int, float]:
    """The similarity of practices to a text; those with vectors of another length are left out."""
    fitting = [(pk, bytes(stored)) for pk, stored in rows if len(stored) == 2 * len(vector)]
    if not fitting:
        return {}
    halves: NDArray[np.float16] = np.frombuffer(b"".join(stored for _pk, stored in fitting), dtype=np.float16)
    likeness = halves.reshape(len(fitting), -1).astype(np.float32) @ vector.astype(np.float32)
    return {pk: float(value) for (pk, _stored), value in zip(fitting, likeness, strict=True)}
