"""Finding by meaning: sentences, records like one, what stands in other languages, and words spelt wrongly."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from i18nfield.strings import LazyI18nString

from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.facets import public_facets
from servanda.recommendations.records import id_sets
from servanda.recommendations.register import related_results
from servanda.recommendations.search.encoding import encode_missing
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db

PUBLIC, DESK = "/recommendations/", "/desk/register/"
WATER = "Ensure that everybody has access to safe drinking water."
AGUA = "Garantizar el acceso de todas las personas al agua potable."
PRISON = "Reduce overcrowding in prisons."


def record(text: str, **fields):
    made = make.recommendation(text, **fields)
    reindex([made.pk])
    return made


@built_once
def records():
    made = [record(WATER, paragraph="1"), record(AGUA, language="es", paragraph="2"), record(PRISON, paragraph="3")]
    encode_missing()
    return made


def listing(client, query: str, address: str = PUBLIC):
    return client.get(f"{address}?{query}").context["listing"]


def codes(found) -> list[str]:
    return [row.record.code for row in found.rows()]


def beneath(found) -> list[str]:
    return [row.record.code for row in found.beside]


@pytest.mark.database
def test_a_sentence_is_looked_for_by_its_meaning_in_every_language(client, records):
    water, agua, _prison = records
    found = listing(client, "q=la+población+debe+tener+agua+potable+limpia")
    assert codes(found) == [agua.code, water.code]
    assert found.page.paginator.count == 2


def test_a_few_words_find_what_has_them_and_beneath_what_is_near_in_other_languages(client, records):
    water, agua, _prison = records
    found = listing(client, "q=drinking+water")
    assert codes(found) == [water.code]
    assert beneath(found) == [agua.code]
    assert "In other languages" in client.get(f"{PUBLIC}?q=drinking+water").content.decode()


@pytest.mark.parametrize(
    "asked", ['"Ensure that everybody has access"', "ensure that everybody has access -potable", "water OR prisons"]
)
def test_who_says_how_to_look_is_answered_by_the_words_alone(client, records, asked):
    found = client.get(PUBLIC, {"q": asked}).context["listing"]
    assert found.filters.near is None
    assert found.beside == []
    assert records[1].code not in codes(found)


def test_what_is_like_a_record_does_not_hold_the_record(client, records):
    water, agua, _prison = records
    assert codes(listing(client, f"like={water.code}")) == [agua.code]


def test_filters_narrow_what_is_near_and_count_it(client, records):
    found = listing(client, f"like={records[0].code}&language=en")
    assert codes(found) == []
    languages = next(facet for facet in found.facets if facet["key"] == "language")
    assert {option["key"]: option["count"] for option in languages["options"]} == {"es": 1, "en": 0}


def test_words_narrow_what_is_like_a_record(client, records):
    assert codes(listing(client, f"like={records[0].code}&q=potable")) == [records[1].code]
    assert codes(listing(client, f"like={records[0].code}&q=prisons")) == []


def test_pages_of_what_is_near_follow_one_another(client):
    for number in range(30):
        record(f"{WATER} {number}", paragraph=str(number))
    encode_missing()
    text = "q=everybody+should+have+clean+drinking+water"
    first, second = listing(client, text), listing(client, f"{text}&page=2")
    assert [len(codes(first)), len(codes(second))] == [25, 5]
    assert not set(codes(first)) & set(codes(second))


@pytest.mark.database
def test_a_file_holds_what_the_list_shows_in_its_order(client, records):
    text = "q=la+población+debe+tener+agua+potable+limpia"
    file = b"".join(client.get(f"{PUBLIC[:-1]}.csv?{text}").streaming_content).decode()
    assert file.index(records[1].code) < file.index(records[0].code)
    assert records[2].code not in file


@pytest.mark.parametrize("query", ["like={hidden}", "q=everybody+should+have+clean+drinking+water", "q=potable+agua"])
def test_what_is_hidden_is_near_to_nothing_for_the_public(client, records, query):
    before = client.get(f"{PUBLIC}?{query.format(hidden='SVN-UPR-4-9')}")
    hidden = record(f"{AGUA} {WATER}", paragraph="9", confidentiality="internal", language="fr")
    encode_missing()
    after = client.get(f"{PUBLIC}?{query.format(hidden=hidden.code)}")
    assert codes(after.context["listing"]) == codes(before.context["listing"])
    assert beneath(after.context["listing"]) == beneath(before.context["listing"])
    assert after.context["listing"].page.paginator.count == before.context["listing"].page.paginator.count


def test_at_the_desk_each_person_finds_what_they_may_see(client, records):
    hidden = record(f"{WATER} Soon.", paragraph="9", confidentiality="internal")
    encode_missing()
    text = "q=everybody+should+have+clean+drinking+water"
    make.signed_in(client, "contributor")
    assert hidden.code not in codes(listing(client, text, DESK))
    make.signed_in(client, "coordinator")
    assert hidden.code in codes(listing(client, text, DESK))


def test_a_record_that_nobody_knows_is_like_nothing_and_it_is_said(client, records):
    answer = client.get(f"{PUBLIC}?like=SVN-UPR-4-77")
    assert answer.context["listing"].page.paginator.count == 3
    assert "No similar records can be found for “SVN-UPR-4-77”." in answer.content.decode()


def test_without_vectors_a_sentence_is_looked_for_by_its_words(client):
    target = record(WATER)
    record(PRISON)
    assert codes(listing(client, "q=everybody+has+access+to+safe+drinking+water")) == [target.code]


def test_words_in_a_language_that_the_register_does_not_have_find_what_is_near(client):
    water = record(WATER)
    record(PRISON)
    encode_missing()
    found = listing(client, "q=agua+potable")
    assert codes(found) == []
    assert beneath(found) == [water.code]


def test_a_term_in_another_language_than_the_texts_finds_them_by_the_names_of_its_label(client):
    make.term(
        LazyI18nString({"en": "Enforced disappearances", "es": "Desapariciones forzadas"}), taxonomy="uhri-theme"
    )
    convention = record("Ratify the Convention against Enforced Disappearance.", paragraph="1")
    search = record("Search for the victims of enforced disappearances.", paragraph="2")
    hidden = record("Deny no enforced disappearance.", paragraph="3", confidentiality="internal")
    water = record(WATER, paragraph="4")
    encode_missing()
    found = listing(client, "q=desaparición+forzada")
    assert codes(found) == []
    assert set(beneath(found)[:2]) == {convention.code, search.code}
    assert not {hidden.code, water.code} & set(beneath(found))


def test_a_label_of_the_same_words_is_known_in_all_its_languages(db):
    make.term(LazyI18nString({"en": "Right to water", "es": "Derecho al agua"}), taxonomy="uhri-theme")
    facets = public_facets()
    assert related_results.names_of_label("derecho al AGUA", facets) == ["Right to water", "Derecho al agua"]
    assert related_results.names_of_label("derechos al agua", facets) == ["Right to water", "Derecho al agua"]
    assert related_results.names_of_label("right to wat", facets) == []


def test_a_label_that_is_shown_with_its_number_is_known_without_it(db):
    make.term(LazyI18nString({"en": "Gender equality", "fr": "Égalité entre les sexes"}), code="5", taxonomy="sdg")
    facets = public_facets()
    assert related_results.names_of_label("égalité entre les sexes", facets) == [
        "Gender equality",
        "Égalité entre les sexes",
    ]
    assert related_results.names_of_label("5 gender equality", facets) == []


def test_a_word_spelt_wrongly_is_asked_after_with_the_words_of_the_register(client, records):
    assert listing(client, "q=overcroding").better.q == "overcrowding"
    assert "Did you mean:" in client.get(f"{PUBLIC}?q=overcroding").content.decode()
    joined = "-".join(["overcroding"] * 40)  # one word to a reader, forty to compare with each of the register
    assert "Did you mean:" not in client.get(f"{PUBLIC}?q={joined}").content.decode()
    assert listing(client, "q=safe+drinkin+watter").better.q == "safe drinking water"


def test_nothing_is_suggested_that_the_reader_may_not_see(client, records):
    record("Zorbatrix", confidentiality="internal")
    assert listing(client, "q=zorbatrx").better is None
    make.signed_in(client, "coordinator")
    assert listing(client, "q=zorbatrx", DESK).better.q == "zorbatrix"


def test_a_suggestion_keeps_the_filters_and_finds_something(client, records):
    assert listing(client, "q=overcroding&language=es").better is None
    assert "language=en" in listing(client, "q=overcroding&language=en").better.address()


EVERYTHING = (
    "body=UPR&review=UPR-4&year=2025&theme=-&group=-&sdg=-&stand=noted&kind=recommendation&language=en"
    "&recommending=-&country=SVN&published=yes&confidentiality=public&batch=-"
)


@pytest.mark.parametrize("query", ["q=drinking+water", "q=overcroding", "q=clean+water+for+all+please", "like={}"])
@pytest.mark.parametrize("filters", ["", "body=UPR&language=en&theme=-", EVERYTHING])
def test_a_list_by_meaning_asks_at_most_twenty_questions(client, records, query, filters):
    make.signed_in(client, "coordinator")
    address = f"{DESK}?{query.format(records[0].code)}&{filters}"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) <= 20


def test_the_words_looked_for_are_marked_and_nothing_else_of_a_text_becomes_html(client):
    record("Ensure <b>safe</b> drinking water.")
    page = client.get(f"{PUBLIC}?q=drink").content.decode()
    assert "Ensure &lt;b&gt;safe&lt;/b&gt; <mark>drinking</mark> water." in page


def test_words_that_more_records_have_than_are_named_have_the_same_beneath_them(client, records, monkeypatch):
    few = beneath(listing(client, "q=drinking+water"))
    monkeypatch.setattr(id_sets, "WORTH_NAMING", 0)
    hidden = record(f"{AGUA} {WATER}", paragraph="9", confidentiality="internal", language="fr")
    encode_missing()
    found = listing(client, "q=drinking+water")
    assert beneath(found) == few == [records[1].code]
    assert hidden.code not in codes(found)
