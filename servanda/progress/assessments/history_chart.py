"""The chart of assessments over time: one line for each author, as SVG without a script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language_bidi

from servanda.progress.models import Assessment, Common, Voice

# From top to bottom.
ROWS = [
    Common.FULL,
    Common.SUBSTANTIAL,
    Common.PARTIAL,
    Common.STARTED,
    Common.NOT_STARTED,
    Common.REGRESSED,
    Common.UNKNOWN,
]
WIDTH, HEIGHT = 720, 264
LABELS, END, TOP, ROW = 220, 14, 20, 32  # space for labels, after the last day, at the top, and for each row
APART = {
    Voice.GOVERNMENT: -5,
    Voice.MECHANISM: 0,
    Voice.INDEPENDENT: 5,
}  # offsets, so that equal lines do not cover each other
MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class ChartLine:
    voice: str
    label: str
    path: str
    points: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Chart:
    width: int
    height: int
    edge: int  # where labels begin, in the direction of reading
    start: int
    stop: int
    rows: list[tuple[str, int]]
    years: list[tuple[int, int]]
    lines: list[ChartLine]


def chart_of(assessments: Sequence[tuple[Assessment, str]], *, until: date) -> Chart | None:
    """The chart of these assessments and their authors; None for a single one."""
    if len(assessments) < 2:
        return None
    first = min(assessment.date for assessment, _who in assessments)
    place = Place(first, max(until, first + timedelta(days=1)))
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        edge=WIDTH if place.backwards else 0,
        start=place.x(place.first),
        stop=place.x(place.last),
        rows=[(str(common.label), row_of(common)) for common in ROWS],
        years=[(year, place.x(date(year, 1, 1))) for year in years_between(place.first, place.last)],
        lines=[line_of(voice, who, rows, place) for (voice, _speaker, who), rows in by_author(assessments).items()],
    )


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a day; time runs in the direction of reading."""

    first: date
    last: date

    @property
    def backwards(self) -> bool:
        return get_language_bidi()

    def x(self, day: date) -> int:
        share = (day - self.first) / (self.last - self.first)
        along = LABELS + round(share * (WIDTH - LABELS - END))
        return WIDTH - along if self.backwards else along


def row_of(common: str) -> int:
    return TOP + ROW * ROWS.index(Common(common))


def years_between(first: date, last: date) -> list[int]:
    years = range(first.year + 1, last.year + 1)
    return list(years[:: -(-len(years) // MOST_YEARS) or 1])


def by_author(assessments: Iterable[tuple[Assessment, str]]) -> dict[tuple, list[Assessment]]:
    """By voice and author, the government first; the assessments of each by date."""
    lines: dict[tuple, list[Assessment]] = {}
    for assessment, who in sorted(
        assessments, key=lambda pair: (Voice.values.index(pair[0].voice), pair[0].date, pair[0].pk)
    ):
        lines.setdefault((assessment.voice, assessment.speaker, who), []).append(assessment)
    return lines


def line_of(voice: str, who: str, assessments: Sequence[Assessment], place: Place) -> ChartLine:
    """A stepped line: it stays level until the next assessment."""
    points = [
        (place.x(assessment.date), row_of(assessment.common) + APART[Voice(voice)]) for assessment in assessments
    ]
    path = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:])
    return ChartLine(voice, f"{Voice(voice).label}: {who}", f"{path}H{place.x(place.last)}", points)
