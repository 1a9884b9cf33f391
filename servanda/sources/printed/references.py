"""Numbers of recommendations in a text: "115.1, 115.3-115.7", "122.17-18", "1-5, 14 and 16"."""

import re
from collections.abc import Set

from servanda.kit.patterns import lazy_pattern

DASH = r"[-‐-―\u2212\u0002]"
ONE = r"\d{1,3}(?:\s?\.\s?\d{1,3}(?!\d))?\.?"
BETWEEN = rf"(?:\s*(?:,|;|&|/|\band\b|\bto\b|\bthrough\b|\bet\b|\by\b|\bà\b|\bal?\b|{DASH})\s*)+"
LIST = lazy_pattern(rf"(?<![\w./-]){ONE}(?:(?:{BETWEEN}|\s+)(?:nos?\.?\s*)?{ONE}(?![\w%]))*", re.I)
RANGE = lazy_pattern(rf"^\s*\.?\s*(?:{DASH}|to|through|à|al?)\s*$", re.I)
PIECE = lazy_pattern(r"\d{1,3}(?:\s?\.\s?\d{1,3}(?!\d))?")
LONGEST_RANGE = 400
WORD = r"(?:recommendations?|recs?\.?|recommandations?|recomendaci(?:ón|ones))"
NO = r"(?:(?:nos?|n[°º]s?|numbers?|numbered)\.?\s*)?"
BARE = rf"\d{{1,3}}(?![\d.]\d|%|/)\.?(?:{BETWEEN}{NO}\d{{1,3}}(?![\d.]\d|%)\.?)*"
NAMED = lazy_pattern(rf"\b{WORD}\s*{NO}:?\s*({BARE})", re.I)


def expanded(text: str, *, prefixes: Set[str]) -> list[str]:
    """Every number such as "115.3" whose first part is one of `prefixes`, with ranges expanded."""
    numbers: dict[str, None] = {}
    for run in LIST.finditer(text):
        numbers.update(dict.fromkeys(numbers_of(run[0], prefixes)))
    return list(numbers)


def bare_numbers_in(text: str) -> list[str]:
    """Numbers after the word "recommendations" (or "Nos."): "the recommendations 1-5, 14 and 16"."""
    numbers: dict[str, None] = {}
    for word in NAMED.finditer(text):
        numbers.update(dict.fromkeys(bare_numbers(word[1])))
    return list(numbers)


def bare_numbers(run: str) -> list[str]:
    """ "5., 6., 9-12" as single numbers."""
    numbers: list[str] = []
    end = 0
    for piece in re.finditer(r"\d{1,3}", run):
        number, last = int(piece[0]), int(numbers[-1]) if numbers else 0
        is_range = bool(numbers and RANGE.match(run[end : piece.start()]) and last < number <= last + LONGEST_RANGE)
        numbers.extend(str(value) for value in (range(last + 1, number + 1) if is_range else [number]))
        end = piece.end()
    return numbers


def numbers_of(run: str, prefixes: Set[str]) -> list[str]:
    """The numbers of one list; bare numbers take the first part of the preceding number."""
    numbers: list[str] = []
    prefix, last, end = "", 0, 0
    for piece in PIECE.finditer(run):
        head, dot, tail = re.sub(r"\s", "", piece[0]).partition(".")
        if dot and head not in prefixes:
            prefix = ""
            continue
        prefix = head if dot else prefix
        number = int(tail if dot else head)
        is_range = bool(numbers and RANGE.match(run[end : piece.start()]) and last < number <= last + LONGEST_RANGE)
        if prefix:
            numbers.extend(f"{prefix}.{value}" for value in (range(last + 1, number + 1) if is_range else [number]))
            last, end = number, piece.end()
    return numbers
