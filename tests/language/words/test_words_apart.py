"""Words that have a stem in common and mean different things are found apart; spellings of one word together."""

import csv

import pytest

from servanda.language.words.search_query import matches, parse
from servanda.language.words.stems import STEMMED, families, stem, stem_by_rule
from servanda.language.words.tokens import tokens_of_texts
from tests.paths import QUERIES

LANGUAGES = sorted(STEMMED)
LEFT_WHOLE = {"irmas"}  # the stemmer leaves it as it is, and gives it to no other word


def asked() -> list[dict[str, str]]:
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def finds(query: str, text: str, language: str) -> bool:
    return matches(parse(query, LANGUAGES), tokens_of_texts({language: text}))


@pytest.mark.parametrize("row", asked(), ids=lambda row: f"{row['language']} {row['query']}")
def test_a_query_finds_what_is_meant_and_nothing_that_only_has_the_stem(row):
    assert finds(row["query"], row["finds"], row["language"])
    if row["does not find"]:
        assert not finds(row["query"], row["does not find"], row["language"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_a_listed_word_finds_every_other_and_no_form_of_another(language):
    listed: dict[str, set[str]] = {}
    for form, token in families(language).items():
        listed.setdefault(token, set()).add(form)
    texts = {form: tokens_of_texts({language: form}) for form in families(language)}
    for forms in listed.values():
        for form in forms:
            query = parse(form, LANGUAGES)
            assert {text for text, tokens in texts.items() if matches(query, tokens)} == forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_listed_word_stands_under_a_stem_that_other_words_have(language):
    for token in set(families(language).values()) - LEFT_WHOLE:
        assert stem_by_rule(token, language) != token
        assert stem(token, language) == token


def test_a_listed_word_is_read_in_other_languages_unless_that_finds_what_the_list_holds_apart():
    assert finds("nation", "Consulter la nation autochtone.", "fr")
    assert finds("accession", "Achever l’accession à la Convention.", "fr")
    assert not finds("refugios", "Accueillir les réfugiés.", "fr")
    assert not finds("niñas", "Proteger os meninos", "pt")
