import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from servanda.kit.server.compression import Compression, compress, takes_brotli

TEXT = b"Ratify the convention and report on it. " * 50


def sent(offer: str, content: bytes = TEXT, **headers: str) -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": offer})
    return Compression(lambda _request: HttpResponse(content, headers=headers))(request)


@pytest.mark.parametrize(
    ("offer", "taken"),
    [("br", True), ("gzip, deflate, BR", True), ("br;q=0.5", True), ("br; q=0, gzip", False), ("br;q=0.000", False)]
    + [("gzip", False), ("", False), ("brother", False)],
)
def test_brotli_is_sent_to_whom_takes_it(offer, taken):
    request = RequestFactory().get("/", headers={"accept-encoding": offer})
    assert takes_brotli(request) == taken
    assert (sent(offer).get("Content-Encoding") == "br") == taken


@pytest.mark.parametrize("hidden", [0, 1, 2, 99, 100, 256])
def test_what_is_sent_is_read_whatever_is_hidden_in_it(hidden):
    assert brotli.decompress(compress(TEXT, hidden=hidden)) == TEXT
    assert len(compress(TEXT, hidden=hidden)) == len(compress(TEXT, hidden=0)) + hidden + (2 if hidden else 0)


def test_a_response_says_how_it_is_compressed_and_its_length_is_not_that_of_its_content():
    answers = [sent("gzip, br", ETag='"a"') for _number in range(40)]
    for answer in answers:
        assert brotli.decompress(answer.content) == TEXT
        assert answer["Content-Length"] == str(len(answer.content))
        assert (answer["Vary"], answer["ETag"]) == ("Accept-Encoding", 'W/"a"')
    assert len({len(answer.content) for answer in answers}) > 5  # by chance of a hundred: BREACH


def test_what_is_short_or_compressed_is_left_as_it_is():
    assert "Content-Encoding" not in sent("br", b"short")
    assert sent("br", **{"Content-Encoding": "zstd"}).content == TEXT
    assert sent("br, gzip", b"".join(bytes([number % 256, number * 7 % 251]) for number in range(120)))["Vary"]
