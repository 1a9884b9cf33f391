import pytest
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation
from django.views import defaults

from servanda.urls import urlpatterns
from tests import make


@pytest.mark.django_db
def test_an_address_that_does_not_exist_offers_the_way_back(client):
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_for_our_own_failures_needs_no_database(language):
    with translation.override(language):
        answer = defaults.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in answer.content.decode()


def test_the_page_for_a_request_that_cannot_be_understood_needs_no_database():
    answer = defaults.bad_request(RequestFactory().get("/"), ValueError())
    assert answer.status_code == 400
    assert "check what you entered" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_to_load_the_page_again():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.user())
    answer = strict.post("/account/logout/")
    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()


def broken(request):
    raise ZeroDivisionError


urlpatterns = [*urlpatterns, path("broken/", broken)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status"), [("/broken/", 500), ("/no-such-page", 404), ("/people/instance/", 403), ("/%00", 400)]
)
def test_an_error_page_names_the_request_under_which_the_trail_keeps_it(address, status):
    client = Client(raise_request_exception=False)
    client.force_login(make.user())
    answer = client.get(address)
    assert answer.status_code == status
    assert f'request-id">{answer["X-Request-ID"]}<' in answer.content.decode()
