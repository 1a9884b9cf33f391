"""Where a text has what was looked for, in the very words of the text, whatever form of the word was typed."""

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
    """The text in order, in pieces that are looked for and pieces that are not."""
    placed = list(_placed(text, language))
    spans = [span for group in query.required for phrase in group for span in _spans(placed, phrase)]
    found, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            found.append(Piece(text[at:start], is_hit=False))
        if end > at:
            found.append(Piece(text[max(at, start) : end], is_hit=True))
            at = end
    return [*found, Piece(text[at:], is_hit=False)] if at < len(text) else found


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
        *before, last = (one.token for one in some)
        *wanted, end = phrase.tokens
        if before == wanted and (last == end or (phrase.open and last.startswith(end))):
            yield some[0].start, some[0].start + len(end) if phrase.open and size == 1 else some[-1].end
