"""A learned model as a file: arrays and a piece of JSON, never a program that would run when it is opened."""

import io
import json
from dataclasses import asdict
from hashlib import sha256

import numpy as np

from servanda.language.classify import Line, Model
from servanda.language.grams import Grams

VERSION = 1  # of what a file holds and how it is to be read


class OtherVersion(Exception):
    """The file is of another version, damaged, or of another encoder: labels have to be learned anew."""


def packed(model: Model, *, encoder: str) -> bytes:
    """The file of a model; `encoder` is the mark of the vectors that it was learned with."""
    facts = {
        "version": VERSION,
        "encoder": encoder,
        "labels": model.labels,
        "is_one": model.is_one,
        "spoken": model.spoken,
        "threshold": model.threshold,
        "grams": [{"kind": one.kind, "known": one.known} for one in model.grams],
    }
    arrays = {f"meaning_{name}": array for name, array in asdict(model.meaning).items()}
    if model.words:
        arrays |= {f"words_{name}": array for name, array in asdict(model.words).items()}
    arrays |= {f"rarity_{place}": one.rarity for place, one in enumerate(model.grams)}
    arrays |= {"mixed": model.mixed, "alone": model.alone}
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def digest_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def unpacked(content: bytes, *, encoder: str, digest: str) -> Model:
    """The model in a file, if it is whole and made for this version and this encoder."""
    if digest_of(content) != digest:
        raise OtherVersion
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        facts = json.loads(file["facts"].tobytes())
        if facts["version"] != VERSION or facts["encoder"] != encoder:
            raise OtherVersion
        grams = [
            Grams(one["kind"], one["known"], file[f"rarity_{place}"]) for place, one in enumerate(facts["grams"])
        ]
        words = Line(file["words_weights"], file["words_offset"]) if "words_weights" in file.files else None
        return Model(
            labels=facts["labels"],
            is_one=facts["is_one"],
            spoken=facts["spoken"],
            meaning=Line(file["meaning_weights"], file["meaning_offset"]),
            words=words,
            grams=grams,
            mixed=file["mixed"],
            alone=file["alone"],
            threshold=facts["threshold"],
        )
