"""A server on this machine that answers as an encoder does, and remembers what it was sent."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = Callable[[list[str]], tuple[int, bytes]]


def as_it_should(texts: list[str]) -> tuple[int, bytes]:
    """In the order of the alphabet, which no one promised; the numbers are the letters that each text has."""
    rows = [{"index": at, "embedding": letters(text)} for at, text in enumerate(texts)]
    return 200, json.dumps({"data": rows[::-1]}).encode()


def letters(text: str) -> list[float]:
    return [1.0 + text.lower().count(chr(code)) for code in range(ord("a"), ord("z") + 1)]


@contextmanager
def encoder_server(answer: Answer = as_it_should, *, pause: float = 0) -> Iterator[tuple[str, list[str]]]:
    """The address, and all texts that were sent to it; with a `pause` the answer comes letter by letter."""
    sent: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
            sent.extend(texts)
            status, content = answer(texts)
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked has gone
                for piece in [content] if not pause else [content[at : at + 1] for at in range(len(content))]:
                    self.wfile.write(piece)
                    time.sleep(pause)

        def log_message(self, *_said: object) -> None:
            """Nothing: the output belongs to the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/embeddings", sent
    finally:
        server.shutdown()
        server.server_close()
