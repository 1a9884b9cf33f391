"""Responses buffered completely before the first byte is sent: in memory if short, else in an unnamed file."""

import errno
import logging
import sys
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from django.conf import settings

from servanda.kit.server.body_limits import MEGABYTE
from servanda.kit.server.refused_requests import REFUSED

IN_MEMORY = MEGABYTE
PIECE = 256 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT)  # errno of a full disk
AS_WSGI = {  # what PEP 3333 requires besides the request and its body
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
logger = logging.getLogger("servanda.front")


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: IO[bytes]


def spool(in_memory: int = IN_MEMORY) -> IO[bytes]:
    """A temporary file that leaves nothing on the disk when the process is killed."""
    return SpooledTemporaryFile(in_memory, dir=str(settings.FILE_UPLOAD_TEMP_DIR))


def call(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Answer:
    """Call a WSGI application; a response that fails while it is made is replaced by an error page.

    Raises:
        Exception: whatever the application raises when it makes the error page.
    """
    try:
        return gathered(application, environ)
    except Exception as broken:  # noqa: BLE001 -- the loop of a worker: one request must not end the others
        if REFUSED in environ:
            raise
        logger.exception("An answer broke off: %s", environ["PATH_INFO"])
        is_full = isinstance(broken, OSError) and broken.errno in FULL
        return gathered(application, {**environ, REFUSED: 503 if is_full else 500})


def gathered(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Answer:
    status, headers = 500, []

    def start(line: str, response_headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = int(line.partition(" ")[0]), list(response_headers)
        return body.write

    body = spool()
    pieces = application(environ, start)
    try:
        for piece in pieces:
            body.write(piece)
    except BaseException:
        body.close()
        raise
    finally:
        if close := getattr(pieces, "close", None):
            close()
    length = body.tell()
    body.seek(0)
    if status not in (204, 304) and environ["REQUEST_METHOD"] != "HEAD":
        headers = [pair for pair in headers if pair[0].lower() != "content-length"]
        headers.append(("Content-Length", str(length)))
    return Answer(status, headers, body)
