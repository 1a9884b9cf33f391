"""A process of its own for responses that take long to make: files of the whole register, documents, charts.

It makes them one by one, at a lower priority than pages. Only a few may wait; others are answered 429.
"""

import asyncio
import contextlib
import logging
import os
import pickle
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from servanda.kit.server.body_limits import view_at
from servanda.kit.server.memory import loading
from servanda.kit.server.whole_answers import AS_WSGI, Answer, call

type Environ = dict[str, Any]

logger = logging.getLogger("servanda.lane")
NAME = "servanda.kit.server.lane"
NICE = 10
MESSAGE = 192 * 1024  # bytes: head of a request or of a response
LONGEST = 300  # seconds for one response
PATIENCE = 20  # seconds of waiting for a turn
FILE, PICTURE = "file", "picture"
WAITING = {FILE: 4, PICTURE: 24}  # a page may have several pictures, and each is drawn quickly
FROM_ONE_ADDRESS = {FILE: 2, PICTURE: 24}


class TooLong(Exception):
    """The head of the request is longer than the process can receive."""


class Busy(Exception):
    """Too many requests are waiting already, or this one has waited too long."""


def heavy(weight: str) -> Callable[[Callable], Callable]:
    """Mark a view whose response is made in the lane; `weight` is FILE or PICTURE."""

    def decorate(view: Callable) -> Callable:
        vars(view)["heavy"] = weight
        return view

    return decorate


def is_heavy(environ: Environ) -> str:
    """The weight of the requested view; empty for an ordinary page."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return ""
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
    except UnicodeDecodeError:
        return ""
    return getattr(view_at(path), "heavy", "")


class Lane:
    def __init__(self) -> None:
        self.helper = Helper()
        self.thread = ThreadPoolExecutor(1, "lane")
        self.turn = asyncio.Lock()
        self.waiting: Counter[str] = Counter()
        self.by_address: Counter[tuple[str, str]] = Counter()

    async def make_answer(self, environ: Environ, weight: str, address: str) -> Answer:
        """Wait for a turn and let the helper make the response.

        Raises:
            Busy: when too many wait, or it takes too long.
            TooLong: when the helper cannot receive the request.
        """
        key = (weight, address)
        if self.waiting[weight] >= WAITING[weight] or self.by_address[key] >= FROM_ONE_ADDRESS[weight]:
            raise Busy
        self.waiting[weight] += 1
        self.by_address[key] += 1
        try:
            async with asyncio.timeout(PATIENCE) as patience, self.turn:
                patience.reschedule(None)
                plain = {key: value for key, value in environ.items() if isinstance(value, str)}
                return await asyncio.get_running_loop().run_in_executor(self.thread, self.helper.ask, plain)
        except TimeoutError as late:
            raise Busy from late
        finally:
            self.waiting[weight] -= 1
            self.by_address[key] -= 1
            if not self.by_address[key]:
                del self.by_address[key]


class Helper:
    """The process; it is started on first use, and again after it died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen | None = None
        self.link: socket.socket | None = None

    def ask(self, environ: dict[str, str]) -> Answer:
        """Send one request and receive its response: the head as a message, the body as an open file.

        Raises:
            Busy: when the process died or took too long.
            TooLong: for a request that would arrive cut off, at which the process would end.
        """
        request = pickle.dumps(environ)  # letters beyond ASCII take two bytes
        if len(request) > MESSAGE:
            raise TooLong
        link = self.ready()
        try:
            link.send(request)
            message, files, *_ = socket.recv_fds(link, MESSAGE, 1)
            if not message:
                raise ConnectionError("the process ended")  # handled like a broken link
        except OSError as broken:
            logger.warning("The lane for heavy answers is started again: %r", broken)
            self.end()
            raise Busy from broken
        status, headers = pickle.loads(message)  # from our own process
        return Answer(status, headers, os.fdopen(files[0], "rb"))

    def ready(self) -> socket.socket:
        if self.link and self.process and self.process.poll() is None:
            return self.link
        self.end()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", NAME, str(theirs.fileno())]
            self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        ours.settimeout(LONGEST)
        self.link = ours
        return ours

    def end(self) -> None:
        if self.link:
            self.link.close()
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = self.link = None


def work(number: int) -> None:
    """Serve requests until the other end of the socket is closed, which also happens when the server is killed."""
    from django.core.wsgi import get_wsgi_application  # not at the top: only this process needs the application

    os.nice(NICE)
    with loading():
        application = get_wsgi_application()
    with socket.socket(fileno=number) as link:
        while message := link.recv(MESSAGE):
            environ = pickle.loads(message) | AS_WSGI | {"wsgi.input": BytesIO()}  # from our server
            answer = call(application, environ)
            with answer.body:
                answer.body.fileno()  # moves a body from memory into a file
                socket.send_fds(link, [pickle.dumps((answer.status, answer.headers))], [answer.body.fileno()])


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        work(int(sys.argv[1]))
