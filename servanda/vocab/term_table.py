"""A table of terms as people paste it out of a spreadsheet: code, parent, one label for each language."""

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from servanda.vocab.services.editing import TableRow

MOST_CHARACTERS = 500_000
MOST_ROWS = 2_000
MOST_LEVELS = 3
MOST_MISTAKES = 20  # shown at once; more of them mean that the wrong table was pasted
LONGEST_CODE = 80
LONGEST_LABEL = 300
LONGEST_SHIPPED = 1000  # targets of the SDGs are whole sentences
SEPARATORS = ("\t", ";", ",")
LANGUAGE = re.compile(r"[a-z]{2,3}")
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def read_table(text: str, *, known: dict[str, int], may_add: bool) -> tuple[list[TableRow], list[str]]:
    """The rows of a table and sentences on its mistakes. `known` has the level of each existing term by its code."""
    heads, lines = lines_of(NOT_TEXT.sub("", text).strip("\r\n"))
    mistakes = mistakes_of_heads(heads)
    if mistakes:
        return [], mistakes
    rows = [table_row(number, dict(zip(heads, cells, strict=False))) for number, cells in lines]
    if not rows:
        return [], [_("Enter at least one term below the first line.")]
    if len(rows) > MOST_ROWS:
        return [], [_("The table has more than %(most)s lines. Paste it in parts.") % {"most": MOST_ROWS}]
    longest = LONGEST_LABEL if may_add else LONGEST_SHIPPED
    mistakes = [
        mistake for row, level in with_levels(rows, known) for mistake in mistakes_of_row(row, level, longest)
    ]
    mistakes += mistakes_of_repeated_codes(rows)
    if not may_add:
        mistakes += mistakes_of_unknown_codes(rows, known)
    return rows, mistakes[:MOST_MISTAKES]


def lines_of(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The column heads in lower case, and each line that is not empty with its number."""
    first = text.partition("\n")[0]
    separator = next((sign for sign in SEPARATORS if sign in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    heads = [cell.strip().lower() for cell in next(reader, [])]
    return heads, [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]


def table_row(number: int, cells: dict[str, str]) -> TableRow:
    cells = {head: " ".join(cell.split()) for head, cell in cells.items()}
    code, parent = cells.pop("code"), cells.pop("parent", "")
    return TableRow(number, code, parent, {language: label for language, label in cells.items() if label})


def mistakes_of_heads(heads: list[str]) -> list[str]:
    languages = [head for head in heads if head not in ("code", "parent")]
    unknown = [head or _("(empty)") for head in languages if not LANGUAGE.fullmatch(head)]
    if "code" not in heads or not languages:
        return [_("The first line must name the columns: code, parent, then languages such as en, fr, ar.")]
    if unknown:
        sentence = _("Unknown column “%(head)s”. Use the heading code, parent or a language such as en, fr, ar.")
        return [sentence % {"head": head} for head in unknown]
    if len(set(heads)) < len(heads):
        return [_("Two columns have the same heading. Use each heading once.")]
    return []


def with_levels(rows: list[TableRow], known: dict[str, int]) -> Iterator[tuple[TableRow, int | None]]:
    """Each row with its level; None if its parent is neither an existing term nor a row above it."""
    levels: dict[str, int] = dict(known)
    for row in rows:
        parent_level = levels.get(row.parent) if row.parent else -1
        level = known.get(row.code, None if parent_level is None else parent_level + 1)
        yield row, level
        if level is not None:
            levels[row.code] = level


def mistakes_of_row(row: TableRow, level: int | None, longest: int) -> list[str]:
    values = {"longest": longest, "line": row.line, "code": row.code, "parent": row.parent, "most": MOST_LEVELS}
    mistakes = []
    if not row.code:
        mistakes.append(_("Line %(line)s: enter a code."))
    if not row.label:
        mistakes.append(_("Line %(line)s: enter a label in at least one language."))
    if level is None:
        mistakes.append(_("Line %(line)s: the parent “%(parent)s” does not exist. Add it in a line above."))
    elif level >= MOST_LEVELS:
        mistakes.append(_("Line %(line)s: choose a parent at a higher level. At most %(most)s levels are possible."))
    if len(row.code) > LONGEST_CODE:
        mistakes.append(_("Line %(line)s: shorten the code to at most 80 characters."))
    if any(len(label) > longest for label in row.label.values()):
        mistakes.append(_("Line %(line)s: shorten labels to at most %(longest)s characters."))
    return [mistake % values for mistake in mistakes]


def mistakes_of_repeated_codes(rows: list[TableRow]) -> list[str]:
    first: dict[str, int] = {}
    sentence = _("Lines %(first)s and %(line)s have the same code “%(code)s”. Enter a different code for each term.")
    return [
        sentence % {"line": row.line, "code": row.code, "first": first[row.code]}
        for row in rows
        if row.code and first.setdefault(row.code, row.line) != row.line
    ]


def mistakes_of_unknown_codes(rows: list[TableRow], known: dict[str, int]) -> list[str]:
    sentence = _(
        "Line %(line)s: remove the line. This list has no term “%(code)s”, and its terms come with Servanda."
    )
    return [sentence % {"line": row.line, "code": row.code} for row in rows if row.code and row.code not in known]
