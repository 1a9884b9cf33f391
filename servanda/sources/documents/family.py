"""What a kind of document is: its marks, the words of its masthead, its body and its layout."""

import re
from dataclasses import dataclass

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.units import Layout

NEVER = lazy_pattern("(?!)")
ROW = r"(?:^|\n)\W*"
BEHIND_COLON = ROW + r"(?:[^\n]{0,160}[:–—-]\s+)?"
IN_TITLE = ROW + r"(?:[^\n.]{0,80}\s)?"


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of document; `body` is empty where it follows from the symbol."""

    code: str
    name: object
    body: str
    layout: Layout
    words: re.Pattern[str]  # words of its masthead
    marks: re.Pattern[str] = NEVER  # its symbol, which is more reliable than words
    is_case: bool = False  # an individual case against a State
    is_confidential: bool = False  # until the body publishes it
    is_answered: bool = False  # by a response of the State as a whole

    def matches(self, row: str) -> bool:
        return bool(self.marks.search(row) or self.words.search(row))


def any_of(*patterns: str) -> re.Pattern[str]:
    return lazy_pattern("|".join(patterns), re.I)
