import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.language.words.tokens import BREAK, LONGEST, is_unspaced, tokens, tokens_of_texts

letters_of_many_scripts = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("aéøßŠÇ 'ʼ’-_./٣٠-ةأىـًيحقوق人权儿童ประเกาหลี한국हिन्दीβάёйІ\0\ue000")
)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("140.10 Ratify", "en", ["140", "10", "ratifi"]),
        (
            "A/HRC/59/15 and CRC/C/PER/CO/6-7",
            "en",
            ["a", "hrc", "59", "15", "and", "crc", "c", "per", "co", "6", "7"],
        ),
        ("non-discrimination", "en", ["non", "discrimin"]),
        ("The State’s people ’ s children's", "en", ["the", "state", "peopl", "child"]),
        ("de l'eau, d’État, qu'elle", "fr", ["de", "eau", "etat", "elle"]),
        ("Côte d ’ Ivoire", "en", ["cote", "ivoir"]),
        ("ÉGALITÉ égalités egalite", "fr", ["egal", "egal", "egal"]),
        ("première premier privées privé", "fr", ["premi", "premi", "priv", "priv"]),
        ("educación educaciones EDUCACION", "es", ["educ", "educ", "educ"]),
        ("educação educações educacao violência", "pt", ["educ", "educ", "educ", "violenc"]),
        ("Рекомендации рекомендация ещё еще", "ru", ["рекомендац", "рекомендац", "ещ", "ещ"]),
        ("٣٠- حُقُوق الحقوق وحقوق للحقوق", "ar", ["30", "حقوق", "حقوق", "حقوق", "حقوق"]),
        ("المدرسة المدرسه الإنسان الانسان الإنســان", "ar", ["مدرس", "مدرس", "انس", "انس", "انس"]),
        ("人权法", "zh", ["人权", "权法", "法"]),
        ("第140.10段 UPR建议", "zh", ["第", "140", "10", "段", "upr", "建议", "议"]),
        ("人\n权", "zh", ["人权", "权"]),
        ("Pravice šolskih otrok", "sl", ["pravice", "solskih", "otrok"]),
        ("rights", "", ["rights"]),
        ("rights", "en-GB", ["right"]),
        ("हिन्दी शिक्षा", "hi", ["हिन्दी", "शिक्षा"]),
        ("ﬁne_thing Ⅳ x²", "", ["fine", "thing", "iv", "x2"]),
        (" - ' \0 \ue000 ", "en", []),
    ],
)
def test_a_text_becomes_these_tokens(text, language, expected):
    assert tokens(text, language) == expected


@given(letters_of_many_scripts, st.sampled_from(["", "ar", "en", "es", "fr", "pt", "ru", "zh"]))
def test_no_token_holds_anything_that_an_engine_would_read_again(text, language):
    for token in tokens(text, language):
        assert 0 < len(token) <= LONGEST
        assert all(char.isalnum() or unicodedata.category(char) in {"Mn", "Mc"} for char in token)
        assert not any("A" <= char <= "Z" for char in token)


@given(st.lists(letters_of_many_scripts, max_size=4))
def test_sqlite_keeps_every_token_as_it_is(texts):
    expected = {token for text in texts for token in tokens(text, "en")}
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE search USING fts5(tokens, tokenize='ascii')")
    index.execute("CREATE VIRTUAL TABLE words USING fts5vocab(search, row)")
    index.executemany("INSERT INTO search VALUES (?)", [(" ".join(tokens(text, "en")),) for text in texts])
    assert {term for (term,) in index.execute("SELECT term FROM words")} == expected
    index.close()


@given(st.text("aàeéèêiïíoóõuüúcçnñtls ", max_size=30), st.sampled_from(["en", "es", "fr", "pt"]))
def test_accents_need_not_be_typed(text, language):
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    assert tokens(text, language) == tokens(bare, language)


def test_a_very_long_word_is_cut_to_what_both_engines_keep():
    assert tokens("a" * 5000, "") == ["a" * LONGEST]


def test_each_text_of_a_record_stands_behind_a_break():
    assert tokens_of_texts({"en": "rights", "fr": "droits"}) == [BREAK, "right", BREAK, "droit"]


def test_scripts_without_spaces_are_known():
    assert [is_unspaced(token) for token in ("人权", "한국", "ประ", "か", "rights", "права", "حقوق", "30")] == [
        *[True] * 4,
        *[False] * 4,
    ]
