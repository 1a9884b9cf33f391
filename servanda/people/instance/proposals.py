"""What the State suggests for the settings of a new installation: its languages, time zone, and a name to change."""

from typing import TypedDict

from babel.core import Locale, get_global
from babel.languages import get_official_languages
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString


class Proposal(TypedDict):
    state_code: str
    name: LazyI18nString
    languages: str
    time_zone: str


def proposal_for(code: str) -> Proposal | None:
    """None for a code that names no State."""
    territory = next(iter(get_global("territory_aliases").get(code, ())), "")
    if len(code) != len("SVN") or not territory:
        return None
    official = [language for language in get_official_languages(territory) if len(language) == len("sl")]
    zones = sorted(zone for zone, where in get_global("zone_territories").items() if where == territory)
    return Proposal(
        state_code=code,
        name=LazyI18nString({language: name_in(language, territory) for language, _name in settings.LANGUAGES}),
        languages=",".join(dict.fromkeys([*official, "en"])),
        time_zone=zones[0] if len(zones) == 1 else "UTC",  # a State with several zones chooses
    )


def name_in(language: str, territory: str) -> str:
    with translation.override(language):
        state = Locale.parse(language, sep="-").territories[territory]
        return _("National mechanism for implementation, reporting and follow-up, %(state)s") % {"state": state}
