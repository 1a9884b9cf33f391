"""What every record is counted by, held by this process: the values of its columns, its labels, its States.

It is of everybody and for everybody: only records that were found among those that somebody may see are looked up in
it. It holds for one stamp of the register; after any change all is asked of the database until it was read anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

AT_ONCE = 10_000  # records
KEPT, NEWEST = "register:held:1", "register:held:1:newest"  # another number for another shape
Places = NDArray[np.integer]
Packed = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Rows:
    """Of records one after the other, the ids that each has; `starts` says where those of a record begin."""

    starts: Places
    ids: Places

    @classmethod
    def read(cls, pks: Places, records: Places, said: Places) -> Self:
        """From the ids of all records one after the other, behind the own id of each."""
        is_own = np.diff(records, prepend=-1) > 0
        place = np.repeat(np.searchsorted(pks, said[is_own]), np.diff([*np.flatnonzero(is_own), len(said)]) - 1)
        order = np.argsort(place, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(pks)))])
        return cls(starts, small(said[~is_own][order]))

    def of(self, places: Places) -> tuple[Places, Places]:
        """The ids of some records, and which of these has each."""
        first, numbers = self.starts[places], self.starts[places + 1] - self.starts[places]
        before = np.cumsum(numbers) - numbers
        at = np.arange(numbers.sum()) + np.repeat(first - before, numbers)
        return np.repeat(np.arange(len(places)), numbers), self.ids[at]


@dataclass(frozen=True, slots=True)
class Held:
    token: str
    pks: Places
    columns: Mapping[str, tuple[list[str], Places]]  # its values, and which of these each record has
    rows: Mapping[str, Rows]

    def places(self, pks: Sequence[int] | Places) -> Places | None:
        """Where these records stand; nothing where one is not here."""
        wanted = np.asarray(pks, dtype=np.int64)
        places = np.searchsorted(self.pks, wanted)
        if len(wanted) and places.max() >= len(self.pks):
            return None
        return places if np.array_equal(self.pks[places], wanted) else None

    def column(self, name: str, places: Places) -> Counter[str]:
        values, codes = self.columns[name]
        numbers = np.bincount(codes[places], minlength=len(values)).tolist()
        return Counter({value: number for value, number in zip(values, numbers, strict=True) if number})

    def things(self, kind: str, places: Places, stands_for: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
        return records_of_things(*self.rows[kind].of(places), stands_for)


_held: Held | None = None


def held(mark: str) -> Held | None:
    """What is held for this stamp, if it was read; other processes may have done so."""
    global _held
    of, token = cache.get(NEWEST) or ("", "")
    if of != mark:
        return None
    there = _held
    if there is None or there.token != token:
        kept = cache.get(KEPT)
        if kept is None or kept[0] != token:
            return None
        there = _held = unpacked(*kept)
    return there


def hold(mark: str, read: Callable[[str], Held]) -> Held:
    """There is one place for it, whatever the stamp: it is large."""
    global _held
    if (there := held(mark)) is not None:
        return there
    there = _held = read(uuid4().hex)
    cache.set(KEPT, packed(there))
    cache.set(NEWEST, (mark, there.token))
    return there


def packed(there: Held) -> tuple:
    """Without anything of our own or of numpy, which may be another one after an upgrade."""
    columns = {name: (values, as_bytes(codes)) for name, (values, codes) in there.columns.items()}
    rows = {kind: (as_bytes(some.starts), as_bytes(some.ids)) for kind, some in there.rows.items()}
    return there.token, as_bytes(there.pks), columns, rows


def unpacked(token: str, pks: Packed, columns: Mapping, rows: Mapping) -> Held:
    return Held(
        token,
        from_bytes(pks),
        {name: (values, from_bytes(codes)) for name, (values, codes) in columns.items()},
        {kind: Rows(from_bytes(starts), from_bytes(ids)) for kind, (starts, ids) in rows.items()},
    )


def as_bytes(numbers: Places) -> Packed:
    return numbers.dtype.str, numbers.tobytes()


def from_bytes(packed: Packed) -> Places:
    return np.frombuffer(packed[1], dtype=packed[0])


def coded(said: Sequence[str]) -> tuple[list[str], Places]:
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(value, len(places)) for value in said], dtype=np.int32)
    return list(places), small(codes)


def small(numbers: Places) -> Places:
    """In as few bytes as the largest of them needs."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def records_of_things(records: Places, said: Places, stands_for: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """How many records have an id that stands for each thing; the records are numbered from nothing on, in order."""
    things = np.unique([thing for some in stands_for.values() for thing in some])
    known = np.array(sorted(stands_for), dtype=np.int64)
    if not len(said) or not len(known):
        return {}
    place = np.minimum(np.searchsorted(known, said), len(known) - 1)
    is_known = known[place] == said
    records, place = records[is_known], place[is_known]
    numbers = np.zeros(len(things), dtype=np.int64)
    lines = lines_of(known.tolist(), things, stands_for)
    for first in range(0, int(records[-1]) + 1 if len(records) else 0, AT_ONCE):
        start, stop = np.searchsorted(records, [first, first + AT_ONCE])
        there = np.zeros((AT_ONCE, len(things)), dtype=bool)
        for line in lines.T:
            thing = line[place[start:stop]]
            there[records[start:stop][thing >= 0] - first, thing[thing >= 0]] = True
        numbers += np.count_nonzero(there, axis=0)
    return dict(zip(things.tolist(), numbers.tolist(), strict=True))


def lines_of(known: Iterable[int], things: Places, stands_for: Mapping[int, tuple[int, ...]]) -> Places:
    """For each id the places of the things that it stands for; as many for each, and what is too much is below 0."""
    most = max(map(len, stands_for.values()))
    lines = [np.searchsorted(things, stands_for[pk]).tolist() for pk in known]
    return np.array([line + [-1] * (most - len(line)) for line in lines])
