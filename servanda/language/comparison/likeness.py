"""Decides whether two texts are the same recommendation printed twice, or only similar.

"Abolish the death penalty" and "Maintain the death penalty" share almost every word. So similarity counts only where
nothing differs that decides the meaning: replaced words, numbers, negations, treaties, verbs that say what is
requested or how strongly, and right holders.
"""

import re
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from servanda.language.words.decisive_words import LIGHT, SMALL_WORDS_OF_NAMES, WEIGHTY
from servanda.language.words.tokens import is_unspaced, tokens

NEAR = 0.85  # similarity from which on two texts may be the same; a person confirms it
MOST_SPELLINGS = 40_000  # pairs of words that are compared for variant spellings
SPELT_ALIKE = 82  # of 100: "program" and "programme", "analyse" and "analyze"

# "140.10", "127-179", "30.", "(a)", "٣٠-", "114.6..1", "135 128."; a bare number may be part of the sentence.
_numbers = re.compile(r"^\s*(?:\(?\d[\d\s.\-–]*[.):\-–][\d\s.):\-–]*|\(?[a-z]\)\s*)+")
_footnote = re.compile(r"(?<=[^\W\d_]{5})\d{1,2}\b")  # "mutilation4"
_broken_quote = re.compile(r"(?<=[a-z])[ÒÓÔÕ]")  # a quotation mark of Mac Roman decoded as Latin-1
_opening = re.compile(r"^(?:to|that)\s+", re.IGNORECASE)
_closing = re.compile(r"[（(]((?:[^()（）]|[（(][^()（）]*[)）])*)[)）]\d{0,2}[\s;；؛.,。]*$")
_word = re.compile(r"[^\s,;()（）、،]+")
_acronym = re.compile(r"[A-Z0-9\-\s]+")
_instrument = re.compile(r"protocol|convention|covenant|statute|article|\bact\b|pacte|pacto|\d", re.IGNORECASE)


def normal(text: str) -> str:
    """The text normalised: without its number, its closing States, punctuation and accents."""
    return " ".join(tokens(body_of(text), ""))


def near_equal(a: str, b: str) -> float:
    """The similarity of two texts: 1 for the same words, 0 if a word differs that decides what is requested."""
    words_a, words_b = tokens(body_of(a), "en"), tokens(body_of(b), "en")
    respelt = _spelt_alike(words_a, words_b)
    words_b = [respelt.get(word, word) for word in words_b]
    only_here = (Counter(words_a) - Counter(words_b)).elements()
    only_there = (Counter(words_b) - Counter(words_a)).elements()
    if not words_a or not words_b or _meaning_differs([*only_here], [*only_there]):
        return 0.0
    return Indel.normalized_similarity(words_a, words_b)


def body_of(text: str) -> str:
    """The text without its number and its closing States."""
    body = _numbers.sub("", _broken_quote.sub("’", text))
    closing = _closing.search(body)
    if closing and _names_states(closing[1]):
        body = body[: closing.start()]
    return _opening.sub("", _footnote.sub("", body.strip()))


def body_span(text: str) -> tuple[int, int]:
    """Start and end of the text without its number and its closing States."""
    number = _numbers.match(text)
    closing = _closing.search(text)
    return (number.end() if number else 0), (closing.start() if closing and _names_states(closing[1]) else len(text))


def _names_states(inside: str) -> bool:
    names = _word.findall(inside)
    if not names or _acronym.fullmatch(inside) or _instrument.search(inside):
        return False
    return not any(word[0].islower() and word.casefold() not in SMALL_WORDS_OF_NAMES for word in names)


def _spelt_alike(words_a: Iterable[str], words_b: Iterable[str]) -> dict[str, str]:
    """Variant spellings: words that only the second text has, with the spelling that only the first has."""
    only_a, only_b = set(words_a) - set(words_b), set(words_b) - set(words_a)
    if len(only_a) * len(only_b) > MOST_SPELLINGS:
        return {}  # with so many differing words these are different texts
    return {word_b: word_a for word_b in only_b for word_a in only_a if _is_spelling_of(word_a, word_b)}


def _is_spelling_of(word: str, other_word: str) -> bool:
    short, long = sorted((word, other_word), key=len)
    if len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= 2:
        return True  # a plural that stemming does not know, or a letter left over from a broken character
    if word in WEIGHTY or other_word in WEIGHTY or not (word + other_word).isalpha():
        return False
    return word[0] == other_word[0] and fuzz.ratio(word, other_word) >= SPELT_ALIKE


def _meaning_differs(only_here: list[str], only_there: list[str]) -> bool:
    heavy_here = [word for word in only_here if word not in LIGHT]
    heavy_there = [word for word in only_there if word not in LIGHT]
    if any(char.isdigit() for word in heavy_here + heavy_there for char in word):
        return True
    if heavy_here and heavy_there:
        return not _is_spelling_of("".join(heavy_here), "".join(heavy_there))  # "non-governmental", "nongovernmental"
    return any(map(_is_weighty, heavy_here + heavy_there))


def _is_weighty(word: str) -> bool:
    return word in WEIGHTY or (is_unspaced(word) and not WEIGHTY.isdisjoint(word))
