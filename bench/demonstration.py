"""`./run demo`, or the bare server, on a free port for as long as something is measured."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.shared import ROOT
from tools.start import SERVER


@contextmanager
def demonstration(clone: Path, command: str = "demo", **settings: str) -> Iterator[str]:
    """The address of the demonstration of this clone, once its first page is whole; it is stopped afterwards.

    `serve` in the place of `demo` leaves its records out.

    Raises:
        RuntimeError: when it ended before it showed a page.
    """
    port = free_port()
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("SERVANDA_", "DATABASE_URL"))}
    demo = subprocess.Popen(
        [clone / "run", command, "--port", str(port)], env={**quiet, **settings}, stdout=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/", demo)
        yield address
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(30)


@contextmanager
def server() -> Iterator[int]:
    """The port of a server over the database and the files of this process, once its first page is whole."""
    port = free_port()
    given = {**os.environ, "SERVANDA_MODE": "demo"}  # without TLS, which a proxy would end
    started = subprocess.Popen([*SERVER, "--log-level", "warning", "--port", str(port)], cwd=ROOT, env=given)
    try:
        wait_for(f"http://127.0.0.1:{port}/", started)
        yield port
    finally:
        started.terminate()
        started.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, demo: subprocess.Popen) -> None:
    while demo.poll() is None:
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 -- our own address
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("./run demo ended before it showed a page")
