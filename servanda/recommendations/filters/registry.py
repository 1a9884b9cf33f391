"""By what the register can be narrowed: each room registers its facets once, when the process starts.

A facet has a key, which is the name of a parameter in the addresses of the list. No two sources may use one key, and
none may use a parameter that the list has already.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from servanda.people.access import Can, can
from servanda.people.models import User
from servanda.recommendations.filters.audiences import Audience, everybody
from servanda.recommendations.filters.facet_options import Names, read_names
from servanda.recommendations.filters.facets import OWN_KEYS, Facet, LabelFacet, label_facets, own_facets
from servanda.recommendations.filters.parameters import reserve_keys


@dataclass(frozen=True, slots=True)
class FacetContext:
    """For whom facets are made, seen from which day, and what has been read for them."""

    user: User | None  # None for everyone
    audience: Audience
    names: Names
    labels: Sequence[LabelFacet]
    on: date


@dataclass(frozen=True, slots=True)
class FacetSource:
    """Some facets of one room. `keys` are all that it may ever offer; those of taxonomies are not among them."""

    name: str
    order: int  # of the sources on the page; two sources have different ones
    keys: frozenset[str]
    make: Callable[[FacetContext], Iterable[Facet]]


_sources: dict[int, FacetSource] = {}


def register_facets(source: FacetSource) -> None:
    """Add a source; the same one twice is added once.

    Raises:
        ValueError: if another source has the same order or one of the keys, or a key is a parameter of the list.
    """
    present = _sources.get(source.order)
    if present == source:
        return
    if present is not None:
        raise ValueError(f"The facets of {source.name} and of {present.name} have the same order.")
    reserve_keys(source.keys, source.name)
    _sources[source.order] = source


def _of_the_register(context: FacetContext) -> list[Facet]:
    return own_facets(context.user, context.names, context.labels)


register_facets(FacetSource("the register", 10, OWN_KEYS, _of_the_register))


def facets_for(user: User, audience: Audience) -> list[Facet]:
    """All by which this person may narrow the register; `audience` is theirs."""
    return _facets(user, audience, read_names(audience, imports=can(user, Can.IMPORT)))


def facets_for_everybody() -> list[Facet]:
    """All by which the published register can be narrowed."""
    return _facets(None, everybody(), read_names(everybody()))


def _facets(user: User | None, audience: Audience, names: Names) -> list[Facet]:
    context = FacetContext(user, audience, names, label_facets(names), timezone.localdate())
    facets: list[Facet] = []
    for _order, source in sorted(_sources.items()):
        made = list(source.make(context))
        if undeclared := {facet.key for facet in made if not isinstance(facet, LabelFacet)} - source.keys:
            raise ValueError(f"The facets of {source.name} do not declare {', '.join(sorted(undeclared))}.")
        facets += made
    return facets
