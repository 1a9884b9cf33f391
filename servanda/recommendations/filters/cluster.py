"""The register narrowed to one cluster, for those who may read every record."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from servanda.people.access import Can, can
from servanda.recommendations.filters.external_facets import SetFacet
from servanda.recommendations.filters.facets import Facet, Option
from servanda.recommendations.filters.registry import FacetContext
from servanda.recommendations.models import Cluster, ClusterMember

KEY = "cluster"


class LazyMapping[Value](Mapping[str, Value]):
    """Clusters by their key, read once a person narrows by a cluster: the list is at its budget of queries."""

    def __init__(self, read: Callable[[], dict[str, Value]]):
        self.read = read

    @cached_property
    def by_key(self) -> dict[str, Value]:
        return self.read()

    def __getitem__(self, key: str) -> Value:
        return self.by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_key)

    def __len__(self) -> int:
        return len(self.by_key)

    def __bool__(self) -> bool:
        return True


def cluster_facets(context: FacetContext) -> list[Facet]:
    user = context.user
    if user is None or not context.audience.is_inside or not can(user, Can.READ_EVERYTHING):
        return []
    names = LazyMapping(lambda: dict(Cluster.objects.visible_to(user).values_list("key", "name")))
    options = LazyMapping(lambda: {str(key): Option(name, (str(key),)) for key, name in names.items()})
    sets = LazyMapping(lambda: {key: in_cluster(key) for key in options})
    return [SetFacet(key=KEY, title=_("Cluster"), options=options, without="", column="", sets=sets)]


def in_cluster(key: str) -> Q:
    members = ClusterMember.objects.current().filter(cluster__key=key)
    return Q(pk__in=members.values("recommendation"))
