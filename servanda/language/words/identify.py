"""Identifies the language of a text among those of the installation."""

import re
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import eld
from eld import LanguageDetector

KNOWN_LANGUAGES = ("en", "es", "fr", "pt", "ar", "ru", "zh")  # of the United Nations, and Portuguese
SHORTEST = 12  # letters: in shorter texts, names and symbols outweigh words
LOOKED_AT = 160  # characters: more do not change the result but take longer, and an import identifies 250,000 texts
# Measured on 659 texts in each of en, fr, es: results below LIKENESS are often wrong, and results within LEAD of
# each other are similar languages, such as Spanish and Portuguese in short texts.
LIKENESS = 0.45
LEAD = 0.05

# Always compared, so that a language that is not among the candidates is not mistaken for a similar one.
_COMPARED = ("de", "en", "es", "fr", "it", "pt")
_TABLES = Path(eld.__file__).parent / "resources" / "ngrams" / "subset"
_MAKE_SUBSET = """
import os, pathlib, sys
from eld import LanguageDetector
folder, name, languages = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
writable = os.access(folder, os.W_OK)
made = LanguageDetector().lang_subset(languages, save=writable)
if made.success and writable:
    (folder / (made.file + ".py")).replace(folder / (name + ".py"))
print((name if writable else "ngramsM60") if made.success else "")
"""

_NOT_LATIN = {
    re.compile(r"[\u0620-\u064a\u066e-\u06d3]"): {"ar", "fa", "ku", "ps", "ur"},
    re.compile(r"[\u0400-\u052f]"): {"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"},
    re.compile(r"[\u3041-\u30ff]"): {"ja"},
    re.compile(r"[\u3400-\u9fff]"): {"zh"},
    re.compile(r"[\uac00-\ud7a3]"): {"ko"},
    re.compile(r"[\u0370-\u03ff]"): {"el"},
    re.compile(r"[\u05d0-\u05ea]"): {"he"},
    re.compile(r"[\u0900-\u097f]"): {"hi", "mr", "ne"},
}
# Characters that a language does not use: a text with more of them is in a similar language. In Russian the hard
# sign comes only before a few vowels, in Bulgarian it is a vowel itself.
_NOT_ITS_OWN = {
    "ru": re.compile(r"[\u0450-\u045f\u0404-\u0407\u0408-\u040f\u0490-\u052f]|[ъЪ](?![еёюяЕЁЮЯ])(?=\w)"),
    "ar": re.compile(r"[\u0679-\u06d3]"),
}
STRANGE = 0.02  # share of the letters; names and typing errors stay below
_small_latin = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u00ff]")
_latin = re.compile(r"[a-zA-Z\u00c0-\u024f]")


def identify(text: str, *, among: Sequence[str], likely: Sequence[str] = ()) -> str:
    """The language of the text, out of `among`; "" where the text is too short, uncertain, or begins and ends in
    different languages. Of two languages that cannot be distinguished, the one in `likely` is taken."""
    language = _language_of(text[:LOOKED_AT], among, likely)
    if (
        language
        and len(text) >= 2 * LOOKED_AT
        and _language_of(text[-LOOKED_AT:], among, likely) not in (language, "")
    ):
        return ""
    return language


def _language_of(start: str, among: Sequence[str], likely: Sequence[str] = ()) -> str:
    if not start.isascii():
        for script, languages in _NOT_LATIN.items():
            letters = len(script.findall(start))
            if letters and letters >= len(_latin.findall(start)):
                small = len(_small_latin.findall(start))  # capital letters are those of document symbols
                if small >= SHORTEST and small * 3 >= letters:
                    return ""
                return _of_a_script(start, tuple(language for language in among if language in languages))
    if len(_latin.findall(start)) < SHORTEST:
        return ""
    scores = _likenesses(start, tuple(among))
    close = [(language, score) for language, score in scores if score > scores[0][1] - LEAD]
    if len(close) > 1:
        close = [(language, score) for language, score in close if language in likely]
    return close[0][0] if len(close) == 1 and close[0][1] >= LIKENESS else ""


def _of_a_script(text: str, languages: tuple[str, ...]) -> str:
    if len(languages) < 2:
        return "".join(language for language in languages if not _is_strange(text, language))
    (best, first), *runners_up = _likenesses(text, languages) or [("", 0.0)]
    return best if not runners_up or first - runners_up[0][1] >= LEAD else ""


def _is_strange(text: str, language: str) -> bool:
    strange = _NOT_ITS_OWN.get(language)
    return strange is not None and len(strange.findall(text)) > STRANGE * sum(map(str.isalpha, text))


def _likenesses(text: str, languages: tuple[str, ...]) -> list[tuple[str, float]]:
    """Possible languages with their scores (0 to about 1), the highest first."""
    detector = _detector(languages)
    scores: dict[str, float] = (detector.detect(text).scores() or {}) if detector else {}
    return list(scores.items())


@lru_cache(maxsize=1)  # eld has one table for the whole process
def _detector(languages: tuple[str, ...]) -> LanguageDetector | None:
    """A detector for these languages only; None where it knows none of them."""
    name = _subset(languages) if languages else ""
    if not name:
        return None
    detector = LanguageDetector(name)
    return detector if detector.dynamic_lang_subset(list(languages)).success else None


def _subset(languages: tuple[str, ...]) -> str:
    """The name of eld's table of these languages only, made once in a process of its own; "" if it knows none.

    The table of all languages takes 400 MB of memory, one of four takes 45 MB. Where the package's folder is not
    writable, the full table is used.
    """
    languages = tuple(sorted({*languages, *_COMPARED}))
    name = f"servanda-{'-'.join(languages)}"
    if (_TABLES / f"{name}.py").is_file():
        return name
    result = subprocess.run(
        [sys.executable, "-c", _MAKE_SUBSET, str(_TABLES), name, *languages],
        check=True,
        capture_output=True,
        text=True,
    )
    return result.stdout.strip()
