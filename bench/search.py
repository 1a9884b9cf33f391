"""How fast the search index is written and queried, compared with the bare engine. Empties the index first."""

import random
import time
from collections.abc import Callable, Iterator
from itertools import batched
from statistics import quantiles

from django.db import connection, transaction

from bench.grown import seeds
from servanda.language.words.search_query import parse
from servanda.language.words.tokens import tokens, tokens_of_texts
from servanda.recommendations.search import fulltext

TINY = {"records": 300, "questions": 20}
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")  # the texts are English, but a register of UHRI's has all six
BATCH = 5000
_BARE = {
    "sqlite": ("SELECT count(*) FROM recommendations_search WHERE recommendations_search MATCH %s", '"{}" AND "{}"'),
    "postgresql": ("SELECT count(*) FROM recommendations_search WHERE tokens @@ %s::tsquery", "'{}' & '{}'"),
}


def run(report: Callable[..., None], *, records: int = 250_000, questions: int = 200) -> None:
    chance = random.Random(2026)  # noqa: S311 -- test data, not a secret
    texts = list(_grown(records, chance))
    _empty_index()
    report("index rows analysed and written per second", records / _seconds_to_write(texts), "")
    words = [_two_words(chance.choice(texts), chance) for _ in range(questions)]
    _timed(words[:20], _bare), _timed(words[:20], _search)
    bare, ours = _timed(words, _bare), _timed(words, _search)
    missed = sum(our_count < bare_count for our_count, bare_count in zip(ours["counts"], bare["counts"], strict=True))
    report(f"two terms, {records:,} rows, bare engine, p95 ms", bare["p95"], "")
    report("two terms through our door, p95 ms", ours["p95"], "at most 5x bare", ok=ours["p95"] <= 5 * bare["p95"])
    report("answers that miss what the bare engine finds", missed, "0", ok=missed == 0)


def _grown(number: int, chance: random.Random) -> Iterator[str]:
    real = [seed.text for seed in seeds()]
    yield from real[:number]
    for _ in range(number - len(real)):
        yield f"{chance.choice(real)} {chance.choice(real)}"


def _empty_index() -> None:
    with connection.cursor() as cursor:
        for statement in [fulltext.RECORDS.drop, *fulltext.RECORDS.create[connection.vendor]]:
            cursor.execute(statement)


def _seconds_to_write(texts: list[str]) -> float:
    start = time.perf_counter()
    for batch in batched(enumerate(texts, 1), BATCH):
        with transaction.atomic():
            fulltext.write((pk, tokens_of_texts({"en": text})) for pk, text in batch)
    return time.perf_counter() - start


def _two_words(text: str, chance: random.Random) -> tuple[str, str]:
    """Two words of one text, so that there is always a result."""
    words = sorted({word for word in text.split() if word.isalpha() and word.isascii()})
    return (chance.choice(words), chance.choice(words)) if words else ("human", "rights")


def _timed(questions: list[tuple[str, str]], count: Callable[[tuple[str, str]], int]) -> dict:
    counts, times = [], []
    for question in questions:
        start = time.perf_counter()
        counts.append(count(question))
        times.append((time.perf_counter() - start) * 1000)
    return {"counts": counts, "p95": quantiles(times, n=20)[-1]}


def _bare(question: tuple[str, str]) -> int:
    sql, shape = _BARE[connection.vendor]
    return _scalar(sql, [shape.format(*(tokens(word, "en")[0] for word in question))])


def _search(question: tuple[str, str]) -> int:
    ids = fulltext.matching(parse(" ".join(question), LANGUAGES))
    return _scalar(f"SELECT count(*) FROM ({ids.sql}) AS found", ids.params)  # noqa: S608 -- our own SQL


def _scalar(sql: str, params: list) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]
