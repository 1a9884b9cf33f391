"""Log-in through an identity provider; allauth's own plays it, in another process (`oidc_provider.py`)."""

import socket
from contextlib import closing
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from servanda import environment
from servanda.kit.refusal import Refused
from servanda.people.log_in.services import unlink_single_sign_on
from servanda.people.models import Instance, Invitation, User
from servanda.trail.models import Event
from tests import make
from tests.people import oidc_provider

CALLBACK = "/account/single-sign-on/login/callback/"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def provider(tmp_path_factory):
    with oidc_provider.running(tmp_path_factory.mktemp("provider"), f"http://testserver{CALLBACK}") as address:
        yield address


def configure(monkeypatch, settings, address: str) -> None:
    monkeypatch.setenv("SERVANDA_OIDC_URL", address)
    monkeypatch.setenv("SERVANDA_OIDC_ID", oidc_provider.CLIENT)
    monkeypatch.setenv("SERVANDA_OIDC_SECRET", oidc_provider.SECRET)
    monkeypatch.setenv("SERVANDA_OIDC_NAME", "the State's log-in")
    ours = {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": environment.single_sign_on()}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": ours}


@pytest.fixture
def configured(provider, monkeypatch, settings):
    configure(monkeypatch, settings, provider)
    return provider


def ask(client, **where) -> str:
    """The address at the provider to which the button leads."""
    answer = client.post(reverse("openid_connect_login", args=["single-sign-on"]), where)
    assert answer.status_code == 302, answer.content
    return answer.url


def go_through(address: str, person: str) -> str:
    """What the browser does at the provider; the address with which it comes back."""
    with requests.Session() as browser:
        form = browser.get(address)
        form.raise_for_status()
        answer = browser.post(form.url, {"address": person}, allow_redirects=False)
        back = browser.get(f"{'/'.join(form.url.split('/')[:3])}{answer.headers['Location']}", allow_redirects=False)
    return back.headers["Location"]


def log_in(client, person: str, **where):
    return client.get(go_through(ask(client, **where), person))


def is_logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def reasons() -> list[str]:
    return [event.difference for event in Event.objects.filter(action="single-sign-on-refused")]


def invited(**fields) -> User:
    person = make.user("public", email="ana@example.org", is_active=False, accepted_at=None)
    now = timezone.now()
    fields = {"created_at": now, "expires_at": now + timedelta(days=7), **fields}
    Invitation.objects.create(person=person, digest="d", **fields)
    return person


def test_a_person_of_the_mechanism_is_let_in_and_linked(client, configured):
    person = make.user(email="ana@example.org")
    answer = log_in(client, "ana@example.org", next="/desk/overview/")
    assert answer.url == "/desk/overview/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert SocialAccount.objects.get().extra_data == {}
    actions = list(Event.objects.order_by("sequence").values_list("action", flat=True))
    assert actions == ["single-sign-on-linked", "logged-in"]


def test_the_second_time_the_identity_counts_and_not_the_address(client, configured):
    person = make.user(email="ana@example.org")
    log_in(client, "ana@example.org")
    client.logout()
    User.objects.filter(pk=person.pk).update(email="ana.maria@example.org")
    newcomer = make.user(email="ana@example.org")
    log_in(client, "ana@example.org")
    assert client.session["_auth_user_id"] == str(person.pk) != str(newcomer.pk)
    assert SocialAccount.objects.count() == 1


def test_the_password_still_serves_afterwards(client, configured):
    person = make.user(email="ana@example.org")
    log_in(client, "ana@example.org")
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)


