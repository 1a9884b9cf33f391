"""An identity provider that redirects, is slow, endless or huge: the page says so, and nothing else happens."""

import gzip
import json
import socket
import time

import pytest
from django.urls import reverse

from servanda.people.log_in import single_sign_on
from tests.people.log_in.test_single_sign_on import CALLBACK, configure, is_logged_in
from tests.talking_servers import dripping, endless, listening, saying, silent

pytestmark = pytest.mark.django_db
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
JSON = "Content-Type: application/json\r\n"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(single_sign_on, "SECONDS", 0.5)


def press_the_button(client):
    return client.post(reverse("openid_connect_login", args=["single-sign-on"]))


def discovery(listener_url: str, **changed) -> bytes:
    endpoints = {
        "issuer": listener_url,
        "authorization_endpoint": f"{listener_url}authorize",
        "token_endpoint": f"{listener_url}token",
        "userinfo_endpoint": f"{listener_url}userinfo",
        "jwks_uri": f"{listener_url}keys",
    }
    return json.dumps({name: value for name, value in {**endpoints, **changed}.items() if value is not None}).encode()


def provider_that(answers):
    """One that answers each address by its own way of talking; what it is not told of, it does not have."""

    def talk(line):
        path = listener.heads[-1].split()[1].decode()
        told = next((way for end, way in answers(listener.url).items() if path.endswith(end)), None)
        (told or saying(b"", status="404 Not Found"))(line)

    with_listener = listening(talk)
    listener = with_listener.__enter__()
    return with_listener, listener


@pytest.fixture
def provider(request, monkeypatch, settings):
    running = []

    def start(answers):
        manager, listener = provider_that(answers)
        running.append(manager)
        configure(monkeypatch, settings, listener.url.rstrip("/"))
        return listener

    yield start
    for manager in running:
        manager.__exit__(None, None, None)


@pytest.mark.parametrize(
    "talk",
    [
        silent,
        dripping(HEAD + b"\r\n", b" ", pause=0.05),
        endless(HEAD + b"\r\n", b" " * 65_536),
        saying(b" " * 5_000_000 + b"{}", head=JSON),
        saying(gzip.compress(bytes(1_000_000)) * 200, head=JSON + "Content-Encoding: gzip\r\n"),
        saying(b"<html>not JSON</html>"),
        saying(b"[]", head=JSON),
        saying(b'"a word"', head=JSON),
        saying(b"[" * 200_000, head=JSON),
        saying(b"{}", head=JSON),
        saying(b'{"authorization_endpoint": 5}', head=JSON),
        saying(b'{"authorization_endpoint": "javascript:alert(1)"}', head=JSON),
        saying(b"", status="500 Broken"),
    ],
)
def test_discovery_that_is_no_use_is_told_within_the_time(client, provider, talk):
    provider(lambda _url: {"openid-configuration": talk})
    client.get(CALLBACK)  # what is slow the first time
    start = time.monotonic()
    answer = press_the_button(client)
    assert answer.status_code == 401
    assert "The reply of the identity provider could not be used or" in answer.content.decode()
    assert time.monotonic() - start < 6


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_discovery_that_redirects_is_not_followed(client, provider, status):
    with listening(lambda line: saying(discovery(elsewhere.url), head=JSON)(line)) as elsewhere:
        redirect = saying(b"", status=status, head=f"Location: {elsewhere.url}.well-known/openid-configuration\r\n")
        provider(lambda _url: {"openid-configuration": redirect})
        assert press_the_button(client).status_code == 401
        assert elsewhere.heads == []


def come_back(client, listener):
    """As from the provider, with a code; the state is that of the button."""
    press_the_button(client)
    (state,) = client.session["socialaccount_states"]
    return client.get(CALLBACK, {"code": "c", "state": state})


TOKEN = saying(b'{"access_token": "a", "id_token": "b"}', head=JSON)


@pytest.mark.parametrize("end", ["token", "userinfo"])
@pytest.mark.parametrize("trouble", ["redirect", "slow", "huge", "list", "nonsense"])
def test_a_provider_that_fails_after_the_log_in_lets_nobody_in(client, provider, end, trouble):
    with listening(saying(b"{}", head=JSON)) as elsewhere:
        ways = {
            "redirect": saying(b"", status="307 Temporary", head=f"Location: {elsewhere.url}\r\n"),
            "slow": dripping(HEAD + b"\r\n", b" ", pause=0.05),
            "huge": endless(HEAD + b"\r\n", b" " * 65_536),
            "list": saying(b"[1]", head=JSON),
            "nonsense": saying(b"\xff\xfe", head=JSON),
        }
        listener = provider(
            lambda url: {
                "openid-configuration": saying(discovery(url), head=JSON),
                "token": TOKEN,
                "userinfo": saying(b"{}", head=JSON),
                end: ways[trouble],
            }
        )
        answer = come_back(client, listener)
        assert answer.status_code == 401
        assert not is_logged_in(client)
        assert elsewhere.heads == []


@pytest.mark.parametrize("missing", ["token_endpoint", "userinfo_endpoint", "issuer"])
def test_discovery_without_what_is_needed_is_no_error_of_ours(client, provider, missing):
    provider(lambda url: {"openid-configuration": saying(discovery(url, **{missing: None}), head=JSON)})
    assert press_the_button(client).status_code == 401


def test_a_provider_whose_name_moves_in_the_middle_is_asked_where_it_was(client, monkeypatch, settings):
    """Each question goes to the address that its name had at that moment, and to no second one."""
    looked_up, tried = [], []
    connect = socket.socket.connect

    def look_up(host, port, *_rest, **_kind):
        looked_up.append(host)
        number = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    def counted(line, place):
        tried.append(place[0])
        connect(line, place)

    with listening(lambda line: saying(discovery(listener.url), head=JSON)(line)) as listener:
        configure(monkeypatch, settings, f"http://localhost:{listener.port}")
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        monkeypatch.setattr(socket.socket, "connect", counted)
        assert press_the_button(client).status_code == 302
    assert (looked_up, tried) == (["localhost"], ["127.0.0.1"])


def test_the_secret_does_not_go_to_an_endpoint_without_a_certificate(client, monkeypatch, settings):
    with listening(saying(b"{}")) as listener:
        configure(monkeypatch, settings, "https://login.gov.example")
        session = single_sign_on.SingleSignOn().get_requests_session()
        with pytest.raises(OSError, match="No connection adapters"):
            session.post(f"{listener.url}token", data={"client_secret": "secret"})
        assert listener.heads == []
