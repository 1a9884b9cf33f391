import pytest
from django.core.exceptions import ValidationError

from servanda.kit.refusal import Refused
from servanda.language.words.search_query import parse
from servanda.people.access import Role
from servanda.recommendations.editing import texts
from servanda.recommendations.editing.forms import LanguageField
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.search import fulltext
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def write(record: Recommendation, text: str, by, **changed) -> TextVersion:
    record.refresh_from_db()
    data = {"language": "en", "form": "full", "is_original": False, "is_machine": False, "is_reviewed": False}
    data |= {"source": "", "version": record.version}
    return texts.write_text(recommendation=record, text=text, **{**data, **changed}, by=by)


def found(words: str) -> list[Recommendation]:
    return list(Recommendation.objects.filter(pk__in=fulltext.matching(parse(words, ["en", "ar"]))))


def test_a_better_text_takes_the_place_of_the_one_before_which_is_kept(coordinator):
    record = make.recommendation("Old words.")
    write(record, "New words.", coordinator, is_original=True)
    assert [text_version.text for text_version in TextVersion.objects.current()] == ["New words."]
    assert TextVersion.objects.get(text="Old words.").ended_at is not None


def test_search_follows_the_texts(coordinator):
    record = make.recommendation("Prohibit corporal punishment.")
    write(record, "Prohibit smacking.", coordinator)
    write(record, "حظر العقوبة البدنية", coordinator, language="ar")
    assert found("smacking") == [record]
    assert found("العقوبة") == [record]
    assert found("corporal") == []


def test_there_is_one_original_and_the_record_knows_its_language(coordinator):
    record = make.recommendation("English words.")
    write(record, "Mots français.", coordinator, language="fr", is_original=True)
    record.refresh_from_db()
    assert record.language == "fr"
    assert [text_version.language for text_version in TextVersion.objects.current().filter(is_original=True)] == [
        "fr"
    ]


def test_a_plain_language_version_stands_beside_the_full_text(coordinator):
    record = make.recommendation("Full text.")
    write(record, "In short.", coordinator, form="plain")
    assert {text_version.form for text_version in TextVersion.objects.current()} == {"full", "plain"}


def test_the_only_text_is_not_taken_out(coordinator):
    record = make.recommendation("Only text.")
    with pytest.raises(Refused, match="the only text"):
        texts.end_text(text=record.texts.get(), reason="Not ours.", by=coordinator)


def test_who_compared_a_machine_translation_is_named(coordinator):
    record = make.recommendation()
    written = write(record, "Mots.", coordinator, language="fr", is_machine=True, is_reviewed=True)
    assert written.reviewed_by == coordinator


@pytest.mark.parametrize("code", ["zz", "qq", "english", "e", "EN"])
def test_an_unknown_language_is_refused_with_what_to_enter(code):
    with pytest.raises(ValidationError, match="Enter the code of a language"):
        LanguageField().clean(code)


@pytest.mark.parametrize("code", ["en", "sl", "pt-BR", "mam"])
def test_the_code_of_a_language_is_accepted(code):
    assert LanguageField().clean(code) == code
