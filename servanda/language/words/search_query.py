"""Parses search queries, and renders them for each engine.

`a b` matches both; `a OR b` and `a | b` either; `"a b"` adjacent words; `-a` and `-"a b"` records without them. OR
binds more tightly: `water child OR woman` means water, and one of the other two. No input is an error: meaningless
parts are ignored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from servanda.language.words.stems import families, stem_by_rule
from servanda.language.words.tokens import BREAK, is_unspaced, tokens

MOST_WORDS = 40  # further words are ignored: the engines limit the depth of queries
LONGEST_PHRASE = 100  # tokens
SENTENCE = 5  # words from which on a query is also searched by meaning


class Phrase(NamedTuple):
    """Adjacent tokens; if `open`, the last is only the beginning of a token."""

    tokens: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Matches records that contain a phrase of every group in `required` and none of `excluded`."""

    required: tuple[tuple[Phrase, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.required or self.excluded)


_EVERY_RECORD = ((Phrase((BREAK,)),),)
_QUOTES = '"“”„‟«»＂「」『』'
_parts = re.compile(
    rf"(?P<either>\||(?<!\S)OR(?!\S))"
    rf"|(?P<minus>(?<![^\s|])[-−–]+)?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<word>[^\s|{_QUOTES}]+))"
)


def parse(query: str, languages: Sequence[str]) -> Query:
    """The query as tokens in each of the `languages` of the texts, so that its own language need not be known."""
    groups: list[tuple[Phrase, ...]] = []
    excluded: list[Phrase] = []
    joins = False
    for part in list(_parts.finditer(query))[:MOST_WORDS]:
        phrases = _phrases(part["phrase"] or part["word"] or "", languages)
        if part["minus"]:
            excluded.extend(phrases)
        elif phrases and joins:
            groups[-1] += phrases
        elif phrases:
            groups.append(phrases)
        joins = bool(part["either"] and groups)
    return Query(tuple(groups), tuple(excluded))


def is_sentence(query: str) -> bool:
    """Whether a query has enough words to be searched by meaning."""
    return plain_words(query) >= SENTENCE


def plain_words(query: str) -> float:
    """The number of words; 0 if the query has any operators."""
    parts = list(_parts.finditer(query))
    if any(part["either"] or part["minus"] or part["phrase"] is not None for part in parts):
        return 0
    return sum(_words_in(part["word"]) for part in parts)


def _words_in(text: str) -> float:
    """The number of words; two characters of a script without spaces count as one."""
    unspaced = sum(map(is_unspaced, text))
    return unspaced / 2 if unspaced else float(any(map(str.isalpha, text)))


def matches(query: Query, tokens: Sequence[str]) -> bool:
    """Whether a record with these tokens matches: the reference for what both engines must return."""
    return all(any(_holds(tokens, phrase) for phrase in group) for group in query.required) and not any(
        _holds(tokens, phrase) for phrase in query.excluded
    )


def to_fts5(query: Query) -> str:
    """The operand of MATCH in SQLite. FTS5 rejects purely negative queries, so these start from every record."""
    required = " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in query.required or _EVERY_RECORD)
    if not query.excluded:
        return required
    return f"({required}) NOT ({' OR '.join(map(_fts5, query.excluded))})"


def to_tsquery(query: Query) -> str:
    """A text for PostgreSQL's cast ::tsquery, which uses no parser and no dictionary."""
    groups = [f"({' | '.join(map(_tsquery, group))})" for group in query.required or _EVERY_RECORD]
    return " & ".join(groups + [f"!{_tsquery(phrase)}" for phrase in query.excluded])


def _phrases(typed: str, languages: Sequence[str]) -> tuple[Phrase, ...]:
    whole_words = tokens(typed, "")[:LONGEST_PHRASE]
    readings = []
    for language in languages:
        reading = tuple(tokens(typed, language)[:LONGEST_PHRASE])
        if not any(_is_misread(*pair, language, languages) for pair in zip(whole_words, reading, strict=True)):
            readings.append(reading)
    return tuple(_phrase(reading) for reading in dict.fromkeys([*readings, tuple(whole_words)]) if reading)


def _is_misread(word: str, token: str, language: str, languages: Sequence[str]) -> bool:
    """Whether a token confuses words that another language's list keeps apart: French stems merge niñas and niños."""
    listing = [listing_language for listing_language in languages if word in families(listing_language)]
    return language not in listing and any(
        token == stem_by_rule(word, listing_language) for listing_language in listing
    )


def _phrase(reading: tuple[str, ...]) -> Phrase:
    *beginning, last = reading
    if len(last) > 1 or not is_unspaced(last):
        return Phrase(reading)
    if beginning and is_unspaced(beginning[-1]) and beginning[-1].endswith(last):
        return Phrase(tuple(beginning))  # the last character is a token of its own only at the end of a text
    return Phrase(reading, open=True)


def _holds(tokens: Sequence[str], phrase: Phrase) -> bool:
    *beginning, last = phrase.tokens
    return any(
        (token == last or (phrase.open and token.startswith(last)))
        and list(tokens[at - len(beginning) : at]) == beginning
        for at, token in enumerate(tokens)
        if at >= len(beginning)
    )


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.open else "")


def _tsquery(phrase: Phrase) -> str:
    return "(" + " <-> ".join(f"'{token}'" for token in phrase.tokens) + (":*" if phrase.open else "") + ")"
