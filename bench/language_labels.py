"""How well labels are suggested for records of States that the models have not seen.

Reads ../shared/data beside the project; without it nothing is measured. Equal texts are merged before any split.
The benchmark of SDG classification runs only when its package is installed, which the product does not need.
"""

import csv
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
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
from servanda.language.vectors.encoder import Vectors, embedder, encoding

NEEDS_DATABASE = False
RECS = DATA / "recs"
VOCABULARY = Path(__file__).resolve().parents[1] / "servanda" / "vocab" / "data"
TINY = {"texts": 40, "parts": 2, "taxonomies": 1}
REST = ("General", "Other")  # issues that only say what a text is not about
OUT, MOST = 0.5, 3  # as in recommendations/labels/suggesting.py
LANGUAGES = ("en", "es", "fr", "ar", "ru", "zh")
Labels = list[frozenset[str]]


def run(report: Callable[..., None], *, texts: int = 5_000, parts: int = 5, taxonomies: int = 3) -> None:
    """UPR Info is split by State into `parts`, each held back once. Labelling is timed on `texts` of its rows."""
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
    """Five folds: each has the rows of every fifth State in the order of the codes, so no model can fit the choice.

    The folds differ more from each other than most changes of a model matter, so each is held back once.
    """
    order = {state: index for index, state in enumerate(sorted(set(states)))}
    return [[row for row, state in enumerate(states) if order[state] % number == index] for index in range(number)]


def complement(fold: Sequence[int], number: int) -> list[int]:
    return sorted(set(range(number)) - set(fold))


def subset(sample: Sample, rows: Sequence[int]) -> Sample:
    return sample.part(np.array(rows, dtype=np.intp))


def truth(labels: Labels, names: Sequence[str]) -> Targets:
    return np.array([[name in row_labels for name in names] for row_labels in labels], dtype=bool)


def issues_of_unseen_states(
    report: Callable[..., None], sample: Sample, issues: Labels, states: list[str], held_back: list[list[int]]
) -> None:
    """Scores on the rows as imported, and with equal texts merged under the labels that most of them have.

    Merging leaves out the easiest rows: texts that other States received too.
    """
    all_labels = sorted({label for row_labels in issues for label in row_labels})
    targets, predicted = truth(issues, all_labels), np.zeros((len(issues), len(all_labels)), dtype=bool)
    named = [index for index, label in enumerate(all_labels) if label not in REST]
    recipe_results, recipe_results_named = [], []
    for fold in held_back:
        known = complement(fold, len(states))
        model = learn(subset(sample, known), [issues[row] for row in known], [states[row] for row in known]).model
        columns = [all_labels.index(label) for label in model.labels]
        predicted[np.ix_(fold, columns)] = model.suggested(model.probabilities(subset(sample, fold)))
        unique_rows, unique_labels = merged([sample.texts[row] for row in known], [issues[row] for row in known])
        learned_from = subset(sample, [known[row] for row in unique_rows])
        margins = plain_recipe(learned_from, truth(unique_labels, all_labels), subset(sample, fold))
        recipe_results.append(at_its_best(margins, targets[fold]))
        recipe_results_named.append(at_its_best(margins[:, named], targets[fold][:, named]))
    scores = [scored(predicted[fold], targets[fold]) for fold in held_back]
    scores_named = [scored(predicted[fold][:, named], targets[fold][:, named]) for fold in held_back]
    unique_rows, unique_labels = merged(sample.texts, issues)
    results: dict[str, tuple[float, float]] = {
        "each fifth held back once, rows as they stand": (
            mean(micro for micro, _macro in scores),
            mean(macro for _micro, macro in scores),
        ),
        "the hardest fifth": min(scores),
        "the easiest fifth": max(scores),
        "equal texts merged": scored(predicted[unique_rows], truth(unique_labels, all_labels)),
        f"without {' and '.join(REST)}": scored(predicted[:, named], targets[:, named]),
    }
    for name, (micro, macro) in results.items():
        report(f"UPR issues, States never seen, {name}: micro F1", micro, ">= .92", ok=micro >= 0.92)
        report(f"UPR issues, States never seen, {name}: macro F1", macro, ">= .88", ok=macro >= 0.88)
    for name, recipe_scores, our_scores in (
        ("UPR issues", recipe_results, scores),
        (f"UPR issues without {' and '.join(REST)}", recipe_results_named, scores_named),
    ):
        for index, kind in enumerate(("micro", "macro")):
            recipe, ours = (mean(pair[index] for pair in pairs) for pairs in (recipe_scores, our_scores))
            report(f"{name}, a plain recipe on the same fifths, at its best threshold: {kind} F1", recipe)
            report(f"{name}, Servanda's {kind} F1 by that of the recipe", ours / recipe, ">= 1", ok=ours >= recipe)


