"""Which addresses Servanda may ask: a corpus of spellings, and not one connection."""

import json
import socket
from pathlib import Path

import pytest

from servanda.kit.outgoing.fetch import Bounds, NotFetched, Question, ask_operators, ask_others
from servanda.kit.outgoing.web_addresses import address_of_operator, address_of_others, is_public
from servanda.kit.refusal import Refused
from tests.talking_servers import listening, saying

HERE = Path(__file__).parents[1]
FORBIDDEN = json.loads((HERE / "forbidden_addresses.json").read_text())  # address, what it resolves to, why
ALLOWED = json.loads((HERE / "allowed_addresses.json").read_text())
PUBLIC = "93.184.216.34"


@pytest.fixture
def outside(monkeypatch):
    """A resolver that knows the corpus, and a list of all connections that anyone tries to make."""
    answers = {url.partition("://")[2].rstrip("/"): numbers for url, numbers, _why in FORBIDDEN if numbers}
    tried = []

    def look_up(host, port, *_rest, **_kind):
        numbers = answers.get(host, ["127.0.0.1"])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    def connect(_line, place):
        tried.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return tried


def test_the_corpus_is_as_large_as_it_should_be():
    assert len({url for url, _numbers, _why in FORBIDDEN}) == len(FORBIDDEN) >= 120
    assert len(set(ALLOWED)) == len(ALLOWED) >= 30


def test_no_spelling_of_a_forbidden_address_makes_a_connection(outside):
    taken = []
    for url, _numbers, _why in FORBIDDEN:
        try:
            ask_others(url, Question(), bounds=Bounds(seconds=5))
        except Refused:
            continue
        except NotFetched as problem:
            taken += [] if "not public" in str(problem) else [(url, str(problem))]
        else:
            taken += [(url, "was fetched")]
    assert taken == []
    assert outside == []


def test_only_what_leads_inside_is_looked_up_at_all():
    plain = []
    for url, numbers, _why in FORBIDDEN:
        if numbers:
            assert address_of_others(url).host == url.partition("://")[2].rstrip("/")
            continue
        try:
            plain.append((url, address_of_others(url)))
        except Refused:
            continue
    assert plain == []


def test_a_server_on_this_machine_is_not_reached_by_any_spelling_of_it():
    """With the true resolver and the true network."""
    with listening(saying(b"secret")) as listener:
        hosts = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "0", "0.0.0.0"]
        for host in hosts:
            for scheme in ("http", "https"):
                with pytest.raises(Refused):
                    ask_others(f"{scheme}://{host}:{listener.port}/", Question(), bounds=Bounds(seconds=5))
        assert listener.heads == []
        assert ask_operators(listener.url, Question(), bounds=Bounds(seconds=5)).content == b"secret"
        assert len(listener.heads) == 1


@pytest.mark.parametrize("url", ALLOWED)
def test_a_plain_address_of_a_public_server_is_taken(url):
    address = address_of_others(url)
    assert address.scheme == "https"
    assert address.port in {443, 8443}
    assert address.path.startswith("/")
    assert address.may_lead_to(PUBLIC)
    assert not address.may_lead_to("127.0.0.1")


@pytest.mark.parametrize(
    "number",
    ["1.1.1.1", "8.8.8.8", PUBLIC, "100.63.255.255", "172.32.0.1", "192.169.0.1", "223.255.255.255"]
    + ["2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"],
)
def test_a_public_number_is_public(number):
    assert is_public(number)


@pytest.mark.parametrize("number", ["fe80::1%eth0", "2606:2800:220:1::1%1", "nonsense", "", "1.1.1", "0x1.1.1.1"])
def test_what_is_no_plain_number_is_not_public(number):
    assert not is_public(number)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://10.0.0.5:8080/v1?a=b", "10.0.0.5", 8080, "/v1?a=b"),
        ("https://login.internal", "login.internal", 443, "/"),
        ("http://[::1]:9/", "::1", 9, "/"),
    ],
)
def test_the_operator_may_name_a_machine_inside(url, host, port, path):
    address = address_of_operator(url)
    assert (address.host, address.port, address.path) == (host, port, path)
    assert address.may_lead_to("10.0.0.5")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/", "https://", "https://u:p@a.example/", ""])
def test_even_the_operator_names_a_server_of_the_web(url):
    with pytest.raises(ValueError, match="the address must be"):
        address_of_operator(url)
