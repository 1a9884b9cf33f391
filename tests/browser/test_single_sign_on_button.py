"""A browser applies `form-action` to every redirect that follows a form: the button must still lead out, and back."""

import pytest
from django.utils.csp import CSP

from servanda import environment
from tests import make
from tests.people import oidc_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLBACK = "/account/single-sign-on/login/callback/"


@pytest.fixture
def provider(tmp_path, live_server, monkeypatch, settings):
    with oidc_provider.running(tmp_path, f"{live_server.url}{CALLBACK}") as address:
        monkeypatch.setenv("SERVANDA_OIDC_URL", address)
        monkeypatch.setenv("SERVANDA_OIDC_ID", oidc_provider.CLIENT)
        monkeypatch.setenv("SERVANDA_OIDC_SECRET", oidc_provider.SECRET)
        monkeypatch.setenv("SERVANDA_OIDC_NAME", "the State")
        ours = {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": environment.single_sign_on()}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": ours}
        yield address


def test_the_button_leads_to_the_provider_and_back_to_the_desk(open_page, provider, settings):
    settings.SECURE_CSP = {**settings.SECURE_CSP, "form-action": [CSP.SELF, *environment.places_of_forms()]}
    make.user(email="ana@example.org")
    page = open_page("/account/login/?next=/desk/")
    page.get_by_role("button", name="Log in with the State").click()
    page.locator("input[name=address]").fill("ana@example.org")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/desk/")
    assert page.get_by_role("heading", level=1).is_visible()


def test_without_its_origin_in_the_policy_the_browser_stops_the_button(open_page, provider):
    page = open_page("/account/login/")
    page.get_by_role("button", name="Log in with the State").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert page.url.endswith("/account/login/")
    assert any("form-action" in trouble for trouble in page.troubles)
    page.troubles.clear()  # wanted here; elsewhere each of them is a fault
