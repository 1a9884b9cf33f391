"""What every record is counted by, in the memory of this process: the values of its columns, its labels, its States.

It covers all records, whoever asks: only records that were found among those that a person may see are looked up in
it. It is valid for one stamp of the register; after any change the database is asked until the snapshot is read anew.
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
STORED, NEWEST = "register:snapshot:1", "register:snapshot:1:newest"  # another number for another shape
Places = NDArray[np.integer]
Packed = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Rows:
    """Of records one after the other, the ids that each has; `starts` says where those of a record begin."""

    starts: Places
    ids: Places

    @classmethod
    def read(cls, pks: Places, records: Places, ids: Places) -> Self:
        """From the ids of all records one after the other, each record's behind its own id."""
        is_own = np.diff(records, prepend=-1) > 0
        place = np.repeat(np.searchsorted(pks, ids[is_own]), np.diff([*np.flatnonzero(is_own), len(ids)]) - 1)
        order = np.argsort(place, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(pks)))])
        return cls(starts, small(ids[~is_own][order]))

    def of(self, places: Places) -> tuple[Places, Places]:
        """The ids of some records, and which of these has each."""
        first, numbers = self.starts[places], self.starts[places + 1] - self.starts[places]
        before = np.cumsum(numbers) - numbers
        at = np.arange(numbers.sum()) + np.repeat(first - before, numbers)
        return np.repeat(np.arange(len(places)), numbers), self.ids[at]


@dataclass(frozen=True, slots=True)
class Snapshot:
    token: str
    pks: Places
    columns: Mapping[str, tuple[list[str], Places]]  # the values of each, and which of these each record has
    rows: Mapping[str, Rows]

    def places(self, pks: Sequence[int] | Places) -> Places | None:
        """Where these records are in the snapshot; None if one of them is not in it."""
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


_snapshot: Snapshot | None = None


def current_snapshot(stamp: str) -> Snapshot | None:
    """The snapshot for this stamp, if this process or another one has read it."""
    global _snapshot
    newest_stamp, token = cache.get(NEWEST) or ("", "")
    if newest_stamp != stamp:
        return None
    snapshot = _snapshot
    if snapshot is None or snapshot.token != token:
        stored = cache.get(STORED)
        if stored is None or stored[0] != token:
            return None
        snapshot = _snapshot = unpacked(*stored)
    return snapshot


def snapshot_for(stamp: str, read: Callable[[str], Snapshot]) -> Snapshot:
    """The snapshot for this stamp, read now if need be. It is large: the cache has one, whatever the stamp."""
    global _snapshot
    if (snapshot := current_snapshot(stamp)) is not None:
        return snapshot
    snapshot = _snapshot = read(uuid4().hex)
    cache.set(STORED, packed(snapshot))
    cache.set(NEWEST, (stamp, snapshot.token))
    return snapshot


def packed(snapshot: Snapshot) -> tuple:
    """In plain types: classes of our own and of numpy may be other ones after an upgrade."""
    columns = {name: (values, as_bytes(codes)) for name, (values, codes) in snapshot.columns.items()}
    rows = {kind: (as_bytes(some.starts), as_bytes(some.ids)) for kind, some in snapshot.rows.items()}
    return snapshot.token, as_bytes(snapshot.pks), columns, rows


def unpacked(token: str, pks: Packed, columns: Mapping, rows: Mapping) -> Snapshot:
    return Snapshot(
        token,
        from_bytes(pks),
        {name: (values, from_bytes(codes)) for name, (values, codes) in columns.items()},
        {kind: Rows(from_bytes(starts), from_bytes(ids)) for kind, (starts, ids) in rows.items()},
    )


def as_bytes(numbers: Places) -> Packed:
    return numbers.dtype.str, numbers.tobytes()


def from_bytes(packed: Packed) -> Places:
    return np.frombuffer(packed[1], dtype=packed[0])


def coded(texts: Sequence[str]) -> tuple[list[str], Places]:
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(text, len(places)) for text in texts], dtype=np.int32)
    return list(places), small(codes)


def small(numbers: Places) -> Places:
    """The numbers in the smallest integer type that holds the largest of them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def records_of_things(records: Places, ids: Places, stands_for: Mapping[int, tuple[int, ...]]) -> dict[int, int]:
    """How many records have an id that stands for each thing; things that no record has are left out.

    `ids` are one after the other, and `records` says which record has each, numbered from 0 and in order.
    """
    known = np.array([pk for pk in np.unique(ids).tolist() if pk in stands_for], dtype=np.int64)
    if not len(known):
        return {}
    things = np.unique([thing for pk in known.tolist() for thing in stands_for[pk]])
    place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    is_known = known[place] == ids
    records, place = records[is_known], place[is_known]
    numbers = np.zeros(len(things), dtype=np.int64)
    places_of_things = things_by_id(known.tolist(), things, stands_for)
    number = int(records[-1]) + 1
    for first in range(0, number, AT_ONCE):
        start, stop = np.searchsorted(records, [first, first + AT_ONCE])
        has_thing = np.zeros((min(AT_ONCE, number - first), len(things)), dtype=bool)
        for column in places_of_things.T:
            thing = column[place[start:stop]]
            has_thing[records[start:stop][thing >= 0] - first, thing[thing >= 0]] = True
        numbers += np.count_nonzero(has_thing, axis=0)
    return dict(zip(things.tolist(), numbers.tolist(), strict=True))


def things_by_id(known: Iterable[int], things: Places, stands_for: Mapping[int, tuple[int, ...]]) -> Places:
    """A row for each id: the places of the things that it stands for, filled up with -1."""
    place = {thing: at for at, thing in enumerate(things.tolist())}
    rows = [[place[thing] for thing in stands_for[pk]] for pk in known]
    width = max(map(len, rows))
    return np.array([row + [-1] * (width - len(row)) for row in rows])
