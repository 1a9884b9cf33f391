"""Stems of words. Spellings are normalised first, so that accents and vowel signs need not be typed.

Words whose stem has another meaning as well are listed in `words_apart/`, with the token that replaces the stem.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from snowballstemmer.arabic_stemmer import ArabicStemmer
from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.french_stemmer import FrenchStemmer
from snowballstemmer.portuguese_stemmer import PortugueseStemmer
from snowballstemmer.russian_stemmer import RussianStemmer
from snowballstemmer.spanish_stemmer import SpanishStemmer

# Explicit classes: snowballstemmer.stemmer() would use PyStemmer where installed, which has other stems.
_STEMMERS = {
    "ar": ArabicStemmer,
    "en": EnglishStemmer,
    "es": SpanishStemmer,
    "fr": FrenchStemmer,
    "pt": PortugueseStemmer,
    "ru": RussianStemmer,
}
STEMMED = frozenset(_STEMMERS)
WORDS_APART = Path(__file__).parents[1] / "words_apart"
KEPT = 50_000  # cached stems of all languages; texts repeat the same words

# Irregular plurals, which should be found together.
_IRREGULAR = {"en": {"children": "child", "women": "woman", "men": "man"}}

# Accents are removed before stemming, so that "educacion" finds "educación"; endings that the stemmer knows only with
# their accent get it back.
_ACCENTS_GIVEN_BACK = {
    "es": ((re.compile(r"([cs])ion$"), r"\1ión"), (re.compile(r"ia(s?)$"), r"ía\1")),
    "fr": (
        (re.compile(r"ite(s?)$"), r"ité\1"),
        (re.compile(r"ee(s?)$"), r"ée\1"),
        (re.compile(r"iere(s?)$"), r"ière\1"),
    ),
    "pt": (
        (re.compile(r"cao$"), "ção"),
        (re.compile(r"coes$"), "ções"),
        (re.compile(r"encia(s?)$"), r"ência\1"),
    ),
    "ar": ((re.compile(r"^[وف](?=(?:[بك]?ال|لل)..)"), ""), (re.compile(r"(?<=...)ه$"), "ة")),
}

_LATIN_OR_GREEK_ACCENTS = re.compile(r"([A-Za-zͰ-Ͽ])[\u0300-\u036f]+")
_LOOSE_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_ARABIC_SIGNS = re.compile(r"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]+")
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ё": "е",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه",
    }
)  # fmt: skip


def fold(word: str) -> str:
    """The word without Latin and Greek accents, Arabic vowel signs and variant letters, and with ASCII digits."""
    if word.isascii():
        return word
    spelt = unicodedata.normalize("NFC", _LATIN_OR_GREEK_ACCENTS.sub(r"\1", unicodedata.normalize("NFD", word)))
    spelt = _ARABIC_SIGNS.sub("", _LOOSE_ACCENTS.sub("", spelt)).translate(_LETTERS)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in spelt)


@cache
def families(language: str) -> dict[str, str]:
    """The words of a language that are not stemmed, folded, each with the common token of its forms."""
    listed = WORDS_APART / f"{language.partition('-')[0]}.txt"
    if not language or not listed.exists():
        return {}
    lines = listed.read_text(encoding="utf-8").splitlines()
    rows = [[fold(form.casefold()) for form in line.split()] for line in lines if not line.startswith("#")]
    return {form: row[-1] for row in rows for form in row}


@lru_cache(maxsize=KEPT)
def stem(word: str, language: str) -> str:
    folded = fold(word)
    return families(language).get(folded) or stem_by_rule(folded, language)


def stem_by_rule(word: str, language: str) -> str:
    """The stem of a folded word by the stemmer, ignoring the lists."""
    base = language.partition("-")[0]
    stemmer = _STEMMERS.get(base)
    if stemmer is None or not word.isalpha():
        return word
    singular = _IRREGULAR.get(base, {}).get(word, word)
    for ending, accented in _ACCENTS_GIVEN_BACK.get(base, ()):
        singular = ending.sub(accented, singular)
    return fold(stemmer().stemWord(singular)) or word
