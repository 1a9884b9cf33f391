"""How well responsible institutions are suggested, on a national database and on invented rows in Spanish.

All ways are tested on the same records: five shufflings of five folds.
"""

import csv
import random
from collections.abc import Callable
from statistics import mean
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.shared import DATA
from servanda.language.learning.responsible import FOLDS, Cases, Known, Targets, number_right, scored
from servanda.language.vectors.encoder import NoEncoder, embedder

NEEDS_DATABASE = False
ROWS = DATA / "restricted" / "morocco_didh" / "records.csv"
TINY = {"rows": 45, "shufflings": 1}
ABOVE = 0.2  # least advantage over the three most frequent


class Register(NamedTuple):
    cases: Cases
    targets: Targets


def run(report: Callable[..., None], *, rows: int = 150, shufflings: int = 5) -> None:
    if ROWS.exists():
        compare(report, "192 rows of a national database", national(), shufflings)
    else:
        report("192 rows of a national database", "not here")
    compare(report, f"{rows} made rows in Spanish", made(rows), shufflings)


def compare(report: Callable[..., None], name: str, register: Register, shufflings: int) -> dict[str, float]:
    """Report the share that each way gets right, on the same folds."""
    shares_by_way: dict[str, list[float]] = {}
    for seed in range(shufflings):
        for way, share in of_one_shuffling(register, seed).items():
            shares_by_way.setdefault(way, []).append(share)
    shares = {way: mean(way_shares) for way, way_shares in shares_by_way.items()}
    name = f"{name}, {len(register.cases.texts)} with an institution, right among three"
    for way, share in shares.items():
        if way != "Servanda":
            report(f"{name}: {way}", share)
    best = max(share for way, share in shares.items() if way.startswith(("ten nearest", "logistic")))
    ours, least = shares["Servanda"], shares["three most frequent"] + ABOVE
    report(f"{name}: Servanda", ours, f">= {least:.3f}", ok=ours >= least)
    report(f"{name}: Servanda by the better of ten nearest and regression", ours / best, ">= 1", ok=ours >= best)
    return shares


def of_one_shuffling(register: Register, seed: int) -> dict[str, float]:
    cases, targets = register
    right: dict[str, int] = {}
    for test_rows in np.array_split(np.random.default_rng(seed).permutation(len(targets)), FOLDS):
        known_rows = np.setdiff1d(np.arange(len(targets)), test_rows)
        known, test = cases.part(known_rows), cases.part(test_rows)
        ours = scored(known, targets[known_rows], test)
        scores_by_way = {
            "three most frequent": ours["frequent"],
            "Servanda without vectors or learning": ours["nearest"],
        }
        scores_by_way |= plain_ways(known, targets[known_rows], test) | {
            "Servanda": ours.get("learned", ours["nearest"])
        }
        for way, scores in scores_by_way.items():
            right[way] = right.get(way, 0) + number_right(scores, targets[test_rows])
    return {way: number / len(targets) for way, number in right.items()}


def plain_ways(cases: Cases, targets: Targets, test: Cases) -> dict[str, NDArray]:
    """Ten nearest, and a logistic regression per institution: on words alone, and on all features of the product."""
    known = Known.of(cases)
    features, test_features = known.features(cases), known.features(test)
    scores = {}
    for what, names in (("words", ["words"]), ("all", list(features))):
        likeness = sum((test_features[name] @ features[name].T).toarray() for name in names)
        scores[f"ten nearest by {what}"] = ten_nearest(likeness, targets)
        known_likeness = sum((features[name] @ features[name].T).toarray() for name in names)
        scores[f"logistic regression on {what}"] = regression(known_likeness, likeness, targets)
    return scores


def ten_nearest(likeness: NDArray, targets: Targets) -> NDArray:
    near = np.argsort(-likeness, axis=1, kind="stable")[:, :10]
    return targets[near].mean(axis=1) + targets.mean(axis=0) * 1e-3


