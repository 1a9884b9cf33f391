"""Which of many clusters somebody may mean: by words of its name, by a record in it, by what is near in meaning."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from servanda.language.vectors.encoder import Vectors
from servanda.language.words.tokens import tokens
from servanda.people.models import User
from servanda.recommendations.filters.semantic import NEAR_TO_A_SENTENCE
from servanda.recommendations.models import Cluster, ClusterMember, Recommendation
from servanda.recommendations.search import vector_index as vectors

MOST_OFFERED = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """What one person may choose from, beside which records, and without the cluster that these are in already."""

    user: User
    near: QuerySet[Recommendation] | None = None
    without: int = 0

    @property
    def clusters(self) -> QuerySet[Cluster]:
        return Cluster.objects.visible_to(self.user).exclude(pk=self.without)

    def first(self) -> list[Cluster]:
        """Before anything is typed: the nearest, then the others by name."""
        found = [] if self.near is None else list(self.nearest(place_of(self.near), at_least=0.0))
        if len(found) < MOST_OFFERED:
            found += self.clusters.exclude(pk__in=found).values_list("pk", flat=True)[: MOST_OFFERED - len(found)]
        return self.read(found)

    def with_words(self, words: str) -> list[Cluster]:
        """Those that have all words in their name, or a record of this reference; then those that are near to it."""
        found = [*self.holding(words), *self.named(words)]
        if len(found) < MOST_OFFERED:
            found += self.nearest(vectors.vector_of(words), at_least=NEAR_TO_A_SENTENCE)
        return self.read(list(dict.fromkeys(found))[:MOST_OFFERED])

    def has_more(self) -> bool:
        return self.clusters.order_by()[: MOST_OFFERED + 1].count() > MOST_OFFERED

    def holding(self, code: str) -> Iterable[int]:
        members = ClusterMember.objects.current().filter(recommendation__code__iexact=code.strip())
        return members.order_by("cluster").values_list("cluster", flat=True)

    def named(self, words: str) -> list[int]:
        """Compared here, as SQLite knows small letters of ASCII only."""
        asked = tokens(words, "")
        if not asked:
            return []
        names = ((pk, tokens(name, "")) for pk, name in self.clusters.values_list("pk", "name"))
        return [pk for pk, name in names if all(any(one.startswith(word) for one in name) for word in asked)]

    def nearest(self, vector: Vectors | None, *, at_least: float) -> Iterator[int]:
        """Clusters by the nearest of their records."""
        if vector is None:
            return
        inside = ClusterMember.objects.current().exclude(cluster=self.without)
        cluster_of = dict(inside.order_by().values_list("recommendation", "cluster"))
        there: dict[int, None] = {}
        for some in vectors.now().looks(vector, at_least=at_least):
            for pk, _likeness in some:
                if pk in cluster_of and cluster_of[pk] not in there:
                    there[cluster_of[pk]] = None
                    yield cluster_of[pk]
                    if len(there) == MOST_OFFERED:
                        return

    def read(self, pks: list[int]) -> list[Cluster]:
        """With the number of their records: two of one name are told apart by it and by their day."""
        inside = Count("members", filter=Q(members__left_at=None))
        there = {one.pk: one for one in self.clusters.filter(pk__in=pks).annotate(number=inside)}
        return [there[pk] for pk in pks if pk in there]

    def chosen(self, key: str) -> Cluster | None:
        try:
            return self.clusters.filter(key=UUID(key)).first()
        except ValueError:
            return None


def place_of(records: QuerySet[Recommendation]) -> Vectors | None:
    """The middle of some records; none where nothing has a vector yet."""
    _pks, rows = vectors.vectors_of(records)
    return rows.mean(axis=0) if len(rows) else None
