"""Rows that all tests of a module begin with, built once for the module."""

import inspect
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

COPIES = pytest.StashKey[dict]()


def built_once(build: Callable):
    """A fixture of this name: what `build` returns, of which each test gets a copy, as with Django's `setUpTestData`.

    Every test of the module finds the rows, whether it asks for the fixture or not; its changes are undone after it.
    `build` may ask for fixtures of modules and sessions: `loaded_once` if a test of the module asks for `vocabulary`,
    and `built_NAME` for what another such fixture built. Not for modules with tests that commit (`transaction=True`).
    """
    name = f"built_{build.__name__}"

    @pytest.fixture(scope="module", autouse=True, name=name)
    def built(request, django_db_setup, django_db_blocker):
        needed = {each: request.getfixturevalue(each) for each in inspect.signature(build).parameters}
        cache.clear()
        translation.activate(settings.LANGUAGE_CODE)
        with django_db_blocker.unblock(), transaction.atomic():
            yield build(**needed)
            transaction.set_rollback(True)

    @pytest.fixture(name=build.__name__)
    def copied(request, db):
        return deepcopy(request.getfixturevalue(name), request.node.stash.setdefault(COPIES, {}))

    inspect.currentframe().f_back.f_globals[name] = built
    return copied
