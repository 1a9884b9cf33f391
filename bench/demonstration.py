"""`./run demo`, or the bare server, on a free port for as long as something is measured."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from tools import start


@contextmanager
def demonstration(clone: Path, command: str = "demo", **settings: str) -> Iterator[str]:
    """Start the demonstration of this clone, give its address once the first page loads, and stop it at the end.

    With the command `serve` it has no records.

    Raises:
        RuntimeError: when it ends before it shows a page.
    """
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SERVANDA_", "DATABASE_URL"))
    }
    process = subprocess.Popen(
        [clone / "run", command, "--port", str(port)], env={**environment, **settings}, stdout=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/", lambda: process.poll() is None)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def server() -> Iterator[int]:
    """Start a server on the database and the files of this process, and give its port once the first page loads.

    Raises:
        RuntimeError: when it ends before it shows a page.
    """
    port = free_port()
    connections.close_all()
    process = start.start(start.run_server, ["--log-level", "warning", "--port", str(port)])
    try:
        wait_for(f"http://127.0.0.1:{port}/", process.is_alive)
        yield port
    finally:
        process.terminate()
        process.join(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, is_running: Callable[[], bool]) -> None:
    while is_running():
        try:
            with urllib.request.urlopen(address) as response:  # noqa: S310 -- our own address
                response.read()
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("./run demo ended before it showed a page")
