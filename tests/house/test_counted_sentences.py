"""Sentences with a number, and words with several meanings, say the right thing in each language."""

import pytest
from django.utils import translation
from django.utils.translation import ngettext, pgettext

pytestmark = pytest.mark.static

COUNTED = {
    "Decision saved for %(count)d row.": "Decision saved for %(count)d rows.",
    "%(count)d row was refused, so nothing was applied.": "%(count)d rows were refused, so nothing was applied.",
    "Ending within %(days)s day": "Ending within %(days)s days",
}
# How many different forms a language has for 0, 1, 2, 3, 11 and 100 things.
FORMS = {"en": 2, "es": 2, "fr": 2, "pt": 2, "ar": 6}


@pytest.mark.parametrize("language", FORMS)
@pytest.mark.parametrize("singular", COUNTED)
def test_a_counted_sentence_has_every_form_of_its_language(language, singular):
    with translation.override(language):
        forms = [ngettext(singular, COUNTED[singular], number) for number in (0, 1, 2, 3, 11, 100)]
    assert len(set(forms)) == FORMS[language]


@pytest.mark.parametrize(
    ("word", "one", "other"),
    [("Active", "account", "institutions"), ("Closed", "account", "institutions"), ("revoked", "invitation", "key")],
)
def test_a_word_with_two_meanings_is_translated_in_each(word, one, other):
    data = {}
    for language in ("es", "fr", "pt", "ar"):
        with translation.override(language):
            data[language] = pgettext(one, word), pgettext(other, word)
    assert [language for language, (first, second) in data.items() if word in (first, second)] == []
    assert data["ar"][0] != data["ar"][1]
