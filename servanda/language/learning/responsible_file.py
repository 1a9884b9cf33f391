"""Stores a model of responsible institutions in a file of arrays and JSON, which run no code when they are loaded."""

import io
import json
from hashlib import sha256
from typing import Any

import numpy as np

from servanda.language.learning.features import Grams
from servanda.language.learning.model_file import OtherVersion, digest_of
from servanda.language.learning.responsible import MEANING, Known, Model

VERSION = 1  # of the format


def packed(model: Model) -> bytes:
    facts = {
        "version": VERSION,
        "institutions": model.institutions,
        "records": model.records,
        "weights": model.weights,
        "labels": model.known.labels,
        "senders": model.known.senders,
        "grams": [{"kind": grams_of_kind.kind, "known": grams_of_kind.known} for grams_of_kind in model.known.grams],
        "features": {name: list(matrix.shape) for name, matrix in model.features.items()},
    }
    arrays: dict[str, Any] = {
        f"rarity_{grams_of_kind.kind}": grams_of_kind.rarity for grams_of_kind in model.known.grams
    }
    arrays |= {"targets": np.packbits(model.targets), "usual": model.usual}
    arrays |= {"strengths": model.strengths, "own": model.own}
    for name, matrix in model.features.items():
        if name == MEANING:
            arrays[f"{name}_rows"] = matrix.toarray().astype(np.float16)
        else:
            arrays |= {f"{name}_{part}": getattr(matrix, part) for part in ("data", "indices", "indptr")}
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def unpacked(content: bytes, *, digest: str) -> Model:
    """The model in a file. Raises `OtherVersion` where it is damaged or of another version."""
    if sha256(content).hexdigest() != digest:
        raise OtherVersion
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        facts = json.loads(file["facts"].tobytes())
        if facts["version"] != VERSION:
            raise OtherVersion
        shape = len(facts["records"]), len(facts["institutions"])
        grams = [
            Grams(grams_of_kind["kind"], grams_of_kind["known"], file[f"rarity_{grams_of_kind['kind']}"])
            for grams_of_kind in facts["grams"]
        ]
        return Model(
            institutions=facts["institutions"],
            records=facts["records"],
            known=Known(grams, facts["labels"], facts["senders"]),
            features={name: _matrix(file, name, size) for name, size in facts["features"].items()},
            targets=np.unpackbits(file["targets"], count=shape[0] * shape[1]).reshape(shape).astype(bool),
            weights=facts["weights"],
            usual=file["usual"],
            strengths=file["strengths"],
            own=file["own"],
        )


def _matrix(file: Any, name: str, shape: list[int]) -> Any:
    from scipy import sparse

    if name == MEANING:
        return sparse.csr_matrix(file[f"{name}_rows"].astype(np.float32))
    return sparse.csr_matrix(tuple(file[f"{name}_{part}"] for part in ("data", "indices", "indptr")), shape=shape)


__all__ = ["VERSION", "OtherVersion", "digest_of", "packed", "unpacked"]
