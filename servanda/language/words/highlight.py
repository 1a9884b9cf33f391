"""Finds the matches of a query in a text, whatever forms of the words were typed."""

from collections.abc import Iterator
from typing import NamedTuple

from servanda.language.words.search_query import Phrase, Query
from servanda.language.words.tokens import is_unspaced, tokens, written_words


class Piece(NamedTuple):
    text: str
    is_hit: bool


class _Token(NamedTuple):
    token: str
    start: int
    end: int


def pieces(text: str, query: Query, language: str) -> list[Piece]:
    """The text in pieces that match the query and pieces that do not."""
    placed = list(_placed(text, language))
    spans = [span for group in query.required for phrase in group for span in _spans(placed, phrase)]
    result, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            result.append(Piece(text[at:start], is_hit=False))
        if end > at:
            result.append(Piece(text[max(at, start) : end], is_hit=True))
            at = end
    return [*result, Piece(text[at:], is_hit=False)] if at < len(text) else result


def _placed(text: str, language: str) -> Iterator[_Token]:
    for start, word in written_words(text):
        if is_unspaced(word):
            yield from (_Token(pair, start + at, start + at + len(pair)) for at, pair in enumerate(tokens(word, "")))
        else:
            yield from (_Token(token, start, start + len(word)) for token in tokens(word, language))


def _spans(placed: list[_Token], phrase: Phrase) -> Iterator[tuple[int, int]]:
    size = len(phrase.tokens)
    for at in range(len(placed) - size + 1):
        some = placed[at : at + size]
        *beginning, last = (placed_token.token for placed_token in some)
        *wanted, end = phrase.tokens
        if beginning == wanted and (last == end or (phrase.open and last.startswith(end))):
            yield some[0].start, some[0].start + len(end) if phrase.open and size == 1 else some[-1].end
