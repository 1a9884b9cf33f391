"""Facets are registered once; two of one key, or one that an address uses for something else, are refused."""

import pytest

from servanda.recommendations.filters import parameters, registry
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.external_facets import SetFacet
from servanda.recommendations.filters.parameters import taxonomy_key
from servanda.recommendations.filters.registry import (
    FacetSource,
    facets_for,
    facets_for_everybody,
    register_facets,
)
from tests import make


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(registry, "_sources", dict(registry._sources))
    monkeypatch.setattr(parameters, "_owners", dict(parameters._owners))


def source(*keys: str, name: str = "a new room", order: int = 1000, offers: tuple[str, ...] | None = None):
    offered = keys if offers is None else offers
    facets = [SetFacet(key=key, title=key, options={}, without="", sets={}) for key in offered]
    return FacetSource(name, order, frozenset(keys), lambda _context: facets)


@pytest.mark.parametrize("key", ["lead", "body", "voices", "cluster", "theme", "q", "page", "as"])
def test_a_key_that_is_taken_is_refused_with_its_owner(key):
    with pytest.raises(ValueError, match=rf"The facets of a new room use keys that are taken: {key} \(.+\)"):
        register_facets(source("budget", key))
    register_facets(source("budget"))  # nothing was reserved by the attempt


def test_two_sources_do_not_share_a_place_on_the_page():
    register_facets(source("budget"))
    with pytest.raises(ValueError, match="another room and of a new room have the same order"):
        register_facets(source("cost", name="another room"))


def test_the_same_source_is_registered_once():
    budget = source("budget")
    register_facets(budget)
    register_facets(budget)
    assert taxonomy_key("budget") == "taxonomy-budget"


@pytest.mark.django_db
def test_a_registered_facet_is_offered_to_everybody_and_at_the_desk():
    register_facets(source("budget"))
    person = make.user("coordinator")
    assert facets_for_everybody()[-1].key == "budget"
    assert facets_for(person, audience_of(person))[-1].key == "budget"


@pytest.mark.django_db
def test_a_facet_that_its_source_does_not_declare_is_refused():
    register_facets(source("budget", offers=("budget", "cost")))
    with pytest.raises(ValueError, match="a new room do not declare cost"):
        facets_for_everybody()


def test_a_taxonomy_with_the_code_of_a_facet_gets_a_key_of_its_own():
    assert [taxonomy_key(code) for code in ("uhri-theme", "sdg", "national", "lead", "theme", "q")] == [
        "theme",
        "sdg",
        "national",
        "taxonomy-lead",
        "taxonomy-theme",
        "taxonomy-q",
    ]
