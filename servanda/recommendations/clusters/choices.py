"""Finds clusters to choose from: by words of their name, by a record in them, or by similar meaning."""

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
    """The clusters that a person may choose: `near` are records to which they should be similar, `without` is the id
    of a cluster to leave out."""

    user: User
    near: QuerySet[Recommendation] | None = None
    without: int = 0

    @property
    def clusters(self) -> QuerySet[Cluster]:
        return Cluster.objects.visible_to(self.user).exclude(pk=self.without)

    def first(self) -> list[Cluster]:
        """The clusters offered before anything is typed: the nearest, then others by name."""
        pks = [] if self.near is None else list(self.nearest(mean_vector(self.near), at_least=0.0))
        if len(pks) < MOST_OFFERED:
            pks += self.clusters.exclude(pk__in=pks).values_list("pk", flat=True)[: MOST_OFFERED - len(pks)]
        return self.read(pks)

    def with_words(self, text: str) -> list[Cluster]:
        """Clusters that contain a record with this reference or have all words in their name; then similar ones."""
        pks = [*self.with_record(text), *self.with_name(text)]
        if len(pks) < MOST_OFFERED:
            pks += self.nearest(vectors.vector_of(text), at_least=NEAR_TO_A_SENTENCE)
        return self.read(list(dict.fromkeys(pks))[:MOST_OFFERED])

    def has_more(self) -> bool:
        return self.clusters.order_by()[: MOST_OFFERED + 1].count() > MOST_OFFERED

    def with_record(self, code: str) -> Iterable[int]:
        members = ClusterMember.objects.current().filter(recommendation__code__iexact=code.strip())
        return members.order_by("cluster").values_list("cluster", flat=True)

    def with_name(self, text: str) -> list[int]:
        """Compared in Python, because SQLite ignores case for ASCII letters only."""
        wanted = tokens(text, "")
        if not wanted:
            return []
        names = ((pk, tokens(name, "")) for pk, name in self.clusters.values_list("pk", "name"))
        return [pk for pk, name in names if all(any(token.startswith(word) for token in name) for word in wanted)]

    def nearest(self, vector: Vectors | None, *, at_least: float) -> Iterator[int]:
        """Ids of clusters, ordered by the nearest of their records."""
        if vector is None:
            return
        inside = ClusterMember.objects.current().exclude(cluster=self.without)
        cluster_of = dict(inside.order_by().values_list("recommendation", "cluster"))
        yielded: dict[int, None] = {}
        for some in vectors.now().looks(vector, at_least=at_least):
            for pk, _likeness in some:
                if pk in cluster_of and cluster_of[pk] not in yielded:
                    yielded[cluster_of[pk]] = None
                    yield cluster_of[pk]
                    if len(yielded) == MOST_OFFERED:
                        return

    def read(self, pks: list[int]) -> list[Cluster]:
        """The clusters with their number of records, which, with the date, distinguishes clusters of the same
        name."""
        inside = Count("members", filter=Q(members__left_at=None))
        clusters = {cluster.pk: cluster for cluster in self.clusters.filter(pk__in=pks).annotate(number=inside)}
        return [clusters[pk] for pk in pks if pk in clusters]

    def chosen(self, key: str) -> Cluster | None:
        try:
            return self.clusters.filter(key=UUID(key)).first()
        except ValueError:
            return None


def mean_vector(records: QuerySet[Recommendation]) -> Vectors | None:
    """The mean vector of some records; None where none of them has a vector yet."""
    _pks, rows = vectors.vectors_of(records)
    return rows.mean(axis=0) if len(rows) else None
