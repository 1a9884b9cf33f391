"""Short help for every page, from Markdown files that can be edited without touching the program."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nh3
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from markdown_it import MarkdownIt
from markdown_it.token import Token

from servanda.kit.pages import glossary

FOLDER = Path(__file__).resolve().parents[2] / "help"
FALLBACK = "en"
TERM = "term:"
TAGS = {"a", "button", "code", "em", "h2", "li", "ol", "p", "span", "strong", "ul"}
ATTRIBUTES = {
    "a": {"href"},
    "button": {"type", "class", "popovertarget", "aria-describedby"},
    "span": {"class", "id", "popover", "lang", "dir"},
}


class Help(NamedTuple):
    html: SafeString
    language: str
    is_fallback: bool

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"


@cache
def shared() -> dict[str, str]:
    """Pages that share the help of another page."""
    with (FOLDER / "shared.csv").open(encoding="utf-8", newline="") as file:
        return {row["page"]: row["help"] for row in csv.DictReader(file)}


def file_of(page: str, language: str) -> Path:
    """The file of a page's help; `page` is the name of its URL pattern."""
    return FOLDER / language / f"{shared().get(page, page).replace(':', '.')}.md"


@cache
def pages_with_help() -> frozenset[str]:
    """The names of all pages that have help."""
    own = (path.stem.replace(".", ":") for path in (FOLDER / FALLBACK).glob("*.md"))
    return frozenset(own) | shared().keys()


@cache
def help_for(page: str, language: str) -> Help | None:
    """The help of a page in this language, else in English, else none."""
    for help_language in (language, FALLBACK):
        file = file_of(page, help_language)
        if file.is_file():
            with translation.override(language):
                html = rendered(file.read_text(encoding="utf-8"), help_language)
            return Help(html, help_language, is_fallback=help_language != language)
    return None


def rendered(text: str, language: str) -> SafeString:
    """Markdown without HTML; `[words](name-of-address)` leads to a page, `[words](term:slug)` explains a word."""
    reader = MarkdownIt("commonmark", {"html": False})
    tokens = reader.parse(text)
    for token in tokens:
        if token.children:
            token.children = resolved(token.children, language)
    html = reader.renderer.render(tokens, reader.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel=None)
    return mark_safe(clean)


def resolved(children: list[Token], language: str) -> list[Token]:
    """Replace links to URL names by addresses, and links to terms by explanations."""
    resolved_tokens: list[Token] = []
    waiting = iter(children)
    for token in waiting:
        target = str(token.attrs.get("href", ""))
        if token.type != "link_open":
            resolved_tokens.append(token)
        elif target.startswith(TERM):
            resolved_tokens.append(explained(target.removeprefix(TERM), link_text(waiting), language))
        else:
            token.attrs["href"] = address(target)
            resolved_tokens.append(token)
    return resolved_tokens


def link_text(waiting: Iterator[Token]) -> str:
    """The text up to the end of the link."""
    words = []
    for token in waiting:
        if token.type == "link_close":
            break
        words.append(token.content)
    return "".join(words)


def explained(slug: str, words: str, language: str) -> Token:
    return Token("html_inline", "", 0, content=glossary.term(slug, words, language, "help"))


def address(target: str) -> str:
    """The address for `portal:glossary#cycle`: the name of a URL pattern, and optionally a fragment."""
    name, hash_sign, place = target.partition("#")
    return f"{reverse(name)}{hash_sign}{place}"
