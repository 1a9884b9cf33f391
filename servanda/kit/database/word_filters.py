"""Case-insensitive search for a word in a column: SQLite ignores case for ASCII letters only."""

import json

from django.db.models import Q


def spellings(word: str) -> set[str]:
    return {word, word.lower(), word.upper(), word.capitalize()}


def has_word(column: str, word: str) -> Q:
    condition = Q()
    for spelt in spellings(word):
        condition |= Q((f"{column}__icontains", spelt))
    return condition


def has_word_in_some_language(column: str, word: str) -> Q:
    """The same in a text of several languages, which is stored as JSON with accents escaped."""
    condition = has_word(column, word)
    for spelt in spellings(word):
        condition |= Q((f"{column}__icontains", json.dumps(spelt)[1:-1]))
    return condition
