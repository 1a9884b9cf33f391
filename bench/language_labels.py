"""How well labels are suggested, learned from some States and asked about others.

Reads ../shared/data beside the project; without it nothing is measured. Equal texts are one before any split.
The benchmark of SDG classification is measured when its package is installed: it is no part of the product.
"""

import csv
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from servanda.language.classify import Model, Sample, Targets
from servanda.language.cold_start import by_names, standing_out
from servanda.language.embed import embedder, encoding
from servanda.language.judging import FOLDS, learn, macro_f1, merged, micro_f1

NEEDS_DATABASE = False
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "recs"
TERMS = Path(__file__).resolve().parents[1] / "servanda" / "vocab" / "data" / "terms-sdg.csv"
GOALS = 17
OUT = 0.5  # as in recommendations/services/suggesting.py
LANGUAGES = ("en", "es", "fr", "ar", "ru", "zh")
Labels = list[frozenset[str]]


def run(report: Callable[..., None]) -> None:
    if not DATA.is_dir():
        report("labels: ../shared/data is not beside the project", "nothing measured")
        return
    rows = upr_info()
    with encoding(embedder(), len(rows)) as encode:
        vectors = encode([row["text"] for row in rows])
    sample = Sample([row["text"] for row in rows], ["en"] * len(rows), vectors)
    issues = [frozenset(row["issues"].split(";")) for row in rows]
    states = [row["sur_iso3"] for row in rows]
    helper = issues_of_unseen_states(report, sample, issues, states)
    actions_of_unseen_states(report, sample, [frozenset([row["action"]]) for row in rows], states)
    uhri(report, helper)
    without_labels(report)


def upr_info() -> list[dict[str, str]]:
    rows = []
    for cycle in (1, 2):
        with (DATA / "upr_info" / f"upr_info_cycle{cycle}.csv").open(encoding="utf-8") as file:
            rows += list(csv.DictReader(file))
    return rows


def apart(sample: Sample, labels: Labels, states: Sequence[str]) -> Iterator[tuple]:
    """One fifth of the States held back: what is learned from the others, and the texts and truth of that fifth."""
    first, said = merged(sample.texts, labels)
    places = np.array(first)
    held = [place for place, row in enumerate(first) if states[row] in held_back(states)]
    rest = np.setdiff1d(np.arange(len(first)), held)
    yield sample.part(places[rest]), [said[row] for row in rest], [states[first[row]] for row in rest]
    yield sample.part(places[held]), [said[row] for row in held]


def held_back(states: Sequence[str]) -> frozenset[str]:
    """Every fifth State in the order of their codes: chosen by nothing that a model could fit."""
    return frozenset(sorted(set(states))[::5])


def truth(labels: Labels, names: Sequence[str]) -> Targets:
    return np.array([[name in one for name in names] for one in labels], dtype=bool)


def issues_of_unseen_states(report: Callable[..., None], sample: Sample, issues: Labels, states: list[str]) -> Model:
    (known, said, groups), (unseen, wanted) = apart(sample, issues, states)
    model = learn(known, said, groups).model
    targets = truth(wanted, model.labels)
    found = model.suggested(model.probabilities(unseen))
    micro, macro = micro_f1(found, targets), macro_f1(found, targets)
    report("UPR issues, States never seen: micro F1", micro, ">= .92", ok=micro >= 0.92)
    report("UPR issues, States never seen: macro F1", macro, ">= .88", ok=macro >= 0.88)
    start = time.process_time()
    learn(sample, issues, states)
    spent = time.process_time() - start
    report(f"learning issues from {len(issues):,} texts, CPU seconds", spent, "<= 60", ok=spent <= 60)
    return model


def actions_of_unseen_states(report: Callable[..., None], sample: Sample, actions: Labels, states: list[str]) -> None:
    (known, said, groups), (unseen, wanted) = apart(sample, actions, states)
    model = learn(known, said, groups, by_verbs=True, is_one=True).model
    best = model.probabilities(unseen).argmax(axis=1)
    right = float(np.mean([model.labels[at] in one for at, one in zip(best, wanted, strict=True)]))
    report("action category, States never seen: accuracy", right, ">= .91", ok=right >= 0.91)


