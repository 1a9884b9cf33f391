"""Which files a run by marks can leave out."""

import re

NAMED_IN_FILES = {"database", "static"}


def mark_of_all(expression: str) -> str | None:
    """The mark of `-m` that every test has which the expression chooses, if its file names it (test_marks.py)."""
    first = re.match(r"\w+(?=$| and )", expression)
    is_needed = first is not None and not re.search(r"\bor\b", expression)
    return first[0] if is_needed and first[0] in NAMED_IN_FILES else None
