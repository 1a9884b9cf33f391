"""Is the same recommendation found in another language, and how fast is finding by meaning in a grown register?

Reads `../shared/data` for the first; the vectors of the register are those of real texts, and beyond the first
thousands real ones with noise, so that as many records are near to a question as would be.
"""

import json
import os
import resource
import time
from collections.abc import Callable, Iterable
from itertools import permutations
from statistics import mean, quantiles

import numpy as np
from django.db import transaction
from django.http import QueryDict

from bench.grown import SHARED, Grower, seeds
from servanda.kit.rows import insert_rows
from servanda.language.compare import normal
from servanda.language.embed import embedder, mark_of
from servanda.recommendations import vectors
from servanda.recommendations.counts import everybody, ids_of
from servanda.recommendations.elsewhere import in_other_languages
from servanda.recommendations.facets import public_facets
from servanda.recommendations.filtering import narrow, read_filter
from servanda.recommendations.meaning import resolved
from servanda.recommendations.models import TextVector, TextVersion, VectorStamp
from servanda.recommendations.services.encoding import begin_series, encode_missing, next_number
from servanda.sources.readers.clean import clean

SIZE = int(os.environ.get("SERVANDA_BENCH_VECTORS", "25000"))
WORLD = 250_000
ENCODED = 3_000  # of the records grown, those whose texts are really encoded
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
NOISE = 0.02  # of each of 512 numbers: likeness to the real text 0.91
QUESTIONS = 60
WORDS = ("torture", "education", "detention", "women", "trafficking", "children rights", "police violence", "water")


def run(report: Callable[..., None]) -> None:
    _across_languages(report)
    grower = Grower(seeds())
    grower.grow_to(ENCODED)
    start = time.perf_counter()
    done = encode_missing()
    report("texts of the UPR encoded in two processes and written, a second", done / (time.perf_counter() - start))
    grower.grow_to(SIZE)
    _fill()
    before = _megabytes()
    start = time.perf_counter()
    space = vectors.now()
    report(f"{len(space.places):,} vectors read into a process, s", time.perf_counter() - start)
    memory = _megabytes() - before
    report("memory that they take, MB", memory, "about 100 at 25,000", ok=memory <= 100 if SIZE <= 25_000 else None)
    _ask(report, space)


def _across_languages(report: Callable[..., None]) -> None:
    file = SHARED / "recs" / "uhri_818_six_languages" / "raw_api_records.jsonl"
    if not file.exists():
        report("the same in another language: data beside the project", "absent")
        return
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    rows = list({normal(clean(row["en"])): row for row in rows}.values())
    placed = {language: embedder().encode([clean(row[language]) for row in rows]) for language in LANGUAGES}
    right = {pair: _first(placed[pair[0]], placed[pair[1]]) for pair in permutations(LANGUAGES, 2)}
    below = [f"{a}-{b} {share:.3f}" for (a, b), share in right.items() if share < 0.96]
    worst, usual = min(right.values()), mean(right.values())
    report(f"rank 1 among {len(rows)}, 30 pairs of languages, the worst", worst, ">= .96", ok=worst >= 0.96)
    report("rank 1, mean of the pairs", usual, ">= .98", ok=usual >= 0.98)
    report("pairs below .96", ", ".join(below) or "none")


def _first(here: np.ndarray, there: np.ndarray) -> float:
    return float(((here @ there.T).argmax(axis=1) == np.arange(len(here))).mean())


def _fill() -> None:
    """Vectors for the rest, near to those that were encoded."""
    chance, mark = np.random.default_rng(2026), mark_of(embedder())
    space = vectors.now()
    real = space.rows.vectors(range(len(space.places)))[:ENCODED]
    begin_series(embedder())
    missing = list(TextVersion.objects.filter(vector=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(missing), 5_000):
        some = missing[start : start + 5_000]
        rows = real[chance.integers(len(real), size=len(some))]
        rows = rows + chance.normal(0, NOISE, rows.shape).astype(np.float32)
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
        with transaction.atomic():
            number = next_number()
            made = [(pk, mark, "", row.tobytes(), number) for pk, row in zip(some, rows, strict=True)]
            insert_rows(TextVector, ("text", "encoder", "digest", "vector", "written"), made)
    VectorStamp.objects.filter(pk=1).update(series=os.urandom(16).hex())  # all of it is read anew, and timed


def _ask(report: Callable[..., None], space: vectors.Space) -> None:
    sentences = [seed.text for seed in seeds()[:QUESTIONS]]
    rows = [space.vector_of(text) for text in sentences]
    comparing = _times(lambda row: space.compared(row, 0.35, ()), rows)
    report(f"comparing one with {SIZE:,}, p95 ms", _p95(comparing), "")
    audience, facets = everybody(), public_facets()

    def by_sentence(text: str) -> list[int] | None:
        asked = resolved(read_filter(_typed(text), facets), audience.visible)
        return ids_of(narrow(audience.visible, asked, facets))

    def by_words(text: str) -> list[int]:
        asked = read_filter(_typed(text), facets)
        found = ids_of(narrow(audience.visible, asked, facets))
        return in_other_languages(asked, audience, facets, found)

    for name, door, questions in (
        ("a sentence, by meaning", by_sentence, sentences),
        ("few words, and what other languages have", by_words, WORDS * 8),
    ):
        door(questions[0])
        p95 = _p95(_times(door, questions))
        report(f"{name}: p95 ms at {SIZE:,}", p95, "at most 100", ok=p95 <= 100)
        if SIZE < WORLD:
            larger = p95 + _p95(comparing) * (WORLD / SIZE - 1)
            report(f"{name}: reckoned for {WORLD:,}, not measured, ms", larger, "")


def _typed(text: str) -> QueryDict:
    typed = QueryDict(mutable=True)
    typed["q"] = text.replace('"', "").replace("-", " ")
    return typed


def _times(door: Callable[..., object], questions: Iterable[object]) -> list[float]:
    times = []
    for question in questions:
        start = time.perf_counter()
        door(question)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
