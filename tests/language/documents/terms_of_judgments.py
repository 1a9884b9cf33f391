"""The points of real judgments beside the terms that a person read in them; the texts are not in the project.

`TRUTH` has, by file and document, the points with a term: the place of the point in the excerpt, and of each term its
length, what starts its clock, what is due, and after how many months it is due again. All other points have none: 263
points were read. Documents at odd places were held back while the recogniser was written.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SIX, YEAR, THREE = (6, "months"), (1, "years"), (3, "months")
NOTIFIED = "notification"
TRUTH: dict[str, dict[str, dict[int, list[tuple]]]] = {
    "afchpr_judgments_operative": {
        "[2025] AfCHPR 38": {16: [(*SIX, NOTIFIED, "compliance", 0)]},
        "[2025] AfCHPR 35": {
            11: [(*SIX, NOTIFIED, "payment", 0)],
            13: [(*SIX, NOTIFIED, "measure", 0)],
            14: [(*SIX, NOTIFIED, "compliance", 0)],
        },
        "[2025] AfCHPR 36": {3: [(45, "days", "", "measure", 0)]},  # a reply of the applicants
        "[2025] AfCHPR 32": {4: [(15, "days", NOTIFIED, "written-response", 0)]},
        "[2025] AfCHPR 29": {
            12: [(*SIX, NOTIFIED, "measure", 0)],
            13: [(*YEAR, NOTIFIED, "measure", 0)],
            14: [(*SIX, NOTIFIED, "measure", 0)],
            15: [(*THREE, NOTIFIED, "measure", 0)],
            16: [(*SIX, NOTIFIED, "compliance", 6)],
        },
        "[2025] AfCHPR 21": {
            11: [(*THREE, NOTIFIED, "measure", 0)],
            12: [(*SIX, NOTIFIED, "compliance", 0)],
        },
        "[2025] AfCHPR 30": {
            13: [(*SIX, NOTIFIED, "payment", 0)],
            16: [(*SIX, NOTIFIED, "measure", 0)],
            17: [(*SIX, NOTIFIED, "measure", 0)],
            18: [(*YEAR, NOTIFIED, "measure", 0)],
            19: [(*THREE, NOTIFIED, "measure", 0)],
        },
    },
    "iacthr_judgments_operative": {
        "588": {8: [(*YEAR, NOTIFIED, "compliance", 0)]},
        "586": {5: [(*YEAR, NOTIFIED, "compliance", 0)]},
        "579": {14: [(*YEAR, NOTIFIED, "compliance", 0)]},
        "578": {10: [(*YEAR, NOTIFIED, "compliance", 0)]},
    },
}
POINT = re.compile(r"\n\s*(?=(?:[ivxlc]+\.|\d{1,3}\.|[a-z]\.|[a-z]\))\s)")


@dataclass(frozen=True, slots=True)
class Point:
    name: str
    text: str
    terms: list[tuple]
    is_held_back: bool


def points_of_judgments(folder: Path) -> Iterator[Point]:
    """All points of the files, in order."""
    for file, documents in TRUTH.items():
        for place, line in enumerate((folder / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            key = row.get("citation") or str(row.get("series_c_number", ""))
            parts = [part for part in POINT.split(row["operative_excerpt"]) if part.strip()]
            for number, text in enumerate(parts):
                terms = documents.get(key, {}).get(number, [])
                yield Point(f"{key}, point {number}", text, terms, place % 2 == 1)
