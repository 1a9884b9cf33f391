import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import loader
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils import translation
from django.views import defaults

from servanda.kit.server.request_id import with_request_id
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
    assert "For security reasons, the form was not accepted. Go back" in answer.content.decode()


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


WHAT_TO_DO = {
    "/broken/": ("المحاولة من جديد", "Data saved earlier are not affected. Try again in one"),
    "/no-such-page": ("البحث", "Search the register"),
    "/people/instance/": ("مدير", "contact an administrator"),
    "/%00": ("العودة إلى الوراء", "Go back"),
}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", WHAT_TO_DO)
@pytest.mark.parametrize(("at", "language"), [(0, "ar"), (1, "en")])
def test_an_error_page_says_what_to_do_in_the_language_of_the_reader(address, at, language):
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    client.force_login(make.user())
    page = client.get(address).content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert WHAT_TO_DO[address][at] in page
    assert page.count("<h1") == 1
    assert 'class="btn btn-primary"' in page


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_request_while_the_database_is_away_is_answered_with_its_name(language):
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    answer = client.get(reverse("desk:home"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert f'<html lang="{language}"' in page
    assert f'request-id">{answer["X-Request-ID"]}<' in page


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar"])
def test_who_asks_too_often_is_told_to_wait(rf, language):
    with translation.override(language), with_request_id("7c9e"):
        request = rf.get("/")
        request.user = AnonymousUser()
        page = loader.get_template("429.html").render({}, request)
    assert ("Too many requests have come from your connection in a" in page) == (language == "en")
    assert ("الانتظار" in page) == (language == "ar")
    assert 'request-id">7c9e<' in page
