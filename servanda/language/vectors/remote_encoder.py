"""An encoder on a server that the operator chose, with the usual API of embedding servers.

    POST {"model": "...", "input": ["a text", ...]}  ->  {"data": [{"index": 0, "embedding": [0.1, ...]}, ...]}

Texts are sent to that server. Redirects are not followed, and time and size are limited. Every failure raises
`NoEncoder`, and then the server is not asked for a minute, so that an outage causes only one wait.
"""

import json
import time
from collections.abc import Sequence
from itertools import batched
from urllib.parse import urlsplit

import numpy as np

from servanda.kit.outgoing.fetch import Bounds, Question, ask_operators
from servanda.language.vectors.encoder import NoEncoder, Vectors

AT_ONCE = 64  # texts in one request
LONGEST_TEXT = 8_000  # characters; anything beyond is not sent
MOST_BYTES = 16_000_000  # of one response
PATIENCE, PATIENCE_OF_A_PAGE = 60.0, 3.0  # seconds
A_FEW = 10  # texts: a page needs vectors of a query and of the names of one label
REST = 60.0
LARGEST = 1e30  # of a number in a vector
HTTP_OK = 200


class Endpoint:
    """`model` is the name of the model and serves as its version: with another one all vectors are computed again."""

    name = "endpoint"

    def __init__(self, url: str, model: str, key: str = "") -> None:
        self.url, self.host, self.version, self.key = url, urlsplit(url).hostname, model, key
        self.dimension = 0  # known after the first response
        self._rests_until = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        patience = PATIENCE if len(texts) > A_FEW else PATIENCE_OF_A_PAGE
        if time.monotonic() < self._rests_until:
            raise NoEncoder(f"The encoder at {self.host} did not answer a moment ago.")
        try:
            rows = [row for some in batched(texts, AT_ONCE) for row in self._asked(some, patience)]
            vectors = self._of_length_one(rows)
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as problem:
            self._rests_until = time.monotonic() + REST
            raise NoEncoder(f"The encoder at {self.host} does not answer as it should: {problem}") from problem
        return vectors

    def _asked(self, texts: Sequence[str], patience: float) -> list[list[float]]:
        question = {"model": self.version, "input": [text[:LONGEST_TEXT] or " " for text in texts]}
        reply = json.loads(self._posted(json.dumps(question).encode(), patience))
        rows = {int(item["index"]): [float(number) for number in item["embedding"]] for item in reply["data"]}
        in_order = [rows[at] for at in range(len(texts))]
        self.dimension = self.dimension or len(in_order[0])
        if not self.dimension or any(len(row) != self.dimension for row in in_order):
            raise ValueError("its vectors are not all of one length")
        return in_order

    def _of_length_one(self, rows: list[list[float]]) -> Vectors:
        vectors = np.array(rows, dtype=np.float64)
        if not np.isfinite(vectors).all() or np.abs(vectors).max() > LARGEST:
            raise ValueError("its vectors hold what is no number")
        return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)

    def _posted(self, body: bytes, patience: float) -> bytes:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        response = ask_operators(self.url, Question("POST", body, headers), bounds=Bounds(patience, MOST_BYTES))
        if response.status != HTTP_OK:
            raise ValueError(f"status {response.status}")
        return response.content
