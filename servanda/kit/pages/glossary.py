"""The words of the field, from one data file: what each is called and means, in every language that has it."""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

FILE = Path(__file__).resolve().parents[2] / "help" / "glossary.json"
FALLBACK = "en"
ARABIC_ARTICLE = re.compile(r"^ال")


class Entry(NamedTuple):
    slug: str
    label: str
    definition: str
    language: str  # of label and definition: English where the wanted language has none
    forms: tuple[str, ...]  # how else the word stands in a sentence
    others: tuple[tuple[str, str], ...]  # language and label
    source: str

    @property
    def letter(self) -> str:
        return sort_key(self.label)[:1].upper()


def sort_key(label: str) -> str:
    """Without accents, case and the Arabic article, so that É stands under E on every machine."""
    plain = unicodedata.normalize("NFD", ARABIC_ARTICLE.sub("", label))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """The whole glossary for readers of this language, in the order of its letters."""
    found = [entry(slug, kept, language) for slug, kept in json.loads(FILE.read_text(encoding="utf-8")).items()]
    return tuple(sorted(found, key=lambda one: sort_key(one.label)))


def entry(slug: str, kept: dict, language: str) -> Entry:
    languages = kept["languages"]
    shown = language if language in languages else FALLBACK
    said = languages[shown]
    others = tuple((code, one["label"]) for code, one in languages.items() if code != shown)
    return Entry(
        slug, said["label"], said["definition"], shown, tuple(said.get("forms", ())), others, kept.get("source", "")
    )


@cache
def by_slug(language: str) -> dict[str, Entry]:
    return {one.slug: one for one in entries(language)}


def matching(words: str, language: str) -> list[Entry]:
    """Entries that have all these words in their label, another language's label, or the definition."""
    wanted = sort_key(words).split()
    return [one for one in entries(language) if all(word in searched(one) for word in wanted)]


def searched(one: Entry) -> str:
    return sort_key(" ".join([one.label, one.definition, *one.forms, *(label for _code, label in one.others)]))


def term(slug: str, words: str, language: str, place: str) -> SafeString:
    """These words, with what they mean a key, a touch or a pointer away; `place` keeps the ids of a page apart."""
    one = by_slug(language)[slug]
    html = render_to_string("parts/term.html", {"entry": one, "words": words, "id": f"{place}-{slug}"})
    return mark_safe(html.strip())  # a template of ours, which escapes the words


@cache
def pattern(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Finds every label and form, the longest first, and tells whose it is."""
    slugs = {form.casefold(): one.slug for one in entries(language) for form in (one.label, *one.forms)}
    longest_first = sorted(slugs, key=len, reverse=True)
    words = "|".join(re.escape(form) for form in longest_first)
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE), slugs


def explain(escaped: SafeString, language: str, place: str) -> SafeString:
    """A text without markup in which each word of the glossary is explained where it stands first."""
    found, slugs = pattern(language)
    return mark_safe(found.sub(first_only(slugs, language, place), escaped))


def first_only(slugs: dict[str, str], language: str, place: str) -> Callable[[re.Match[str]], str]:
    seen: set[str] = set()

    def replace(match: re.Match[str]) -> str:
        slug = slugs[match[0].casefold()]
        if slug in seen:
            return match[0]
        seen.add(slug)
        return term(slug, match[0], language, place)

    return replace
