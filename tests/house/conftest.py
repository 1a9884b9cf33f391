from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.utils.html import escape
from django.views.defaults import page_not_found, permission_denied


@pytest.fixture
def refusals_drawn_once(monkeypatch):
    """The pages of refusals and of missing things tell one person the same at each address: each is drawn once."""
    drawn: dict[tuple, bytes] = {}

    def page_of(status: int, draw):
        def answer(request, exception=None):
            key = status, getattr(request.user, "pk", None)
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
