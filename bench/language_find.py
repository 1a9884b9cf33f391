"""Is the same recommendation found in another language, and how fast is search by meaning in a grown register?

The first part reads `../shared/data`. In the grown register the first few thousand vectors are those of real texts;
the others are copies with noise, so that a realistic number of records is near to each query. Half of the records are
marked as written in another language, so that results in other languages exist; their words stay English.

Search here means: find the ids of the records in order, without the counts of the filters and without the page. Both
wall-clock time, which other load on the machine inflates, and processor time including the database's are reported.
"""

import json
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import permutations
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, quantiles

import django
import numpy as np
from django.db import connection, transaction
from django.db.models.functions import Mod
from django.http import QueryDict
from django.test import Client

from bench.grown import Grower, let_settle, seeds
from bench.shared import DATA
from servanda.kit.database.bulk_rows import insert_rows
from servanda.language.comparison.likeness import normal
from servanda.language.vectors.byte_vectors import Rows
from servanda.language.vectors.encoder import embedder, mark_of
from servanda.language.vectors.nearest import without_crowd
from servanda.language.words.search_query import parse
from servanda.recommendations.counting.counts import invalidate_counts, read_ahead
from servanda.recommendations.filters.audiences import everybody
from servanda.recommendations.filters.facets import public_facets
from servanda.recommendations.filters.query import SEARCHED, narrow, read_filter
from servanda.recommendations.filters.semantic import resolved
from servanda.recommendations.models import Recommendation, TextVector, TextVersion, VectorStamp
from servanda.recommendations.register.listing import known_ids
from servanda.recommendations.register.related_results import in_other_languages
from servanda.recommendations.search import fulltext
from servanda.recommendations.search import vector_index as vectors
from servanda.recommendations.search.encoding import begin_series, encode_missing, next_number
from servanda.sources.printed.texts import clean

TINY = {"records": 200, "encoded": 40, "times": 1}
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
NOISE = 0.02  # of each of 512 numbers: likeness to the real text 0.91
QUESTIONS = 12
WORDS = (
    *("torture", "education", "detention", "women", "trafficking", "water", "overcrowding", "statelessness"),
    *("children rights", "police violence", "human rights", "death penalty moratorium", "the right to education"),
)
QUOTES = (
    '"death penalty"',
    '"human rights institution"',
    '"domestic violence" -children',
    '"migrant workers" OR refugees',
)
BAR, BAR_OF_THE_PAGE = 100, 1_000  # milliseconds
# The usual way: the fifty best of all words and all vectors, without access rules and without counts.
BEST_OF_WORDS = {
    "sqlite": "SELECT rowid FROM recommendations_search WHERE recommendations_search MATCH %s ORDER BY rank LIMIT 50",
    "postgresql": (
        "SELECT recommendation_id FROM recommendations_search, CAST(%s AS tsquery) AS query WHERE tokens @@ query"
        " ORDER BY ts_rank(tokens, query) DESC LIMIT 50"
    ),
}


def run(report: Callable[..., None], *, records: int = 250_000, encoded: int = 3_000, times: int = 5) -> None:
    """Of the grown records, `encoded` have texts that are really encoded; each query runs `times` times."""
    _across_languages(report)
    grower = Grower(seeds())
    grower.grow_to(encoded)
    start = time.perf_counter()
    done = encode_missing()
    report("texts of the UPR encoded in two processes and written, a second", done / (time.perf_counter() - start))
    grower.grow_to(records)
    _spread_languages()
    _fill(encoded)
    let_settle()
    _read(report)
    _ask(report, vectors.now(), times)


def _read(report: Callable[..., None]) -> None:
    """Time and memory of reading the vectors in a new process, as when the server starts."""
    start = time.perf_counter()
    number = len(vectors.now().places)
    report(f"{number:,} vectors read from the database into a process, s", time.perf_counter() - start)
    vectors.write_file()
    if number >= vectors.WORTH_A_FILE:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup) as pool:
            seconds, own, shared = pool.submit(_opened).result()
        report("the same from the file that the worker keeps, s", seconds)
        report("memory that they take of each process, MB", own)
        report("memory of the file, which all processes share, MB", shared)


