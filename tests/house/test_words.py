"""Messages use the words of docs/words.md: no phrase that it excludes, and its terms in every language."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Message

from servanda.kit.pages.glossary import FILE
from tests.house import words
from tests.house.test_translations import catalog_of, planted

pytestmark = pytest.mark.static

HELP = FILE.parent
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
TERMS = words.terms(PAGE)
PHRASES = words.phrases(PAGE)

# Messages whose English is a term of the table with another meaning, by context and English.
OTHER_MEANINGS = {
    ("role", "Public"): "people who are not logged in, not who may see a record",
    ("", "record %(number)s"): "an entry of a file, not of the register",
    ("", "Request:"): "what a program sends to the server",
    ("", "request"): "what a program sends to the server",
    ("", "Members"): "mechanisms in the network, not records of a cluster",
    ("members", "Members"): "mechanisms in the network, not records of a cluster",
    ("rules of the network", "Members"): "mechanisms in the network, not records of a cluster",
    ("of an answer", "not started"): "feminine in Arabic; the status is of the implementation",
}
# Sentences in which a term is divided or contracted.
DIVIDED = {
    "An institution cannot be both lead and supporting institution. Remove it from one of the two fields.",
    "The cell contains several institutions: the first is the lead, the others are supporting institutions.",
    "The latest Government assessment, of %(day)s, has the same value.",
    "Mechanism and independent assessments differ",
    "Structural, process and outcome indicators that measure the enjoyment of rights.",
}
# English words with two meanings that have no context, and the meanings.
TWO_MEANINGS = {
    "deadline": "a date, and a period in the words of a document",
    "draft": "of an update, and of a position for adoption",
    "e-mail": "an address, and a message",
    "filter": "a verb on a button, and a noun",
    "link": "a verb on a button, and a noun",
    "no": "not yes, and number",
    "refused": "a state, and the heading of a reason",
    "similar": "a heading over several records, and one record",
    "split": "a verb on a button, and a state",
    "state": "a country, and a condition",
    "undone": "a confirmation, and the state of an import",
    "version": "of a text, and of a taxonomy",
    "withdrawn on %(day)s: %(reason)s": "an action, and a document",
}


catalog = cache(catalog_of)


@pytest.fixture(scope="module", params=words.LANGUAGES)
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def messages(language) -> list[Message]:
    return catalog(language)


def test_no_message_has_a_phrase_that_is_not_to_be_used():
    assert words.with_phrases(catalog("es"), PHRASES) == []


def test_hints_ask_to_leave_a_field_empty():
    hint = re.compile(r"(?:^|[.:;] )Empty(?::| (?:to|for|if|means|where)\b)")
    assert [text for message in catalog("es") for text in words.english_forms(message) if hint.search(text)] == []


def test_no_text_in_the_data_files_or_the_api_has_a_phrase_that_is_not_to_be_used():
    texts = [*texts_of_data_files(), *descriptions_of_the_api()]
    found = words.with_phrases([Message(text) for text in texts], PHRASES)
    assert found == []
    assert len(texts) > 500


def texts_of_data_files() -> list[str]:
    """All English texts: what stands under the key `en`."""
    files = sorted((ROOT / "servanda").glob("*/data/*.yaml"))
    return [text for file in files for text in texts_under("en", yaml.safe_load(file.read_text(encoding="utf-8")))]


def texts_under(wanted: str, data: object) -> Iterator[str]:
    """The texts under this key, however deep."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from [value] if key == wanted and isinstance(value, str) else texts_under(wanted, value)


def descriptions_of_the_api() -> list[str]:
    files = sorted((ROOT / "docs" / "exchange" / "schemas").glob("*.json"))
    return [
        text for file in files for text in texts_under("description", json.loads(file.read_text(encoding="utf-8")))
    ]


def test_a_message_that_is_a_term_is_translated_as_in_the_table(messages, language):
    ordinary = [
        message
        for message in messages
        if (message.context or "", words.english_forms(message)[0]) not in OTHER_MEANINGS
    ]
    assert words.unlike_the_table(ordinary, language, TERMS) == []


