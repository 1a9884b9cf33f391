"""Checks the numbers and endings of a list of recommendations for errors of printing or reading.

It never refuses a row: each finding becomes a remark on its row in the preview of the import.
"""

import re
import statistics
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from servanda.kit.database.sentences import gettext as _
from servanda.sources.candidates import Candidate, Kind, Problem

NUMBER = re.compile(r"^(?P<list>\d+)(?:\.(?P<item>\d+)|\((?P<letter>[a-z])\))$")
ENDED = re.compile(r"[.)\]”“’»\"'。）؟?!][\s*,\d]*$")
LONG = 2.5  # times the median length: a single recommendation is rarely longer
LEAST_LONG = 300  # characters; in a list of short texts a multiple of the median means nothing


def remark_on_list(items: Sequence[Candidate], *, printed: Mapping[int, str] | None = None) -> None:
    """Add remarks on faulty numbers and endings to the recommendations of a report.

    `printed` maps positions in `items` to the number in the document, where it was read as another one.
    """
    rows = [place for place, item in enumerate(items) if item.kind == Kind.RECOMMENDATION]
    for places in lists_of([items[place].paragraph for place in rows]):
        remark_on_sequence([items[rows[place]] for place in places])
    for place in rows:
        if number := (printed or {}).get(place):
            items[place].problems.append(read_by_place(number, items[place].paragraph))
    for place in rows:
        remark_on_end(items[place])


def remark_on_collection(items: Sequence[Candidate]) -> None:
    """The same for a list sorted by theme, whose numbers are in no particular order."""
    for places in lists_of([item.paragraph for item in items]):
        remark_on_sequence(sorted((items[place] for place in places), key=lambda item: position(item.paragraph)))
    for item in items:
        remark_on_end(item)


def lists_of(numbers: Sequence[str]) -> Iterator[list[int]]:
    """Positions of the numbers of each list, such as "82.1" to "82.93"."""
    lists: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        if parts := NUMBER.match(number):
            lists[parts["list"], bool(parts["letter"])].append(place)
    yield from lists.values()


def position(number: str) -> int:
    """The position that a number has in its list: 93 for "82.93", 3 for "60(c)"."""
    parts = NUMBER.match(number)
    if parts is None:
        return 0
    return ord(parts["letter"]) - ord("a") + 1 if parts["letter"] else int(parts["item"])


def number_at(example: str, place: int) -> str:
    """The number at a position in the list to which the example belongs."""
    parts = NUMBER.match(example)
    if parts is None:
        return str(place)
    return f"{parts['list']}({chr(ord('a') + place - 1)})" if parts["letter"] else f"{parts['list']}.{place}"


def remark_on_sequence(items: Sequence[Candidate]) -> None:
    places = [position(item.paragraph) for item in items]
    lengths = [length_of(item) for item in items]
    usual = statistics.median(lengths)
    for row, missing in gaps(without_stray(places)).items():
        is_long = row >= 0 and lengths[row] > max(LEAST_LONG, usual * LONG)
        items[max(row, 0)].problems.append(missing_numbers(items[0].paragraph, missing, row, is_long=is_long))
    for pair in out_of_order(places):
        first, second = (items[row] for row in pair)
        sentence = _("%(first)s is printed before %(second)s. Check both numbers.")
        values = {"first": first.paragraph, "second": second.paragraph}
        first.problems.append(Problem("paragraph", sentence % values, fatal=False))
        second.problems.append(Problem("paragraph", sentence % values, fatal=False))
    for row in doubled(places):
        sentence = _("The document has more than one recommendation with the number %(number)s.")
        items[row].problems.append(Problem("paragraph", sentence % {"number": items[row].paragraph}, fatal=False))


def gaps(places: Sequence[int]) -> dict[int, range]:
    """Missing numbers by the row of the preceding number; -1 for those before the first."""
    rows = {place: row for row, place in enumerate(places)}
    missing = {}
    for previous, following in pairwise([0, *sorted(rows)]):
        if following - previous > 1:
            missing[rows[previous] if previous else -1] = range(previous + 1, following)
    return missing


