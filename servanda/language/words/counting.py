"""How many words a text has, as word processors count them."""

import re

# LibreOffice ends a word at white space and at these two dashes (Tools, Options, Word Count); Word at white space
# only. What is between is one word, also a number, a symbol of a document, or a sign that stands alone.
BREAKS = re.compile(r"[\s\u2013\u2014]+")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


def count_words(text: str) -> int:
    """The number of words; a mark that no one sees, such as one of direction, is no word."""
    return sum(1 for word in BREAKS.split(INVISIBLE.sub("", text)) if word)