def uhri(report: Callable[..., None], helper: Model) -> None:
    """Themes, persons and goals of 659 records; the issues that the larger model sees in a text are a help."""
    folder = DATA / "uhri_818_six_languages"
    records = [json.loads(line) for line in (folder / "labelled.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = (folder / "raw_api_records.jsonl").read_text(encoding="utf-8").splitlines()
    raw = {one["annotationId"]: one for one in map(json.loads, lines)}
    spoken = {code: sample_in(code, [raw[one["annotation_id"]][code] for one in records]) for code in LANGUAGES}
    english = spoken["en"]
    helped = {"en": replace(english, hints=helper.probabilities(english))}
    states = [(one["country_iso3"] or ["-"])[0] for one in records]
    families = {
        "UHRI themes": ([frozenset(one["themes"]) - {"Reservations"} for one in records], 0.60),
        "affected persons": ([frozenset(one["affected_persons"]) for one in records], 0.70),
        "SDG goals": ([frozenset(goal_of(sdg) for sdg in one["sdgs"]) for one in records], 0.75),
    }
    for name, (labels, bar) in families.items():
        scores = across(spoken, labels, states)
        micro = scores["en"]
        report(f"{name}, 659 records, 5-fold by State: micro F1", micro, f">= {bar}", ok=micro >= bar)
        micro = across(helped, labels, states)["en"]
        report(f"{name}, the same with what a model of UPR issues says", micro, f">= {bar}", ok=micro >= bar)
        for code in LANGUAGES[1:]:
            lost = scores["en"] - scores[code]
            report(f"{name}, learned in en, asked in {code}: F1 lost", lost, "<= .04", ok=lost <= 0.04)


def goal_of(sdg: str) -> str:
    return sdg.split(" - ")[0].split(".")[0]


def sample_in(code: str, texts: list[str]) -> Sample:
    plain = [" ".join(re.sub(r"<[^>]+>", " ", unescape(text or "")).split()) for text in texts]
    return Sample(plain, [code] * len(plain), embedder().encode(plain))


def across(spoken: dict[str, Sample], labels: Labels, states: list[str]) -> dict[str, float]:
    """Five times learned in English from four fifths of the States, and asked in every language about the last."""
    names = sorted({label for one in labels for label in one})
    targets = truth(labels, names)
    found = {code: np.zeros_like(targets) for code in spoken}
    order = sorted(set(states))
    for fold in range(FOLDS + 1):
        held = [row for row, state in enumerate(states) if order.index(state) % (FOLDS + 1) == fold]
        rest = np.setdiff1d(np.arange(len(states)), held)
        known = spoken["en"].part(rest)
        model = learn(known, [labels[row] for row in rest], [states[row] for row in rest]).model
        places = [names.index(label) for label in model.labels]
        for code in spoken:
            asked = spoken[code].part(np.array(held))
            found[code][np.ix_(held, places)] = model.suggested(model.probabilities(asked))
    return {code: micro_f1(found[code], targets) for code in spoken}


def without_labels(report: Callable[..., None]) -> None:
    """Goals by the official words of their targets alone, as the product suggests them before anything is learned."""
    found = find_spec("sdgclassification")
    if found is None or not found.submodule_search_locations:
        report("SDG without labels: sdgclassification-benchmark", "not installed")
        return
    file = Path(found.submodule_search_locations[0]) / "benchmark" / "resources" / "benchmark.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    terms = list(csv.DictReader(TERMS.open(encoding="utf-8")))
    named = [(name, term) for term in terms for name in (term["en"], *term["synonyms"].split("|")) if name]
    whose = [int(term["code"].split(".")[0]) - 1 for _name, term in named]
    names = embedder().encode([name for name, _term in named])
    sure = standing_out(by_names(embedder().encode([row["text"] for row in rows]), names, whose, GOALS))
    goals = np.array([int(row["sdg"]) - 1 for row in rows])
    said = sure[np.arange(len(rows)), goals] >= OUT
    right = np.array([row["label"] == "True" for row in rows])
    f1 = float(np.mean([micro_f1(said[goals == goal], right[goals == goal]) for goal in sorted(set(goals))]))
    report("SDG without any label, benchmark of 1,251 texts: F1, goals averaged", 100 * f1, ">= 80", ok=f1 >= 0.8)
    report("the same: share of right answers", 100 * float(np.mean(said == right)))
