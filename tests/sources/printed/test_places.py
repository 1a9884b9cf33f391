"""The place of a row in its file, in the language of the reader."""

import pytest
from django.utils import translation

from servanda.sources.printed.places import shown_place


@pytest.mark.parametrize(
    ("stored", "language", "shown"),
    [
        ("page 2, reply to recommendation 140.2", "ar", "الصفحة 2، الرد على التوصية 140.2"),
        ("الصفحة 2، الرد على التوصية 140.2", "en", "page 2, reply to recommendation 140.2"),
        ("row 12", "fr", "ligne 12"),
        ("sheet “A, page 2”, row 3", "en", "sheet “A, page 2”, row 3"),
        ("the annex", "ar", "the annex"),
    ],
)
def test_a_place_is_shown_in_the_language_of_the_reader(stored, language, shown):
    with translation.override(language):
        assert shown_place(stored) == shown
