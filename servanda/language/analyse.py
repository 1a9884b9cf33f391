"""Texts become plain tokens here, so that SQLite and PostgreSQL need no linguistics and give the same answers.

A token is made of letters, digits and vowel signs only, in small letters. A symbol or number such as
"A/HRC/59/15" or "140.10" becomes its parts in a row (a hrc 59 15): a search for any piece of it, or for
the whole, is a search for those parts side by side. Chinese, Japanese, Korean, Thai, Lao, Khmer and
Burmese, written without spaces, become overlapping pairs, the last character alone: 人权法 is 人权 权法 法.
So every character starts exactly one token, one character is found as the beginning of a token, and
longer words as pairs in a row.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from servanda.language.stems import fold, stem

# Stands before each text of a record: no phrase crosses it, and no word of a query can equal it.
BREAK = "\ue000"
LONGEST = 64  # characters: no word is longer, and PostgreSQL refuses lexemes over 2 KB

_MARKS = "".join(chr(c) for c in (*range(0x300, 0x370), *range(0x483, 0x1D00), *range(0xA800, 0xAC00))
                 if unicodedata.category(chr(c)) in {"Mn", "Mc"})  # fmt: skip
_UNSPACED = "[\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u109d\u1100-\u11ff\u1780-\u17dd\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]"
_CHINESE_OR_JAPANESE = "[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"

_ascii_words = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*").findall
_words = re.compile(rf"[^\W_][^\W_{_MARKS}]*(?:[{_MARKS}'][^\W_{_MARKS}]*)*".replace(f"[^\\W_{_MARKS}]", "[^\\W_]")).findall
