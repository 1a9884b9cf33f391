"""The feed of another mechanism on this machine, whose answers a test may change one by one."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import batched
from threading import Thread
from typing import NamedTuple

from tests.exchange_make import Sender, signature

TYPE = "application/activity+json"
KEYS = "/.well-known/servanda-exchange.json"


class Reply(NamedTuple):
    content: bytes
    status: int = 200
    headers: dict[str, str] = {}
    send: Callable[[BaseHTTPRequestHandler], None] | None = None  # instead of the content


@dataclass
class FeedServer:
    """`on_a_page` items are on each page. `instead` names the answers that are not honest, by path."""

    port: int
    sender: Sender = field(default_factory=Sender)
    on_a_page: int = 2
    asked: list[str] = field(default_factory=list)
    introductions: list[str] = field(default_factory=list)  # what readers sent to show who they are
    instead: dict[str, Callable[[Reply], Reply]] = field(default_factory=dict)
    index: dict = field(default_factory=dict)  # keys of the index that are not honest
    revoked: list[dict] | None = None  # in the document of the keys; None: there is no document

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def files(self) -> dict[str, bytes]:
        pages = [list(items) for items in batched(self.sender.items, self.on_a_page)]
        newest = max((item["published"] for item in self.sender.items), default="2026-01-01T00:00:00+00:00")
        honest = {
            "published": newest,
            "pages": [
                {"name": f"pages/{number:05d}.json", "last": items[-1]["sequence"]}
                for number, items in enumerate(pages, 1)
            ],
        }
        files = self.sender.files(pages)
        for page in honest["pages"]:
            page["sha256"] = hashlib.sha256(files[page["name"]]).hexdigest()
        return self.sender.files(pages, **honest | self.index)

    def keys(self) -> Reply:
        document = json.dumps({"origin": self.site, "keys": [], "revoked": self.revoked}).encode()
        return Reply(b"", 404) if self.revoked is None else Reply(document, 200, {"Content-Type": "application/json"})

    def reply_to(self, path: str, known: str) -> Reply:
        files = self.files()
        number = path.removeprefix("/exchange/feed").removeprefix("/members").strip("/")
        content = files.get(f"pages/{int(number):05d}.json" if number.isdecimal() else "feed.json")
        if content is None or not path.startswith("/exchange/feed"):
            return Reply(b"", 404)
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        if tag == known:
            return Reply(b"", 304, {"ETag": tag})
        return self.signed(content, {"ETag": tag})

    def signed(self, content: bytes, headers: dict[str, str] | None = None) -> Reply:
        signed = signature(content, self.sender.key).decode()
        return Reply(content, 200, {"Content-Type": TYPE, "X-JWS-Signature": signed} | (headers or {}))


def handler_of(server: FeedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 -- named by the library
            if self.path != KEYS:
                server.asked.append(self.path)
                server.introductions.append(self.headers.get("Authorization", ""))
            change = server.instead.get(self.path, lambda reply: reply)
            known = self.headers.get("If-None-Match", "")
            reply = change(server.keys() if self.path == KEYS else server.reply_to(self.path, known))
            if reply.send:
                reply.send(self)
                return
            self.send_response(reply.status)
            for name, value in ({"Content-Length": str(len(reply.content))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, *_what: object) -> None:
            """Nothing is written to the console."""

    return Handler


@dataclass
class ParcelServer(FeedServer):
    """The files of a ZIP, with the signatures in it."""

    parcel: bytes = b""

    def reply_to(self, path: str, _known: str) -> Reply:
        number = path.removeprefix("/exchange/feed").strip("/")
        name = f"pages/{int(number):05d}.json" if number else "feed.json"
        with zipfile.ZipFile(BytesIO(self.parcel)) as archive:
            signed = archive.read(f"{name}.jws").decode()
            return Reply(archive.read(name), 200, {"Content-Type": TYPE, "X-JWS-Signature": signed})


@contextmanager
def feed_online[Kind: FeedServer](kind: type[Kind] = FeedServer) -> Iterator[Kind]:
    """A feed of nothing on a free port; its sender has the address of the server."""
    feed = kind(0)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(feed)) as server:
        feed.port = server.server_address[1]
        feed.sender.site = feed.site
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield feed
        finally:
            server.shutdown()
            thread.join()
