"""Texts that people write in Markdown, as safe HTML."""

import re
from urllib.parse import quote

import nh3
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre", "strong"}
TAGS |= {"table", "tbody", "td", "th", "thead", "tr", "ul"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
HIGHEST = 3  # headings of a text come below those of the page
LOWEST = 5
SIGNS = re.compile(r"([\\`*_\[\]<>|#]|(?<=^)[-+](?=\s)|(?<=\d)[.)](?=\s))", re.M)
WORDS = re.compile(r"(\w+)")
UNSAFE_IN_LINK = re.compile(r"[()<>\[\]\\\s]")


def reader() -> MarkdownIt:
    """What is understood: CommonMark without HTML and pictures, with tables."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def as_html(text: str) -> SafeString:
    """HTML stays text, pictures are left out, and links lead to the web or to mails only."""
    markdown = reader()
    tokens = markdown.parse(text.replace("\0", ""))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + HIGHEST - 1, LOWEST)}"
    html = markdown.renderer.render(tokens, markdown.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener")
    return mark_safe(clean)


def escaped(text: str) -> str:
    """A text in which no sign is one of Markdown."""
    return SIGNS.sub(r"\\\1", text)


def link_address(address: str) -> str:
    """An address that cannot end the link around it."""
    return UNSAFE_IN_LINK.sub(lambda sign: quote(sign[0]), address)


def with_examples(text: str) -> SafeString:
    """A hint in which examples of Markdown are marked like `**this**`. They run from left to right in every language:
    each word is isolated, otherwise the signs between two Arabic words would change places."""
    pieces = text.split("`")
    return format_html_join(
        "", "{}", ((example(piece) if place % 2 else piece,) for place, piece in enumerate(pieces))
    )


def example(text: str) -> SafeString:
    pieces = [format_html("<bdi>{}</bdi>", part) if WORDS.fullmatch(part) else part for part in WORDS.split(text)]
    return format_html('<code dir="ltr">{}</code>', format_html_join("", "{}", ((piece,) for piece in pieces)))


with_examples_lazy = lazy(with_examples, SafeString)
