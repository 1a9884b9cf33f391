"""In which of the languages of an installation a text is written."""

import re
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import eld
from eld import LanguageDetector

SHORTEST = 12  # letters of an alphabet: in less, names and symbols weigh more than words
LOOKED_AT = 160  # characters: more changes no answer and takes longer, and an import asks 250,000 times
# Measured on 659 texts in each of en, fr, es: below LIKENESS are languages taken for another, within
# LEAD of each other are neighbours such as Spanish and Portuguese in short texts.
LIKENESS = 0.45
LEAD = 0.05

# Known besides the wanted ones, so that a language that is not wanted is not taken for its neighbour.
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
# What a language does not write: a text that has more of it is in a neighbour. In Russian the hard
# sign stands before a few vowels only, in Bulgarian it is a vowel itself.
_NOT_ITS_OWN = {
    "ru": re.compile(r"[\u0450-\u045f\u0404-\u0407\u0408-\u040f\u0490-\u052f]|[ъЪ](?![еёюяЕЁЮЯ])(?=\w)"),
    "ar": re.compile(r"[\u0679-\u06d3]"),
}
STRANGE = 0.02  # of the letters; a name or a slip stays below
_small_latin = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u00ff]")
_latin = re.compile(r"[a-zA-Z\u00c0-\u024f]")


def identify(text: str, *, among: Sequence[str], likely: Sequence[str] = ()) -> str:
    """The language out of `among` that the text is written in; "" when it is too short, not sure, or begins in one
    language and ends in another. Of two neighbours that cannot be told apart, the one among `likely` is taken."""
    found = _language_of(text[:LOOKED_AT], among, likely)
    if found and len(text) >= 2 * LOOKED_AT and _language_of(text[-LOOKED_AT:], among, likely) not in (found, ""):
        return ""
    return found


def _language_of(start: str, among: Sequence[str], likely: Sequence[str] = ()) -> str:
    if not start.isascii():
        for script, languages in _NOT_LATIN.items():
            letters = len(script.findall(start))
            if letters and letters >= len(_latin.findall(start)):
                small = len(_small_latin.findall(start))  # capital letters are those of symbols
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
    (best, first), *others = _likenesses(text, languages) or [("", 0.0)]
    return best if not others or first - others[0][1] >= LEAD else ""


def _is_strange(text: str, language: str) -> bool:
    strange = _NOT_ITS_OWN.get(language)
    return strange is not None and len(strange.findall(text)) > STRANGE * sum(map(str.isalpha, text))


def _likenesses(text: str, languages: tuple[str, ...]) -> list[tuple[str, float]]:
    """The languages that the text may be in, with how alike it is (0 to about 1), the most alike first."""
    detector = _detector(languages)
    scores: dict[str, float] = (detector.detect(text).scores() or {}) if detector else {}
    return list(scores.items())


@lru_cache(maxsize=1)  # eld holds one table for the whole process
def _detector(languages: tuple[str, ...]) -> LanguageDetector | None:
    """A detector that knows these languages alone, or None when it knows none of them."""
    name = _subset(languages) if languages else ""
    if not name:
        return None
    detector = LanguageDetector(name)
    return detector if detector.dynamic_lang_subset(list(languages)).success else None


def _subset(languages: tuple[str, ...]) -> str:
    """The name of eld's table of these languages alone, made once in a process of its own; "" if it knows none.

    The table of all languages takes 400 MB of memory, that of four takes 45. Where the folder of the
    package cannot be written to, the whole table serves.
    """
    languages = tuple(sorted({*languages, *_COMPARED}))
    name = f"servanda-{'-'.join(languages)}"
    if (_TABLES / f"{name}.py").is_file():
        return name
    made = subprocess.run(
        [sys.executable, "-c", _MAKE_SUBSET, str(_TABLES), name, *languages],
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()
