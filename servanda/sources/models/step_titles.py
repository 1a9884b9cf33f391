"""The usual steps before the deadline of an obligation, which every reader sees in their own language."""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

# Where a kind has no steps of its own: Portuguese and other national languages need time for the translation.
USUAL = (
    (gettext_lazy("Request contributions from institutions"), 120),
    (gettext_lazy("First draft"), 60),
    (gettext_lazy("Consultation with civil society and the NHRI"), 45),
    (gettext_lazy("Translation into the language of submission"), 28),
    (gettext_lazy("Clearance"), 14),
    (gettext_lazy("Note verbale to the permanent mission"), 7),
)


@cache
def usual_titles() -> dict[str, str]:
    """The title of each usual step in each language -> its title in English."""
    titles: dict[str, str] = {}
    with translation.override("en"):
        english = [str(title) for title, _days in USUAL]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles |= {gettext(title): title for title in english}
    return titles


def shown_title(stored: str) -> str:
    """A usual step in the language of the page, in whatever language it was stored; another title as it is."""
    usual = usual_titles().get(stored)
    return gettext(usual) if usual else stored
