"""What stands between the network and the pages: a request takes a thread only when it has arrived as a whole.

Heads are read by granian, within its own bounds. Bodies are read here, in one event loop: within their limit
(`bodies.py`), within a time, and so many at once. Answers are gathered before they are sent, so that a slow reader
takes no thread either. What takes long to make goes to a process of its own (`lane.py`).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from io import BytesIO
from typing import IO, Any

from django.conf import settings

from servanda.kit.server.body_limits import ALLOWED, ASKS, MEGABYTE, ORDINARY
from servanda.kit.server.lane import Busy, Lane, is_heavy
from servanda.kit.server.refused_requests import REFUSED
from servanda.kit.server.whole_answers import AS_WSGI, FULL, IN_MEMORY, PIECE, Answer, call, spool

type Environ = dict[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

logger = logging.getLogger("servanda.front")
THREADS = 4  # more would only wait for each other
PAUSE = 10  # seconds between two pieces of a body
GRACE = 30  # seconds that every body may take
SLOWEST = 10 * 1024  # bytes a second, beyond that
AT_ONCE, AT_ONCE_FROM_ONE_ADDRESS = 256, 16  # bodies on their way
BODY_IN_MEMORY = 64 * 1024  # bytes
SENDING = 60  # seconds for one piece of an answer
DRAINED = 64 * MEGABYTE  # of a body that was refused: a browser reads the answer only when it has sent its part
DRAINING = 20  # seconds


class Unfinished(Exception):
    """The body did not come in time, or the connection ended."""


class Refusal(Exception):
    """The body is not taken; the answer says why."""

    def __init__(self, answer: Answer):
        super().__init__()
        self.answer = answer


class Front:
    """An ASGI application that gives whole requests to a WSGI application."""

    def __init__(self, application: Callable[..., Iterable[bytes]], lane: Lane | None = None):
        self.application = application
        self.lane = lane
        self.threads = Threads(THREADS)
        self.on_the_way: Counter[str] = Counter()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        environ = environ_of(scope)
        try:
            if has_body(environ):
                async with self.place_for(environ):
                    environ["wsgi.input"] = await self.take_in(environ, receive)
            with environ["wsgi.input"]:
                answer = await self.made(environ)
        except Unfinished:
            await give(plain(408, b"The request did not arrive in time.\n"), send, ends=True)
        except Refusal as refused:
            await give(refused.answer, send, ends=True)
            await drain(environ, receive)
        else:
            await give(answer, send)

    @asynccontextmanager
    async def place_for(self, environ: Environ) -> AsyncIterator[None]:
        """Counted by address, so that a single one cannot take all places.

        Raises:
            Refusal: when too many are taken.
        """
        address = address_of(environ)
        if self.on_the_way.total() >= AT_ONCE or self.on_the_way[address] >= AT_ONCE_FROM_ONE_ADDRESS:
            raise Refusal(await self.in_a_thread({**environ, REFUSED: 429}))
        self.on_the_way[address] += 1
        try:
            yield
        finally:
            self.on_the_way[address] -= 1
            if not self.on_the_way[address]:
                del self.on_the_way[address]

    async def take_in(self, environ: Environ, receive: Receive) -> IO[bytes]:
        """The body from its first byte; its length is then known, whatever was announced."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        limit = ORDINARY * MEGABYTE
        if length > limit:
            limit = await self.limit_of(environ, length)
        clock = asyncio.get_running_loop()
        until = clock.time() + GRACE + limit / SLOWEST
        body, size, is_more = spool(BODY_IN_MEMORY), 0, True
        try:
            while is_more:
                piece, is_more = await next_piece(receive, min(PAUSE, until - clock.time()))
                size += len(piece)
                if size > limit:
                    limit = await self.limit_of(environ, size)
                    until += limit / SLOWEST
                body.write(piece)
        except OSError as error:
            body.close()
            if error.errno not in FULL:
                raise
            raise Refusal(await self.in_a_thread({**environ, REFUSED: 503})) from error
        except BaseException:
            body.close()
            raise
        body.seek(0)
        environ["CONTENT_LENGTH"] = str(size)
        return body

    async def limit_of(self, environ: Environ, size: int) -> int:
        """In bytes, and at least this size.

        Raises:
            Refusal: when the page takes less, or nothing from this person.
        """
        asked = {**environ, "CONTENT_LENGTH": str(size), ASKS: True}
        answer = await self.in_a_thread(asked)
        allowed = dict(answer.headers).get(ALLOWED)
        if not allowed:
            raise Refusal(answer)
        answer.body.close()
        return int(allowed)

    async def made(self, environ: Environ) -> Answer:
        if self.lane and (weight := is_heavy(environ)):
            try:
                return await self.lane.made(environ, weight, address_of(environ))
            except Busy:
                return await self.in_a_thread({**environ, REFUSED: 429})
        return await self.in_a_thread(environ)

    async def in_a_thread(self, environ: Environ) -> Answer:
        return await self.threads.run(partial(call, self.application, environ))


