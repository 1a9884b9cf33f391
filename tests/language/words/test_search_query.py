import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.language.words.search_query import MOST_WORDS, Phrase, Query, matches, parse, to_fts5, to_tsquery
from servanda.language.words.tokens import tokens, tokens_of_texts

UN = ["ar", "en", "es", "fr", "ru", "zh"]


def finds(query: str, text: str, language: str = "en") -> bool:
    return matches(parse(query, UN), tokens_of_texts({language: text}))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("rights child", "The right of the child"),
        ('"rights of the child"', "Convention on the Rights of the Child"),
        ('"rights of the', "the rights of the child"),
        ("woman OR child water", "water for children"),
        ("woman|child", "children"),
        ("-torture", "water"),
        ('water -"clean water"', "water, always clean"),
        ("water - fire", "water and fire"),
        ("water OR", "water"),
        ("OR water", "water"),
        ("140.10", "140.10 Ratify"),
        ("HRC/59", "see A/HRC/59/15/Add.1"),
        ("NEAR(water fire)", "near water, fire"),
        ("tokens:water", "the tokens: water"),
        ('""', "anything"),
        ("", "anything"),
    ],
)
def test_an_english_text_is_found(query, text):
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("rights torture", "The right of the child"),
        ('"child rights"', "rights of the child"),
        ("woman OR child water", "women and children"),
        ("-water", "water"),
        ('-"clean water"', "clean water"),
        ("water –fire", "water and fire"),
        ("140.1", "140.10 Ratify"),
        ("140.10", "10 of 140"),
        ("HRC/15", "see A/HRC/59/15"),
    ],
)
def test_an_english_text_is_not_found(query, text):
    assert not finds(query, text)


@pytest.mark.parametrize(
    ("language", "query", "text"),
    [
        ("fr", "egalite", "l’égalité des chances"),
        ("fr", "eau", "l'eau potable"),
        ("fr", "« droit à l'eau »", "le droit à l’eau"),
        ("es", "educaciones", "la educación"),
        ("ru", "рекомендация", "все рекомендации"),
        ("ar", "توصية", "جميع التوصيات"),
        ("ar", "30", "٣٠- تكرر"),
        ("zh", "权", "儿童的权利"),
        ("zh", "利", "儿童的权利"),
        ("zh", "权利", "儿童的权利"),
        ("zh", "儿童的权利", "保护儿童的权利和义务"),
        ("zh", "权利 保护", "保护儿童的权利"),
        ("", "rights", "rights"),
    ],
)
def test_the_searcher_need_not_say_in_which_language_the_text_is(language, query, text):
    assert finds(query, text, language)


def test_a_chinese_word_is_not_found_across_other_characters():
    assert not finds("童权", "儿童的权利", "zh")


def test_each_word_is_asked_for_in_every_language_once():
    assert parse("rights", ["en", "fr", "en"]).required == ((Phrase(("right",)), Phrase(("rights",))),)


def test_a_query_that_says_nothing_is_empty_and_finds_everything():
    for nothing in ("", " ", "-", "|", "OR", '"', '"-"', "?!", "\0", "OR OR"):
        query = parse(nothing, UN)
        assert not query
        assert matches(query, [])


def test_no_more_words_are_read_than_the_engines_bear():
    assert len(parse("word " * 1000, UN).required) == MOST_WORDS
    assert len(parse('"' + "word " * 1000, UN).required[0][0].tokens) == 100


def test_what_the_engines_are_asked():
    query = parse('water "clean air" 权 -fire', ["en"])
    assert to_fts5(query) == '(("water") AND ("clean air") AND ("权" *)) NOT ("fire")'
    assert to_tsquery(query) == "(('water')) & (('clean' <-> 'air')) & (('权':*)) & !('fire')"


def test_a_purely_negative_query_starts_from_every_record():
    assert to_fts5(parse("-fire", ["en"])) == '(("\ue000")) NOT ("fire")'
    assert to_tsquery(parse("-fire", ["en"])) == "(('\ue000')) & !('fire')"


@given(st.text(), st.sampled_from(UN))
def test_anything_at_all_can_be_asked(text, language):
    query = parse(text, UN)
    assert isinstance(query, Query)
    assert to_fts5(query)
    assert to_tsquery(query)


@given(st.lists(st.sampled_from(["water", "человек", "children", "140.10", "l'eau", "人权", "الحقوق"]), min_size=1))
def test_every_text_is_found_by_each_of_its_words_and_by_itself(words):
    text = " ".join(words)
    for language in UN:
        row = tokens(text, language)
        assert matches(parse(f'"{text}"', [language]), row)
        assert all(matches(parse(word, [language]), row) for word in words[:MOST_WORDS])
