"""What a text contains and the printed report leaves out, in sentences for whoever writes it."""

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from servanda.kit.pages.markdown import GAP, reader

# They change the direction of everything after them, even beyond the text.
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def left_out_of(markdown: str) -> list[str]:
    """Pictures, table cells beyond the last column, and characters that change the direction."""
    text = markdown.replace("\r\n", "\n").replace("\0", "")
    tokens = reader().parse(text)
    pictures = sum(GAP in child.meta for token in tokens for child in token.children or [])
    cells = list(cells_outside(tokens, text.split("\n")))
    sentences = []
    if pictures:
        sentence = ngettext(
            "%(count)d picture is left out of the report. Describe it in words.",
            "%(count)d pictures are left out of the report. Describe them in words.",
            pictures,
        )
        sentences.append(sentence % {"count": pictures})
    if cells:
        sentence = _("These cells are left out, because the first row of their table has fewer columns: %(cells)s.")
        sentences.append(sentence % {"cells": ", ".join(f"“{cell}”" for cell in cells)})
    if marks := len(DIRECTIONS.findall(text)):
        sentence = ngettext(
            "%(count)d invisible character that changes the direction of the text is left out of the report.",
            "%(count)d invisible characters that change the direction of the text are left out of the report.",
            marks,
        )
        sentences.append(sentence % {"count": marks})
    return sentences


def cells_outside(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[str]:
    columns = 0
    for token in tokens:
        if token.type == "table_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and token.map:
            row = lines[token.map[0]].strip().removeprefix("|")
            cells = [cell.strip() for cell in escapedSplit(row)]
            yield from filter(None, cells[columns:] if columns else [])
