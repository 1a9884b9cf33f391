"""Names of persons behind a form of address, which a proposed title must not show.

A letter of special procedures names the alleged victims in its first sentences. Only people with the permission to
read identities may see them, but the title of a letter is shown in lists and calendars.
"""

import re

OMITTED = "[…]"
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_WORD = rf"(?:{_CAPITAL}\.(?:\s?-?{_CAPITAL}\.)*|{_CAPITAL}[\w’'-]*|(?:[ae]l-|d’){_CAPITAL}[\w’'-]*)"
_PARTICLE = (
    r"(?:de\s+la|de\s+los|de\s+las|del|de|dos|da|do|di|van\s+der|van\s+den|van|von|bin|ben|ibn|bint|al|el|la|le|y)"
)
_NAME = rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+)?{_WORD})*"
_TITLES = "Mrs?|Ms|Mx|Miss|Messrs|Mses|Mss|Dr|Prof(?:essor)?|Sras?|Srtas?|Sre?s?|Don|Doña|MM|Mmes?|Mlles?|Me"
_ADDRESS = rf"(?:(?:{_TITLES})\b\.?|M\.)"
_BETWEEN = r"(?:\s*,\s*(?:and\s+|et\s+|y\s+|e\s+)?|\s+(?:and|et|y|e)\s+)"
_FURTHER = rf"(?:{_BETWEEN}(?:{_ADDRESS}\s*{_NAME}|{_WORD}\s+{_NAME}))*"
ADDRESSED = re.compile(rf"{_ADDRESS}\s*{_NAME}{_FURTHER}")
INTRODUCED = re.compile(rf"^{_WORD}\s+{_NAME}(?=\s*,)")  # "Ana Novak, a journalist, …"
# Arabic has no capital letters: up to four words, until one that is no part of a name.
_NO_NAME = (
    r"(?:الذي|التي|الذين|في|من|على|إلى|عن|بعد|قبل|وهو|وهي|بسبب|منذ|خلال|أثناء|بشأن|المدافع|المدافعة|الصحفي|الصحفية|المحامي|المحامية"
    r"|و(?:ال)?(?:سيد\w*|سادة|آنسة|دكتور\w*))"
)
ADDRESSED_IN_ARABIC = re.compile(
    rf"(?<!\w)(?:و|ل|ب|لل)?(?:ال)?(?:سيدة|سيدات|سيدين|سيدتين|سيد|سادة|آنسة|دكتورة|دكتور)"
    rf"(?:\s+(?!{_NO_NAME}(?!\w))[\w.-]+){{1,4}}(?:\s*،?\s+و(?:ال)?(?:سيدة|سيد)(?:\s+(?!{_NO_NAME}(?!\w))[\w.-]+){{1,4}})*"
)


def without_names(text: str) -> str:
    """The text with "[…]" instead of each name behind a form of address, such as "Ms. Ana Novak"."""
    return ADDRESSED_IN_ARABIC.sub(OMITTED, ADDRESSED.sub(OMITTED, text))


def without_first_name(text: str) -> str:
    """The text with "[…]" instead of the name with which it begins, as in "Ana Novak, a journalist"."""
    return INTRODUCED.sub(OMITTED, text)
