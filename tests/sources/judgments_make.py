"""Made judgments with the terms of their points; their parts are in `judgments.json`. The cases are invented.

The judgments of the half "held back" were written after the recogniser was finished.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MadePoint:
    mark: str
    text: str
    duty: str | None  # what is due to the court
    term: tuple | None  # count, unit, clock, months of repetition; or a date and the months


@dataclass(frozen=True, slots=True)
class MadeJudgment:
    name: str
    half: str
    rows: tuple[str, ...]
    day: date
    points: tuple[MadePoint, ...]


def made_judgments(half: str) -> Iterator[MadeJudgment]:
    parts = json.loads(Path(__file__).with_name("judgments.json").read_text(encoding="utf-8"))
    for place, made in enumerate(parts["judgments"], 10):
        if made["half"] != half:
            continue
        points = tuple(
            MadePoint(point["mark"], point["text"], point["duty"], tuple(point["term"]) if point["term"] else None)
            for point in made["points"]
        )
        head = (row.format(n=place, day=made["day_words"]) for row in parts["mastheads"][made["language"]])
        rows = (*head, *(f"{point.mark}. {point.text}" for point in points))
        name = f"{half} {made['language']} {place}"
        yield MadeJudgment(name, half, rows, date.fromisoformat(made["day"]), points)