def without_stray(places: Sequence[int]) -> list[int]:
    """The numbers, limited to the highest one in order, so that a stray higher one causes no gaps."""
    highest = max((places[row] for row in rising(places)), default=0)
    return [min(place, highest) for place in places]


def missing_numbers(example: str, missing: range, row: int, *, is_long: bool) -> Problem:
    first, last = number_at(example, missing[0]), number_at(example, missing[-1])
    values = {"first": first, "last": last}
    if row < 0:
        single, several = (
            _("%(first)s is missing before this recommendation."),
            _("%(first)s to %(last)s are missing before this recommendation."),
        )
    elif is_long:
        single, several = (
            _("%(first)s is missing, and this text is unusually long. Check whether it contains both."),
            _("%(first)s to %(last)s are missing, and this text is unusually long. Check whether it contains them."),
        )
    else:
        single, several = (
            _("%(first)s is missing after this recommendation."),
            _("%(first)s to %(last)s are missing after this recommendation."),
        )
    return Problem("paragraph", (single if first == last else several) % values, fatal=False)


def out_of_order(places: Sequence[int]) -> list[tuple[int, int]]:
    """Rows outside the longest increasing run of numbers, each paired with a row that contradicts it."""
    counts, in_order = Counter(places), rising(places)
    pairs = [
        contradiction(places, row) for row, place in enumerate(places) if row not in in_order and counts[place] == 1
    ]
    return sorted({pair for pair in pairs if pair})


def contradiction(places: Sequence[int], row: int) -> tuple[int, int] | None:
    """The nearest later row with a lower number, or the nearest earlier row with a higher one."""
    later = next((later_row for later_row in range(row + 1, len(places)) if places[later_row] < places[row]), None)
    if later is not None:
        return row, later
    earlier = next((earlier_row for earlier_row in range(row - 1, -1, -1) if places[earlier_row] > places[row]), None)
    return None if earlier is None else (earlier, row)


def rising(places: Sequence[int]) -> set[int]:
    """Rows of a longest increasing run; it includes the first row where possible."""
    ends: list[int] = []
    rows: list[int] = []
    predecessors: list[int] = []
    for row, place in enumerate(places):
        size = bisect_left(ends, place)
        predecessors.append(rows[size - 1] if size else -1)
        ends[size : size + 1] = [place]
        rows[size : size + 1] = [row]
    run: set[int] = set()
    row = rows[-1] if rows else -1
    while row >= 0:
        run.add(row)
        row = predecessors[row]
    return run


def doubled(places: Sequence[int]) -> list[int]:
    counts = Counter(places)
    return [row for row, place in enumerate(places) if counts[place] > 1]


def by_place(places: Sequence[int]) -> dict[int, int]:
    """Misprinted numbers, each with the correct number by its neighbours.

    "118.09" between 118.108 and 118.110 is 118.109. Two swapped numbers stay as printed.
    """
    printed = set(places)
    corrections = {}
    for row in range(1, len(places) - 1):
        wanted = places[row - 1] + 1
        if places[row] != wanted and places[row + 1] == wanted + 1 and wanted not in printed:
            corrections[row] = wanted
    return corrections


def read_by_place(printed: str, number: str) -> Problem:
    sentence = _("Number in the document: %(printed)s. Number by place in the list: %(number)s.")
    return Problem("paragraph", sentence % {"printed": printed, "number": number}, fatal=False)


def no_number() -> Problem:
    sentence = _("This recommendation has no number in the document. Check the number.")
    return Problem("paragraph", sentence, fatal=False)


def new_paragraph() -> Problem:
    sentence = _("The text continues in a new paragraph. Check whether a number is missing before it.")
    return Problem("text", sentence, fatal=False)


def remark_on_end(item: Candidate) -> None:
    if any(text and not is_ended(text) for text in item.texts.values()):
        sentence = _("The text ends without a State in brackets or a full stop. Check whether it is complete.")
        item.problems.append(Problem("text", sentence, fatal=False))


def is_ended(text: str) -> bool:
    return ENDED.search(text) is not None


def length_of(item: Candidate) -> int:
    return max((len(text) for text in item.texts.values()), default=0)
