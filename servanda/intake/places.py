"""The place of a row in its file, shown in the language of the reader, in whichever language it is stored."""

import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.formats import localize
from django.utils.translation import gettext, gettext_noop

from servanda.kit.database.sentences import ShortSentenceField

PLACES = (
    gettext_noop("sheet “%(sheet)s”, %(where)s"),
    gettext_noop("page %(page)s, %(where)s"),
    gettext_noop("reply to recommendation %(number)s"),
    gettext_noop("paragraph %(number)s"),
    gettext_noop("record %(number)s"),
    gettext_noop("row %(number)s"),
    gettext_noop("unit %(order)s"),
)
COUNTED = ("record %(number)s", "row %(number)s")  # the number of a paragraph is a reference
PART = re.compile(r"%\\\((\w+)\\\)s")
VALUES = {"sheet": ".{1,60}", "where": ".+"}  # the others are numbers, without blanks


@cache
def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each kind of place with its pattern in each language."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {gettext(place): place for place in PLACES}
    return [(place, re.compile(PART.sub(value_of, re.escape(written)))) for written, place in found.items()]


def value_of(part: re.Match[str]) -> str:
    return rf"(?P<{part[1]}>{VALUES.get(part[1], r'\S+')})"


def shown_place(stored: str) -> str:
    """The place in the language of the page; as it is stored where it is of another kind."""
    for place, pattern in patterns():
        if match := pattern.fullmatch(stored):
            values = match.groupdict()
            if "where" in values:
                values["where"] = shown_place(values["where"])
            if place in COUNTED and values["number"].isdecimal():
                values["number"] = localize(int(values["number"]))
            return gettext(place) % values
    return stored


class PlaceField(ShortSentenceField):
    """Also of rows whose place was stored in the language of the check, because it was too long for a sentence."""

    def from_db_value(self, value: str | None, *names: object) -> str | None:
        place = super().from_db_value(value, *names)
        return shown_place(place) if place else place
