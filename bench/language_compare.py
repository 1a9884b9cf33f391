"""Are pairs of texts judged right as the same, twins or only alike? Perturbed, translated and adversarial ones.

Reads `../shared/data`; the adversarial pairs are our own sentences in `bench/data/adversarial_pairs.tsv`.
"""

import csv
import html
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

from bench.clusters_of_texts import clusters
from bench.shared import DATA
from servanda.language.comparison.likeness import body_of, normal
from servanda.language.comparison.relations import RELATED, TWIN_ACROSS, Judged, Reading, relate
from servanda.language.vectors.encoder import Vectors, embedder
from servanda.language.vectors.nearest import best_pairs, pairs_above

NEEDS_DATABASE = False
HERE = Path(__file__).parent
RECS = DATA / "recs"
LANGUAGES = ("en", "es", "fr", "ar", "ru", "zh")
TINY = {"perturbed": 20, "imported": 40}
SYNONYMS = (
    ("take measures", "take steps"),
    ("ensure", "guarantee"),
    ("strengthen", "reinforce"),
    ("combat", "fight"),
)


def run(report: Callable[..., None], *, perturbed: int = 600, imported: int = 5_000) -> None:
    _adversarial(report)
    if not RECS.is_dir():
        report("translated, perturbed, clusters: data beside the project", "absent", "")
        return
    _perturbed(report, perturbed)
    records = _records()
    vectors = {language: _encoded([record[language] for record in records]) for language in LANGUAGES}
    _translated(report, records, vectors)
    clusters(report, records, vectors)
    _import(report, imported)


def _encoded(texts: list[str]) -> Vectors:
    return embedder().encode([body_of(text) for text in texts])


def _adversarial(report: Callable[..., None]) -> None:
    with (HERE / "data" / "adversarial_pairs.tsv").open() as lines:
        pairs = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    vectors, other_vectors = _encoded([pair[2] for pair in pairs]), _encoded([pair[4] for pair in pairs])
    duplicates = 0
    for (_kind, language, text, other_language, other), cosine in zip(
        pairs, (vectors * other_vectors).sum(axis=1), strict=True
    ):
        judged = relate(Reading(text, language), Reading(other, other_language), cosine=float(cosine), is_best=True)
        duplicates += judged.is_duplicate
    report(f"adversarial pairs called duplicate, of {len(pairs)}", duplicates, "0", ok=duplicates == 0)


def _perturbed(report: Callable[..., None], number: int) -> None:
    """Compare each text with changed copies of itself, and with the nearest texts in other words."""
    chance = random.Random(2026)  # noqa: S311 -- test data, not a secret
    known = _texts_of_several_states()
    texts = chance.sample(known, min(number, len(known)))
    recognised: Counter = Counter()
    trials: Counter = Counter()
    for text in texts:
        for kind, changed in _changes(text, chance):
            trials[kind] += 1
            recognised[kind] += relate(Reading(text, "en"), Reading(changed, "en"), cosine=1.0).is_duplicate
    for kind in trials:
        recall = recognised[kind] / trials[kind]
        report(f"perturbed: {kind}, recall", recall, "at least .95", ok=recall >= 0.95)
    vectors, readings = _encoded(texts), [Reading(text, "en") for text in texts]
    near = list(pairs_above(vectors, at_least=RELATED, at_most=5))
    duplicates = [
        (texts[first], texts[second])
        for first, second, cosine in near
        if relate(readings[first], readings[second], cosine=cosine).is_duplicate
    ]
    same = _same_in_other_words()
    wrong = sum(frozenset(map(normal, pair)) not in same for pair in duplicates)
    precision = recognised.total() / (recognised.total() + len(duplicates))
    report(f"perturbed, precision beside {len(near)} near pairs, if no other wording asks the same", precision)
    precision = (recognised.total() + len(duplicates) - wrong) / (recognised.total() + len(duplicates))
    report(
        f"the same, {len(duplicates) - wrong} of {len(duplicates)} read and found to ask the same",
        precision,
        "at least .99",
        ok=precision >= 0.99,
    )


def _same_in_other_words() -> set[frozenset[str]]:
    """Pairs that ask the same of a State, read by hand without knowing what the machine says of them.

    The file has ids of rows of UPR Info instead of texts, which may not be copied here.
    """
    with (HERE / "data" / "same_in_other_words.tsv").open() as lines:
        pairs = [line.split() for line in lines]
    wanted = {rec_id for pair in pairs for rec_id in pair}
    texts: dict[str, str] = {}
    for cycle in (1, 2):
        with (RECS / "upr_info" / f"upr_info_cycle{cycle}.csv").open() as rows:
            texts |= {row["rec_id"]: normal(row["text"]) for row in csv.DictReader(rows) if row["rec_id"] in wanted}
    return {frozenset(texts[rec_id] for rec_id in pair) for pair in pairs if texts.keys() >= set(pair)}


