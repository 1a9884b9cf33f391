"""Which responsible institutions are suggested: on the rows of a national database, and on rows made in another
language. Each way answers about the same records held back, five shufflings of five folds."""

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
ABOVE = 0.2  # how much better than the three most frequent


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
    """All ways on the same folds, in one run."""
    found: dict[str, list[float]] = {}
    for seed in range(shufflings):
        for way, share in of_one_shuffling(register, seed).items():
            found.setdefault(way, []).append(share)
    shares = {way: mean(some) for way, some in found.items()}
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
    for held in np.array_split(np.random.default_rng(seed).permutation(len(targets)), FOLDS):
        rest = np.setdiff1d(np.arange(len(targets)), held)
        known, asked = cases.part(rest), cases.part(held)
        ours = scored(known, targets[rest], asked)
        said = {"three most frequent": ours["frequent"], "Servanda without vectors or learning": ours["nearest"]}
        said |= plain_ways(known, targets[rest], asked) | {"Servanda": ours.get("learned", ours["nearest"])}
        for way, scores in said.items():
            right[way] = right.get(way, 0) + number_right(scores, targets[held])
    return {way: number / len(targets) for way, number in right.items()}


def plain_ways(cases: Cases, targets: Targets, asked: Cases) -> dict[str, NDArray]:
    """Ten nearest, and one logistic regression for each institution: on words alone, and on all that we go by."""
    known = Known.of(cases)
    features, here = known.features(cases), known.features(asked)
    found = {}
    for what, names in (("words", ["words"]), ("all", list(features))):
        likeness = sum((here[name] @ features[name].T).toarray() for name in names)
        found[f"ten nearest by {what}"] = ten_nearest(likeness, targets)
        itself = sum((features[name] @ features[name].T).toarray() for name in names)
        found[f"logistic regression on {what}"] = regression(itself, likeness, targets)
    return found


def ten_nearest(likeness: NDArray, targets: Targets) -> NDArray:
    near = np.argsort(-likeness, axis=1, kind="stable")[:, :10]
    return targets[near].mean(axis=1) + targets.mean(axis=0) * 1e-3


def regression(itself: NDArray, likeness: NDArray, targets: Targets) -> NDArray:
    """The same answers as on the features themselves, in fewer dimensions: those of the records learned from."""
    from sklearn.linear_model import LogisticRegression

    values, directions = np.linalg.eigh(itself)
    turned = directions[:, values > 1e-6] / np.sqrt(values[values > 1e-6])
    known, asked = itself @ turned, likeness @ turned
    found = np.zeros((len(asked), targets.shape[1]))
    for at, target in enumerate(targets.T):
        if target.any() and not target.all():
            made = LogisticRegression(C=10, max_iter=500).fit(known, target)
            found[:, at] = made.predict_proba(asked)[:, 1]
    return found


def national() -> Register:
    rows = [row for row in csv.DictReader(ROWS.open(encoding="utf-8")) if row["organismes_responsables"].strip()]
    texts = [[row["texte_fr"], row["texte_ar"]] for row in rows]
    labels = [frozenset(f"{name}: {row[name]}" for name in ("axe", "sous_axe") if row[name]) for row in rows]
    senders = [
        frozenset(row[name] for name in ("organe", "visite") if row[name]) or {row["mecanisme"]} for row in rows
    ]
    named = [frozenset(filter(None, map(str.strip, row["organismes_responsables"].split(";")))) for row in rows]
    return register_of(texts, labels, [frozenset(some) for some in senders], named)


def register_of(
    texts: list[list[str]], labels: list[frozenset[str]], senders: list[frozenset[str]], named: list[frozenset[str]]
) -> Register:
    institutions = sorted(frozenset().union(*named))
    targets = np.array([[one in some for one in institutions] for some in named], dtype=bool)
    return Register(Cases(["\n".join(some) for some in texts], labels, senders, vectors(texts)), targets)


def vectors(texts: list[list[str]]) -> NDArray[np.float32] | None:
    """Of each record the middle of the vectors of its texts."""
    try:
        encoder = embedder()
    except NoEncoder:
        return None
    return np.array([encoder.encode([text for text in some if text]).mean(axis=0) for some in texts])


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


def made(number: int) -> Register:
    """Invented recommendations; four in ten institutions are drawn at random, as people are not consistent."""
    draw = random.Random(7)
    every = sorted({one for some in (*WHAT.values(), *WHOM.values()) for one in some})
    texts, labels, senders, named = [], [], [], []
    for place in range(number):
        what, whom = draw.choice(list(WHAT)), draw.choice(list(WHOM))
        texts.append([f"{draw.choice(HOW)} {what}, en particular respecto de {whom} (párrafo {place + 1})."])
        labels.append(frozenset({f"grupo: {whom}"}) if draw.random() < 0.5 else frozenset())
        senders.append(frozenset({draw.choice(SENDERS)}))
        theirs = [*WHAT[what], *WHOM[whom]]
        named.append(frozenset(one if draw.random() > 0.4 else draw.choice(every) for one in theirs))
    return register_of(texts, labels, senders, named)
