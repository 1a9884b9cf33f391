"""An encoder behind an address: what it answers is taken or refused as a whole, and a failure costs one wait."""

import json
import time

import numpy as np
import pytest

from servanda.language.vectors import remote_encoder
from servanda.language.vectors.encoder import NoEncoder
from servanda.language.vectors.remote_encoder import Endpoint
from tests.encoder_server import as_it_should, encoder_server


def of(*rows: object) -> bytes:
    return json.dumps({"data": [{"index": at, "embedding": row} for at, row in enumerate(rows)]}).encode()


def test_vectors_come_in_the_order_of_the_texts_and_are_of_length_one():
    with encoder_server() as (url, _sent):
        encoder = Endpoint(url, "letters 1")
        rows = encoder.encode(["aaa", "bbb", "aaa"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert np.allclose(rows[0], rows[2])
    assert rows[0].argmax() == 0
    assert rows[1].argmax() == 1
    assert encoder.dimension == 26


def test_a_long_text_is_sent_without_its_end():
    with encoder_server() as (url, sent):
        Endpoint(url, "letters 1").encode(["a" * 100_000])
    assert len(sent[0]) == remote_encoder.LONGEST_TEXT


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"sorry"),
        (302, b""),
        (200, b"<html>"),
        (200, b'{"data": []}'),
        (200, of([])),
        (200, of(["one"])),
        (200, of([float("nan")])),
        (200, of([1e300, 1.0])),
        (200, b'{"data": [{"index": Infinity, "embedding": [1]}]}'),
        (200, b"[" * 100_000),
        (200, b"[]"),
        (200, of([1.0], [1.0, 2.0])),
        (200, b" " * 17_000_000),
    ],
)
def test_what_is_no_answer_is_refused_plainly(answer):
    with encoder_server(lambda _texts: answer) as (url, _sent), pytest.raises(NoEncoder, match=r"127\.0\.0\.1"):
        Endpoint(url, "m").encode(["one"] if b"2.0" not in answer[1] else ["one", "two"])


def test_after_a_failure_nobody_is_asked_for_a_minute(monkeypatch):
    with encoder_server(lambda _texts: (500, b"")) as (url, sent):
        encoder = Endpoint(url, "m")
        for _ in range(3):
            with pytest.raises(NoEncoder):
                encoder.encode(["one"])
        assert sent == ["one"]
        clock = time.monotonic
        monkeypatch.setattr(remote_encoder.time, "monotonic", lambda: clock() + remote_encoder.REST)
        with pytest.raises(NoEncoder):
            encoder.encode(["two"])
        assert sent == ["one", "two"]


def test_no_texts_are_no_question():
    with encoder_server() as (url, sent):
        assert Endpoint(url, "letters 1").encode([]).shape[0] == 0
    assert sent == []


def test_an_answer_that_trickles_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(remote_encoder, "PATIENCE_OF_A_PAGE", 0.2)
    with encoder_server(lambda _texts: (200, b" " * 40), pause=0.1) as (url, _sent):
        start = time.monotonic()
        with pytest.raises(NoEncoder, match="too long"):
            Endpoint(url, "m").encode(["one"])
    assert time.monotonic() - start < 2


def test_nobody_there_is_no_encoder():
    with encoder_server(as_it_should) as (url, _sent):
        pass
    with pytest.raises(NoEncoder):
        Endpoint(url, "m").encode(["one"])
