"""What occurs in a paragraph and not in its translation: endnotes, numbers, symbols, links, headings, tables.

A number written in words is reported too: a person decides.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from servanda.language.words.stems import fold
from servanda.reporting.reports.counting import MARK

SYMBOL = re.compile(r"\b[A-Z]{1,6}(?:/[A-Z0-9][A-Za-z0-9.\-]*)+")
ADDRESS = re.compile(r"\]\(([^()\s]*)\)")
# Digits with what separates thousands, decimals and parts of a code: 10,700, 10 700, 12.5, 140.10.
PRINTED = re.compile(r"\d+(?:[.,'’\u00a0\u202f\u066b\u066c]\d+)*")
SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)")
HEADING = re.compile(r"^(#{1,6})\s", re.M)
ROW = re.compile(r"^\s*\|", re.M)
DIGITS = re.compile(r"\d+")


def missing_in(source: str, target: str) -> list[str]:
    """As they are in the source, each as often as it is missing."""
    rest = without(SYMBOL, without(ADDRESS, without(MARK, source)))
    found = [
        *lacking(MARK.findall(source), MARK.findall(target)),
        *lacking(SYMBOL.findall(source), SYMBOL.findall(target)),
        *lacking(ADDRESS.findall(source), ADDRESS.findall(target)),
        *missing_numbers(rest, without(MARK, target)),
        *lacking((f"{sign} " for sign in HEADING.findall(source)), (f"{sign} " for sign in HEADING.findall(target))),
    ]
    if len(ROW.findall(target)) < len(ROW.findall(source)):
        found.append("|")
    return found


def without(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(" ", text)


def lacking(wanted: Iterable[str], present: Iterable[str]) -> Iterator[str]:
    return (Counter(wanted) - Counter(present)).elements()


def missing_numbers(source: str, target: str) -> Iterator[str]:
    written = fold(target)
    separate = Counter(digits(number) for number in PRINTED.findall(written))
    together = Counter(digits(number) for number in SPACED.findall(written))
    text = fold(source)
    for number in SPACED.findall(text):
        if together[digits(number)] or separate[digits(number)]:
            text = text.replace(number, " ", 1)
    for number in PRINTED.findall(text):
        value = digits(number)
        if separate[value]:
            separate[value] -= 1
        elif together[value]:
            together[value] -= 1
        else:
            yield number


def digits(number: str) -> str:
    return "".join(DIGITS.findall(number))
