"""Connections that send a byte at a time, as in a slow-request attack; closed ones are opened again at once."""

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
PAUSE = 0.5  # seconds between two bytes


def p95(port: int, pages: int) -> float:
    """The 95th percentile in milliseconds of pages that are requested one after the other."""
    milliseconds = []
    for number in range(pages):
        start = time.perf_counter()
        http = HTTPConnection("127.0.0.1", port, timeout=30)
        http.request("GET", PAGES[number % len(PAGES)], headers={"Host": "localhost"})
        http.getresponse().read()
        http.close()
        milliseconds.append((time.perf_counter() - start) * 1000)
    return quantiles(milliseconds, n=20)[-1]


@contextmanager
def slow_connections(port: int, number: int) -> Iterator[list[int]]:
    """Keep `number` slow connections open until the end of the block; list those that the server closes."""
    is_over, closed = Event(), []
    thread = Thread(target=drip, args=(port, number, is_over, closed))
    thread.start()
    try:
        yield closed
    finally:
        is_over.set()
        thread.join()


def drip(port: int, number: int, is_over: Event, closed: list[int]) -> None:
    sockets = [opened(port, index) for index in range(number)]
    while not is_over.wait(PAUSE):
        for index, connection in enumerate(sockets):
            try:
                connection.send(b"a")
                if not connection.recv(65536):
                    raise ConnectionError
            except BlockingIOError:
                continue
            except OSError:
                closed.append(index)
                connection.close()
                sockets[index] = opened(port, index)
    for connection in sockets:
        connection.close()


def opened(port: int, index: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(SLOW_BODY if index % 2 else SLOW_HEAD)
    connection.settimeout(0)
    return connection
