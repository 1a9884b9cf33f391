"""A process of its own for answers that take long to make: files of the whole register, documents, charts.

They are made one after the other, with less right to the processor than the pages. Few may wait; the others are told
to come back.
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
from servanda.kit.server.whole_answers import AS_WSGI, Answer, call

type Environ = dict[str, Any]

logger = logging.getLogger("servanda.lane")
NAME = "servanda.kit.server.lane"
NICE = 10
MESSAGE = 192 * 1024  # bytes: head of a request or of an answer
LONGEST = 300  # seconds for one answer
PATIENCE = 20  # seconds of waiting for a turn
FILE, PICTURE = "file", "picture"
WAITING = {FILE: 4, PICTURE: 24}  # pictures stand on pages, several on one, and are soon drawn
FROM_ONE_ADDRESS = {FILE: 2, PICTURE: 24}


class Busy(Exception):
    """Too many wait already, or this one has waited long enough."""


def heavy(weight: str) -> Callable[[Callable], Callable]:
    """Mark a page whose answer is made in the lane."""

    def decorate(view: Callable) -> Callable:
        vars(view)["heavy"] = weight
        return view

    return decorate


def is_heavy(environ: Environ) -> str:
    """Its weight; empty for an ordinary page."""
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

    async def made(self, environ: Environ, weight: str, address: str) -> Answer:
        """Wait for a turn, and have it made.

        Raises:
            Busy: when too many wait, or it lasts too long.
        """
        theirs = (weight, address)
        if self.waiting[weight] >= WAITING[weight] or self.by_address[theirs] >= FROM_ONE_ADDRESS[weight]:
            raise Busy
        self.waiting[weight] += 1
        self.by_address[theirs] += 1
        try:
            async with asyncio.timeout(PATIENCE) as patience, self.turn:
                patience.reschedule(None)
                plain = {key: value for key, value in environ.items() if isinstance(value, str)}
                return await asyncio.get_running_loop().run_in_executor(self.thread, self.helper.ask, plain)
        except TimeoutError as late:
            raise Busy from late
        finally:
            self.waiting[weight] -= 1
            self.by_address[theirs] -= 1
            if not self.by_address[theirs]:
                del self.by_address[theirs]


class Helper:
    """The process; it is started when it is first needed, and again when it has died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen | None = None
        self.link: socket.socket | None = None

    def ask(self, environ: dict[str, str]) -> Answer:
        """One request over, one answer back: its head as a message, its body as an open file.

        Raises:
            Busy: when the process died or took too long.
        """
        link = self.ready()
        try:
            link.send(pickle.dumps(environ))
            message, files, *_ = socket.recv_fds(link, MESSAGE, 1)
            if not message:
                raise ConnectionError("the process ended")  # as when the link breaks
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
    """Answer until the other end is closed, which it also is when the server was killed."""
    from django.core.wsgi import get_wsgi_application  # only this process is an application

    os.nice(NICE)
    application = get_wsgi_application()
    with socket.socket(fileno=number) as link:
        while message := link.recv(MESSAGE):
            environ = pickle.loads(message) | AS_WSGI | {"wsgi.input": BytesIO()}  # from our server
            answer = call(application, environ)
            with answer.body:
                answer.body.fileno()  # from memory into a file
                socket.send_fds(link, [pickle.dumps((answer.status, answer.headers))], [answer.body.fileno()])


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        work(int(sys.argv[1]))
