"""Which records are near in meaning: the vectors of their texts, in the memory of each process, compared exactly.

A record is where its original text is, or the first of its texts. This memory holds the records of everybody, so
every answer is taken from the records that are given: `visible_to(user)` or `public()`.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from threading import Lock

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from servanda.language.embed import NoEncoder, Vectors, embedder, mark_of
from servanda.recommendations.models import Recommendation, TextVector, TextVersion, VectorStamp
from servanda.recommendations.services.encoding import waiting_for

FIRST_LOOK = 128  # of the nearest, how many at least are asked after at once; the next look is wider
WIDER = 8
Likeness = NDArray[np.float32]
Near = list[tuple[int, float]]  # records and their likeness, 1 for the same, the nearest first


class Space:
    """The vectors of one encoder as this process has read them."""

    def __init__(self, encoder: str, series: object):
        self.encoder, self.series = encoder, series
        self.number = 0
        self.places: dict[int, int] = {}
        self.records = np.zeros(0, dtype=np.int64)
        self.matrix: Vectors = np.zeros((0, 0), dtype=np.float32)
        self.languages: list[str] = []
        self.spoken = np.zeros(0, dtype=np.uint64)  # a bit for each language that a record has a text in
        self.own = np.zeros(0, dtype=np.uint64)  # the bit of the text that speaks for it

    def read_on(self, number: int) -> None:
        """Read what was written since the last time; of a record that lost its texts nothing is left."""
        stored = TextVector.objects.filter(encoder=self.encoder)
        counting = stored.filter(text__in=counting_texts())
        if self.number:
            changed = stored.filter(written__gt=self.number).values_list("text__recommendation_id", flat=True)
            self.forget(set(changed))
            counting = counting.filter(text__recommendation__in=changed)
        order = ("text__recommendation_id", "-text__is_original", "text__language", "text_id")
        rows = counting.order_by(*order).values_list("text__recommendation_id", "text__language", "vector")
        self.put(rows.iterator(), counting.count())
        self.number = number

    def forget(self, records: Collection[int]) -> None:
        rows = [self.places[pk] for pk in records if pk in self.places]
        self.matrix[rows], self.spoken[rows] = 0, 0

    def put(self, rows: Iterable[tuple[int, str, bytes]], at_most: int) -> None:
        for pk, some in groupby(rows, key=itemgetter(0)):
            texts = list(some)
            vector = np.frombuffer(texts[0][2], dtype=np.float16)
            place = self.places.setdefault(pk, len(self.places))
            if place >= len(self.records):
                self.make_room(at_most + place // 8, len(vector))
            self.records[place], self.matrix[place] = pk, vector
            self.spoken[place] = self.bits_of(language for _pk, language, _vector in texts)
            self.own[place] = self.bits_of([texts[0][1]])

    def make_room(self, more: int, dimension: int) -> None:
        """For so many records more; room that is not used yet takes no memory."""
        self.records = np.concatenate([self.records, np.zeros(more, dtype=np.int64)])
        self.spoken = np.concatenate([self.spoken, np.zeros(more, dtype=np.uint64)])
        self.own = np.concatenate([self.own, np.zeros(more, dtype=np.uint64)])
        wider = np.zeros((len(self.records), dimension), dtype=np.float32)
        wider[: len(self.matrix)] = self.matrix.reshape(-1, dimension)
        self.matrix = wider

    def bits_of(self, languages: Iterable[str]) -> int:
        bits = 0
        for language in languages:
            if language not in self.languages:
                self.languages.append(language)
            bits |= 1 << min(self.languages.index(language), 63)
        return bits

    def vector_of(self, text: str) -> Vectors | None:
        """Where a question stands; nothing when no encoder is here, or another one than that of the register."""
        try:
            encoder = embedder()
            return encoder.encode([text])[0] if text.strip() and mark_of(encoder) == self.encoder else None
        except NoEncoder:
            return None

    def vectors_of(self, records: Iterable[int]) -> tuple[NDArray[np.int64], Vectors]:
        """The records of these that have a vector, and their vectors as rows."""
        with _lock:
            rows = [(pk, self.places[pk]) for pk in records if pk in self.places and self.spoken[self.places[pk]]]
            pks = np.array([pk for pk, _place in rows], dtype=np.int64)
            return pks, self.matrix[[place for _pk, place in rows]]

    def languages_of(self, records: Iterable[int]) -> list[str]:
        """The languages of the texts that speak for these records."""
        with _lock:
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
    ) -> Near:
        """The records of `among` that are nearest, without those that have a text in one of some languages.

        All are compared, and then `among` is asked after the nearest until there are enough, so what somebody may not
        see takes nobody's place.
        """
        pks, likeness = self.compared(vector, at_least, no_text_in)
        found: Near = []
        for some in looks(pks, likeness, first=max(FIRST_LOOK, top + top // 4)):
            in_order = [(int(pks[place]), float(likeness[place])) for place in some]
            there = set(among.filter(pk__in=[pk for pk, _ in in_order]).order_by().values_list("pk", flat=True))
            found += [(pk, how) for pk, how in in_order if pk in there]
            if len(found) >= top:
                break
        return found[:top]

    def compared(
        self, vector: Vectors, at_least: float, no_text_in: Collection[str]
    ) -> tuple[NDArray[np.int64], Likeness]:
        """All that are near enough; likeness is rounded, for a product differs in its last digits with the place of
        a row."""
        with _lock:
            size = len(self.places)
            if not size:
                return self.records, np.zeros(0, dtype=np.float32)
            likeness = np.round(self.matrix[:size] @ vector, 5)
            fits = (likeness >= at_least) & (self.spoken[:size] > 0)
            if hidden := self.bits_of(language for language in no_text_in if language in self.languages):
                fits &= (self.spoken[:size] & np.uint64(hidden)) == 0
            places = np.flatnonzero(fits)
            return self.records[places], likeness[places]


_space = Space("", None)
_lock = Lock()


def counting_texts() -> QuerySet[TextVersion]:
    return TextVersion.objects.current().filter(form=TextVersion.Form.FULL)


def waiting() -> int:
    """How many texts have no vector yet; each of them is found by its words meanwhile."""
    mark = VectorStamp.objects.values_list("encoder", flat=True).first()
    return waiting_for(mark or "").count()


def now() -> Space:
    """What this process knows, after reading what is new; one question to the database when nothing is."""
    global _space
    stamp = VectorStamp.objects.first()
    if stamp is None:
        return Space("", None)
    with _lock:
        if stamp.series != _space.series or stamp.number < _space.number:
            _space = Space(stamp.encoder, stamp.series)
        if stamp.number > _space.number:
            _space.read_on(stamp.number)
        return _space


def vector_of(text: str) -> Vectors | None:
    return now().vector_of(text)


def vectors_of(records: QuerySet[Recommendation] | Iterable[int]) -> tuple[NDArray[np.int64], Vectors]:
    """The records of these that have a vector, by key, and their vectors as rows."""
    space = now()
    if isinstance(records, QuerySet):
        records = records.order_by("pk").values_list("pk", flat=True)
    return space.vectors_of(records)


def nearest(vector: Vectors, *, among: QuerySet[Recommendation], top: int, at_least: float = 0.0) -> Near:
    return now().nearest(vector, among=among, top=top, at_least=at_least)


def looks(pks: NDArray[np.int64], likeness: Likeness, *, first: int) -> Iterator[NDArray[np.intp]]:
    """The places of all, the nearest first, in pieces that grow; only a piece that is asked for is sorted.

    Of records that are equally near the older stands first, and none of them is left for the next piece.
    """
    width, rest = first, np.arange(len(likeness))
    while len(rest):
        left = likeness[rest]
        last = np.partition(left, -width)[-width] if width < len(rest) else left.min()
        some, rest = rest[left >= last], rest[left < last]
        yield some[np.lexsort((pks[some], -likeness[some]))]
        width *= WIDER
