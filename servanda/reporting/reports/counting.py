"""The words of a section, as the limit of the report counts them."""

import re

from markdown_it.token import Token

from servanda.kit.pages.markdown import GAP, reader
from servanda.language.words.counting import count_words
from servanda.reporting.reports import quoting

MARK = re.compile(r"\[\^\d+\]")  # where an endnote goes; endnotes do not count


def plain_text(markdown: str) -> str:
    """The text as it is printed, without the signs of Markdown and the marks of endnotes."""
    parts = []
    for token in reader().parse(MARK.sub("", markdown.replace("\0", ""))):
        if token.type == "inline":
            parts.append(inline_text(token))
        elif token.type in ("code_block", "fence"):
            parts.append(token.content)
    return "\n".join(parts)


def inline_text(token: Token) -> str:
    return "".join(written(child.type, child.content) for child in token.children or [] if GAP not in child.meta)


def written(kind: str, content: str) -> str:
    return "\n" if kind in ("softbreak", "hardbreak") else content


def words_of(markdown: str) -> int:
    """Headings, paragraphs, lists, quotations and tables count; endnotes, addresses of links and gaps, which are not
    submitted, do not."""
    return count_words(plain_text(quoting.GAP.sub("", markdown)))


NEAR, FULL = 90, 100  # per cent of a limit


def warning_of(words: int, limit: int | None) -> str:
    """How near a text is to its limit: "near" from 90 per cent, "over" above 100, otherwise nothing."""
    if not limit or words * FULL < limit * NEAR:
        return ""
    return "over" if words > limit else "near"
