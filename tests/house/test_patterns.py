"""Regular expressions that people's texts are read with: no text of a few thousand characters takes seconds."""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import servanda

pytestmark = pytest.mark.slow
LONG, MOST_WORDS = 1_000, 6
SECONDS = 2  # of processor; what is not linear takes far longer
SIGNS = [" ", "\n", " \n", "a", "1", "a ", "1. ", "(", "'’ ", ", ", "- ", "<a"]


def patterns() -> dict[str, re.Pattern[str]]:
    """Those of all modules, also in lists and dictionaries, each once."""
    found: dict[re.Pattern[str], str] = {}
    for module in pkgutil.walk_packages(servanda.__path__, "servanda."):
        if ".migrations" in module.name or ".demo" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in of_value(value):
                found.setdefault(pattern, f"{module.name}.{name}")
    return {f"{name} {number}": pattern for number, (pattern, name) in enumerate(found.items())}


def of_value(value: object) -> list[re.Pattern[str]]:
    several = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
    return [one for one in several if isinstance(one, re.Pattern) and isinstance(one.pattern, str)]


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raises `TimeoutError` in the middle of a match that takes longer."""

    def stop(*_signal: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def reads(pattern: re.Pattern[str], start: str, part: str) -> None:
    """A text that begins so and then has the part again and again, with a sign at its end that nothing matches."""
    text = start + (part * (LONG // len(part) + 1))[:LONG] + "\x01"
    with within(SECONDS):
        list(pattern.finditer(text))


def words_of(pattern: re.Pattern[str]) -> list[str]:
    """Some words that the pattern looks for, with which a match may begin."""
    return list(dict.fromkeys(re.findall(r"(?<![\\\w])[^\W\d_]{2,}", pattern.pattern)))[:MOST_WORDS]


@pytest.mark.parametrize("pattern", [pytest.param(pattern, id=name) for name, pattern in patterns().items()])
def test_a_pattern_reads_repeated_texts_in_no_time(pattern):
    for signs in SIGNS:
        for word in ["", *words_of(pattern)]:
            reads(pattern, f"{word} " if word else "", signs)
        for word in words_of(pattern)[:2]:
            reads(pattern, "", f"{word} {signs}")


@pytest.mark.parametrize(
    ("slow", "part"),
    [(r"(\s*\**\s*)*the end", " "), (r"submit\W+(?:[\w’'-]+\W+){0,9}report", "'’ ")],
    ids=["blanks", "apostrophes"],
)
def test_a_pattern_that_takes_for_ever_is_seen(slow, part):
    with pytest.raises(TimeoutError):
        reads(re.compile(slow), "submit ", part)
