"""Several things in one line, with the comma of the reader's language."""

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

MARK = re.compile(r"\{0\}([,،、])(\s?)")


def listed(things: Iterable[object]) -> str:
    return separator(get_language() or "en").join(map(str, things))


@cache
def separator(language: str) -> str:
    """What stands between two things; without the "and" of CLDR, which Arabic glues to a code in Latin letters."""
    try:
        patterns = Locale.parse(language, sep="-").list_patterns
    except (UnknownLocaleError, ValueError):
        return ", "
    written = (patterns.get(style, {}).get("middle", "") for style in ("standard", "unit-short"))
    found = next(filter(None, map(MARK.match, written)), None)
    return f"{found[1]}{found[2]}" if found else ", "
