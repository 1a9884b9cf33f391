"""How well labels are suggested, learned from some States and asked about others.

Reads ../shared/data beside the project; without it nothing is measured. Equal texts are one before any split.
The benchmark of SDG classification is measured when its package is installed: it is no part of the product.
"""

import csv
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from statistics import mean

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bench.shared import DATA
from servanda.language.comparison.likeness import normal
from servanda.language.learning.cold_start import standing_out
from servanda.language.learning.evaluation import learn, macro_f1, merged, micro_f1
from servanda.language.learning.label_names import ANY, LabelNames
from servanda.language.learning.labels import Model, Numbers, Sample, Targets
from servanda.language.vectors.encoder import embedder, encoding

NEEDS_DATABASE = False
RECS = DATA / "recs"
VOCABULARY = Path(__file__).resolve().parents[1] / "servanda" / "vocab" / "data"
TINY = {"texts": 40, "parts": 2, "taxonomies": 1}
REST = ("General", "Other")  # issues that say what a text is not about
OUT, MOST = 0.5, 3  # as in recommendations/labels/suggesting.py
LANGUAGES = ("en", "es", "fr", "ar", "ru", "zh")
Labels = list[frozenset[str]]


def run(report: Callable[..., None], *, texts: int = 5_000, parts: int = 5, taxonomies: int = 3) -> None:
    """All there is to learn from. UPR Info in so many parts, each held back once; `texts` of it are timed."""
    if not RECS.is_dir():
        report("labels: ../shared/data is not beside the project", "nothing measured")
        return
    rows = upr_info()
    with encoding(embedder(), len(rows)) as encode:
        vectors = encode([row["text"] for row in rows])
    sample = Sample([row["text"] for row in rows], ["en"] * len(rows), vectors)
    issues = [frozenset(row["issues"].split(";")) for row in rows]
    states = [row["sur_iso3"] for row in rows]
    held_back = fifths(states, parts)
    issues_of_unseen_states(report, sample, issues, states, held_back)
    actions_of_unseen_states(report, sample, [frozenset([row["action"]]) for row in rows], states, held_back)
    helper = helping(report, sample, issues, states, texts)
    uhri(report, helper, taxonomies)
    without_labels(report)


def upr_info() -> list[dict[str, str]]:
    rows = []
    for cycle in (1, 2):
        with (RECS / "upr_info" / f"upr_info_cycle{cycle}.csv").open(encoding="utf-8") as file:
            rows += list(csv.DictReader(file))
    return rows


def fifths(states: Sequence[str], number: int = 5) -> list[list[int]]:
    """The rows of every fifth State in the order of their codes: chosen by nothing that a model could fit.

    One fifth is harder than another by more than most changes of a model bring, so each is held back once.
    """
    order = {state: at for at, state in enumerate(sorted(set(states)))}
    return [[row for row, state in enumerate(states) if order[state] % number == at] for at in range(number)]


def others(held: Sequence[int], number: int) -> list[int]:
    return sorted(set(range(number)) - set(held))


def of(sample: Sample, rows: Sequence[int]) -> Sample:
    return sample.part(np.array(rows, dtype=np.intp))


def truth(labels: Labels, names: Sequence[str]) -> Targets:
    return np.array([[name in one for name in names] for one in labels], dtype=bool)


