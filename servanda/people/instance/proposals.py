"""What the State suggests for the settings of a new installation: languages, regional systems, time zone, a name."""

import csv
from functools import cache
from pathlib import Path
from typing import TypedDict

from babel.core import Locale, get_global
from babel.languages import get_official_languages
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

MEMBERS = Path(__file__).with_name("regional_systems.csv")


class Proposal(TypedDict):
    state_code: str
    name: LazyI18nString
    languages: str
    regional_systems: list[str]
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
        regional_systems=regional_systems_of(code),
        time_zone=zones[0] if len(zones) == 1 else "UTC",  # a State with several zones chooses
    )


@cache
def regional_systems_of(state: str) -> list[str]:
    """The codes of the regional organisations that a State is a member of. Cuba, Nicaragua and Venezuela have none:
    whether, or since when, they are members of the Organization of American States is in dispute."""
    with MEMBERS.open(encoding="utf-8", newline="") as file:
        return [row["system"] for row in csv.DictReader(file) if state in row["states"].split()]


def name_in(language: str, territory: str) -> str:
    with translation.override(language):
        state = Locale.parse(language, sep="-").territories[territory]
        return _("National mechanism for implementation, reporting and follow-up, %(state)s") % {"state": state}
