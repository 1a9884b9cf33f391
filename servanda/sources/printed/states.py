"""The States that made a recommendation, from the parentheses that follow it."""

import re
from collections.abc import Iterator, Mapping

from servanda.kit.patterns import lazy_pattern
from servanda.vocab.state_names import state_key as folded

SEPARATORS = lazy_pattern(r"[,;/、]|\s[-–]\s")
WIDE_SIGNS = str.maketrans("（），；", "(),;")
AND = lazy_pattern(r"\s+(?:and|et|y|e|и|&)\s+", re.I)
ARTICLES = lazy_pattern(r"^(?:the|la|le|les|el|los|las)(?=[^a-z])|^l(?=['’])", re.I)
LONGEST_NAME = 4  # parts between commas: "Venezuela, Bolivarian Republic of"
ACRONYM = lazy_pattern(r"^[A-Z][A-Z0-9-]+$")
STATES_AS_ACRONYMS = {"USA", "US", "UK", "UAE", "DRC", "DPRK", "ROK", "FYROM", "PNG", "CAR"}
NOBODY = {"None", "Various"}


def folded_names(names: Mapping[str, str]) -> dict[str, str]:
    """The names in normalised form, without case, accents and punctuation."""
    return {key: code for name, code in names.items() if (key := folded(name))}


def closing_states(text: str, names: Mapping[str, str]) -> list[str]:
    """States in parentheses, as printed, each once; `names` comes from `folded_names`.

    "(CEDAW)" and "(No. 29)" are no States. Where no name is known, text in closing parentheses that looks like a name
    is returned, so that a State missing from the vocabulary is reported and not lost.
    """
    pairs = list(parentheses(text.translate(WIDE_SIGNS)))
    known_states = [name for content, _closes in pairs for name in states_in(content, names)]
    printed = known_states or [name for content, closes in pairs if closes for name in names_by_shape(content)]
    states: dict[str, str] = {}
    for name in printed:
        states.setdefault(names.get(folded(name), folded(name)), name)
    return list(states.values())


def parentheses(text: str) -> Iterator[tuple[str, bool]]:
    """The contents of each outer pair, and whether a sentence or the text ends after it."""
    depth = start = 0
    for place, sign in enumerate(text):
        if sign == "(":
            depth += 1
            start = place + 1 if depth == 1 else start
        elif sign == ")" and depth:
            depth -= 1
            if not depth:
                yield text[start:place], is_end(text[place + 1 :])
    if depth:
        yield from unclosed(text[start:])


def unclosed(text: str) -> Iterator[tuple[str, bool]]:
    """The contents of pairs nested in an unclosed one: "(Paraguay (Argentina)", or "(Mexico" at the end."""
    for part in re.split(r"[()]", text):
        yield part.rstrip(" .;:"), True


def is_end(following: str) -> bool:
    return re.match(r"\s*(?:[;.:]|\(|$)", following) is not None


def states_in(content: str, names: Mapping[str, str]) -> list[str]:
    parts = [part.strip(" .*\u2022") for part in SEPARATORS.split(content)]
    states: list[str] = []
    place = 0
    while place < len(parts):
        name, used = longest_name(parts[place:], names)
        states.extend([name] if name else names_joined_by_and(parts[place], names))
        place += used
    return states


def longest_name(parts: list[str], names: Mapping[str, str]) -> tuple[str, int]:
    for count in range(min(LONGEST_NAME, len(parts)), 0, -1):
        name = ", ".join(parts[:count])
        for form in (name, re.sub(r"^(?:and|et|y|by|as well as)\s+", "", name, flags=re.I)):
            if folded(form) in names:
                return form, count
    return "", 1


def names_joined_by_and(part: str, names: Mapping[str, str]) -> list[str]:
    pieces = AND.split(part)
    for cut in range(1, len(pieces)):
        head, tail = " and ".join(pieces[:cut]), " and ".join(pieces[cut:])
        if folded(head) in names:
            return [head, *([tail] if folded(tail) in names else names_joined_by_and(tail, names))]
    return []


def names_by_shape(content: str) -> list[str]:
    parts = [part.strip(" .*") for part in SEPARATORS.split(content)]
    return parts if all(looks_like_a_name(part) for part in parts) else []


def looks_like_a_name(part: str) -> bool:
    bare = re.sub(r"^former\s+", "", ARTICLES.sub("", part).strip())
    if ACRONYM.match(bare) or bare in NOBODY:
        return bare in STATES_AS_ACRONYMS
    return bare[:1].isupper() and not any(sign.isdigit() for sign in bare)