def test_a_term_within_a_sentence_is_translated_as_in_the_table(messages, language):
    found = words.sentences_unlike_the_table(messages, language, TERMS)
    assert [hit for hit in found if hit[1] not in DIVIDED] == []


def test_institutions_have_one_word_in_portuguese_and_arabic():
    for language in words.RESERVED:
        assert words.reserved_words(catalog(language), language) == []


def test_help_uses_the_same_word_for_institutions():
    pages = {path.name: path.read_text(encoding="utf-8") for path in (HELP / "en").glob("*.md")}
    for language in words.RESERVED:
        texts = {name: (HELP / language / name).read_text(encoding="utf-8") for name in pages}
        found = [name for name, text in texts.items() if words.RESERVED[language].search(text)]
        assert [name for name in found if not words.ACCREDITED.search(pages[name])] == []


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("pt", "Atribuir instituição", "Atribuir entidade"),
        ("ar", "الإسناد إلى المؤسسات", "الإسناد إلى الجهات"),
    ],
)
def test_the_other_word_for_an_institution_is_found(language, wrong, right):
    message = 'msgid "Assign institution"\nmsgstr "%s"\n'
    assert words.reserved_words(planted(message % wrong, language), language) == [("Assign institution", wrong)]
    assert words.reserved_words(planted(message % right, language), language) == []
    national = f'msgid "National human rights institution"\nmsgstr "{wrong}"\n'
    assert words.reserved_words(planted(national, language), language) == []


def test_one_meaning_is_translated_in_one_way(messages):
    found = words.translated_in_two_ways(messages)
    assert [(english, ways) for english, ways in found if english not in TWO_MEANINGS] == []


def test_a_message_that_quotes_a_label_quotes_its_translation(messages):
    assert words.labels_quoted_otherwise(messages) == []


@cache
def definitions() -> dict[str, dict]:
    return {slug: entry["languages"] for slug, entry in json.loads(FILE.read_text(encoding="utf-8")).items()}


def test_the_glossary_has_the_terms_of_the_table():
    assert words.labels_unlike_the_table(definitions().values(), TERMS) == []


def test_no_definition_has_a_phrase_that_is_not_to_be_used():
    unwanted = words.pattern_of(PHRASES)
    assert [slug for slug, entry in definitions().items() if unwanted.search(entry["en"]["definition"])] == []


def test_the_glossary_has_the_words_of_procedures():
    labels = {entry["en"]["label"] for entry in definitions().values()}
    wanted = {"State under review", "recommending State", "list of issues prior to reporting", "common core document"}
    assert wanted | {"simplified reporting procedure", "advance questions", "precautionary measures"} <= labels


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("initial report", "initial report"),
        ("individual measures", "individual measures"),
        ("general measures", "general measures"),
        ("interim resolution", "interim resolution"),
        ("final resolution", "final resolution"),
        ("repetitive case", "repetitive case"),
        ("opting out", "opting out"),
        ("GANHRI", "Global Alliance of National Human Rights Institutions"),
        ("session", "session of a body"),
        ("under special review", "special review of an NHRI"),
        ("round", "round"),
        ("obligation", "obligation"),
        ("action", "action of a plan"),
        ("reservation", "reservation"),
        ("dialogue", "constructive dialogue"),
        ("delegation", "delegation"),
    ],
)
def test_the_glossary_has_the_words_of_bodies_and_of_the_interface(word, label):
    entry = next(entry for entry in definitions().values() if entry["en"]["label"] == label)
    assert word in label or word in entry["en"]["forms"]
    assert set(entry) == {"en", *words.LANGUAGES}


def test_each_exception_is_still_needed():
    catalogs = {language: catalog(language) for language in words.LANGUAGES}
    two_ways = {
        english for messages in catalogs.values() for english, _ways in words.translated_in_two_ways(messages)
    }
    divided = {
        sentence
        for language, messages in catalogs.items()
        for _term, sentence, _translation in words.sentences_unlike_the_table(messages, language, TERMS)
    }
    known = {(message.context or "", words.english_forms(message)[0]) for message in catalogs["es"]}
    assert set(TWO_MEANINGS) - two_ways == set()
    assert divided >= DIVIDED
    assert known >= set(OTHER_MEANINGS)


