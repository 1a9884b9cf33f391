"""The languages of the pages: how many sentences each has, since when, and whether a speaker confirmed them; the
separator of lists in each."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language

MARK = re.compile(r"\{0\}([,،、])(\s?)")


def listed(items: Iterable[object]) -> str:
    return separator(get_language() or "en").join(map(str, items))


@cache
def separator(language: str) -> str:
    """The separator of two items; without "and" as in CLDR, which Arabic attaches even to a code in Latin letters."""
    try:
        patterns = Locale.parse(language, sep="-").list_patterns
    except (UnknownLocaleError, ValueError):
        return ", "
    patterns_of_middle = (patterns.get(style, {}).get("middle", "") for style in ("standard", "unit-short"))
    match = next(filter(None, map(MARK.match, patterns_of_middle)), None)
    return f"{match[1]}{match[2]}" if match else ", "


SOURCE = "en"  # the sentences are written in it; the others translate them
FILE = "confirmed.csv"


class PageLanguage(NamedTuple):
    code: str
    sentences: int
    since: date | None
    confirmed_on: date | None
    confirmed_by: str

    @property
    def is_source(self) -> bool:
        return self.code == SOURCE

    @property
    def is_confirmed(self) -> bool:
        return self.is_source or self.confirmed_on is not None


def page_languages() -> list[PageLanguage]:
    """The languages that this system offers, in the order in which it offers them."""
    counted = {code: count_sentences(code) for code, _name in settings.LANGUAGES}
    complete = max(count_sentences(code) for code in {*counted, *notes_by_language()})
    return [described(code, complete if code == SOURCE else number) for code, number in counted.items()]


def described(code: str, sentences: int) -> PageLanguage:
    note = notes_by_language().get(code, {})
    since, confirmed_on = (day_in(note.get(key, "")) for key in ("since", "confirmed_on"))
    return PageLanguage(code, sentences, since, confirmed_on, note.get("confirmed_by", ""))


def day_in(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def is_confirmed(code: str) -> bool:
    return described(code, 0).is_confirmed


@cache
def notes_by_language() -> dict[str, dict[str, str]]:
    """The rows of `confirmed.csv` by language; earlier folders override later ones, as they do for translations."""
    notes: dict[str, dict[str, str]] = {}
    for path in reversed(settings.LOCALE_PATHS):
        notes |= {row["language"]: row for row in rows_of(Path(path) / FILE)}
    return notes


def rows_of(file: Path) -> Iterator[dict[str, str]]:
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as opened:
            yield from csv.DictReader(opened)


@cache
def count_sentences(code: str) -> int:
    """How many of our sentences are translated into this language."""
    sentences: set[str] = set()
    for folder in settings.LOCALE_PATHS:
        file = Path(folder) / code / "LC_MESSAGES" / "django.mo"
        if file.is_file():
            with file.open("rb") as opened:
                # The library has no public access to its messages.
                catalog: dict[str | tuple[str, int], str] = vars(GNUTranslations(opened))["_catalog"]
                sentences |= {first_form(key) for key in catalog}
    return len(sentences - {""})


def first_form(key: str | tuple[str, int]) -> str:
    """A sentence with plural forms has a key for each of them."""
    return key if isinstance(key, str) else key[0]


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Show the following pages in this language; it is the cookie that Django's `set_language` writes as well."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response