def _opened() -> tuple[float, float, float]:
    VectorStamp.objects.first()
    before, start = _megabytes(), time.perf_counter()
    space = vectors.now()
    seconds = time.perf_counter() - start
    space.compared(space.rows.vectors([0])[0], 0.35, ())
    own, shared = (after - earlier for after, earlier in zip(_megabytes(), before, strict=True))
    return seconds, own, shared


def _across_languages(report: Callable[..., None]) -> None:
    file = DATA / "recs" / "uhri_818_six_languages" / "raw_api_records.jsonl"
    if not file.exists():
        report("the same in another language: data beside the project", "absent")
        return
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    rows = list({normal(clean(row["en"])): row for row in rows}.values())
    vectors = {
        language: _quantised(embedder().encode([clean(row[language]) for row in rows])) for language in LANGUAGES
    }
    for how, rank in (("compared with each other, as at import", without_crowd), ("asked one by one", np.array)):
        right = {
            pair: _share_at_rank_one(rank(vectors[pair[0]] @ vectors[pair[1]].T))
            for pair in permutations(LANGUAGES, 2)
        }
        below = [f"{a}-{b} {share:.3f}" for (a, b), share in right.items() if share < 0.96]
        worst, usual = min(right.values()), mean(right.values())
        name = f"rank 1 in another language among {len(rows)}, {how}"
        report(f"{name}: the worst of 30 pairs", worst, ">= .96", ok=worst >= 0.96)
        report(f"{name}: mean", usual, ">= .98", ok=usual >= 0.98)
        report(f"{name}: pairs below .96", ", ".join(below) or "none")


def _quantised(vectors: np.ndarray) -> np.ndarray:
    """With one byte for each number, as in the memory of the server."""
    rows = Rows.empty()
    rows.widen(*vectors.shape)
    rows.put(range(len(vectors)), vectors)
    return rows.vectors(range(len(vectors)))


def _share_at_rank_one(likeness: np.ndarray) -> float:
    return float((likeness.argmax(axis=1) == np.arange(len(likeness))).mean())


def _spread_languages() -> None:
    for remainder, language in enumerate(("es", "fr", "ar", "ru", "zh")):
        for model in (Recommendation, TextVersion):
            model.objects.alias(rest=Mod("pk", 10)).filter(rest=remainder).update(language=language)


