"""Connections that send a byte now and then; each that the server closes is opened again at once.

So does whoever wants to stop a site.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles
from threading import Event, Thread

PAGES = ["/", "/recommendations/", "/account/login/"]
SLOW_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
SLOW_BODY = (
    b"POST /language/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
EVERY = 0.5  # seconds between two bytes


def p95(port: int, pages: int) -> float:
    """In milliseconds, of pages that are asked for one after the other."""
    took = []
    for number in range(pages):
        start = time.perf_counter()
        link = HTTPConnection("127.0.0.1", port, timeout=30)
        link.request("GET", PAGES[number % len(PAGES)], headers={"Host": "localhost"})
        link.getresponse().read()
        link.close()
        took.append((time.perf_counter() - start) * 1000)
    return quantiles(took, n=20)[-1]


@contextmanager
def slow_connections(port: int, number: int) -> Iterator[list[int]]:
    """So many, until the end of the block; gives the list of those that the server closed meanwhile."""
    is_over, closed = Event(), []
    thread = Thread(target=drip, args=(port, number, is_over, closed))
    thread.start()
    try:
        yield closed
    finally:
        is_over.set()
        thread.join()


def drip(port: int, number: int, is_over: Event, closed: list[int]) -> None:
    links = [opened(port, at) for at in range(number)]
    while not is_over.wait(EVERY):
        for at, link in enumerate(links):
            try:
                link.send(b"a")
                if not link.recv(65536):
                    raise ConnectionError
            except BlockingIOError:
                continue
            except OSError:
                closed.append(at)
                link.close()
                links[at] = opened(port, at)
    for link in links:
        link.close()


def opened(port: int, at: int) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port), timeout=30)
    link.sendall(SLOW_BODY if at % 2 else SLOW_HEAD)
    link.settimeout(0)
    return link
