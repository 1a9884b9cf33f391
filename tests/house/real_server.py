"""The server of the product, over a copy of the database of a test."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from bench.demonstration import free_port
from tools.start import SERVER

ROOT = Path(__file__).resolve().parents[2]
STARTING = 120  # seconds
PATIENCE = 120  # seconds for one answer, on a machine that does something else too
# What the server of the tests has instead of words of `SERVER`: tests would wait ten seconds for what is closed.
IMPATIENT = {"servanda.wsgi:front": "tests.house.impatient_server:front", "10000": "3000"}


class Reply(NamedTuple):
    status: int
    headers: Message
    content: bytes


class Server:
    def __init__(self, folder: Path):
        self.folder, self.port, self.process, self.cookie = folder, free_port(), None, ""

    def start(self) -> None:
        """Over a copy of the database of this test."""
        (self.folder / "servanda.sqlite3").write_bytes(connection.connection.serialize())
        self.start_again()

    def start_again(self) -> None:
        given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        given |= {"SERVANDA_TEST_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        given["SERVANDA_SECRET_KEY"] = settings.SECRET_KEY  # sessions of the test are valid there
        given.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        given.pop("PYTEST_XDIST_WORKER", None)
        command = [sys.executable, "-m", *(IMPATIENT.get(word, word) for word in SERVER)]
        self.process = subprocess.Popen(
            [*command, "--log-level", "warning", "--port", str(self.port)], cwd=ROOT, env=given
        )
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        until = time.monotonic() + STARTING
        while time.monotonic() < until:
            try:
                self.get("/about/")
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def end(self, how: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def children(self) -> list[int]:
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def ask(self, method: str, address: str, body=None, **headers: str) -> Reply:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as link:
            link.request(method, address, body, {"Host": "localhost", **given}, encode_chunked=body is not None)
            answer = link.getresponse()
            return Reply(answer.status, answer.headers, answer.read())

    def get(self, address: str) -> Reply:
        return self.ask("GET", address)

    def opened(self, sent: bytes) -> socket.socket:
        link = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        link.sendall(sent)
        return link

    def files(self) -> list[Path]:
        uploads = [path for path in (self.folder / "uploads").rglob("*") if path.is_file()]
        return uploads + [path for path in (self.folder / "files").rglob("*") if path.is_file()]
