"""Turns texts into plain tokens, so that SQLite and PostgreSQL need no linguistics and return the same results.

A token consists of lower-case letters, digits and vowel signs. A symbol or number such as "A/HRC/59/15" or "140.10"
becomes adjacent tokens (a hrc 59 15), so that any part of it, or the whole, can be found as a phrase. Chinese,
Japanese, Korean, Thai, Lao, Khmer and Burmese become overlapping pairs, followed by the last character (人权法 is
人权 权法 法): each character begins exactly one token, so that a single character is found as the beginning of one,
and several as adjacent pairs.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from servanda.kit.patterns import lazy_pattern
from servanda.language.words.stems import stem

# Precedes each text of a record: no phrase can cross it, and no word of a query can equal it.
BREAK = "\ue000"
LONGEST = 64  # characters of a token: PostgreSQL rejects lexemes over 2 KB

_CHINESE_OR_JAPANESE = r"\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_UNSPACED = rf"[{_CHINESE_OR_JAPANESE}\uac00-\ud7a3\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u109d\u1780-\u17dd]"
_MARKS = "".join(chr(c) for c in range(0x300, 0x1D00) if unicodedata.category(chr(c)) in {"Mn", "Mc"})

_ascii_words = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*").findall
_words = re.compile(rf"[\w{_MARKS}]+(?:'[\w{_MARKS}]+)*").findall
_written = lazy_pattern(
    rf"{_UNSPACED}+|(?:(?!{_UNSPACED})[\w{_MARKS}])+(?:['‘’ʼʹ`´](?:(?!{_UNSPACED})[\w{_MARKS}])+)*"
)
_unspaced = lazy_pattern(_UNSPACED)
_unspaced_run = lazy_pattern(rf"{_UNSPACED}+")
_line_break = lazy_pattern(rf"(?<=[{_CHINESE_OR_JAPANESE}])\s+(?=[{_CHINESE_OR_JAPANESE}])")
_apostrophe = re.compile(r"[‘’ʼʹ＇`´]")
_apart = re.compile(r"(?<=\w) ' (?=\w)")  # "d ’ Ivoire", as on many UN pages
_elided = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=..)")
_possessive = re.compile(r"'s$")


def tokens(text: str, language: str) -> list[str]:
    """The tokens of a text in order, stemmed for `language`; "" leaves words unstemmed."""
    if text.isascii():
        ascii_words = _ascii_words(text.lower().replace(" ' ", "'"))
        return [token for word in ascii_words for token in _tokens_of_spaced_word(word, language)]
    return [token for word in _words(_plain(text)) for token in _tokens_of_word(word, language)]


def tokens_of_texts(texts: Mapping[str, str]) -> list[str]:
    """The tokens of the texts of a record, by language, each text preceded by BREAK."""
    return [token for language, text in texts.items() for token in (BREAK, *tokens(text, language))]


def written_words(text: str) -> list[tuple[int, str]]:
    """The words as written, with their positions; in scripts without spaces, whole runs of characters."""
    return [(match.start(), match[0]) for match in _written.finditer(text)]


def is_unspaced(token: str) -> bool:
    return _unspaced.match(token) is not None


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _apostrophe.sub("'", text))
    plain = _apart.sub("'", plain.casefold().replace("_", " "))
    if _unspaced.search(plain):
        plain = _unspaced_run.sub(r" \g<0> ", _line_break.sub("", plain))
    return plain


def _tokens_of_word(word: str, language: str) -> tuple[str, ...]:
    if _unspaced.match(word):
        return tuple(word[at : at + 2] for at in range(len(word)))
    return _tokens_of_spaced_word(word, language)


@lru_cache(maxsize=1 << 17)
def _tokens_of_spaced_word(word: str, language: str) -> tuple[str, ...]:
    bare = _possessive.sub("", _elided.sub("", word))
    return tuple(token for part in bare.split("'") if (token := stem(part, language)[:LONGEST]))
