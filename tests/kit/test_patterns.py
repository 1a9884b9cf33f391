"""Patterns that are compiled when they are first used."""

import re

import pytest

from servanda.kit.patterns import LazyPattern, lazy_pattern


def test_a_lazy_pattern_does_what_the_compiled_one_does():
    words = lazy_pattern(r"(?P<verb>submit)\s+(\w+)", re.I)
    text = "Submit reports, and submit replies."
    assert words.search(text)["verb"] == "Submit"
    assert [match[2] for match in words.finditer(text)] == ["reports", "replies"]
    assert words.search(text, 1).start() == text.index("submit")
    assert words.sub("", text) == ", and ."
    assert words.fullmatch(text) is None
    assert words.groupindex == {"verb": 1}
    assert words.flags == re.compile("", re.I).flags


def test_it_is_compiled_at_its_first_use():
    digits = lazy_pattern(r"\d")
    assert digits.pattern == r"\d"
    assert "compiled" not in vars(digits)
    assert digits.search("a1")
    assert isinstance(digits, LazyPattern)
    assert digits.compiled == re.compile(r"\d")


def test_a_mistake_in_it_is_told_at_its_first_use():
    mistaken = lazy_pattern("(")
    with pytest.raises(re.error, match="unterminated subpattern"):
        mistaken.search("a")
