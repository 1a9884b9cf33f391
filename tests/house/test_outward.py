"""What can reach another machine: one module over HTTP, and the few others that are named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.syntax import nodes_beside

ROOT = Path(__file__).resolve().parents[2]
REACHES_OUT = {
    *("aiohttp", "asyncio", "ftplib", "http", "httplib2", "httpx", "imaplib", "niquests", "paramiko", "poplib"),
    *(
        "pycurl",
        "requests",
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "telnetlib",
        "urllib3",
        "websockets",
        "xmlrpc",
    ),
    *("urllib.request", "urllib.robotparser", "urllib.error"),
}
WORDS = {way.partition(".")[0] for way in REACHES_OUT} | {"import_module", "__import__"}
ALLOWED = {
    "servanda/kit/outgoing/fetch.py": {"http", "requests", "socket", "ssl"},
    "servanda/kit/server/front.py": {"asyncio"},  # waits for bodies of requests; connects to no one
    "servanda/kit/server/lane.py": {"asyncio", "socket"},  # a pair of sockets between two processes of ours
    "servanda/kit/files/viruses.py": {"socket"},  # the virus scanner that the operator named speaks no HTTP
    "servanda/jobs/mail_server.py": {"smtplib"},
    "servanda/jobs/services.py": {"smtplib"},  # the names of its errors; Django sends the mail
}


def ways_out(source: str) -> Iterator[str]:
    for node in nodes_beside(WORDS, source):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"import_module", "__import__"}:
            names = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        else:
            continue
        for name in names:
            yield from {way for way in REACHES_OUT if f"{name}.".startswith(f"{way}.")}


def test_nothing_but_the_one_module_goes_out_over_http():
    modules = list((ROOT / "servanda").rglob("*.py"))
    found = {str(path.relative_to(ROOT)): set(ways_out(path.read_text())) for path in modules}
    assert len(modules) > 300
    assert {name: ways for name, ways in found.items() if ways} == ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "import requests.sessions as quick",
        "from requests import get",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import http.client",
        "def late():\n    import socket",
        "importlib.import_module('httpx')",
    ],
)
def test_a_way_out_is_seen(line):
    assert list(ways_out(line)) != []


def test_taking_an_address_apart_is_no_way_out():
    assert list(ways_out("from urllib.parse import urlsplit\nfrom django.http import HttpResponse")) == []
