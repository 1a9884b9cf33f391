"""Looking for a word in a column, in great or small letters: SQLite takes them for the same in English only."""

import json

from django.db.models import Q


def spellings(word: str) -> set[str]:
    return {word, word.lower(), word.upper(), word.capitalize()}


def has_word(column: str, word: str) -> Q:
    found = Q()
    for spelt in spellings(word):
        found |= Q((f"{column}__icontains", spelt))
    return found


def has_word_in_some_language(column: str, word: str) -> Q:
    """In a text of several languages, which is kept as JSON with accents escaped."""
    found = has_word(column, word)
    for spelt in spellings(word):
        found |= Q((f"{column}__icontains", json.dumps(spelt)[1:-1]))
    return found
