"""Rows that several tests of a module begin with, built once for them, as with Django's `setUpTestData`."""

import inspect
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy

import pytest

BUILDS: dict[str, dict[str, Callable]] = {}  # by the name of the module, by the name of the fixture
COPIES = pytest.StashKey[dict]()


def built_once(build: Callable):
    """A fixture of this name: what `build` returned for the tests of the module that ask for it, to each a copy.

    Tests that do not ask for it do not find its rows, and what a test does to them is undone after it. `build` may
    ask for others that are built once, and for fixtures of modules and sessions: for `loaded_once` in a module that
    uses the vocabulary. Not for modules with tests that commit.
    """

    @pytest.fixture(name=build.__name__)
    def copied(request, rows_of_module, db):
        return deepcopy(rows_of_module[build.__name__], request.node.stash.setdefault(COPIES, {}))

    module = inspect.currentframe().f_back.f_globals["__name__"]
    BUILDS.setdefault(module, {})[build.__name__] = build
    return copied


def asked_for(module, names: Collection[str]) -> Iterator[str]:
    """Which of the module's builds these fixtures need, each after those that it needs itself."""
    for name, build in BUILDS.get(module.__name__, {}).items():
        if name in names:
            yield from asked_for(module, inspect.signature(build).parameters)
            yield name


def rows_asked_for(item: pytest.Item) -> tuple[str, ...]:
    return item.callspec.params.get("rows_of_module", ()) if hasattr(item, "callspec") else ()


def fixtures_for(request, names: Collection[str]) -> dict[str, object]:
    """What the builds ask for that is no build."""
    builds = BUILDS[request.module.__name__]
    needed = {each for name in names for each in inspect.signature(builds[name]).parameters if each not in builds}
    return {each: request.getfixturevalue(each) for each in needed}


def build_rows(module, names: Collection[str], fixtures: dict[str, object]) -> dict[str, object]:
    known = dict(fixtures)
    for name in names:
        build = BUILDS[module.__name__][name]
        known[name] = build(**{each: known[each] for each in inspect.signature(build).parameters})
    return known
