import pytest
from django.http import HttpResponseForbidden
from django.views.defaults import permission_denied


@pytest.fixture
def cached_svg(monkeypatch):
    """The page that refuses tells one person the same at each address: it is drawn for the first that refuses."""
    page: list[bytes] = []

    def refuse(request, exception):
        if not page:
            page.append(permission_denied(request, exception).content)
        return HttpResponseForbidden(page[0])

    monkeypatch.setattr("servanda.urls.handler403", refuse, raising=False)