def _fill(encoded: int) -> None:
    """Vectors for the rest, near to those that were encoded."""
    chance, mark = np.random.default_rng(2026), mark_of(embedder())
    space = vectors.now()
    real = space.rows.vectors(range(len(space.places)))[:encoded]
    begin_series(embedder())
    missing = list(TextVersion.objects.filter(vector=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(missing), 5_000):
        pks = missing[start : start + 5_000]
        rows = real[chance.integers(len(real), size=len(pks))]
        rows = rows + chance.normal(0, NOISE, rows.shape).astype(np.float32)
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
        with transaction.atomic():
            number = next_number()
            values = [(pk, mark, "", row.tobytes(), number) for pk, row in zip(pks, rows, strict=True)]
            insert_rows(TextVector, ("text", "encoder", "digest", "vector", "written"), values)
    VectorStamp.objects.filter(pk=1).update(series=os.urandom(16).hex())  # so that reading all vectors again is timed


def _ask(report: Callable[..., None], space: vectors.Space, times: int) -> None:
    sentences = [seed.text for seed in seeds()[: QUESTIONS * times]]
    audience, facets = everybody(), public_facets()

    def search(text: str) -> list[int] | None:
        filters = resolved(read_filter(_typed(text), facets), audience.visible)
        return known_ids(filters, audience, narrow(audience, filters, facets))

    def search_all_languages(text: str) -> list[int]:
        filters = read_filter(_typed(text), facets)
        hits = known_ids(filters, audience, narrow(audience, filters, facets))
        return in_other_languages(filters, audience, facets, hits)

    rows = [space.vector_of(text) for text in sentences]
    _report_times(
        report,
        f"comparing one vector with {len(space.places):,}",
        lambda row: space.compared(row, 0.35, ()),
        rows,
        bar=None,
    )
    plain = [text.replace('"', "").replace("-", " ") for text in sentences]
    _report_times(report, "a sentence, by meaning", search, plain)
    _report_times(report, "one to four words", search, WORDS * times)
    _report_times(report, "one to four words, and what other languages have", search_all_languages, WORDS * times)
    _report_times(report, "words in quotes, without or either", search, QUOTES * 2 * times)
    _beside_the_usual_way(report, space, times, search, search_all_languages)
    page = _page_of_the_public()
    changed = "the whole page for one to four words, right after a change"
    few = 4 * times
    _report_times(report, changed, page, WORDS[:few], bar=None, before=invalidate_counts)
    read_ahead()
    _report_times(report, "the whole page for a sentence", page, plain[:few], bar=BAR_OF_THE_PAGE)
    _report_times(
        report, "the whole page for one to four words", page, WORDS[:few] * min(times, 3), bar=BAR_OF_THE_PAGE
    )


def _beside_the_usual_way(
    report: Callable[..., None], space: vectors.Space, times: int, search: Callable, search_all_languages: Callable
) -> None:
    size = len(space.places)
    all_vectors = np.concatenate([space.rows.vectors(part) for part in np.array_split(np.arange(size), 50)])

    def fifty_best(text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BEST_OF_WORDS[connection.vendor], fulltext.matching(parse(text, SEARCHED)).params)
            cursor.fetchall()

    def hybrid(text: str) -> None:
        fifty_best(text)
        np.argpartition(-(all_vectors @ space.vector_of(text)), 50)

    for name, ours, usual in (("words", search, fifty_best), ("words with vectors", search_all_languages, hybrid)):
        timings = [[_clock(operation, text) for text in WORDS * times] for operation in (ours, usual)]
        our_p95, usual_p95 = (quantiles(milliseconds, n=20)[-1] for milliseconds in timings)
        report(f"{name} in the usual way, the fifty best, unfiltered: p95 ms, clock", usual_p95)
        report(
            f"{name}: finding as above, in so many times as long",
            our_p95 / usual_p95,
            "at most 1",
            ok=our_p95 <= usual_p95,
        )


def _clock(operation: Callable, text: str) -> float:
    start = time.perf_counter()
    operation(text)
    return (time.perf_counter() - start) * 1000


def _page_of_the_public() -> Callable[[str], object]:
    client = Client(headers={"host": "localhost"})
    return lambda text: client.get("/recommendations/", {"q": text})


def _typed(text: str) -> QueryDict:
    typed = QueryDict(mutable=True)
    typed["q"] = text
    return typed


def _report_times(
    report: Callable[..., None],
    name: str,
    operation: Callable,
    questions: Iterable,
    *,
    bar: int | None = BAR,
    before: Callable = bool,
) -> None:
    """`before` runs ahead of each question, untimed."""
    times = []
    questions = list(questions)
    operation(questions[0])
    for question in questions:
        before()
        wall_start, cpu_start = time.perf_counter(), _cpu_seconds()
        operation(question)
        times.append(((time.perf_counter() - wall_start) * 1000, (_cpu_seconds() - cpu_start) * 1000))
    for which, milliseconds in zip(("clock", "processors"), zip(*times, strict=True), strict=True):
        p95 = quantiles(milliseconds, n=20)[-1]
        bar_text, ok = (f"at most {bar}", p95 <= bar) if bar else ("", None)
        report(f"{name}: p95 ms, {which}", p95, bar_text, ok=ok)


def _cpu_seconds() -> float:
    """Processor seconds of this process and of the database process that serves it."""
    if connection.vendor != "postgresql":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        nanoseconds = Path(f"/proc/{cursor.fetchone()[0]}/schedstat").read_text().split()[0]
    return time.process_time() + int(nanoseconds) / 1e9


def _megabytes() -> tuple[float, float]:
    """Memory of this process alone, and memory of files that it shares with others."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kilobytes = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Rss")}
    return int(kilobytes["RssAnon"]) / 1024, int(kilobytes["RssFile"]) / 1024
