"""Servers on this machine that talk as badly as they are told to, and count who came."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

Talk = Callable[[socket.socket], None]


@dataclass
class Listener:
    port: int
    heads: list[bytes] = field(default_factory=list)  # the beginning of what each caller sent; empty: nothing yet
    names: list[str | None] = field(default_factory=list)  # asked for in the TLS handshake
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def listening(talk: Talk, *, tls: ssl.SSLContext | None = None, reads: bool = True) -> Iterator[Listener]:
    """Each caller is talked to in a thread of its own; with `reads`, once the head of the question has come."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1])
        if tls is not None:
            tls.sni_callback = lambda _line, name, _context: listener.names.append(name)
        Thread(target=take_callers, args=(server, listener, talk, tls), kwargs={"reads": reads}, daemon=True).start()
        try:
            yield listener
        finally:
            listener.over.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)


def take_callers(server: socket.socket, listener: Listener, talk: Talk, tls: ssl.SSLContext | None, *, reads: bool):
    while not listener.over.is_set():
        try:
            line, _caller = server.accept()
        except OSError:
            return
        Thread(target=answer, args=(line, listener, talk, tls), kwargs={"reads": reads}, daemon=True).start()


def answer(line: socket.socket, listener: Listener, talk: Talk, tls: ssl.SSLContext | None, *, reads: bool) -> None:
    with suppress(OSError), line:
        secured = tls.wrap_socket(line, server_side=True) if tls else line
        with secured:
            listener.heads.append(head_of(secured) if reads else b"")
            talk(secured)


def head_of(line: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (more := line.recv(65_536)):
        head += more
    return head


def saying(content: bytes, *, status: str = "200 OK", head: str = "") -> Talk:
    length = f"Content-Length: {len(content)}\r\n"
    start = f"HTTP/1.1 {status}\r\n{length if 'Content-Length' not in head else ''}{head}\r\n".encode()
    return lambda line: line.sendall(start + content)


def dripping(start: bytes, drop: bytes, *, pause: float) -> Talk:
    """Says the start, and then a drop now and then for as long as the other side listens."""

    def talk(line: socket.socket) -> None:
        line.sendall(start)
        while True:
            time.sleep(pause)
            line.sendall(drop)

    return talk


def endless(start: bytes, piece: bytes) -> Talk:
    def talk(line: socket.socket) -> None:
        line.sendall(start)
        while True:
            line.sendall(piece)

    return talk


def silent(line: socket.socket) -> None:
    time.sleep(60)
