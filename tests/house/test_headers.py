"""What every answer says of itself: no foreign script, no frame, nothing private kept, no cookie."""

import pytest
from django.conf import settings
from django.template.backends.django import Template
from django.test import Client
from django.urls import path, resolve, reverse

from servanda.people.access import Role
from servanda.progress.evidence.downloads import NOTHING_RUNS
from servanda.urls import urlpatterns
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.asking import ask
from tests.house.heads import faults, faults_signed_in


def broken(request):
    raise ZeroDivisionError


urlpatterns = [*urlpatterns, path("broken/", broken)]
with_a_broken_page = pytest.mark.urls(__name__)


# What only the script gets. All else is looked at in test_addresses.py, as everyone and with every method.
PARTS = {name for name in ADDRESSES if name.endswith(("panel", "palette", "search", "shortcuts"))}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR])
def test_a_part_of_a_page_says_what_the_page_does(client, scene_for, role):
    person = make.user(role) if role else None
    scene = scene_for(person)
    if person:
        client.force_login(person)
    say = faults_signed_in if role else faults
    assert len(PARTS) >= 7
    assert {name: found for name in PARTS if (found := say(ask(client, name, scene), name))} == {}


# How a browser shows pages: harms no one, and a token would need a cookie on every public page.
CHOICES = {"portal:choose_theme", "portal:choose_text_language"}


@pytest.mark.django_db
def test_no_form_is_taken_without_its_token(scene_for, monkeypatch):
    """One is sent in each room, to a page that is not drawn here; a view could only say that it is an exception."""
    monkeypatch.setattr(Template, "render", lambda *_drawn, **_with: "")
    person = make.user(Role.ADMINISTRATOR)
    client = Client(enforce_csrf_checks=True)
    scene = scene_for(person)
    client.force_login(person)
    taking = {name: address.url(name, scene) for name, address in ADDRESSES.items() if "POST" in address.methods}
    taking = {name: url for name, url in taking.items() if not name.startswith("api:") and name not in CHOICES}
    one_of_each = {name.partition(":")[0]: url for name, url in taking.items()}.values()
    assert {url: status for url in one_of_each if (status := client.post(url).status_code) != 403} == {}
    assert [name for name, url in taking.items() if getattr(resolve(url).func, "csrf_exempt", False)] == []


@pytest.mark.django_db
def test_a_cookie_is_seen(client):
    assert set(client.get(reverse("account_login")).cookies) == {settings.CSRF_COOKIE_NAME}


@pytest.mark.django_db
def test_a_header_that_is_missing_is_seen(client):
    answer = client.get(reverse("portal:about"))
    del answer.headers["Content-Security-Policy"]
    assert faults(answer) == ["a policy for scripts", "no frames"]
    assert faults_signed_in(client.get(reverse("portal:about"))) == ["nothing kept"]


@pytest.mark.django_db
def test_a_page_that_runs_nothing_is_no_page(client):
    answer = client.get(reverse("portal:about"))
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    assert faults(answer, "portal:about") == ["a policy for scripts"]
    assert faults(answer, "portal:evidence_file") == []


@pytest.mark.django_db
@with_a_broken_page
@pytest.mark.parametrize(
    ("url", "status"),
    [("/nowhere/", 404), ("/about", 301), ("/broken/", 500), ("/desk/imports/send/", 405), ("/people/", 403)],
)
def test_an_error_says_the_same(client, url, status):
    client.raise_request_exception = False
    client.force_login(make.user(Role.READER))
    answer = client.get(url)
    assert (answer.status_code, faults_signed_in(answer)) == (status, [])


@pytest.mark.django_db
@pytest.mark.parametrize(("host", "status"), [("evil.example", 400), ("testserver", 403)])
def test_a_foreign_host_or_a_form_of_somebody_else_gets_no_less(host, status):
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), headers={"host": host})
    assert (answer.status_code, faults(answer)) == (status, [])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["portal:home", "portal:register", "portal:about"])
def test_a_page_that_a_session_or_a_language_changes_says_so_to_caches(client, name):
    varies = client.get(reverse(name)).headers["Vary"]
    assert "Cookie" in varies
    assert "Accept-Language" in varies
