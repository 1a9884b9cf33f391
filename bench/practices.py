"""Which practices, and which answers of other States, are shown for a recommendation, compared with the dumbest ways,
on an invented set with the truth.

The set has 24 practices on eight themes and 80 recommendations in five languages. The part `tuning` set the limits in
`for_record.py`; only the part `held out` is reported. Each recommendation of the set has the theme of its practice,
which labels of a real register do not always have.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from servanda.language.vectors.encoder import embedder
from servanda.language.words.tokens import tokens
from servanda.network.practices.encoding import compared
from servanda.network.practices.for_record import ranked
from servanda.recommendations.filters.semantic import NEAR_TO_A_RECORD, NEAR_TO_A_SENTENCE

NEEDS_DATABASE = False
TINY = {"among": 200}
SET = Path(__file__).parent / "data" / "practices.json"
SHOWN = 5
LONGEST = 0.05  # seconds

type Way = Callable[[dict], Sequence[int]]


@dataclass(frozen=True)
class Measured:
    first: float  # the fitting practice is the first
    found: float  # it is among those that are shown
    precise: float  # of those that are shown, the share that fits

    def __str__(self) -> str:
        return f"first {self.first:.0%}, among {SHOWN} {self.found:.0%}, of the shown {self.precise:.0%} fit"


def run(report: Callable[..., None], *, among: int = 5_000) -> None:
    held = json.loads(SET.read_text(encoding="utf-8"))
    practices = held["practices"]
    queries = [row for row in held["recommendations"] if row["part"] == "held out"]
    texts = [f"{row['title']}. {row['problem']}" for row in practices]
    vectors = embedder().encode(texts)
    ours = by_theme_and_meaning(practices, vectors)
    measured = {
        "shared theme only": measure(by_theme(practices), queries),
        "shared words only": measure(by_words(texts), queries),
        "meaning only": measure(by_meaning(vectors), queries),
        "theme and meaning": measure(ours, queries),
    }
    best = measured.pop("theme and meaning")
    dumbest = max(measured[name].first for name in ("shared theme only", "shared words only"))
    for name, result in measured.items():
        report(name, str(result), "", ok=name != "meaning only" or result.first > dumbest)
    report("theme and meaning", str(best), f"first above {dumbest:.0%}", ok=best.first > dumbest)
    for name, (figure, is_best) in answers(held["recommendations"]).items():
        report(name, figure, "", ok=is_best)
    figure, bar, is_fast = taken(vectors, among)
    report(f"compare with {among:,} practices", figure, bar, ok=is_fast)


def answers(rows: Sequence[dict]) -> dict[str, tuple[str, bool]]:
    """For one half of the subjects, how the other recommendations on the same subject are found; the other half set
    nothing: the limit is that of the register."""
    queries = [row for row in rows if row["part"] == "tuning" and row["practice"] is not None and row["practice"] % 2]
    pool = [row for row in rows if row["part"] == "held out"]
    vectors = embedder().encode([row["text"] for row in pool])
    held = [set(tokens(row["text"], row["language"])) for row in pool]

    def by_meaning(query: dict) -> Mapping[int, float]:
        likeness = dict(enumerate((vectors @ embedder().encode([query["text"]])[0]).tolist()))
        return {number: how for number, how in likeness.items() if how >= NEAR_TO_A_RECORD}

    def by_shared_words(query: dict) -> Mapping[int, float]:
        words = set(tokens(query["text"], query["language"]))
        return {number: float(len(words & text)) for number, text in enumerate(held) if words & text}

    words, meaning = (precision_and_recall(way, queries, pool) for way in (by_shared_words, by_meaning))
    return {
        "answers by shared words": (f"{words[0]:.0%} fit, {words[1]:.0%} found", True),
        "answers by meaning": (f"{meaning[0]:.0%} fit, {meaning[1]:.0%} found", meaning > words),
    }


def precision_and_recall(
    way: Callable[[dict], Mapping[int, float]], queries: Sequence[dict], pool: Sequence[dict]
) -> tuple[float, float]:
    shown = fitting = found = 0
    for query in queries:
        likeness = way(query)
        order = sorted(likeness, key=lambda number: -likeness[number])[:SHOWN]
        shown += len(order)
        fitting += sum(row["practice"] == query["practice"] for row in pool)
        found += sum(pool[number]["practice"] == query["practice"] for number in order)
    return found / max(shown, 1), found / fitting


def taken(vectors: np.ndarray, among: int) -> tuple[str, str, bool]:
    stored = vectors.astype(np.float16)
    rows = [(number, stored[number % len(stored)].tobytes()) for number in range(among)]
    start = time.perf_counter()
    compared(rows, vectors[0])
    seconds = time.perf_counter() - start
    return f"{seconds * 1000:.1f} ms", f"at most {LONGEST * 1000:.0f} ms", seconds <= LONGEST


def measure(way: Way, queries: Sequence[dict]) -> Measured:
    first = found = shown = fitting = 0
    for query in queries:
        order = list(way(query))[:SHOWN]
        shown += len(order)
        fitting += query["practice"] is not None
        if query["practice"] in order:
            found += 1
            first += order[0] == query["practice"]
    return Measured(first / fitting, found / fitting, found / max(shown, 1))


def by_theme(practices: Sequence[Mapping[str, str]]) -> Way:
    return lambda query: [number for number, row in enumerate(practices) if row["theme"] == query["theme"]]


def by_words(texts: Sequence[str]) -> Way:
    held = [set(tokens(text, "en")) for text in texts]

    def way(query: dict) -> list[int]:
        words = set(tokens(query["text"], query["language"]))
        shared = {number: len(words & text) for number, text in enumerate(held)}
        return sorted((number for number, count in shared.items() if count), key=lambda number: -shared[number])

    return way


def by_meaning(vectors: np.ndarray) -> Way:
    """As the list of practices is searched by meaning."""

    def way(query: dict) -> list[int]:
        likeness = vectors @ embedder().encode([query["text"]])[0]
        near = [number for number in range(len(likeness)) if likeness[number] >= NEAR_TO_A_SENTENCE]
        return sorted(near, key=lambda number: -likeness[number])

    return way


def by_theme_and_meaning(practices: Sequence[Mapping[str, str]], vectors: np.ndarray) -> Way:
    def way(query: dict) -> list[int]:
        likeness = dict(enumerate((vectors @ embedder().encode([query["text"]])[0]).tolist()))
        return ranked(likeness, set(by_theme(practices)(query)))

    return way
