"""What goes out over HTTP: where the connection goes, and how slow, long or odd an answer may be."""

import gzip
import socket
import time
import tracemalloc
import zlib

import pytest
import requests

from servanda.kit.outgoing.fetch import Bounds, NotFetched, OperatorsSession, Question, ask_operators, ask_others
from tests.certificates import tls_for
from tests.talking_servers import dripping, endless, listening, saying, silent

PUBLIC, NAME = "93.184.216.34", "peer.example.org"
SHORT = Bounds(seconds=10, most_bytes=100_000)
MOMENT = Bounds(seconds=0.3, most_bytes=100_000)  # for whoever never gets an answer
HEAD = b"HTTP/1.1 200 OK\r\n"


def get(url: str, bounds: Bounds = SHORT, **question):
    return ask_operators(url, Question(**question), bounds=bounds)


@pytest.fixture
def network(monkeypatch):
    """A resolver with one list of answers for each look-up, and a way to machines that only the tests have."""

    class Network:
        def __init__(self):
            self.answers, self.machines, self.looked_up, self.tried = [], {}, [], []

        def look_up(self, host, port, *_rest, **_kind):
            self.looked_up.append(host)
            numbers = self.answers[min(len(self.looked_up), len(self.answers)) - 1]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    made = Network()
    connect = socket.socket.connect

    def connect_to_machine(line, place):
        made.tried.append(place)
        if place not in made.machines:
            raise ConnectionRefusedError
        connect(line, ("127.0.0.1", made.machines[place]))

    monkeypatch.setattr(socket, "getaddrinfo", made.look_up)
    monkeypatch.setattr(socket.socket, "connect", connect_to_machine)
    return made


def test_a_name_is_resolved_once_and_its_certificate_is_checked(network, tmp_path, monkeypatch):
    tls, trusted = tls_for(NAME, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    network.answers = [[PUBLIC], ["127.0.0.1"]]
    with listening(saying(b"hello"), tls=tls) as listener:
        network.machines[PUBLIC, 443] = listener.port
        answer = ask_others(f"https://{NAME}/hook?a=b", Question(), bounds=SHORT)
    assert (answer.status, answer.content) == (200, b"hello")
    assert (network.looked_up, network.tried) == ([NAME], [(PUBLIC, 443)])
    assert listener.names == [NAME]
    assert b"GET /hook?a=b HTTP/1.1\r\n" in listener.heads[0]
    assert b"Host: peer.example.org\r\n" in listener.heads[0]


def test_a_name_that_changes_to_an_inner_address_is_not_followed_there(network):
    network.answers = [[PUBLIC], ["127.0.0.1"]]
    with pytest.raises(NotFetched):
        ask_others(f"https://{NAME}/", Question(), bounds=SHORT)
    with pytest.raises(NotFetched, match="not public"):
        ask_others(f"https://{NAME}/", Question(), bounds=SHORT)
    assert network.tried == [(PUBLIC, 443)]


def test_the_next_address_is_tried_when_the_first_is_down(network, tmp_path, monkeypatch):
    tls, trusted = tls_for(NAME, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    network.answers = [["93.184.216.35", PUBLIC]]
    with listening(saying(b"hello"), tls=tls) as listener:
        network.machines[PUBLIC, 8443] = listener.port
        assert ask_others(f"https://{NAME}:8443/", Question(), bounds=SHORT).content == b"hello"
    assert network.tried == [("93.184.216.35", 8443), (PUBLIC, 8443)]
    assert b"Host: peer.example.org:8443\r\n" in listener.heads[0]


@pytest.mark.parametrize("named", ["other.example.org", ""])
def test_a_certificate_of_another_name_or_of_nobody_we_trust_is_refused(network, tmp_path, monkeypatch, named):
    tls, trusted = tls_for(named or NAME, tmp_path)
    if named:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    network.answers = [[PUBLIC]]
    with listening(saying(b"hello"), tls=tls) as listener:
        network.machines[PUBLIC, 443] = listener.port
        with pytest.raises(NotFetched, match="certificate verify failed"):
            ask_others(f"https://{NAME}/", Question(headers={"Authorization": "secret"}), bounds=SHORT)
    assert listener.heads == []


@pytest.mark.parametrize("status", ["300 Many", "301 Moved", "302 Found", "303 See", "307 Temporary", "308 Moved"])
def test_no_redirect_is_followed(status):
    with (
        listening(saying(b"there")) as target,
        listening(saying(b"", status=status, head=f"Location: {target.url}\r\n")) as listener,
        OperatorsSession(scheme="http", bounds=SHORT) as session,
    ):
        with pytest.raises(NotFetched, match="redirects are not followed"):
            get(listener.url)
        with pytest.raises(requests.RequestException, match="redirects are not followed"):
            session.get(listener.url)
    assert (len(listener.heads), target.heads) == (2, [])


@pytest.mark.parametrize(
    "talk",
    [
        silent,
        dripping(b"", b"H", pause=0.05),
        dripping(HEAD, b"X", pause=0.05),
        dripping(HEAD, b"X-A: b\r\n", pause=0.05),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.05),
        dripping(HEAD + b"\r\n", b" ", pause=0.05),
        dripping(HEAD + b"Content-Length: 99999\r\n\r\n", b" ", pause=0.05),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", pause=0.05),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0", pause=0.05),
    ],
)
def test_a_server_that_drips_is_left_after_the_time_in_all(talk):
    start = time.monotonic()
    with listening(talk) as listener, pytest.raises(NotFetched, match="takes too long"):
        get(listener.url, MOMENT)
    assert 0.25 < time.monotonic() - start < 1.3


