"""Regular expressions that people's texts are read with: no text of a few thousand characters takes seconds."""

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import servanda
from servanda.kit.patterns import LazyPattern, lazy_pattern

pytestmark = pytest.mark.slow
MOST_WORDS = 6
SHORT, LONG = 300, 1_000  # characters of a repeated text
SECONDS_OF_SHORT, SECONDS = 0.2, 2  # of processor
# The time of a pattern grows with a power of the length. What takes 2 s for the long text takes at least 180 ms for
# the short one if that is the square, 54 ms if it is the third power, 16 ms if it is the fourth. Those above take
# longer than this wherever they are tried: 300 to the fifth are 2e12 steps.
LONG_ENOUGH_TO_ASK = 0.012
SIGNS = [" ", "\n", " \n", "a", "1", "a ", "1. ", "(", "'’ ", ", ", "- ", "<a"]


def patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    """Those of all modules by module and name, also in lists and dictionaries, each once."""
    found: dict[re.Pattern[str], tuple[str, str]] = {}
    for module in pkgutil.walk_packages(servanda.__path__, "servanda."):
        if ".migrations" in module.name or ".demo" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in of_value(value):
                found.setdefault(pattern, (module.name, name))
    modules: dict[str, dict[str, re.Pattern[str]]] = {}
    for number, (pattern, (module, name)) in enumerate(found.items()):
        modules.setdefault(module, {})[f"{name} {number}"] = pattern
    return modules


def of_value(value: object) -> list[re.Pattern[str]]:
    several = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
    compiled = [pattern.compiled if isinstance(pattern, LazyPattern) else pattern for pattern in several]
    return [pattern for pattern in compiled if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str)]


@contextmanager
def within(seconds: float) -> Iterator[None]:
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
    """A text that begins so and then has the part again and again, with a sign at its end that nothing matches.

    The long text is read only where the short one takes a time that may grow to seconds.
    """
    began = time.process_time()
    read(pattern, start, part, SHORT, SECONDS_OF_SHORT)
    if time.process_time() - began > LONG_ENOUGH_TO_ASK:
        read(pattern, start, part, LONG, SECONDS)


def read(pattern: re.Pattern[str], start: str, part: str, length: int, seconds: float) -> None:
    text = start + (part * (length // len(part) + 1))[:length] + "\x01"
    with within(seconds):
        list(pattern.finditer(text))


def takes_for_ever(pattern: re.Pattern[str]) -> str:
    """The start and the part of a text that it reads for seconds; empty if there is none."""
    words = words_of(pattern)
    for signs in SIGNS:
        starts = [(f"{word} " if word else "", signs) for word in ["", *words]]
        for start, part in [*starts, *(("", f"{word} {signs}") for word in words[:2])]:
            try:
                reads(pattern, start, part)
            except TimeoutError:
                return repr((start, part))
    return ""


def words_of(pattern: re.Pattern[str]) -> list[str]:
    """Some words that the pattern looks for, with which a match may begin."""
    return list(dict.fromkeys(re.findall(r"(?<![\\\w])[^\W\d_]{2,}", pattern.pattern)))[:MOST_WORDS]


@pytest.mark.parametrize(("module", "of_module"), patterns().items())
def test_patterns_of_a_module_read_repeated_texts_in_no_time(module, of_module):
    slow = {name: text for name, pattern in of_module.items() if (text := takes_for_ever(pattern))}
    assert slow == {}, module


@pytest.mark.parametrize(
    ("slow", "part"),
    [
        (r"(\s*\**\s*)*the end", " "),
        (r"submit\W+(?:[\w’'-]+\W+){0,9}report", "'’ "),
        (r"submit\W+(?:[\w’'-]+\W+){0,2}report", "'’ "),  # only the long text takes seconds
        (r"\s*[ \n]*\s*the end", " "),
    ],
    ids=["blanks", "apostrophes", "fewer apostrophes", "fourth power"],
)
def test_a_pattern_that_takes_for_ever_is_seen(slow, part):
    with pytest.raises(TimeoutError):
        reads(re.compile(slow), "submit ", part)


def test_a_pattern_that_is_compiled_at_its_first_use_is_tried_too():
    assert of_value({"lazy": lazy_pattern("a")}) == [re.compile("a")]