def test_the_page_is_read_completely():
    names = {term.english for term in TERMS}
    assert {"lead institution", "supported", "partially implemented", "round", "two-step verification"} <= names
    assert {"ticked", "voice", "by hand", "last day"} <= set(PHRASES)
    lead = next(term for term in TERMS if term.english == "lead institution")
    assert lead.forms["fr"] == ["chef de file", "institution chef de file"]
    round_of_requests = next(term for term in TERMS if term.english == "round")
    assert round_of_requests.forms["pt"] == ["ronda de pedidos"]


@pytest.mark.parametrize(
    ("english", "phrase"),
    [
        ("Say how far it is", "say"),
        ("Assign the ticked records", "ticked"),
        ("%(count)s records are past their day.", "past their day"),
        ("Nobody has assessed this.", "nobody"),
        ("The files are being made.", "being made"),
    ],
)
def test_a_phrase_that_is_not_to_be_used_is_found(english, phrase):
    assert words.with_phrases(planted(f'msgid "{english}"\nmsgstr "–"\n'), PHRASES) == [(english, phrase)]


@pytest.mark.parametrize("english", ["Essay", "%(said)s", "Standard", "Attic", "“%(given)s” is not a date."])
def test_a_longer_word_or_a_placeholder_is_no_phrase(english):
    assert words.with_phrases(planted(f'msgid "{english}"\nmsgstr "–"\n'), PHRASES) == []


@pytest.mark.parametrize(
    ("language", "english", "wrong", "right"),
    [
        ("es", "Lead institution", "Institución responsable", "Institución principal"),
        ("es", "lead institutions:", "Instituciones responsables:", "Instituciones principales:"),
        ("fr", "Baseline", "Valeur de référence", "Valeur de départ"),
        ("pt", "Recommendations", "Observações", "Recomendações"),
        ("ar", "Validating authority", "سلطة التصديق", "سلطة الاعتماد"),
        ("ar", "Focal points", "المنسقون", "نقاط الاتصال"),
    ],
)
def test_a_term_with_another_translation_is_found(language, english, wrong, right):
    for translation, found in ((wrong, [(english, wrong)]), (right, [])):
        message = planted(f'msgid "{english}"\nmsgstr "{translation}"\n', language)
        assert words.unlike_the_table(message, language, TERMS) == found


def test_a_term_with_another_translation_is_found_within_a_sentence():
    english = "Each record has a lead institution."
    wrong, right = "Cada ficha tiene una institución responsable.", "Cada ficha tiene una institución principal."
    message = planted(f'msgid "{english}"\nmsgstr "{wrong}"\n')
    assert words.sentences_unlike_the_table(message, "es", TERMS) == [("lead institution", english, wrong)]
    assert words.sentences_unlike_the_table(planted(f'msgid "{english}"\nmsgstr "{right}"\n'), "es", TERMS) == []


def test_a_label_that_is_quoted_otherwise_is_found():
    label = 'msgid "Split"\nmsgstr "Dividir"\n\nmsgid "Select “Split”."\nmsgstr "Seleccione «%s»."\n'
    assert words.labels_quoted_otherwise(planted(label % "Separar")) == [("Split", "Seleccione «Separar».")]
    assert words.labels_quoted_otherwise(planted(label % "Dividir")) == []


def test_a_meaning_that_is_translated_in_two_ways_is_found():
    written = 'msgid "Origin"\nmsgstr "Procedencia"\n\nmsgid "origin:"\nmsgstr "origen:"\n'
    assert words.translated_in_two_ways(planted(written)) == [("origin", {"procedencia", "origen"})]


def test_a_context_divides_two_meanings():
    written = 'msgid "Open"\nmsgstr "Abrir"\n\nmsgctxt "of a round"\nmsgid "Open"\nmsgstr "Abierta"\n'
    assert words.translated_in_two_ways(planted(written)) == []


def test_a_label_of_the_glossary_that_is_not_in_the_table_is_found():
    languages = {"en": {"label": "cluster"}, "es": {"label": "grupo temático"}, "pt": {"label": "agrupamento"}}
    assert words.labels_unlike_the_table([languages], TERMS) == [("cluster", "es", "grupo temático")]
