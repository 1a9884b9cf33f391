"""Which languages the pages speak, and how honest they are about it."""

import pytest
from django.urls import reverse

from servanda.kit.pages import translations

pytestmark = pytest.mark.django_db
MARK = 'class="unconfirmed"'


@pytest.fixture
def notes(monkeypatch, tmp_path, settings):
    """A folder of the operator, asked before our own, and nothing remembered of either."""
    settings.LOCALE_PATHS = [tmp_path, *settings.LOCALE_PATHS]
    translations.notes_by_language.cache_clear()
    yield tmp_path / translations.FILE
    translations.notes_by_language.cache_clear()


def page(client, language: str, name: str = "portal:languages") -> str:
    return client.get(reverse(name), headers={"accept-language": language}).content.decode()


def test_every_language_is_listed_with_its_sentences_and_marked_until_a_speaker_confirms_it(client):
    shown = page(client, "en")
    assert shown.count("not yet confirmed by a native speaker") == 4
    by_code = {language.code: language for language in translations.page_languages()}
    assert list(by_code) == ["en", "es", "fr", "pt", "ar"]
    assert min(row.sentences for row in by_code.values()) > 1000
    assert by_code["en"].sentences >= by_code["ar"].sentences


@pytest.mark.parametrize(("language", "is_marked"), [("en", False), ("es", True), ("ar", True)])
def test_the_foot_of_a_page_says_that_nobody_has_confirmed_its_language(client, language, is_marked):
    assert (MARK in page(client, language, "portal:about")) == is_marked


def test_a_confirmed_language_names_who_confirmed_it_and_loses_its_mark(client, notes):
    notes.write_text("language,since,confirmed_on,confirmed_by\nes,2026-11-25,2027-01-02,Ana Primer\n")
    assert MARK not in page(client, "es", "portal:about")
    assert MARK in page(client, "fr", "portal:about")
    shown = page(client, "en")
    assert "by Ana Primer" in shown
    assert shown.count("not yet confirmed by a native speaker") == 3


def test_a_language_that_confirmed_csv_does_not_know_counts_as_unconfirmed():
    assert not translations.is_confirmed("sw")
