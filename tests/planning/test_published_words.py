"""“Published” agrees with what is published, in the languages that have genders."""

import pytest
from django.utils import translation
from django.utils.translation import pgettext

WORDS = {
    "es": {"an indicator": "Publicado", "an action": "Publicada", "a plan": "Publicado"},
    "fr": {"an indicator": "Publié", "an action": "Publiée", "a plan": "Publié"},
    "pt": {"an indicator": "Publicado", "an action": "Publicada", "a plan": "Publicado"},
    "ar": {"an indicator": "منشور", "an action": "منشور", "a plan": "منشورة"},
}


@pytest.mark.parametrize("language", WORDS)
def test_published_has_the_gender_of_what_is_published(language):
    with translation.override(language):
        assert {what: pgettext(what, "Published") for what in WORDS[language]} == WORDS[language]
