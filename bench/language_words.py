"""Does a search for a word find what is meant? Compared with stems alone, whole words and letters.

Reads the made list `tests/fixtures/search/queries.tsv`: a query, a text that it must find, and one that it must not.
"""

import csv
from collections.abc import Callable, Sequence

from servanda.language.words.search_query import matches, parse
from servanda.language.words.stems import STEMMED, stem_by_rule
from servanda.language.words.tokens import tokens, tokens_of_texts
from tests.paths import QUERIES

NEEDS_DATABASE = False
LANGUAGES = sorted(STEMMED)
TINY: dict[str, int] = {}  # the list is made, and short

type Way = Callable[[str, str, str], bool]


def run(report: Callable[..., None]) -> None:
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    report("queries of the made list", len(rows))
    for name, finds in (("here", _product), ("stems alone", _stems), ("whole words", _words), ("letters", _letters)):
        misses = sum(not finds(row["query"], row["finds"], row["language"]) for row in rows)
        wrong = sum(finds(row["query"], row["does not find"], row["language"]) for row in rows)
        bar = {"ok": misses + wrong == 0} if name == "here" else {}
        report(f"{name}: queries that miss what is meant", misses, "0" if bar else "", **bar)
        report(f"{name}: queries that find something else", wrong, "0" if bar else "", **bar)


def _product(query: str, text: str, language: str) -> bool:
    return matches(parse(query, LANGUAGES), tokens_of_texts({language: text}))


def _stems(query: str, text: str, language: str) -> bool:
    """Stems without the exceptions of the product: every word is stemmed by rule."""
    stems = _stemmed(text, language)
    return any(_all_in(_stemmed(query, read_in), stems) for read_in in (*LANGUAGES, ""))


def _stemmed(text: str, language: str) -> list[str]:
    return [stem_by_rule(word, language) for word in tokens(text, "")]


def _words(query: str, text: str, language: str) -> bool:
    return _all_in(tokens(query, ""), tokens(text, ""))


def _letters(query: str, text: str, language: str) -> bool:
    letters = " ".join(tokens(text, ""))
    return all(word in letters for word in tokens(query, ""))


def _all_in(words: Sequence[str], others: Sequence[str]) -> bool:
    return set(words) <= set(others)
