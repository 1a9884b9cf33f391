"""The vectors of one encoder, as read by one process, and the search for near ones.

A record is represented by its original text, or else the first of its texts. All records are held, so every result
is restricted to a given set of records: `visible_to(user)` or `public()`.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import batched, groupby
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from numpy.typing import NDArray

from servanda.language.vectors.byte_vectors import Likeness, Rows
from servanda.language.vectors.encoder import NoEncoder, Vectors, mark_of
from servanda.recommendations.models import Recommendation, TextVector, TextVersion
from servanda.recommendations.records.id_sets import ids
from servanda.recommendations.search.encoders import embedder

FIRST_LOOK = 128  # how many of the nearest the database is asked about at first; each further query asks about more
WIDER = 8
READ_AT_ONCE = 2_000  # records
Near = list[tuple[int, float]]  # records and their similarity (1 for identical), the nearest first


class Space:
    """All vectors of a register; a record that lost its texts keeps a row but is near to nothing."""

    def __init__(self, encoder: str, series: object):
        self.encoder, self.series = encoder, series
        self.lock = Lock()
        self.number = 0
        self.places: dict[int, int] = {}
        self.records = np.zeros(0, dtype=np.int64)
        self.rows = Rows.empty()
        self.languages: list[str] = []
        self.spoken = np.zeros(0, dtype=np.uint64)  # a bit for each language in which a record has a text
        self.own = np.zeros(0, dtype=np.uint64)  # the bit of the language of the text that represents it

    @classmethod
    def mapped(cls, folder: Path, encoder: str, series: object, number: int) -> Self:
        """The vectors as `keep` wrote them. Raises the errors of a missing or truncated file."""
        space = cls(encoder, series)
        space.rows = Rows.mapped(folder)
        with np.load(folder / "records.npz") as stored:
            space.records, space.spoken, space.own = stored["records"], stored["spoken"], stored["own"]
            size = int(stored["size"])
        space.places = dict(zip(space.records[:size].tolist(), range(size), strict=True))
        space.languages = json.loads((folder / "languages.json").read_text())
        space.number = number
        return space

    def keep(self, folder: Path) -> None:
        """Write the vectors into a folder, with room for later ones, so that other processes need not query them."""
        size = len(self.places)
        room = size + size // 8
        self.rows.keep(folder, size, room)
        free = room - size
        parts: dict[str, Any] = {
            name: np.pad(getattr(self, name)[:size], (0, free)) for name in ("records", "spoken", "own")
        }
        np.savez(folder / "records.npz", size=size, **parts)
        (folder / "languages.json").write_text(json.dumps(self.languages))

    def read_on(self, number: int) -> None:
        """Read what was written since the last time, up to this number."""
        with self.lock:
            self.read_written(after=self.number)
            self.number = number

    def read_written(self, *, after: int) -> None:
        stored = TextVector.objects.filter(encoder=self.encoder)
        counting = stored.filter(text__in=counting_texts())
        if after:
            changed = stored.filter(written__gt=after).values_list("text__recommendation_id", flat=True)
            self.forget(set(changed))
            counting = counting.filter(text__recommendation__in=changed)
        order = ("text__recommendation_id", "-text__is_original", "text__language", "text_id")
        rows = counting.order_by(*order).values_list("text__recommendation_id", "text__language", "vector")
        at_most = counting.count()
        for some in batched(by_record(rows.iterator()), READ_AT_ONCE):
            self.put(some, at_most)

    def forget(self, records: Collection[int]) -> None:
        rows = [self.places[pk] for pk in records if pk in self.places]
        self.rows.lengths[rows], self.spoken[rows] = 0, 0

    def put(self, records: Sequence[tuple[int, list[str], bytes]], at_most: int) -> None:
        """Add records, each with the languages of its texts, that of the representing text first, and its vector."""
        halves = np.frombuffer(b"".join(vector for *_rest, vector in records), dtype=np.float16)
        vectors = halves.reshape(len(records), -1).astype(np.float32)
        places = [self.places.setdefault(pk, len(self.places)) for pk, *_rest in records]
        if len(self.places) > len(self.records):
            self.make_room(max(at_most, len(records)) + len(self.places) // 8, vectors.shape[1])
        self.rows.put(places, vectors)
        self.records[places] = [pk for pk, *_rest in records]
        self.spoken[places] = [self.bits_of(languages) for _pk, languages, _vector in records]
        self.own[places] = [self.bits_of(languages[:1]) for _pk, languages, _vector in records]

    def make_room(self, more: int, dimension: int) -> None:
        self.rows.widen(len(self.records) + more, dimension)
        self.records = np.concatenate([self.records, np.zeros(more, dtype=np.int64)])
        self.spoken = np.concatenate([self.spoken, np.zeros(more, dtype=np.uint64)])
        self.own = np.concatenate([self.own, np.zeros(more, dtype=np.uint64)])

    def bits_of(self, languages: Iterable[str]) -> int:
        bits = 0
        for language in languages:
            if language not in self.languages:
                self.languages.append(language)
            bits |= 1 << min(self.languages.index(language), 63)
        return bits

    def vector_of(self, text: str) -> Vectors | None:
        """The vector of a search text; None where there is no encoder, or not the one of the register, even if the
        name is the same."""
        try:
            encoder = embedder()
            vector = encoder.encode([text])[0] if text.strip() and mark_of(encoder) == self.encoder else None
        except NoEncoder:
            return None
        return vector if vector is not None and len(vector) == self.rows.dimension else None

    def vectors_of(self, records: Iterable[int]) -> tuple[NDArray[np.int64], Vectors]:
        """Those of the records that have a vector, and their vectors as rows."""
        with self.lock:
            rows = [(pk, self.places[pk]) for pk in records if pk in self.places and self.spoken[self.places[pk]]]
            pks = np.array([pk for pk, _place in rows], dtype=np.int64)
            return pks, self.rows.vectors([place for _pk, place in rows])

    def languages_of(self, records: Iterable[int]) -> list[str]:
        """The languages of the texts that represent these records."""
        with self.lock:
            own = {int(self.own[self.places[pk]]) for pk in records if pk in self.places}
            return [language for at, language in enumerate(self.languages) if 1 << at in own]

    def nearest(
        self,
        vector: Vectors,
        *,
        among: QuerySet[Recommendation],
        top: int,
        at_least: float = 0.0,
        no_text_in: Collection[str] = (),
        without: Callable[[Collection[int]], Collection[int] | RawSQL] = lambda _pks: (),
    ) -> Near:
        """The nearest records of `among`, except those that have a text in a language of `no_text_in`, and those that
        `without` returns.

        All vectors are compared, and `among` is queried for the nearest until there are enough, so that records which
        a person may not see do not displace others.
        """
        nearest: Near = []
        for in_order in self.looks(vector, at_least=at_least, no_text_in=no_text_in, first=top + top // 4):
            pks = [pk for pk, _how in in_order]
            fitting = among.filter(pk__in=ids(pks)).exclude(pk__in=without(pks)).order_by()
            allowed = set(fitting.values_list("pk", flat=True))
            nearest += [(pk, how) for pk, how in in_order if pk in allowed]
            if len(nearest) >= top:
                break
        return nearest[:top]

    def looks(
        self, vector: Vectors, *, at_least: float, no_text_in: Collection[str] = (), first: int = 0
    ) -> Iterator[Near]:
        """All records that are near enough, the nearest first, in growing pieces: the caller stops when it has enough
        that may be seen."""
        pks, likeness = self.compared(vector, at_least, no_text_in)
        for some in looks(pks, likeness, first=max(FIRST_LOOK, first)):
            yield [(int(pks[place]), float(likeness[place])) for place in some]

    def compared(
        self, vector: Vectors, at_least: float, no_text_in: Collection[str]
    ) -> tuple[NDArray[np.int64], Likeness]:
        """All that are near enough, with their similarity. Another thread may read new vectors meanwhile; at worst it
        overwrites a row that has just changed."""
        with self.lock:
            size, rows, records, spoken = len(self.places), self.rows, self.records, self.spoken
            hidden = self.bits_of(language for language in no_text_in if language in self.languages)
        if not size:
            return records, np.zeros(0, dtype=np.float32)
        likeness = rows.compared(vector.astype(np.float32), size)
        fits = (likeness >= at_least) & (spoken[:size] > 0)
        if hidden:
            fits &= (spoken[:size] & np.uint64(hidden)) == 0
        places = np.flatnonzero(fits)
        return records[places], likeness[places]


def by_record(rows: Iterable[tuple[int, str, bytes | memoryview]]) -> Iterator[tuple[int, list[str], bytes]]:
    for pk, some in groupby(rows, key=itemgetter(0)):
        texts = list(some)
        yield pk, [language for _pk, language, _vector in texts], bytes(texts[0][2])


def counting_texts() -> QuerySet[TextVersion]:
    return TextVersion.objects.current().filter(form=TextVersion.Form.FULL)


def looks(pks: NDArray[np.int64], likeness: Likeness, *, first: int) -> Iterator[NDArray[np.intp]]:
    """The rows of all, the nearest first, in growing pieces; each piece is sorted only when it is requested.

    Among equally near records the older comes first, and all of them are in the same piece.
    """
    width, remaining = first, np.arange(len(likeness))
    while len(remaining):
        remaining_likeness = likeness[remaining]
        last = (
            np.partition(remaining_likeness, -width)[-width] if width < len(remaining) else remaining_likeness.min()
        )
        some, remaining = remaining[remaining_likeness >= last], remaining[remaining_likeness < last]
        yield some[np.lexsort((pks[some], -likeness[some]))]
        width *= WIDER