def issues_of_unseen_states(
    report: Callable[..., None], sample: Sample, issues: Labels, states: list[str], held_back: list[list[int]]
) -> None:
    """The rows of a State as they stand, each with its own labels, as an import brings them; then equal texts as one
    with the labels that most of them have, which leaves out what is easiest: texts that other States got, too."""
    every = sorted({label for one in issues for label in one})
    targets, found = truth(issues, every), np.zeros((len(issues), len(every)), dtype=bool)
    named = [at for at, label in enumerate(every) if label not in REST]
    plain, plain_named = [], []
    for held in held_back:
        known = others(held, len(states))
        model = learn(of(sample, known), [issues[row] for row in known], [states[row] for row in known]).model
        places = [every.index(label) for label in model.labels]
        found[np.ix_(held, places)] = model.suggested(model.probabilities(of(sample, held)))
        first, said = merged([sample.texts[row] for row in known], [issues[row] for row in known])
        learned_from = of(sample, [known[row] for row in first])
        margins = plain_recipe(learned_from, truth(said, every), of(sample, held))
        plain.append(at_its_best(margins, targets[held]))
        plain_named.append(at_its_best(margins[:, named], targets[held][:, named]))
    scores = [scored(found[held], targets[held]) for held in held_back]
    scores_named = [scored(found[held][:, named], targets[held][:, named]) for held in held_back]
    first, said = merged(sample.texts, issues)
    told: dict[str, tuple[float, float]] = {
        "each fifth held back once, rows as they stand": (
            mean(one for one, _ in scores),
            mean(one for _, one in scores),
        ),
        "the hardest fifth": min(scores),
        "the easiest fifth": max(scores),
        "equal texts merged": scored(found[first], truth(said, every)),
        f"without {' and '.join(REST)}": scored(found[:, named], targets[:, named]),
    }
    for name, (micro, macro) in told.items():
        report(f"UPR issues, States never seen, {name}: micro F1", micro, ">= .92", ok=micro >= 0.92)
        report(f"UPR issues, States never seen, {name}: macro F1", macro, ">= .88", ok=macro >= 0.88)
    for which, theirs, mine in (
        ("UPR issues", plain, scores),
        (f"UPR issues without {' and '.join(REST)}", plain_named, scores_named),
    ):
        for place, kind in enumerate(("micro", "macro")):
            recipe, ours = (mean(one[place] for one in each) for each in (theirs, mine))
            report(f"{which}, a plain recipe on the same fifths, at its best threshold: {kind} F1", recipe)
            report(f"{which}, Servanda's {kind} F1 by that of the recipe", ours / recipe, ">= 1", ok=ours >= recipe)


def plain_recipe(known: Sample, targets: Targets, asked: Sample) -> Numbers:
    """Margins of one linear model for each label on words, pairs, letters and vectors side by side: what a reader of
    a textbook would do, and what tells a hard choice of States from a poor model."""
    counted = (
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, dtype=np.float32),
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            min_df=5,
            max_features=200_000,
            sublinear_tf=True,
            dtype=np.float32,
        ),
    )
    features = sparse.hstack([*(one.fit_transform(known.texts) for one in counted), known.vectors], format="csr")
    questions = sparse.hstack([*(one.transform(asked.texts) for one in counted), asked.vectors], format="csr")
    return np.column_stack(
        [LinearSVC(C=0.5, tol=0.05).fit(features, one).decision_function(questions) for one in targets.T]
    )


def at_its_best(margins: Numbers, targets: Targets) -> tuple[float, float]:
    """At the one threshold that suits the answers best, which nobody who asks could know."""
    tried = np.quantile(margins, np.linspace(0.93, 0.99, 80))
    return max(scored(margins >= at, targets) for at in tried)


def scored(found: Targets, targets: Targets) -> tuple[float, float]:
    return micro_f1(found, targets), macro_f1(found, targets)


def helping(report: Callable[..., None], sample: Sample, issues: Labels, states: list[str], imported: int) -> Model:
    """What is learned from all rows of UPR Info, but for the texts that are UHRI records, too."""
    asked = {bare(text) for text in (one["en"] for one in raw_records().values())}
    rows = [row for row, text in enumerate(sample.texts) if bare(text) not in asked]
    start = time.process_time()
    model = learn(of(sample, rows), [issues[row] for row in rows], [states[row] for row in rows]).model
    spent = time.process_time() - start
    report(f"learning issues from {len(rows):,} rows, CPU seconds", spent, "<= 60", ok=spent <= 60)
    labels_at_import(report, of(sample, range(imported)), model)
    return model


