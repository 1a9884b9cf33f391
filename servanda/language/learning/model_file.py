"""Stores a model of labels in a file of arrays and JSON, which run no code when they are loaded."""

import io
import json
from hashlib import sha256
from typing import Any

import numpy as np

from servanda.language.learning.features import Grams
from servanda.language.learning.label_names import LabelNames
from servanda.language.learning.labels import LinearWeights, Model
from servanda.language.vectors.encoder import Vectors

VERSION = 3  # of the format


class OtherVersion(Exception):
    """The file is damaged, or of another version or encoder: the model has to be trained again."""


def packed(model: Model, *, encoder: str) -> bytes:
    """The file of a model; `encoder` is the mark of the encoder of its training vectors."""
    facts = {
        "version": VERSION,
        "encoder": encoder,
        "labels": model.labels,
        "is_one": model.is_one,
        "spoken": model.spoken,
        "threshold": model.threshold,
        "names": model.names
        and {"names": model.names.names, "languages": model.names.languages, "whose": model.names.whose},
        "grams": [{"kind": grams_of_kind.kind, "known": grams_of_kind.known} for grams_of_kind in model.grams],
    }
    arrays: dict[str, Any] = {"meaning_weights": model.meaning.weights, "meaning_offset": model.meaning.offset}
    if model.words:
        arrays |= {"words_weights": model.words.weights, "words_offset": model.words.offset}
    if model.seen:
        arrays |= {"seen_weights": model.seen.weights, "seen_offset": model.seen.offset}
    if model.names:
        arrays["names"] = model.names.vectors
    if model.helper:
        arrays["helper"] = np.frombuffer(packed(model.helper, encoder=encoder), dtype=np.uint8)
    arrays |= {f"rarity_{place}": grams_of_kind.rarity for place, grams_of_kind in enumerate(model.grams)}
    arrays |= {"mixed": model.mixed, "alone": model.alone, "bare": model.bare}
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def unpacked(content: bytes, *, encoder: str, digest: str) -> Model:
    """The model in a file. Raises `OtherVersion` unless it is intact and for this version and encoder."""
    if digest_of(content) != digest:
        raise OtherVersion
    return _read(content, encoder)


def _read(content: bytes, encoder: str) -> Model:
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        facts = json.loads(file["facts"].tobytes())
        if facts["version"] != VERSION or facts["encoder"] != encoder:
            raise OtherVersion
        grams = [
            Grams(grams_of_kind["kind"], grams_of_kind["known"], file[f"rarity_{place}"])
            for place, grams_of_kind in enumerate(facts["grams"])
        ]
        return Model(
            labels=facts["labels"],
            is_one=facts["is_one"],
            spoken=facts["spoken"],
            meaning=LinearWeights(file["meaning_weights"], file["meaning_offset"]),
            words=LinearWeights(file["words_weights"], file["words_offset"])
            if "words_weights" in file.files
            else None,
            grams=grams,
            names=_names(facts, file["names"]) if facts["names"] else None,
            helper=_read(file["helper"].tobytes(), encoder) if "helper" in file.files else None,
            seen=LinearWeights(file["seen_weights"], file["seen_offset"]) if "seen_weights" in file.files else None,
            mixed=file["mixed"],
            alone=file["alone"],
            bare=file["bare"],
            threshold=facts["threshold"],
        )


def _names(facts: dict[str, Any], vectors: Vectors) -> LabelNames:
    names = facts["names"]
    return LabelNames(facts["labels"], names["names"], names["languages"], names["whose"], vectors)
