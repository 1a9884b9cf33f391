"""The glossary, from one data file: label and definition of each term in every language that has them."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
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
    forms: tuple[str, ...]  # inflected forms of the label
    others: tuple[tuple[str, str], ...]  # language and label
    source: str

    @property
    def letter(self) -> str:
        return sort_key(self.label)[:1].upper()


def sort_key(label: str) -> str:
    """Without accents, case and the Arabic article, so that É sorts under E on every machine."""
    plain = unicodedata.normalize("NFD", ARABIC_ARTICLE.sub("", label))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """The whole glossary for readers of this language, in alphabetical order."""
    glossary = [
        entry(slug, record, language) for slug, record in json.loads(FILE.read_text(encoding="utf-8")).items()
    ]
    return tuple(sorted(glossary, key=lambda item: sort_key(item.label)))


def entry(slug: str, record: dict, language: str) -> Entry:
    languages = record["languages"]
    shown = language if language in languages else FALLBACK
    translation = languages[shown]
    other_labels = tuple((code, other["label"]) for code, other in languages.items() if code != shown)
    return Entry(
        slug,
        translation["label"],
        translation["definition"],
        shown,
        tuple(translation.get("forms", ())),
        other_labels,
        record.get("source", ""),
    )


@cache
def by_slug(language: str) -> dict[str, Entry]:
    return {item.slug: item for item in entries(language)}


def matching(words: str, language: str) -> list[Entry]:
    """Entries that have all these words in their label, another language's label, or the definition."""
    wanted = sort_key(words).split()
    return [item for item in entries(language) if all(word in searchable_text(item) for word in wanted)]


def searchable_text(item: Entry) -> str:
    return sort_key(" ".join([item.label, item.definition, *item.forms, *(label for _code, label in item.others)]))


def term(slug: str, shown: str, language: str, place: str, *, after: str = "") -> SafeString:
    """The words with a pop-up that explains them; `place` keeps the ids on a page unique. `after`: punctuation that
    begins no line."""
    item = by_slug(language)[slug]
    shown_here = {"entry": item, "words": shown, "id": f"{place}-{slug}", "after": after}
    html = render_to_string("parts/term.html", shown_here)
    return mark_safe(html.strip())  # a template of ours, which escapes the words


@cache
def pattern(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern that matches every label and form, the longest first, and the slug of each."""
    slugs = {form.casefold(): item.slug for item in entries(language) for form in (item.label, *item.forms)}
    longest_first = sorted(slugs, key=len, reverse=True)
    alternatives = "|".join(re.escape(form) for form in longest_first)
    return re.compile(rf"(?<![\w-])({alternatives})(?![\w-])([.,;:!?)؟،؛]*)", re.IGNORECASE), slugs


def explain(escaped: SafeString, language: str, place: str, *, without: Iterable[str] = ()) -> SafeString:
    """An escaped text in which the first use of each term of the glossary is explained; `without` are slugs of terms
    that have another meaning there."""
    terms, slugs = pattern(language)
    return mark_safe(terms.sub(first_only(slugs, language, place, set(without)), escaped))


def first_only(
    slugs: dict[str, str], language: str, place: str, explained: set[str]
) -> Callable[[re.Match[str]], str]:

    def replace(match: re.Match[str]) -> str:
        slug = slugs[match[1].casefold()]
        if slug in explained:
            return match[0]
        explained.add(slug)
        return term(slug, match[1], language, place, after=match[2])

    return replace
