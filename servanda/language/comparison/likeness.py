"""Whether two texts are one recommendation printed twice, or only look alike.

"Abolish the death penalty" and "Maintain the death penalty" share almost every word. So likeness counts
only where nothing that decides the meaning differs: no word replaced by another, no number, no negation,
no treaty, no verb that says what is asked or how much, and nobody whose right it is.
"""

import re
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from servanda.language.words.decisive_words import LIGHT, SMALL_WORDS_OF_NAMES, WEIGHTY
from servanda.language.words.tokens import is_unspaced, tokens

NEAR = 0.85  # from here on two texts may be one: it is proposed, and a person confirms
MOST_SPELLINGS = 40_000  # pairs of words, each looked at for one word in two spellings
SPELT_ALIKE = 82  # of 100: "program" and "programme", "analyse" and "analyze"

# "140.10", "127-179", "30.", "(a)", "٣٠-", "114.6..1", "135 128."; a bare number may begin the sentence and stays.
_numbers = re.compile(r"^\s*(?:\(?\d[\d\s.\-–]*[.):\-–][\d\s.):\-–]*|\(?[a-z]\)\s*)+")
_footnote = re.compile(r"(?<=[^\W\d_]{5})\d{1,2}\b")  # "mutilation4"
_broken_quote = re.compile(r"(?<=[a-z])[ÒÓÔÕ]")  # of Mac Roman, read as Latin-1
_opening = re.compile(r"^(?:to|that)\s+", re.IGNORECASE)
_closing = re.compile(r"[（(]((?:[^()（）]|[（(][^()（）]*[)）])*)[)）]\d{0,2}[\s;；؛.,。]*$")
_word = re.compile(r"[^\s,;()（）、،]+")
_acronym = re.compile(r"[A-Z0-9\-\s]+")
_instrument = re.compile(r"protocol|convention|covenant|statute|article|\bact\b|pacte|pacto|\d", re.IGNORECASE)


def normal(text: str) -> str:
    """The words of a recommendation alone: without its number, its closing States, punctuation and accents."""
    return " ".join(tokens(body_of(text), ""))


def near_equal(a: str, b: str) -> float:
    """How alike two texts are, 1 for the same words; 0 as soon as a word differs that decides what is asked."""
    words, others = tokens(body_of(a), "en"), tokens(body_of(b), "en")
    respelt = _spelt_alike(words, others)
    others = [respelt.get(word, word) for word in others]
    only_here = (Counter(words) - Counter(others)).elements()
    only_there = (Counter(others) - Counter(words)).elements()
    if not words or not others or _meaning_differs([*only_here], [*only_there]):
        return 0.0
    return Indel.normalized_similarity(words, others)


def body_of(text: str) -> str:
    """The text without its number and its closing States."""
    body = _numbers.sub("", _broken_quote.sub("’", text))
    closing = _closing.search(body)
    if closing and _names_states(closing[1]):
        body = body[: closing.start()]
    return _opening.sub("", _footnote.sub("", body.strip()))


def body_span(text: str) -> tuple[int, int]:
    """From where to where the text is without its number and its closing States."""
    number = _numbers.match(text)
    closing = _closing.search(text)
    return (number.end() if number else 0), (closing.start() if closing and _names_states(closing[1]) else len(text))


def _names_states(inside: str) -> bool:
    words = _word.findall(inside)
    if not words or _acronym.fullmatch(inside) or _instrument.search(inside):
        return False
    return not any(word[0].islower() and word.casefold() not in SMALL_WORDS_OF_NAMES for word in words)


def _spelt_alike(words: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """For each word that only the second text has, the one spelling of it that only the first has."""
    here, there = set(words) - set(others), set(others) - set(words)
    if len(here) * len(there) > MOST_SPELLINGS:
        return {}  # so many words are not spelt otherwise: these are two texts
    return {other: word for other in there for word in here if _is_spelling_of(word, other)}


def _is_spelling_of(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if len(short) >= 5 and long.startswith(short) and len(long) - len(short) <= 2:
        return True  # a plural unknown to the stems, or a letter left of a broken sign
    if word in WEIGHTY or other in WEIGHTY or not (word + other).isalpha():
        return False
    return word[0] == other[0] and fuzz.ratio(word, other) >= SPELT_ALIKE


def _meaning_differs(only_here: list[str], only_there: list[str]) -> bool:
    here = [word for word in only_here if word not in LIGHT]
    there = [word for word in only_there if word not in LIGHT]
    if any(char.isdigit() for word in here + there for char in word):
        return True
    if here and there:
        return not _is_spelling_of("".join(here), "".join(there))  # "non-governmental", "nongovernmental"
    return any(map(_is_weighty, here + there))


def _is_weighty(word: str) -> bool:
    return word in WEIGHTY or (is_unspaced(word) and not WEIGHTY.isdisjoint(word))
