"""The one builder of reference codes (`SVN-UPR-4-140.10`, `PER-CRC-2016-30`) and of the key that sorts them.

A complete code never changes. One that lacks its year ("-0-") or its number ("-x") is replaced once that is known,
and the former code still leads to the record. Records with the same stem (lettered items, halves of a paragraph) are
distinguished by `~2`, `~3` in the order of their arrival.
"""

import re

DIGITS = re.compile(r"\d+")
UNSAFE = re.compile(r"[^0-9A-Za-z.]+")


def stem(*, country: str, body: str, cycle: int = 0, year: int = 0, paragraph: str = "") -> str:
    parts = [country or "INT", UNSAFE.sub(".", body).strip("."), str(cycle or year or 0)]
    parts.append(UNSAFE.sub(".", paragraph).strip(".") or "x")
    return "-".join(parts)[:72]


def is_provisional(code_stem: str) -> bool:
    """Whether a code lacks its State, its year or its number."""
    country, _body, year, paragraph = (*code_stem.split("-", 3), "", "", "")[:4]
    return country == "INT" or year == "0" or paragraph == "x"


def nth(code_stem: str, number: int) -> str:
    """The code of the number-th record of a stem; the first is the stem itself."""
    return code_stem if number == 1 else f"{code_stem}~{number}"


def prefix_of(code_stem: str) -> str:
    """The stem without its paragraph: what the records of one document, or of one review, have in common."""
    return code_stem.rsplit("-", 1)[0]


def order_key(prefix: str, paragraph: str, order: int | None = None) -> str:
    """A key that sorts numbers naturally on every database: 140.2 before 140.10."""
    key = DIGITS.sub(lambda match: match.group().lstrip("0").zfill(6), f"{prefix} {paragraph}")
    return f"{key} {order or 0:06d}"[:120]
