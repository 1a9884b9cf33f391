"""Characters that no one sees: two names that differ only by them look the same, and texts made of them are read by
programs only.

Marks of direction (U+200E, U+200F, U+061C) are kept. Joiners (U+200D) and non-joiners (U+200C) are kept behind
letters of scripts that are spelled with them, and variation selectors where they choose another form of the
character before them, as in Japanese names.
"""

import re

from servanda.kit.patterns import lazy_pattern

FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
IN_NAMES = (
    f"{FILLERS}\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
TURNING = "\u202a-\u202e\u2066-\u2069"

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MONGOLIAN, _MONGOLIAN_SELECTORS = "\u1800-\u180a\u180e\u1810-\u18af", "\u180b-\u180d\u180f"
_MYANMAR_AND_PHAGS_PA = "\u1000-\u109f\ua840-\ua877"
_PICTURES = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u2bff"
_PICTURES += "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
SELECTORS = f"{_MONGOLIAN_SELECTORS}\ufe00-\ufe0f\U000e0100-\U000e01ef"
MISPLACED = (
    f"(?<![{_MONGOLIAN}])[{_MONGOLIAN_SELECTORS}]|(?<![{_HAN}{_MYANMAR_AND_PHAGS_PA}])\ufe00"
    f"|(?<![{_HAN}])[\ufe01-\ufe0d\U000e0100-\U000e01ef]|(?<![{_PICTURES}])(?:\ufe0e|\ufe0f(?!\u20e3))"
)
MISPLACED_JOINERS = "(?<![^\x00-\u058f])[\u200c\u200d]"  # behind Latin, Greek, Cyrillic and Armenian letters, or none

SECOND_TEXT = f"[\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]|{MISPLACED}"  # letters that only programs read

_NOT_IN_NAMES = lazy_pattern(f"[{TURNING}{IN_NAMES}]|{MISPLACED}|{MISPLACED_JOINERS}")
_SECOND_TEXT = lazy_pattern(SECOND_TEXT)
_SPELLS = lazy_pattern(f"[{SELECTORS}\U000e0000-\U000e0fff]")


def without_hidden(text: str) -> str:
    """The text without the characters that a name may not have."""
    return without(_NOT_IN_NAMES, text)


def without_second_text(text: str) -> str:
    """The text without letters that only programs read; spaces of other widths and joiners are kept."""
    return without(_SECOND_TEXT, text) if _SPELLS.search(text) else text


def without(pattern: re.Pattern[str], text: str) -> str:
    """Until nothing is found: of two selectors, the second was behind the first."""
    count = 1
    while count:
        text, count = pattern.subn("", text)
    return text
