"""Made letters of special procedures with what must be read from them; their parts are in `letters.json`.

Their forms are those of published letters; persons, facts and texts are invented. The wordings of `HELD_BACK` were
written after the recogniser was finished.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path

SEEN, HELD_BACK = "seen", "held back"
LETTERS_OF_LANGUAGE = {SEEN: {"en": 5, "es": 4, "fr": 3, "ar": 3}, HELD_BACK: {"en": 4, "es": 4, "fr": 4, "ar": 4}}


@dataclass(frozen=True, slots=True)
class MadeLetter:
    name: str
    half: str
    rows: tuple[str, ...]
    reference: str
    day: date
    mandates: int
    subject: str
    questions: int
    deadline: tuple[int, str] | date


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of a letter in one language and half; each list is used in turn."""

    heads: tuple[tuple[str, int], ...]  # the mandates, and their number
    references: tuple[str, ...]
    days: tuple[tuple[str, date], ...]
    salutation: str
    capacity: str
    subjects: tuple[tuple[str, str], ...]  # the sentence, and the subject in it
    facts: tuple[str, ...]
    openers: tuple[str, ...]
    questions: tuple[str, ...]
    replies: tuple[tuple[str, tuple[int, str] | date], ...]
    end: str


def wording_of(half: str, language: str) -> Wording:
    parts = json.loads(Path(__file__).with_name("letters.json").read_text(encoding="utf-8"))[half][language]
    return Wording(**{name: tuple(map(tuple, part)) if is_pairs(part) else part for name, part in parts.items()})


def is_pairs(part: object) -> bool:
    return isinstance(part, list) and isinstance(part[0], list)


KINDS = {SEEN: ("AL", "UA", "OL"), HELD_BACK: ("JAL", "JUA", "AL")}


def made_letters(half: str) -> Iterator[MadeLetter]:
    for language, count in LETTERS_OF_LANGUAGE[half].items():
        wording = wording_of(half, language)
        parts = zip(
            cycle(wording.heads), cycle(wording.references), cycle(wording.days), cycle(wording.subjects),
            cycle(wording.openers), cycle(wording.replies), cycle(KINDS[half]), strict=False,
        )  # fmt: skip
        for place, part in enumerate(islice(parts, count), 1):
            yield made_letter(f"{half} {language} {place}", half, wording, place, part)


def made_letter(name: str, half: str, wording: Wording, place: int, part: tuple) -> MadeLetter:
    (head, mandates), reference_row, (day_row, day), (sentence, subject), opener, (reply, deadline), kind = part
    reference = f"{kind} {('SVN', 'MEX', 'TUN')[place % 3]} {place}/2026"
    questions = wording.questions[: 1 + place % len(wording.questions)]
    mark = "{}. {}" if place % 2 else "{}) {}"
    rows = (
        "PALAIS DES NATIONS • 1211 GENEVA 10, SWITZERLAND", head, reference_row.format(reference), day_row,
        wording.salutation, wording.capacity, sentence, wording.facts[place % len(wording.facts)], opener,
        *(mark.format(number, question) for number, question in enumerate(questions, 1)), reply, wording.end,
    )  # fmt: skip
    term = date.fromisoformat(deadline) if isinstance(deadline, str) else tuple(deadline)
    opened = date.fromisoformat(day)
    return MadeLetter(name, half, rows[place % 2 :], reference, opened, mandates, subject, len(questions), term)