def plain_recipe(known: Sample, targets: Targets, test: Sample) -> Numbers:
    """The textbook baseline: margins of one linear model per label on words, word pairs, letters and vectors.

    It shows whether a low score comes from difficult States or from a poor model.
    """
    vectorizers = (
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
    features = sparse.hstack(
        [*(vectorizer.fit_transform(known.texts) for vectorizer in vectorizers), known.vectors], format="csr"
    )
    test_features = sparse.hstack(
        [*(vectorizer.transform(test.texts) for vectorizer in vectorizers), test.vectors], format="csr"
    )
    return np.column_stack(
        [LinearSVC(C=0.5, tol=0.05).fit(features, target).decision_function(test_features) for target in targets.T]
    )


def at_its_best(margins: Numbers, targets: Targets) -> tuple[float, float]:
    """Scores at the threshold that is best for these very targets, which no real user could know."""
    thresholds = np.quantile(margins, np.linspace(0.93, 0.99, 80))
    return max(scored(margins >= threshold, targets) for threshold in thresholds)


def scored(predicted: Targets, targets: Targets) -> tuple[float, float]:
    return micro_f1(predicted, targets), macro_f1(predicted, targets)


def helping(report: Callable[..., None], sample: Sample, issues: Labels, states: list[str], imported: int) -> Model:
    """A model learned from all rows of UPR Info except those whose text is also a UHRI record."""
    uhri_texts = {bare(text) for text in (record["en"] for record in raw_records().values())}
    rows = [row for row, text in enumerate(sample.texts) if bare(text) not in uhri_texts]
    start = time.process_time()
    model = learn(subset(sample, rows), [issues[row] for row in rows], [states[row] for row in rows]).model
    seconds = time.process_time() - start
    report(f"learning issues from {len(rows):,} rows, CPU seconds", seconds, "<= 60", ok=seconds <= 60)
    labels_at_import(report, subset(sample, range(imported)), model)
    return model


def labels_at_import(report: Callable[..., None], sample: Sample, model: Model) -> None:
    """Time vectors, probabilities and reasons in one process; the product encodes in two."""
    start = time.process_time()
    vectors = embedder().encode(sample.texts)
    encoded = time.process_time()
    counted = model.counted(sample.texts)
    probabilities = model.probabilities(replace(sample, vectors=vectors), counted)
    chosen = [[model.labels[index] for index in np.flatnonzero(row)] for row in model.suggested(probabilities)]
    model.reasons(counted, chosen, most=5)
    report(f"{len(sample.texts):,} texts at import: CPU seconds of their vectors", encoded - start)
    seconds = time.process_time() - encoded
    report(f"{len(sample.texts):,} texts at import: CPU seconds of labels of one taxonomy, with reasons", seconds)


def bare(text: str | None) -> str:
    """Without its number and without who recommended it."""
    return normal(re.sub(r"^[\d.\s\-–()]+|\s*\([^()]*\)\W*$", "", plain(text)))


def actions_of_unseen_states(
    report: Callable[..., None], sample: Sample, actions: Labels, states: list[str], held_back: list[list[int]]
) -> None:
    was_right = np.zeros(len(actions), dtype=bool)
    for fold in held_back:
        known = complement(fold, len(states))
        known_actions, groups = [actions[row] for row in known], [states[row] for row in known]
        model = learn(subset(sample, known), known_actions, groups, by_verbs=True, is_one=True).model
        best = model.probabilities(subset(sample, fold)).argmax(axis=1)
        was_right[fold] = [model.labels[index] in actions[row] for index, row in zip(best, fold, strict=True)]
    unique_rows, _labels = merged(sample.texts, actions)
    by_fifth = [float(np.mean(was_right[fold])) for fold in held_back]
    for name, right in (
        ("each fifth held back once, rows as they stand", mean(by_fifth)),
        ("the hardest fifth", min(by_fifth)),
        ("equal texts merged", float(np.mean(was_right[unique_rows]))),
    ):
        report(f"action category, States never seen, {name}: accuracy", right, ">= .91", ok=right >= 0.91)


def names_of(taxonomy: str, *, label: str = "en") -> LabelNames:
    """What the labels of a taxonomy are called; `label` is the column by which the data name them."""
    terms = terms_of(taxonomy)
    names_by_language = [
        (term[code], code, index) for index, term in enumerate(terms) for code in (*LANGUAGES, "pt") if term[code]
    ]
    names_by_language += [
        (name, ANY, index) for index, term in enumerate(terms) for name in term["synonyms"].split("|") if name
    ]
    names, languages, indexes = (list(column) for column in zip(*names_by_language, strict=True))
    return LabelNames([term[label] for term in terms], names, languages, indexes, vectors_of(tuple(names)))


def terms_of(taxonomy: str) -> list[dict[str, str]]:
    return list(csv.DictReader((VOCABULARY / f"terms-{taxonomy}.csv").open(encoding="utf-8")))


@cache
def vectors_of(names: tuple[str, ...]) -> Vectors:
    """The goals are asked for twice, under their own labels and with their targets."""
    return embedder().encode(names)


def names_of_goals() -> LabelNames:
    """The names of targets count for the goal above them."""
    names = names_of("sdg", label="code")
    return names.under({code: goal_of(code) for code in names.labels})


def raw_records() -> dict[str, dict[str, str]]:
    lines = (RECS / "uhri_818_six_languages" / "raw_api_records.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["annotationId"]: record for record in map(json.loads, lines)}


def uhri(report: Callable[..., None], helper: Model, taxonomies: int) -> None:
    """Themes, persons and goals of 659 records, with and without the model of UPR issues as a feature."""
    labelled = (RECS / "uhri_818_six_languages" / "labelled.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in labelled.splitlines()]
    raw = raw_records()
    samples = {
        code: sample_in(code, [raw[record["annotation_id"]][code] for record in records]) for code in LANGUAGES
    }
    states = [(record["country_iso3"] or ["-"])[0] for record in records]
    themes = [frozenset(record["themes"]) - {"Reservations"} for record in records]
    persons = [frozenset(record["affected_persons"]) for record in records]
    goals = [frozenset(goal_of(sdg) for sdg in record["sdgs"]) for record in records]
    measured = (
        ("UHRI themes", "uhri-theme", themes, 0.60),
        ("affected persons", "uhri-group", persons, 0.70),
        ("SDG goals", "sdg", goals, 0.75),
    )
    for name, taxonomy, labels, bar in measured[:taxonomies]:
        names = names_of(taxonomy, label="code" if taxonomy == "sdg" else "en")
        unlearned_by = names_of_goals() if taxonomy == "sdg" else names
        unlearned = micro_f1(suggested_by_names(unlearned_by, samples["en"]), truth(labels, unlearned_by.labels))
        report(f"{name}, before anything is learned, by names alone: micro F1", unlearned)
        for how, helps in (("", None), (", with a model of UPR issues that helps", helper)):
            scores = across(samples, labels, fifths(states), states, names, helps)
            micro = scores["en"]
            report(f"{name}, 659 records, 5-fold by State{how}: micro F1", micro, f">= {bar}", ok=micro >= bar)
            for code in LANGUAGES[1:]:
                lost = micro - scores[code]
                report(f"{name}, learned in en, asked in {code}{how}: F1 lost", lost, "<= .04", ok=lost <= 0.04)


def goal_of(sdg: str) -> str:
    return sdg.split(" - ")[0].split(".")[0]


def sample_in(code: str, texts: list[str]) -> Sample:
    plain_texts = [plain(text) for text in texts]
    return Sample(plain_texts, [code] * len(plain_texts), embedder().encode(plain_texts))


def plain(text: str | None) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(text or "")).split())


def across(
    samples: dict[str, Sample],
    labels: Labels,
    held_back: list[list[int]],
    states: list[str],
    names: LabelNames,
    helper: Model | None,
) -> dict[str, float]:
    """Micro F1 by language: five times learned in English from four fifths of the States, tested on the last."""
    all_labels = sorted({label for row_labels in labels for label in row_labels})
    targets = truth(labels, all_labels)
    predicted = {code: np.zeros_like(targets) for code in samples}
    for fold in held_back:
        rest = complement(fold, len(states))
        rest_labels, groups = [labels[row] for row in rest], [states[row] for row in rest]
        model = learn(subset(samples["en"], rest), rest_labels, groups, names=names, helper=helper).model
        columns = [all_labels.index(label) for label in model.labels]
        for code in samples:
            test = subset(samples[code], fold)
            predicted[code][np.ix_(fold, columns)] = model.suggested(model.probabilities(test))
    return {code: micro_f1(predicted[code], targets) for code in samples}


def by_names_alone(names: LabelNames, sample: Sample) -> Numbers:
    return standing_out(names.near(sample.vectors), names.shared(sample.texts, sample.languages))


def suggested_by_names(names: LabelNames, sample: Sample) -> Targets:
    """As the product suggests before anything is learned: at most three labels that stand out clearly."""
    sure = by_names_alone(names, sample)
    return (sure >= OUT) & (sure >= np.sort(sure, axis=1)[:, [-MOST]])


def without_labels(report: Callable[..., None]) -> None:
    """Goals by the names of goals and targets alone, as the product suggests them before anything is learned."""
    package = find_spec("sdgclassification")
    if package is None or not package.submodule_search_locations:
        report("SDG without labels: sdgclassification-benchmark", "not installed")
        return
    file = Path(package.submodule_search_locations[0]) / "benchmark" / "resources" / "benchmark.csv"
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    names = names_of_goals()
    sure = by_names_alone(names, sample_in("en", [row["text"] for row in rows]))
    goals = np.array([int(row["sdg"]) for row in rows])
    predicted = sure[np.arange(len(rows)), [names.labels.index(row["sdg"]) for row in rows]] >= OUT
    right = np.array([row["label"] == "True" for row in rows])
    f1 = float(np.mean([micro_f1(predicted[goals == goal], right[goals == goal]) for goal in sorted(set(goals))]))
    report("SDG without any label, benchmark of 1,251 texts: F1, goals averaged", 100 * f1, ">= 80", ok=f1 >= 0.8)
    report("the same: share of right answers", 100 * float(np.mean(predicted == right)))
