"""The same headers on what is no page: redirects to https, refusals of each kind, static files, the API."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from servanda.people.access import Role
from servanda.urls import urlpatterns
from tests import make
from tests.house.heads import faults, faults_signed_in


def answer(request, status):
    return HttpResponse("text", status=status)


urlpatterns = [*urlpatterns, path("answer/<int:status>/", answer)]
pytestmark = pytest.mark.django_db


@pytest.fixture
def behind_tls(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("address", ["/", "/account/login/", "/api/v1/recommendations", "/nowhere/"])
def test_the_redirect_to_https_says_the_same(behind_tls, address):
    redirect = Client().get(address)
    assert (redirect.status_code, redirect.url) == (301, f"https://testserver{address}")
    assert faults(redirect) == []
    assert not redirect.cookies


def test_a_foreign_host_is_refused_with_the_same_before_it_is_led_to_https(behind_tls):
    refusal = Client().get("/", headers={"host": "evil.example"})
    assert (refusal.status_code, faults(refusal)) == (400, [])
    assert "evil.example" not in refusal.content.decode()


@pytest.mark.parametrize("address", ["/", "/account/login/", "/nowhere/", "/about", "/api/v1/nowhere/"])
def test_what_is_asked_over_https_stays_there(behind_tls, address):
    answer = Client().get(address, headers={"x-forwarded-proto": "https"})
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert faults(answer) == []


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 412, 413, 422, 428, 429, 500, 503])
def test_a_refusal_of_any_kind_says_the_same(client, status):
    refusal = client.get(f"/answer/{status}/")
    assert (refusal.status_code, faults(refusal)) == (status, [])
    client.force_login(make.user(Role.READER))
    assert faults_signed_in(client.get(f"/answer/{status}/")) == []


def test_too_many_log_ins_from_one_place_are_refused_with_the_same(client):
    form = {"login": "ana@example.org", "password": "a wrong guess"}
    refusal = [client.post(reverse("account_login"), form) for _ in range(31)][-1]
    assert (refusal.status_code, faults(refusal)) == (429, [])


def test_a_body_that_is_too_large_is_refused_with_the_same(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    refusal = client.post(reverse("account_login"), {"login": "ana@example.org", "password": "a" * 100})
    assert (refusal.status_code in {400, 413}, faults(refusal)) == (True, [])


@pytest.mark.parametrize("name", ["css/tokens.css", "js/units.js"])
def test_a_static_file_says_the_same_and_sets_no_cookie(settings, tmp_path, name):
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text("x")
    settings.STATIC_ROOT = tmp_path
    file = Client().get(f"/static/{name}")
    file.close()
    assert (file.status_code, faults(file)) == (200, [])
    assert not file.cookies
    assert (
        Client().get(f"/static/{name}", headers={"if-modified-since": file.headers["Last-Modified"]}).status_code
        == 304
    )
    missing = Client().get("/static/css/nowhere.css")
    assert (missing.status_code, faults(missing)) == (404, [])


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/v1/recommendations", 200),
        ("get", "/api/v1/recommendations?limit=nonsense", 400),
        ("get", "/api/v1/nowhere/", 404),
        ("get", "/api/v1/recommendations/none", 404),
        ("delete", "/api/v1/recommendations", 405),
        ("get", "/api/v1/openapi.json", 200),
        ("options", "/api/v1/recommendations", 204),
    ],
)
def test_the_api_says_the_same_and_lets_no_other_site_read_it_with_a_session(client, method, address, status):
    answer = getattr(client, method)(address, headers={"origin": "https://evil.example"})
    assert (address, answer.status_code, faults(answer)) == (address, status, [])
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert not answer.cookies
