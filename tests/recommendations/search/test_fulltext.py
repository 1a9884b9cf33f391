"""Both engines give the answers that `matches` defines; run with DATABASE_URL for PostgreSQL."""

import csv
import itertools
import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servanda.language.words.search_query import Query, matches, parse
from servanda.language.words.stems import STEMMED
from servanda.language.words.tokens import BREAK, tokens, tokens_of_texts
from servanda.recommendations.search import fulltext
from tests.paths import QUERIES

pytestmark = pytest.mark.database

LANGUAGES = ["ar", "en", "fr", "ru", "zh"]
ASKED = ("finds", "does not find")
UN = ["ar", "en", "es", "fr", "ru", "zh"]
PIECES = [
    *["right", "rights", "RIGHTS", "human", "ratify", "ratification", "140.10", "140.1", "10", "A/HRC/59/15", "HRC"],
    *["l'eau", "d’État", "État", "etat", "children's", "non-discrimination", "discrimination", "x²", "٣٠"],
    *[
        "人权",
        "权",
        "人权理事会",
        "法",
        "教育",
        "حقوق",
        "الحقوق",
        "وحقوق",
        "права",
        "право",
        "한국",
        "ประเทศ",
        "हिन्दी",
    ],
    *["OR", "AND", "NOT", "NEAR", "|", '"', "“", "”", "-", "(", ")", "*", ":", "^", "+", "&", "!", "'", "\\"],
    *["%", "{", "}", "<->", ",", ";", "", "\0"],
]
LONG = ["ratify " * 40, "-ratify " * 40, '"' + "ratify " * 300 + '"', "a OR " * 60 + "ratify"]
words = st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)
anything = st.text(max_size=20)
texts = st.dictionaries(st.sampled_from(LANGUAGES), words | anything, max_size=3)
queries = st.lists(st.sampled_from(PIECES) | st.sampled_from(["-", '-"', " "]), max_size=7).map(
    lambda pieces: "".join(piece if piece.startswith("-") else piece + " " for piece in pieces)
)


@pytest.fixture
def index(db):
    """An empty index, whatever the migrations left."""
    with connection.cursor() as cursor:
        for statement in [fulltext.RECORDS.drop, *fulltext.RECORDS.create[connection.vendor]]:
            cursor.execute(statement)


def found(query: Query) -> set[int]:
    ids = fulltext.matching(query)
    with connection.cursor() as cursor:
        cursor.execute(ids.sql, ids.params)
        return {pk for (pk,) in cursor.fetchall()}


def find(text: str) -> set[int]:
    return found(parse(text, LANGUAGES))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(texts, min_size=1, max_size=5), query=queries | words | anything)
@example(records=[{"en": "a b"}, {}], query="-a")
@example(records=[{"zh": "人权 法"}, {"zh": "人权"}], query="权")
@example(records=[{"en": "x"}], query='" * OR NEAR(x')
def test_the_engine_finds_what_the_query_means(index, records, query):
    rows = [(pk, tokens_of_texts(record)) for pk, record in enumerate(records, 1)]
    fulltext.write(rows)
    asked = parse(query, LANGUAGES)
    answer = found(asked)
    fulltext.remove(pk for pk, _ in rows)
    assert answer == {pk for pk, row in rows if matches(asked, row)}


def test_the_engine_finds_and_does_not_find_what_the_list_of_queries_says(index):
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    for pk, row in enumerate(rows):
        fulltext.write(
            (2 * pk + place, tokens_of_texts({row["language"]: row[key]})) for place, key in enumerate(ASKED)
        )
    answers = {row["query"]: found(parse(row["query"], sorted(STEMMED))) for row in rows}
    assert [row["query"] for pk, row in enumerate(rows) if 2 * pk not in answers[row["query"]]] == []
    assert [row["query"] for pk, row in enumerate(rows) if 2 * pk + 1 in answers[row["query"]]] == []


@pytest.mark.parametrize("text", LONG)
def test_a_very_long_query_is_answered(index, text):
    row = tokens("ratify " * 150, "en")
    fulltext.write([(1, row)])
    assert find(text) == ({1} if matches(parse(text, LANGUAGES), row) else set())


