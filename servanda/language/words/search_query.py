"""What a person types into the search box, and the same question in the words of each engine.

`a b` asks for both; `a OR b` and `a | b` for either; `"a b"` for the words side by side; `-a` and
`-"a b"` for records without. OR joins its neighbours and binds before the rest: `water child OR woman`
asks for water and for one of the two. Nothing typed is an error: what makes no sense is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from servanda.language.words.stems import families, stem_by_rule
from servanda.language.words.tokens import BREAK, is_unspaced, tokens

MOST_WORDS = 40  # what follows is not read: the engines limit how deep a question may be
LONGEST_PHRASE = 100  # tokens
SENTENCE = 5  # words: from here on the meaning says more than what the words have in common


class Phrase(NamedTuple):
    """Tokens side by side; when `open`, the last is only the beginning of a token."""

    tokens: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Asks for records that hold a phrase of every group in `required` and none of `excluded`."""

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
    """The question in tokens of each of the `languages` of the texts, so nobody need say in which one they ask."""
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
    """Words enough to be read for their meaning."""
    return plain_words(query) >= SENTENCE


def plain_words(query: str) -> float:
    """How many words there are; none as soon as a sign says how they are to be looked for."""
    parts = list(_parts.finditer(query))
    if any(part["either"] or part["minus"] or part["phrase"] is not None for part in parts):
        return 0
    return sum(_words_in(part["word"]) for part in parts)


def _words_in(written: str) -> float:
    """Two characters of a script without spaces are about a word."""
    unspaced = sum(map(is_unspaced, written))
    return unspaced / 2 if unspaced else float(any(map(str.isalpha, written)))


def matches(query: Query, tokens: Sequence[str]) -> bool:
    """The meaning of a query, which both engines must give back: whether a record of these tokens is found."""
    return all(any(_holds(tokens, phrase) for phrase in group) for group in query.required) and not any(
        _holds(tokens, phrase) for phrase in query.excluded
    )


def to_fts5(query: Query) -> str:
    """The operand of MATCH in SQLite. A purely negative query, which FTS5 refuses, starts from every record."""
    found = " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in query.required or _EVERY_RECORD)
    if not query.excluded:
        return found
    return f"({found}) NOT ({' OR '.join(map(_fts5, query.excluded))})"


def to_tsquery(query: Query) -> str:
    """The text that PostgreSQL casts with ::tsquery, without a parser or a dictionary in between."""
    groups = [f"({' | '.join(map(_tsquery, group))})" for group in query.required or _EVERY_RECORD]
    return " & ".join(groups + [f"!{_tsquery(phrase)}" for phrase in query.excluded])


def _phrases(words: str, languages: Sequence[str]) -> tuple[Phrase, ...]:
    written = tokens(words, "")[:LONGEST_PHRASE]
    readings = []
    for language in languages:
        reading = tuple(tokens(words, language)[:LONGEST_PHRASE])
        if not any(_is_misread(*pair, language, languages) for pair in zip(written, reading, strict=True)):
            readings.append(reading)
    return tuple(_phrase(reading) for reading in dict.fromkeys([*readings, tuple(written)]) if reading)


def _is_misread(word: str, token: str, language: str, languages: Sequence[str]) -> bool:
    """Whether a token finds what the list of another language holds apart: French stems make one of niñas, niños."""
    listing = [other for other in languages if word in families(other)]
    return language not in listing and any(token == stem_by_rule(word, other) for other in listing)


def _phrase(reading: tuple[str, ...]) -> Phrase:
    *before, last = reading
    if len(last) > 1 or not is_unspaced(last):
        return Phrase(reading)
    if before and is_unspaced(before[-1]) and before[-1].endswith(last):
        return Phrase(tuple(before))  # the last character stands alone only where the text ends too
    return Phrase(reading, open=True)


def _holds(tokens: Sequence[str], phrase: Phrase) -> bool:
    *before, last = phrase.tokens
    return any(
        (token == last or (phrase.open and token.startswith(last))) and list(tokens[at - len(before) : at]) == before
        for at, token in enumerate(tokens)
        if at >= len(before)
    )


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.open else "")


def _tsquery(phrase: Phrase) -> str:
    return "(" + " <-> ".join(f"'{token}'" for token in phrase.tokens) + (":*" if phrase.open else "") + ")"
