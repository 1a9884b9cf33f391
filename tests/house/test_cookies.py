"""Cookies that open something: of this host alone, which no neighbour under the same domain can set or read."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from servanda import environment
from tests import make

TOLD = ("SECURE", "ORIGIN", "BEHIND_TLS", "SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE", "BROWSER_COOKIE")
SAY = f"""
import json, servanda.settings as settings
kept = {{name: value for name, value in vars(settings).items() if name.startswith({TOLD!r})}}
print(json.dumps({{**kept, "SECURE_CSP": None}}))
"""


def settings_of(folder, **variables: str) -> dict:
    given = {**os.environ, "SERVANDA_MODE": "production", "SERVANDA_DATA_DIR": str(folder), **variables}
    done = subprocess.run(
        [sys.executable, "-c", SAY], cwd=environment.ROOT, env=given, capture_output=True, text=True, check=True
    )
    return {name: value for name, value in json.loads(done.stdout).items() if value is not None}


def cookies_of_a_log_in(**secure: bool) -> dict:
    """All that a browser is given from the form to the first page."""
    person, browser = make.user(), Client(**secure and {"headers": {"x-forwarded-proto": "https"}})
    browser.get(reverse("account_login"), **secure)
    browser.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD}, **secure)
    assert browser.get(reverse("desk:home"), **secure).status_code == 200
    return dict(browser.cookies)


@pytest.mark.django_db
def test_behind_tls_cookies_that_open_something_are_of_this_host_alone(tmp_path):
    with override_settings(**settings_of(tmp_path, SERVANDA_ORIGIN="https://servanda.example.org")):
        given = cookies_of_a_log_in(secure=True)
        assert {"__Host-sessionid", "__Host-csrftoken", "__Host-servanda_browser"} <= set(given)
        for name, cookie in given.items():
            if cookie["max-age"] == 0:  # taken back
                continue
            terms = (bool(cookie["secure"]), cookie["path"], cookie["domain"], bool(cookie["httponly"]))
            assert (name, terms) == (name, (True, "/", "", True))
            assert cookie["samesite"] in {"Lax", "Strict"}


@pytest.mark.django_db
def test_a_cookie_of_a_neighbour_does_not_take_the_place_of_ours(tmp_path):
    """Another host under the same domain can set `sessionid` for all of them, and not a name with the prefix."""
    with override_settings(**settings_of(tmp_path, SERVANDA_ORIGIN="https://servanda.example.org")):
        browser = Client(headers={"x-forwarded-proto": "https"})
        browser.force_login(make.user())
        browser.cookies["sessionid"] = "of somebody else"
        browser.cookies["csrftoken"] = "known to somebody else"
        assert browser.get(reverse("desk:home"), secure=True).status_code == 200


@pytest.mark.django_db
def test_over_plain_http_on_this_machine_the_log_in_works_without_the_prefix(tmp_path):
    with override_settings(**settings_of(tmp_path, SERVANDA_ORIGIN="")):
        given = cookies_of_a_log_in()
        assert {"sessionid", "csrftoken", "servanda_browser"} <= set(given)
        assert not any(cookie["secure"] for cookie in given.values())