class Threads:
    """Work goes to the thread that worked last, whose connection and caches are warm.

    One pool of four hands it around: a page of 250 ms then takes a tenth longer.
    """

    def __init__(self, number: int):
        self.free = [ThreadPoolExecutor(1, f"page-{place}") for place in range(number)]
        self.turn = asyncio.Semaphore(number)

    async def run(self, work: Callable[[], Answer]) -> Answer:
        async with self.turn:
            thread = self.free.pop()
            try:
                return await asyncio.get_running_loop().run_in_executor(thread, work)
            finally:
                self.free.append(thread)


async def next_piece(receive: Receive, seconds: float) -> tuple[bytes, bool]:
    """Of a body, and whether more follows."""
    try:
        message = await asyncio.wait_for(receive(), max(seconds, 0))
    except TimeoutError as late:
        raise Unfinished from late
    if message["type"] != "http.request":
        raise Unfinished
    return message.get("body", b""), message.get("more_body", False)


async def give(answer: Answer, send: Send, *, ends: bool = False) -> None:
    """Send it; `ends` closes the connection afterwards."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if ends:
        headers.append((b"connection", b"close"))
    with answer.body:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        piece = answer.body.read(IN_MEMORY)
        while piece:
            following = answer.body.read(PIECE)
            message = {"type": "http.response.body", "body": piece, "more_body": bool(following)}
            await asyncio.wait_for(send(message), SENDING)
            if not following:
                return
            piece = following
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def drain(environ: Environ, receive: Receive) -> None:
    """Read and forget what still comes, for a while; who waits to be told to go on has sent nothing."""
    if "HTTP_EXPECT" in environ:
        return
    clock = asyncio.get_running_loop()
    until, size, is_more = clock.time() + DRAINING, 0, True
    try:
        while is_more and size < DRAINED:
            piece, is_more = await next_piece(receive, min(PAUSE, until - clock.time()))
            size += len(piece)
    except Unfinished:
        return


def plain(status: int, words: bytes) -> Answer:
    """For whoever is hardly there to read it."""
    body = spool()
    body.write(words)
    body.seek(0)
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(words)))]
    headers += [("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'")]
    return Answer(status, headers, body)


def has_body(environ: Environ) -> bool:
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ


def address_of(environ: Environ) -> str:
    """Of the browser: the last that the proxy names, where one stands in front."""
    named = environ.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    return named.rpartition(",")[2].strip() or environ["REMOTE_ADDR"]


def environ_of(scope: MutableMapping[str, Any]) -> Environ:
    """As PEP 3333 wants it. A name with an underscore could pass for another one, and is dropped."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        **AS_WSGI,
        "wsgi.input": BytesIO(),
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        text = value.decode("latin-1")
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{text}" if key in environ else text
    return environ
