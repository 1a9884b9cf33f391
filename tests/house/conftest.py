import logging
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils import translation
from django.utils.html import escape
from django.views.defaults import page_not_found, permission_denied

from tests.house.canary import set_canary
from tests.house.canary_words import Canary
from tests.house.once import set_once
from tests.house.scene import Scene, set_scene

SET_ONCE = {"scene_for": set_scene, "canary_for": set_canary}


def pytest_generate_tests(metafunc):
    """A test that asks for no scene gets none, also where the test before it had one."""
    build = next((build for name, build in SET_ONCE.items() if name in metafunc.fixturenames), None)
    metafunc.parametrize("set_before", [build], indirect=True, scope="module", ids=[pytest.HIDDEN_PARAM])


@pytest.fixture(scope="module", autouse=True)
def set_before(request):
    """What is set once for a module: the tests' own transactions are savepoints within this one."""
    if request.param is None:
        yield
        return
    request.getfixturevalue("django_db_setup")
    unblocked = request.getfixturevalue("django_db_blocker").unblock()
    with unblocked, transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        yield set_once(request.param)
        transaction.set_rollback(True)


@pytest.fixture
def canary_for(set_before, db) -> Callable[..., Canary]:
    """Everything that is hidden, in a scene that has one of everything that is this person's."""
    return lambda person=None: set_before.handed_to(person)


@pytest.fixture
def scene_for(set_before, db) -> Callable[..., Scene]:
    """The scene, with one of everything that is this person's."""
    return lambda person=None: set_before.handed_to(person)


@pytest.fixture
def refusals_drawn_once(monkeypatch, caplog):
    """The pages of refusals and of missing things tell one person the same at each address: each is drawn once in a
    language, and no line of the log says where the refusal was raised."""
    caplog.set_level(logging.ERROR, "django.request")
    drawn: dict[tuple, bytes] = {}

    def page_of(status: int, draw):
        def answer(request, exception=None):
            key = status, getattr(request.user, "pk", None), translation.get_language()
            if key not in drawn:
                drawn[key] = without_address(draw(request, exception).content, request.get_full_path())
            return HttpResponse(drawn[key], status=status)

        return answer

    monkeypatch.setattr("servanda.urls.handler403", page_of(403, permission_denied), raising=False)
    monkeypatch.setattr("servanda.urls.handler404", page_of(404, page_not_found), raising=False)


def without_address(page: bytes, address: str) -> bytes:
    """Links to other languages and to the log-in repeat the address."""
    for form in (address, escape(address), quote(address), quote(address, safe="")):
        page = page.replace(form.encode(), b"/")
    return page