def regression(known_likeness: NDArray, likeness: NDArray, targets: Targets) -> NDArray:
    """Equivalent to a regression on the features themselves, but in as many dimensions as there are known records."""
    from sklearn.linear_model import LogisticRegression

    values, directions = np.linalg.eigh(known_likeness)
    projection = directions[:, values > 1e-6] / np.sqrt(values[values > 1e-6])
    known, test = known_likeness @ projection, likeness @ projection
    probabilities = np.zeros((len(test), targets.shape[1]))
    for column, target in enumerate(targets.T):
        if target.any() and not target.all():
            model = LogisticRegression(C=10, max_iter=500).fit(known, target)
            probabilities[:, column] = model.predict_proba(test)[:, 1]
    return probabilities


def national() -> Register:
    rows = [row for row in csv.DictReader(ROWS.open(encoding="utf-8")) if row["organismes_responsables"].strip()]
    texts = [[row["texte_fr"], row["texte_ar"]] for row in rows]
    labels = [frozenset(f"{name}: {row[name]}" for name in ("axe", "sous_axe") if row[name]) for row in rows]
    senders = [
        frozenset(row[name] for name in ("organe", "visite") if row[name]) or {row["mecanisme"]} for row in rows
    ]
    named = [frozenset(filter(None, map(str.strip, row["organismes_responsables"].split(";")))) for row in rows]
    return register_of(texts, labels, [frozenset(sender) for sender in senders], named)


def register_of(
    texts: list[list[str]], labels: list[frozenset[str]], senders: list[frozenset[str]], named: list[frozenset[str]]
) -> Register:
    institutions = sorted(frozenset().union(*named))
    targets = np.array([[institution in values for institution in institutions] for values in named], dtype=bool)
    return Register(Cases(["\n".join(values) for values in texts], labels, senders, vectors(texts)), targets)


def vectors(texts: list[list[str]]) -> NDArray[np.float32] | None:
    """The mean vector of the texts of each record, or None without an encoder."""
    try:
        encoder = embedder()
    except NoEncoder:
        return None
    return np.array([encoder.encode([text for text in record_texts if text]).mean(axis=0) for record_texts in texts])


# A made register in Spanish: who is responsible follows from what is asked and for whom, with exceptions.
WHAT = {
    "mejorar las condiciones de detención en las cárceles": ("justicia", "prisiones"),
    "prevenir la tortura y los malos tratos bajo custodia policial": ("interior", "fiscalía"),
    "reducir la mortalidad materna en las zonas rurales": ("salud",),
    "garantizar la educación primaria gratuita": ("educación",),
    "elevar la edad mínima para contraer matrimonio": ("justicia", "parlamento"),
    "ratificar el protocolo facultativo pendiente": ("exteriores", "parlamento"),
    "ampliar la cobertura de la seguridad social": ("trabajo", "hacienda"),
    "combatir la trata de personas en las fronteras": ("interior", "migración"),
    "asegurar el acceso al agua potable y al saneamiento": ("agua",),
    "proteger a quienes defienden el medio ambiente": ("ambiente", "fiscalía"),
}
WHOM = {
    "los niños y las niñas": ("infancia",),
    "las mujeres": ("igualdad",),
    "las personas con discapacidad": ("discapacidad",),
    "los pueblos indígenas": ("pueblos",),
    "la población en general": (),
}
HOW = ("Adopte medidas para", "Siga esforzándose por", "Asigne recursos suficientes para", "Revise sus leyes para")
SENDERS = ("CRC", "CEDAW", "CAT", "UPR", "CRPD")


def made(size: int) -> Register:
    """Invented recommendations; four in ten institutions are drawn at random, as people are not consistent."""
    chance = random.Random(7)
    all_institutions = sorted({institution for group in (*WHAT.values(), *WHOM.values()) for institution in group})
    texts, labels, senders, named = [], [], [], []
    for number in range(size):
        what, whom = chance.choice(list(WHAT)), chance.choice(list(WHOM))
        texts.append([f"{chance.choice(HOW)} {what}, en particular respecto de {whom} (párrafo {number + 1})."])
        labels.append(frozenset({f"grupo: {whom}"}) if chance.random() < 0.5 else frozenset())
        senders.append(frozenset({chance.choice(SENDERS)}))
        responsible = [*WHAT[what], *WHOM[whom]]
        named.append(
            frozenset(
                institution if chance.random() > 0.4 else chance.choice(all_institutions)
                for institution in responsible
            )
        )
    return register_of(texts, labels, senders, named)
