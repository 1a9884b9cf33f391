"""The ASGI server in front of the pages: a request occupies a thread only once it has arrived completely.

Granian reads the headers, with its own limits. Bodies are read here, in one event loop, with limits on size
(`body_limits.py`), time and number. Responses are buffered before they are sent, so that a slow reader occupies no
thread either. Responses that take long to make are made by a process of their own (`lane.py`).
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
from servanda.kit.server.lane import Busy, Lane, TooLong, is_heavy
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
AT_ONCE, AT_ONCE_FROM_ONE_ADDRESS = 256, 16  # bodies that are being received
BODY_IN_MEMORY = 64 * 1024  # bytes
SENDING = 60  # seconds for one piece of an answer
DRAINED = 64 * MEGABYTE  # of a refused body: a browser reads the response only once it has sent its request
DRAINING = 20  # seconds


class Unfinished(Exception):
    """The body did not arrive in time, or the connection ended."""


class Refusal(Exception):
    """The body is refused; `answer` says why."""

    def __init__(self, answer: Answer):
        super().__init__()
        self.answer = answer


class Front:
    """An ASGI application that gives whole requests to a WSGI application."""

    def __init__(self, application: Callable[..., Iterable[bytes]], lane: Lane | None = None):
        self.application = application
        self.lane = lane
        self.threads = Threads(THREADS)
        self.receiving: Counter[str] = Counter()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        environ = environ_of(scope)
        try:
            if has_body(environ):
                async with self.reserve_place(environ):
                    environ["wsgi.input"] = await self.receive_body(environ, receive)
            with environ["wsgi.input"]:
                answer = await self.make_answer(environ)
        except Unfinished:
            await send_answer(plain_answer(408, b"The request did not arrive in time.\n"), send, ends=True)
        except Refusal as refused:
            await send_answer(refused.answer, send, ends=True)
            await drain(environ, receive)
        else:
            await send_answer(answer, send)

    @asynccontextmanager
    async def reserve_place(self, environ: Environ) -> AsyncIterator[None]:
        """Hold one of the places for bodies; they are counted by address, so that no single one takes them all.

        Raises:
            Refusal: when all places are taken.
        """
        address = address_of(environ)
        if self.receiving.total() >= AT_ONCE or self.receiving[address] >= AT_ONCE_FROM_ONE_ADDRESS:
            raise Refusal(await self.run_in_thread({**environ, REFUSED: 429}))
        self.receiving[address] += 1
        try:
            yield
        finally:
            self.receiving[address] -= 1
            if not self.receiving[address]:
                del self.receiving[address]

    async def receive_body(self, environ: Environ, receive: Receive) -> IO[bytes]:
        """Read the whole body and set CONTENT_LENGTH to its real length, whatever was announced.

        Raises:
            Refusal: when it is larger than the page allows, or the disk is full.
            Unfinished: when it does not arrive in time.
        """
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
            raise Refusal(await self.run_in_thread({**environ, REFUSED: 503})) from error
        except BaseException:
            body.close()
            raise
        body.seek(0)
        environ["CONTENT_LENGTH"] = str(size)
        return body

    async def limit_of(self, environ: Environ, size: int) -> int:
        """The limit in bytes, which is at least this size.

        Raises:
            Refusal: when the page allows less, or nothing from this person.
        """
        question = {**environ, "CONTENT_LENGTH": str(size), ASKS: True}
        answer = await self.run_in_thread(question)
        allowed = dict(answer.headers).get(ALLOWED)
        if not allowed:
            raise Refusal(answer)
        answer.body.close()
        return int(allowed)

    async def make_answer(self, environ: Environ) -> Answer:
        if self.lane and (weight := is_heavy(environ)):
            try:
                return await self.lane.make_answer(environ, weight, address_of(environ))
            except Busy:
                return await self.run_in_thread({**environ, REFUSED: 429})
            except TooLong:
                return plain_answer(431, b"The head of the request is too long.\n")
        return await self.run_in_thread(environ)

    async def run_in_thread(self, environ: Environ) -> Answer:
        return await self.threads.run(partial(call, self.application, environ))


class Threads:
    """Gives work to the thread that was used last, whose connection and caches are warm.

    A single pool of four threads rotates them, which makes a page of 250 ms a tenth slower.
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
    """The next piece of a body, and whether more follows. Raises `Unfinished`."""
    try:
        message = await asyncio.wait_for(receive(), max(seconds, 0))
    except TimeoutError as late:
        raise Unfinished from late
    if message["type"] != "http.request":
        raise Unfinished
    return message.get("body", b""), message.get("more_body", False)


async def send_answer(answer: Answer, send: Send, *, ends: bool = False) -> None:
    """Send the answer; with `ends`, close the connection afterwards."""
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
    """Read and discard what still arrives, for a while; a client that sent `Expect` has not sent its body yet."""
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


def plain_answer(status: int, text: bytes) -> Answer:
    """A response in plain text, without a template: its reader is probably gone."""
    body = spool()
    body.write(text)
    body.seek(0)
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text)))]
    headers += [("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'")]
    return Answer(status, headers, body)


def has_body(environ: Environ) -> bool:
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ


def address_of(environ: Environ) -> str:
    """The address of the browser; behind a proxy, the last one that it added to X-Forwarded-For."""
    forwarded_for = environ.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    return forwarded_for.rpartition(",")[2].strip() or environ["REMOTE_ADDR"]


def environ_of(scope: MutableMapping[str, Any]) -> Environ:
    """The WSGI environ (PEP 3333). Headers with an underscore are dropped: they could pass for another header."""
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
