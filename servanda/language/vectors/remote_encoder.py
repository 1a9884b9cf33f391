"""An encoder behind an address that the operator chose, asked as most servers of such models are.

    POST {"model": "...", "input": ["a text", ...]}  ->  {"data": [{"index": 0, "embedding": [0.1, ...]}, ...]}

Texts are sent there. It follows no redirect, waits no longer than it says, and reads no more than is due; whatever
goes wrong is `NoEncoder`, and then nobody is asked for a minute, so that a server that is down costs one wait.
"""

import json
import time
from collections.abc import Sequence
from itertools import batched
from urllib.parse import urlsplit

import numpy as np

from servanda.kit.outgoing.fetch import Bounds, Question, ask_operators
from servanda.language.vectors.encoder import NoEncoder, Vectors

AT_ONCE = 64  # texts in one question
LONGEST_TEXT = 8_000  # characters; the rest is not sent
MOST_BYTES = 16_000_000  # of one answer
PATIENCE, PATIENCE_OF_A_PAGE = 60.0, 3.0  # seconds
A_FEW = 10  # texts: a page asks for a question and the names of one label
REST = 60.0
LARGEST = 1e30  # of a number in a vector
HTTP_OK = 200


class Endpoint:
    """`model` names what answers there, and its version: another one makes all vectors anew."""

    name = "endpoint"

    def __init__(self, url: str, model: str, key: str = "") -> None:
        self.url, self.host, self.version, self.key = url, urlsplit(url).hostname, model, key
        self.dimension = 0  # known from the first answer on
        self._rests_until = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        patience = PATIENCE if len(texts) > A_FEW else PATIENCE_OF_A_PAGE
        if time.monotonic() < self._rests_until:
            raise NoEncoder(f"The encoder at {self.host} did not answer a moment ago.")
        try:
            rows = [row for some in batched(texts, AT_ONCE) for row in self._asked(some, patience)]
            found = self._of_length_one(rows)
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as problem:
            self._rests_until = time.monotonic() + REST
            raise NoEncoder(f"The encoder at {self.host} does not answer as it should: {problem}") from problem
        return found

    def _asked(self, texts: Sequence[str], patience: float) -> list[list[float]]:
        question = {"model": self.version, "input": [text[:LONGEST_TEXT] or " " for text in texts]}
        answer = json.loads(self._posted(json.dumps(question).encode(), patience))
        rows = {int(one["index"]): [float(number) for number in one["embedding"]] for one in answer["data"]}
        in_order = [rows[at] for at in range(len(texts))]
        self.dimension = self.dimension or len(in_order[0])
        if not self.dimension or any(len(row) != self.dimension for row in in_order):
            raise ValueError("its vectors are not all of one length")
        return in_order

    def _of_length_one(self, rows: list[list[float]]) -> Vectors:
        found = np.array(rows, dtype=np.float64)
        if not np.isfinite(found).all() or np.abs(found).max() > LARGEST:
            raise ValueError("its vectors hold what is no number")
        return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).astype(np.float32)

    def _posted(self, body: bytes, patience: float) -> bytes:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        answer = ask_operators(self.url, Question("POST", body, headers), bounds=Bounds(patience, MOST_BYTES))
        if answer.status != HTTP_OK:
            raise ValueError(f"status {answer.status}")
        return answer.content
