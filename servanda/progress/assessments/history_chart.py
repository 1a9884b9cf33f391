"""How what the voices say changed: one line for each author, drawn in the page without a script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language_bidi

from servanda.progress.models import Assessment, Common, Voice

# From the top of the picture to the bottom.
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
LABELS, END, TOP, ROW = 220, 14, 20, 32  # the room for the words, behind the last day, above, and for each row
APART = {Voice.GOVERNMENT: -5, Voice.MECHANISM: 0, Voice.INDEPENDENT: 5}  # so that equal lines lie beside each other
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
    edge: int  # where the words begin, in the direction of reading
    start: int
    stop: int
    rows: list[tuple[str, int]]
    years: list[tuple[int, int]]
    lines: list[ChartLine]


def chart_of(said: Sequence[tuple[Assessment, str]], *, until: date) -> Chart | None:
    """Of assessments and their authors; a single one needs no picture."""
    if len(said) < 2:
        return None
    first = min(one.date for one, _who in said)
    place = Place(first, max(until, first + timedelta(days=1)))
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        edge=WIDTH if place.backwards else 0,
        start=place.x(place.first),
        stop=place.x(place.last),
        rows=[(str(common.label), row_of(common)) for common in ROWS],
        years=[(year, place.x(date(year, 1, 1))) for year in years_between(place.first, place.last)],
        lines=[line_of(voice, who, some, place) for (voice, _speaker, who), some in by_author(said).items()],
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a day is; time goes in the direction of reading."""

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


def by_author(said: Iterable[tuple[Assessment, str]]) -> dict[tuple, list[Assessment]]:
    """The government first; each with the oldest first."""
    found: dict[tuple, list[Assessment]] = {}
    for one, who in sorted(said, key=lambda pair: (Voice.values.index(pair[0].voice), pair[0].date, pair[0].pk)):
        found.setdefault((one.voice, one.speaker, who), []).append(one)
    return found


def line_of(voice: str, who: str, some: Sequence[Assessment], place: Place) -> ChartLine:
    """It stays on a step until the next assessment."""
    points = [(place.x(one.date), row_of(one.common) + APART[Voice(voice)]) for one in some]
    path = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:])
    return ChartLine(voice, f"{Voice(voice).label}: {who}", f"{path}H{place.x(place.last)}", points)
