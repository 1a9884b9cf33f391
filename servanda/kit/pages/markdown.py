"""Texts that people write in Markdown, as safe HTML."""

import re
from urllib.parse import quote

import nh3
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore

TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "hr", "li", "ol", "p", "pre", "strong"}
TAGS |= {"table", "tbody", "td", "th", "thead", "tr", "ul"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
MOST_CELLS = 20_000  # of all tables of a text
HIGHEST = 3  # headings of a text come below those of the page
LOWEST = 5
SIGNS = re.compile(r"([\\`*_\[\]<>|#]|&(?=#?\w+;)|(?<=^)[-+](?=\s))", re.M)
LIST_NUMBERS = re.compile(r"^([ \t]*\d+)([.)])(?=\s|$)", re.M)
WORD_BULLETS = re.compile(r"^( {0,3})[•▪◦‣●○·\uf0b7\uf0a7][ \t\u00a0]+", re.M)
LETTER_BULLETS = re.compile(r"^o\t", re.M)  # Word prints those of its second level in a font in which it is a ring
BREAKS_IN_LINES = re.compile("[\v\f\u2028\u2029]")
CELLS = "cells"  # how many the tables have so far
GAP = "gap"  # marks a token in whose place something was left out
WORDS = re.compile(r"(\w+)")
UNSAFE_IN_LINK = re.compile(r"[()<>\[\]\\\s]")


def reader() -> MarkdownIt:
    """What is understood: CommonMark without HTML, with tables. Bullets of Word make a list; in the place of a
    picture is a gap with its text alternative."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.block.ruler.at("table", table_within_bounds, {"alt": ["paragraph", "reference"]})
    markdown.core.ruler.after("normalize", "tidy", tidy)
    markdown.core.ruler.push("gaps", leave_pictures_out)
    return markdown


def table_within_bounds(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 -- a rule
    """Short rows of a table are completed, so that a few signs make tens of thousands of cells. What goes beyond
    `MOST_CELLS`, and all tables after it, stays text as it was typed."""
    if silent or not table(state, start, end, True):  # noqa: FBT003 -- the signature of a rule
        return table(state, start, end, True)  # noqa: FBT003 -- the signature of the library
    columns = state.getLines(start, start + 1, 0, False).count("|") + 1  # noqa: FBT003 -- the signature of the library
    room = MOST_CELLS - state.env.get(CELLS, 0)
    rows = 1
    for line in range(start + 2, end):
        if state.isEmpty(line) or rows * columns > room:
            break
        rows += 1
    state.env[CELLS] = state.env.get(CELLS, 0) + rows * columns
    return rows * columns <= room and table(state, start, end, silent)


def tidy(state: StateCore) -> None:
    """The number of lines stays the same."""
    state.src = LETTER_BULLETS.sub("  - ", WORD_BULLETS.sub(r"\1- ", BREAKS_IN_LINES.sub(" ", state.src)))


def leave_pictures_out(state: StateCore) -> None:
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "image":
                child.type, child.tag, child.meta = "text", "", {GAP: True}
                child.content = _("[Picture left out: %(picture)s]") % {"picture": child.content or _("no title")}


def as_html(text: str) -> SafeString:
    """HTML stays text, pictures are gaps, and links lead to the web or to mails only."""
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
    return LIST_NUMBERS.sub(r"\1\\\2", SIGNS.sub(r"\\\1", text))


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