def labels_at_import(report: Callable[..., None], sample: Sample, model: Model) -> None:
    """Vectors, probabilities and reasons; an encoder in each of two processes halves the first on two cores."""
    start = time.process_time()
    vectors = embedder().encode(sample.texts)
    encoded = time.process_time()
    counted = model.counted(sample.texts)
    probabilities = model.probabilities(replace(sample, vectors=vectors), counted)
    chosen = [[model.labels[at] for at in np.flatnonzero(row)] for row in model.suggested(probabilities)]
    model.reasons(counted, chosen, most=5)
    report(f"{len(sample.texts):,} texts at import: CPU seconds of their vectors", encoded - start)
    spent = time.process_time() - encoded
    report(f"{len(sample.texts):,} texts at import: CPU seconds of labels of one taxonomy, with reasons", spent)


def bare(text: str | None) -> str:
    """Without its number and without who recommended it."""
    return normal(re.sub(r"^[\d.\s\-–()]+|\s*\([^()]*\)\W*$", "", plain(text)))


def actions_of_unseen_states(
    report: Callable[..., None], sample: Sample, actions: Labels, states: list[str], held_back: list[list[int]]
) -> None:
    was_right = np.zeros(len(actions), dtype=bool)
    for held in held_back:
        known = others(held, len(states))
        said, groups = [actions[row] for row in known], [states[row] for row in known]
        model = learn(of(sample, known), said, groups, by_verbs=True, is_one=True).model
        best = model.probabilities(of(sample, held)).argmax(axis=1)
        was_right[held] = [model.labels[at] in actions[row] for at, row in zip(best, held, strict=True)]
    first, _said = merged(sample.texts, actions)
    by_fifth = [float(np.mean(was_right[held])) for held in held_back]
    for name, right in (
        ("each fifth held back once, rows as they stand", mean(by_fifth)),
        ("the hardest fifth", min(by_fifth)),
        ("equal texts merged", float(np.mean(was_right[first]))),
    ):
        report(f"action category, States never seen, {name}: accuracy", right, ">= .91", ok=right >= 0.91)


def names_of(taxonomy: str, *, label: str = "en") -> LabelNames:
    """What the labels of a taxonomy are called; `label` is the column by which the data name them."""
    terms = list(csv.DictReader((VOCABULARY / f"terms-{taxonomy}.csv").open(encoding="utf-8")))
    found = [(term[code], code, at) for at, term in enumerate(terms) for code in (*LANGUAGES, "pt") if term[code]]
    found += [(name, ANY, at) for at, term in enumerate(terms) for name in term["synonyms"].split("|") if name]
    names, languages, whose = (list(one) for one in zip(*found, strict=True))
    return LabelNames([term[label] for term in terms], names, languages, whose, embedder().encode(names))


def names_of_goals() -> LabelNames:
    """What stands below a goal speaks for it."""
    names = names_of("sdg", label="code")
    return names.under({code: goal_of(code) for code in names.labels})