def test_state_nonce_and_challenge_are_asked_for_and_other_scopes_are_not(client, configured):
    address = reverse("openid_connect_login", args=["single-sign-on"])
    answer = client.post(f"{address}?scope=offline_access&auth_params=prompt%3Dnone&process=connect")
    asked = parse_qs(urlsplit(answer.url).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == ["S256"]
    assert "prompt" not in asked
    (state, _time, _provider) = client.session["socialaccount_states"][asked["state"][0]]
    assert state["nonce"] == asked["nonce"][0]
    assert state["process"] == "login"


@pytest.mark.parametrize("trouble", ["audience", "issuer", "nonce", "subject", "expired"])
def test_an_answer_that_is_not_for_us_is_refused(client, configured, trouble):
    make.user(email=f"{trouble}@example.org")
    answer = log_in(client, f"{trouble}@example.org")
    assert answer.status_code == 401
    assert "The reply of the identity provider could not be used or" in answer.content.decode()
    assert not is_logged_in(client)
    assert not SocialAccount.objects.exists()


def test_an_answer_with_another_state_is_refused(client, configured):
    make.user(email="ana@example.org")
    back = go_through(ask(client), "ana@example.org")
    code = parse_qs(urlsplit(back).query)["code"][0]
    answer = client.get(CALLBACK, {"code": code, "state": "of-another-browser"})
    assert answer.status_code == 401
    assert not is_logged_in(client)


def test_an_answer_meant_for_another_browser_is_refused(client, configured):
    make.user(email="ana@example.org")
    back = go_through(ask(client), "ana@example.org")
    other = type(client)()
    assert other.get(back).status_code == 401
    assert not is_logged_in(other)


def test_an_answer_serves_once(client, configured):
    make.user(email="ana@example.org")
    back = go_through(ask(client), "ana@example.org")
    client.get(back)
    client.logout()
    assert client.get(back).status_code == 401


def test_a_code_without_its_verifier_is_worth_nothing(client, configured):
    make.user(email="ana@example.org")
    back = go_through(ask(client), "ana@example.org")
    session = client.session
    for state, _time, _provider in session["socialaccount_states"].values():
        state["pkce_code_verifier"] = "x" * 64
    session.save()
    assert client.get(back).status_code == 401
    assert not is_logged_in(client)


def test_an_unverified_address_lets_nobody_in(client, configured):
    make.user(email="unverified@example.org")
    answer = log_in(client, "unverified@example.org")
    assert answer.status_code == 403
    assert not is_logged_in(client)
    assert "confirmed" in reasons()[0]


def test_an_unknown_person_is_told_whom_to_ask_and_gets_no_account(client, configured):
    Instance.objects.create(contact="unit@gov.example")
    answer = log_in(client, "ana@example.org")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "unit@gov.example" in page
    assert not is_logged_in(client)
    assert not User.objects.exists()
    assert "ana@example.org" not in "".join(reasons())


@pytest.mark.parametrize("was_linked", [False, True])
def test_a_closed_account_stays_closed(client, configured, was_linked):
    person = make.user(email="ana@example.org")
    if was_linked:
        log_in(client, "ana@example.org")
        client.logout()
    User.objects.filter(pk=person.pk).update(is_active=False)
    answer = log_in(client, "ana@example.org")
    assert answer.status_code == 403
    assert "closed" in answer.content.decode()
    assert not is_logged_in(client)
    assert Event.objects.first().object_id == str(person.pk)


def test_an_invitation_is_accepted_by_coming(client, configured):
    person = invited()
    log_in(client, "ana@example.org")
    person.refresh_from_db()
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.is_active
    assert person.accepted_at == person.invitations.get().accepted_at


@pytest.mark.parametrize("field", ["revoked_at", "expires_at", "accepted_at"])
def test_an_invitation_that_is_over_is_not_accepted_by_coming(client, configured, field):
    person = invited(**{field: timezone.now()})
    assert log_in(client, "ana@example.org").status_code == 403
    person.refresh_from_db()
    assert not person.is_active
    assert not SocialAccount.objects.exists()


def test_an_address_that_moved_on_to_somebody_else_opens_no_account(client, configured):
    person = make.user(email="ana@example.org")
    SocialAccount.objects.create(user=person, provider="single-sign-on", uid="who had the address before")
    assert log_in(client, "ana@example.org").status_code == 403
    assert "another identity" in reasons()[0]
    client.force_login(make.user("administrator"))
    assert "Unlink single sign-on" in client.get(reverse("people:person", args=[person.pk])).content.decode()
    client.post(reverse("people:unlink_single_sign_on", args=[person.pk]))
    client.logout()
    log_in(client, "ana@example.org")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_link_that_is_not_there_cannot_be_undone():
    with pytest.raises(Refused, match="does not use single sign-on"):
        unlink_single_sign_on(person=make.user(), by=make.user("administrator"))


def test_the_second_factor_is_still_asked(client, configured):
    person = make.user(email="ana@example.org")
    TOTP.activate(person, generate_totp_secret())
    answer = log_in(client, "ana@example.org")
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert not is_logged_in(client)


def test_somebody_who_turns_back_is_told_so(client, configured):
    state = parse_qs(urlsplit(ask(client)).query)["state"][0]
    answer = client.get(CALLBACK, {"error": "access_denied", "state": state}, follow=True)
    assert "Log-in cancelled" in answer.content.decode()


def test_a_provider_that_is_down_is_told_and_is_no_error_of_ours(client, monkeypatch, settings):
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        configure(monkeypatch, settings, f"http://127.0.0.1:{unused.getsockname()[1]}")
        answer = client.post(reverse("openid_connect_login", args=["single-sign-on"]))
    assert answer.status_code == 401


def test_the_log_in_page_has_a_button_that_keeps_where_one_was_going(client, configured):
    page = client.get(reverse("account_login"), {"next": "/desk/overview/"}).content.decode()
    assert "Log in with the State&#x27;s log-in" in page
    assert 'action="/account/single-sign-on/login/?next=%2Fdesk%2Foverview%2F"' in page


def test_without_configuration_there_is_no_button_and_no_address(client):
    assert settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] == []
    assert "single-sign-on" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("openid_connect_login", args=["single-sign-on"])).status_code == 404
    assert client.get(CALLBACK, {"code": "a", "state": "b"}).status_code == 404


def test_a_provider_in_the_database_configures_nothing(client):
    SocialApp.objects.create(provider="openid_connect", provider_id="planted", name="Planted", client_id="a")
    assert "Planted" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("openid_connect_login", args=["planted"])).status_code == 404


def test_half_a_configuration_is_named(monkeypatch):
    monkeypatch.setenv("SERVANDA_OIDC_URL", "https://login.gov.example/realms/state")
    with pytest.raises(ImproperlyConfigured, match="SERVANDA_OIDC_SECRET"):
        environment.single_sign_on()


def test_a_provider_without_tls_is_refused(monkeypatch):
    monkeypatch.setenv("SERVANDA_OIDC_URL", "http://login.gov.example")
    with pytest.raises(ImproperlyConfigured, match="https"):
        environment.single_sign_on()


def test_a_form_may_lead_to_the_provider_and_nowhere_else(monkeypatch):
    assert environment.places_of_forms() == []
    monkeypatch.setenv("SERVANDA_OIDC_URL", "https://login.gov.example:8443/realms/state")
    assert environment.places_of_forms() == ["https://login.gov.example:8443"]