def test_a_server_that_shakes_no_hands_or_reads_nothing_is_left_as_well(network):
    network.answers = [["127.0.0.1"]]
    with listening(silent, reads=False) as listener:
        network.machines["127.0.0.1", 443] = network.machines["127.0.0.1", 80] = listener.port
        for url, body in [("https://slow.internal/", b""), ("http://slow.internal/", b"x" * 30_000_000)]:
            start = time.monotonic()
            with pytest.raises(NotFetched, match="takes too long"):
                get(url, MOMENT, method="POST", body=body)
            assert time.monotonic() - start < 1.3


def test_a_resolver_that_hangs_is_left_as_well(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_kind: time.sleep(5) or [])
    start = time.monotonic()
    with pytest.raises(NotFetched, match="takes too long"):
        get("http://slow.internal/", MOMENT)
    assert time.monotonic() - start < 1.3


PACKED = "Content-Encoding: gzip\r\n"


# Each is made by its test: every process of a run imports this module, and compresses for seconds.
@pytest.mark.parametrize(
    "talk",
    [
        lambda: saying(b" " * 200_000),
        lambda: endless(HEAD + b"\r\n", b" " * 65_536),
        lambda: endless(HEAD, b"X-A: " + b"b" * 60_000 + b"\r\n"),
        lambda: endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b" " * 4096 + b"\r\n"),
        lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda: saying(b" " * 100_001),
        lambda: saying(gzip.compress(bytes(100_000_000)), head=PACKED),
        lambda: saying(zlib.compress(bytes(100_000_000)), head="Content-Encoding: deflate\r\n"),
        lambda: endless(HEAD + PACKED.encode() + b"\r\n", gzip.compress(b"")),
    ],
)
def test_an_answer_without_end_is_not_read_to_its_end(talk):
    with listening(talk()) as listener, pytest.raises(NotFetched, match="too long"):
        get(listener.url, Bounds(seconds=20, most_bytes=100_000))


def test_a_bomb_is_never_unpacked_beyond_the_bound():
    bomb = gzip.compress(bytes(100_000_000))
    tracemalloc.start()
    with listening(saying(bomb, head=PACKED)) as listener, pytest.raises(NotFetched, match="too long"):
        get(listener.url)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000


def test_an_answer_of_just_the_length_is_taken():
    with listening(saying(b"x" * 100_000)) as listener:
        assert len(get(listener.url).content) == 100_000
    with listening(saying(gzip.compress(b"x" * 100_000), head=PACKED)) as listener:
        assert get(listener.url).content == b"x" * 100_000
    twice = gzip.compress(gzip.compress(bytes(50_000_000)))
    with listening(saying(twice, head=PACKED)) as listener:
        assert get(listener.url).content == gzip.decompress(twice)


@pytest.mark.parametrize(
    ("talk", "problem"),
    [
        (saying(b"abc", head="Content-Encoding: br\r\n"), "packed as 'br'"),
        (saying(b"abc", head="Content-Encoding: gzip, gzip\r\n"), "packed as 'gzip, gzip'"),
        (saying(b"abc", head=PACKED), "cannot be unpacked"),
        (saying(b"abc", head="Content-Length: 5\r\n"), "before it is whole"),
        (saying(b"abc", head="Content-Type: text/html; charset=utf-8\r\n"), "text/html and not application/json"),
        (saying(b"abc"), "of no type and not application/json"),
        (lambda line: line.sendall(b"SSH-2.0-OpenSSH\r\n"), "SSH"),
        (lambda line: None, "without response"),
        (lambda line: line.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "127.0.0.1"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_refused_plainly(talk, problem):
    types = ("application/json",) if "not application/json" in problem else ()
    with listening(talk) as listener, pytest.raises(NotFetched, match=problem):
        get(listener.url, content_types=types)


def test_the_type_that_was_asked_for_is_taken():
    with listening(saying(b"{}", head="Content-Type: Application/JSON; charset=utf-8\r\n")) as listener:
        assert get(listener.url, content_types=("application/json",)).content == b"{}"
    assert b"Accept: application/json\r\n" in listener.heads[0]


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    with listening(saying(b"from the proxy")) as proxy, listening(saying(b"from the server")) as listener:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        assert get(listener.url).content == b"from the server"
        with OperatorsSession(scheme="http", bounds=SHORT) as session:
            assert session.get(listener.url).content == b"from the server"
    assert proxy.heads == []


def test_cookies_and_keys_of_one_question_are_not_sent_with_the_next(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with (
        listening(saying(b"{}", head="Set-Cookie: a=b\r\n")) as listener,
        OperatorsSession(scheme="http", bounds=SHORT) as session,
    ):
        session.get(listener.url, headers={"Authorization": "Bearer once"})
        session.get(listener.url)
        session.post(listener.url, data={"code": "c"}, auth=("id", "secret"))
    first, second, third = (head.decode().lower() for head in listener.heads)
    assert "authorization: bearer once" in first
    assert "authorization" not in second
    assert "cookie" not in second + third
    assert "authorization: basic" in third
    assert "content-length: 6" in third


def test_a_session_for_a_server_with_a_certificate_asks_none_without():
    with (
        listening(saying(b"{}")) as listener,
        OperatorsSession(scheme="https", bounds=SHORT) as session,
        pytest.raises(requests.RequestException),
    ):
        session.post(listener.url, data={"client_secret": "secret"})
    assert listener.heads == []


def test_a_header_cannot_smuggle_another():
    with listening(saying(b"{}")) as listener, pytest.raises(NotFetched, match="Invalid header"):
        get(listener.url, headers={"X-A": "b\r\nX-C: d"})
    assert b"X-C" not in b"".join(listener.heads)