def test_a_phrase_does_not_run_from_one_language_into_the_next(index):
    fulltext.write([(1, tokens_of_texts({"en": "one two", "fr": "trois"}))])
    assert find('"one two"') == {1}
    assert find('"two trois"') == set()


def test_writing_again_replaces_what_was_indexed(index):
    fulltext.write([(7, tokens("torture", "en")), (8, tokens("water", "en"))])
    fulltext.write([(7, tokens("housing", "en"))])
    assert find("torture") == set()
    assert find("housing") == {7}
    assert find("water") == {8}


def test_the_last_of_two_rows_for_one_recommendation_counts(index):
    fulltext.write([(7, tokens("torture", "en")), (7, tokens("housing", "en"))])
    assert (find("torture"), find("housing")) == (set(), {7})


def test_what_was_removed_is_not_found(index):
    fulltext.write([(1, tokens("water", "en")), (2, tokens("water", "en"))])
    fulltext.remove([1])
    assert find("water") == {2}
    assert find("-housing") == {2}


def test_a_record_without_texts_is_found_by_what_it_does_not_say(index):
    fulltext.write([(1, []), (2, tokens("water", "en"))])
    assert find("-water") == {1}
    assert find("") == {1, 2}


def test_more_than_a_batch_is_written_whole(index):
    fulltext.write((pk, ["water"]) for pk in range(1, 2 * fulltext.ROWS_AT_ONCE + 2))
    assert len(find("water")) == 2 * fulltext.ROWS_AT_ONCE + 1


@pytest.mark.parametrize("foreign", ["two words", "Upper", "quote'", "back\\slash", "nul\0", "hy-phen", "dot.ted"])
def test_a_token_that_the_engine_would_read_again_is_refused(index, foreign):
    with pytest.raises(ValueError, match="tokens come from"):
        fulltext.write([(1, ["water", foreign])])


def test_a_record_longer_than_the_engine_keeps_is_cut_the_same_on_both(index):
    fulltext.write([(1, [*["the", "right"] * 400, *(f"w{n}" for n in range(fulltext.MOST_PLACES)), "late"])])
    assert find('"w1 w2"') == {1}
    assert find('"w14000 w14001"') == {1}
    assert find("w16000") == set()
    assert find("late") == set()
    assert find('"right w0"') == set()  # the 400th "right" is beyond the places kept of one word


def test_a_record_of_a_megabyte_is_written(index):
    fulltext.write([(1, [f"{n:05}" + "\U00010330" * 59 for n in range(10_000)])])
    assert find("-nothing") == {1}


def test_the_break_between_texts_cannot_be_asked_for(index):
    fulltext.write([(1, tokens("water", "en"))])
    assert not parse(BREAK, LANGUAGES)


def test_a_letter_without_its_vowel_sign_is_another_word(index):
    fulltext.write([(1, tokens("हि", "hi"))])
    assert find("हि") == {1}
    assert find("ह") == set()


def test_the_ids_serve_as_a_filter_of_a_queryset(index):
    from servanda.recommendations.models import Recommendation

    fulltext.write([(1, tokens("water", "en"))])
    assert Recommendation.objects.filter(pk__in=fulltext.matching(parse("water -fire", LANGUAGES))).count() == 0


@pytest.mark.parametrize(
    "query",
    [
        *["education", "rights -child", '"human rights"', "torture | détention", "140.10", "CRC/C", "-women"],
        *["التعليم", '"حقوق الإنسان"', "教育", "权", "人权理事会", "образование", "derechos -niños", "l'égalité"],
    ],
)
def test_real_texts_in_six_languages_are_found_as_the_query_means(index, shared_data, query):
    with (shared_data / "recs/uhri_818_six_languages/raw_api_records.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in itertools.islice(lines, 150)]
    rows = [(pk, tokens_of_texts({code: record[code] for code in UN})) for pk, record in enumerate(records)]
    fulltext.write(rows)
    asked = parse(query, UN)
    assert found(asked) == {pk for pk, row in rows if matches(asked, row)}