def _texts_of_several_states() -> list[str]:
    with (RECS / "links" / "same_text_several_states.csv").open() as lines:
        wanted = {row["rec_id"] for row in csv.DictReader(lines)}
    return sorted({normal(text): text for text in _upr_texts(wanted)}.values())


def _upr_texts(wanted: set[str] | None = None) -> Iterator[str]:
    for cycle in (1, 2):
        with (RECS / "upr_info" / f"upr_info_cycle{cycle}.csv").open() as lines:
            yield from (row["text"] for row in csv.DictReader(lines) if wanted is None or row["rec_id"] in wanted)


def _changes(text: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    yield "case", text.upper()
    yield "punctuation and number", f"{chance.randint(90, 150)}.{chance.randint(1, 200)} {text.rstrip('.;')} (Chile);"
    if typed := _mistyped(text, chance):
        yield "typing slip", typed
    if moved := _moved(text):
        yield "order of clauses", moved
    for word, other in SYNONYMS:
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            yield "synonyms", re.sub(rf"\b{word}\b", other, text, flags=re.IGNORECASE)


def _mistyped(text: str, chance: random.Random) -> str:
    """Two letters of a long word change places."""
    words = text.split()
    if long := [index for index, word in enumerate(words) if len(word) >= 7 and word.isalpha() and word.islower()]:
        index = chance.choice(long)
        letters = [*words[index]]
        swap = chance.randrange(2, len(letters) - 2)
        letters[swap], letters[swap + 1] = letters[swap + 1], letters[swap]
        words[index] = "".join(letters)
        return " ".join(words)
    return ""


def _moved(text: str) -> str:
    """The text with its last clause first; a comma within the name of a covenant does not end a clause."""
    first, comma, last = text.rstrip(".;").rpartition(", ")
    is_within_a_name = last.lower().startswith(("social and cultural", "and cultural"))
    is_clause = comma and len(last.split()) >= 3 and len(first.split()) >= 6 and not is_within_a_name
    return f"{last}, {first}" if is_clause else ""


def _records() -> list[dict[str, str]]:
    """Records with all six languages; of those with the same text, one."""
    records: dict[str, dict[str, str]] = {}
    with (RECS / "uhri_818_six_languages" / "raw_api_records.jsonl").open() as lines:
        for line in lines:
            row = json.loads(line)
            texts = {language: _plain(row.get(language)) for language in LANGUAGES}
            if all(texts.values()):
                records.setdefault(normal(texts["en"]), texts)
    return list(records.values())


def _plain(text: str | None) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text or "")).split())


def _translated(report: Callable[..., None], records: list[dict[str, str]], vectors: dict[str, Vectors]) -> None:
    readings = {code: [Reading(record[code], code) for record in records] for code in LANGUAGES}
    recalls, right, wrong = {}, 0, 0
    for language, other_language in combinations(LANGUAGES, 2):
        is_right = [
            row == other_row
            for row, other_row, cosine in best_pairs(vectors[language], vectors[other_language], at_least=TWIN_ACROSS)
            if _judged(readings[language][row], readings[other_language][other_row], cosine).is_duplicate
        ]
        recalls[f"{language}-{other_language}"] = sum(is_right) / len(records)
        right, wrong = right + sum(is_right), wrong + len(is_right) - sum(is_right)
    mean, worst = sum(recalls.values()) / len(recalls), min(recalls, key=recalls.__getitem__)
    report(f"translated pairs, {len(records)} records, recall, mean of 15", mean, "at least .95", ok=mean >= 0.95)
    report(
        f"translated pairs, recall of the worst pair, {worst}",
        recalls[worst],
        "at least .95",
        ok=recalls[worst] >= 0.95,
    )
    precision = right / (right + wrong)
    report("translated pairs, precision", precision, "at least .99", ok=precision >= 0.99)


def _judged(first: Reading, second: Reading, cosine: float) -> Judged:
    return relate(first, second, cosine=cosine, is_best=True)


def _import(report: Callable[..., None], number: int) -> None:
    """Identify, encode and compare, in one process, as many short texts as the whole record of a State has."""
    from servanda.language.words.identify import identify

    texts = [text for text, _ in zip(_upr_texts(), range(number), strict=False)]
    identify(texts[0], among=LANGUAGES)
    start = time.perf_counter()
    readings = [Reading(text, identify(text, among=LANGUAGES) or "en") for text in texts]
    vectors = _encoded(texts)
    pairs = list(pairs_above(vectors, at_least=RELATED, at_most=10))
    for first, second, cosine in pairs:
        relate(readings[first], readings[second], cosine=cosine)
    seconds = time.perf_counter() - start
    report(
        f"{number:,} texts: language, vectors, {len(pairs):,} pairs, seconds",
        seconds,
        "at most 30",
        ok=seconds <= 30,
    )