def raw_records() -> dict[str, dict[str, str]]:
    lines = (RECS / "uhri_818_six_languages" / "raw_api_records.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["annotationId"]: one for one in map(json.loads, lines)}


def uhri(report: Callable[..., None], helper: Model, taxonomies: int) -> None:
    """Themes, persons and goals of 659 records; the issues that the larger model sees in a text are a help."""
    labelled = (RECS / "uhri_818_six_languages" / "labelled.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in labelled.splitlines()]
    raw = raw_records()
    spoken = {code: sample_in(code, [raw[one["annotation_id"]][code] for one in records]) for code in LANGUAGES}
    states = [(one["country_iso3"] or ["-"])[0] for one in records]
    themes = [frozenset(one["themes"]) - {"Reservations"} for one in records]
    persons = [frozenset(one["affected_persons"]) for one in records]
    goals = [frozenset(goal_of(sdg) for sdg in one["sdgs"]) for one in records]
    kinds, groups = names_of("uhri-theme"), names_of("uhri-group")
    measured = (
        ("UHRI themes", themes, kinds, kinds, 0.60),
        ("affected persons", persons, groups, groups, 0.70),
        ("SDG goals", goals, names_of("sdg", label="code"), names_of_goals(), 0.75),
    )
    for name, labels, names, unlearned_by, bar in measured[:taxonomies]:
        unlearned = micro_f1(suggested_by_names(unlearned_by, spoken["en"]), truth(labels, unlearned_by.labels))
        report(f"{name}, before anything is learned, by names alone: micro F1", unlearned)
        for how, helps in (("", None), (", with a model of UPR issues that helps", helper)):
            scores = across(spoken, labels, fifths(states), states, names, helps)
            micro = scores["en"]
            report(f"{name}, 659 records, 5-fold by State{how}: micro F1", micro, f">= {bar}", ok=micro >= bar)
            for code in LANGUAGES[1:]:
                lost = micro - scores[code]
                report(f"{name}, learned in en, asked in {code}{how}: F1 lost", lost, "<= .04", ok=lost <= 0.04)


def goal_of(sdg: str) -> str:
    return sdg.split(" - ")[0].split(".")[0]


def sample_in(code: str, texts: list[str]) -> Sample:
    said = [plain(text) for text in texts]
    return Sample(said, [code] * len(said), embedder().encode(said))


def plain(text: str | None) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(text or "")).split())


def across(
    spoken: dict[str, Sample],
    labels: Labels,
    held_back: list[list[int]],
    states: list[str],
    names: LabelNames,
    helper: Model | None,
) -> dict[str, float]:
    """Five times learned in English from four fifths of the States, and asked in every language about the last."""
    every = sorted({label for one in labels for label in one})
    targets = truth(labels, every)
    found = {code: np.zeros_like(targets) for code in spoken}
    for held in held_back:
        rest = others(held, len(states))
        said, groups = [labels[row] for row in rest], [states[row] for row in rest]
        model = learn(of(spoken["en"], rest), said, groups, names=names, helper=helper).model
        places = [every.index(label) for label in model.labels]
        for code in spoken:
            asked = of(spoken[code], held)
            found[code][np.ix_(held, places)] = model.suggested(model.probabilities(asked))
    return {code: micro_f1(found[code], targets) for code in spoken}


def by_names_alone(names: LabelNames, sample: Sample) -> Numbers:
    return standing_out(names.near(sample.vectors), names.shared(sample.texts, sample.languages))


def suggested_by_names(names: LabelNames, sample: Sample) -> Targets:
    """As the product suggests before anything is learned: the three that stand out most, if they do so enough."""
    sure = by_names_alone(names, sample)
    return (sure >= OUT) & (sure >= np.sort(sure, axis=1)[:, [-MOST]])


def without_labels(report: Callable[..., None]) -> None:
    """Goals by the official words of their targets alone, as the product suggests them before anything is learned."""
    found = find_spec("sdgclassification")
    if found is None or not found.submodule_search_locations:
        report("SDG without labels: sdgclassification-benchmark", "not installed")
        return
    file = Path(found.submodule_search_locations[0]) / "benchmark" / "resources" / "benchmark.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    names = names_of_goals()
    sure = by_names_alone(names, sample_in("en", [row["text"] for row in rows]))
    goals = np.array([int(row["sdg"]) for row in rows])
    said = sure[np.arange(len(rows)), [names.labels.index(row["sdg"]) for row in rows]] >= OUT
    right = np.array([row["label"] == "True" for row in rows])
    f1 = float(np.mean([micro_f1(said[goals == goal], right[goals == goal]) for goal in sorted(set(goals))]))
    report("SDG without any label, benchmark of 1,251 texts: F1, goals averaged", 100 * f1, ">= 80", ok=f1 >= 0.8)
    report("the same: share of right answers", 100 * float(np.mean(said == right)))
