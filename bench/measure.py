"""Run one bench in this process: `python -m bench.measure NAME FILE SIZE`; each line of FILE is a figure as JSON.

SIZE is the keyword arguments of the bench as JSON, or "tiny". `python -m bench.measure --many` reads lines of
JSON with NAME, FILE, SIZE and the file for what is printed. It runs each bench in a fork of itself, so that what all
of them import is imported once, and prints the exit code of each. Before that it fills its migrated database, and
prints that it is ready.
"""

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from io import StringIO
from multiprocessing import get_context
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from bench.__main__ import benches
from servanda.kit.server.memory import loading

VERDICT = {True: "ok", False: "MISSED", None: ""}


def reporter(file: Path) -> Callable[..., None]:
    def report(what: str, value: float | str, bar: str = "", *, ok: bool | None = None) -> None:
        sys.stdout.write(f"  {what:<62}{shown(value):>12}  {bar:<18}{VERDICT[ok]}\n")
        with file.open("a") as lines:
            lines.write(json.dumps({"what": what, "value": value, "bar": bar, "ok": ok}) + "\n")

    return report


def shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if isinstance(value, int) or value >= 1000 else f"{value:.4g}"


def prepare() -> None:
    """Make what every bench needs: tables, vocabulary, and the static files that pages name."""
    call_command("migrate", verbosity=0)
    fill()


def fill() -> None:
    call_command("load_vocabulary", stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)


def measure(name: str, file: Path, size: str) -> None:
    bench = import_module(f"bench.{name}")
    arguments = bench.TINY if size == "tiny" else json.loads(size)
    bench.run(reporter(file), **arguments)


def measure_many() -> None:
    with loading():
        for bench in benches():
            import_module(f"bench.{bench}")
        get_resolver().url_patterns  # noqa: B018 -- imports all pages
    fill()
    warm_up()
    connections.close_all()
    answer("ready")
    for line in sys.stdin:
        fork = get_context("fork").Process(target=measure_in_fork, args=json.loads(line))  # ends without cleaning up
        fork.start()
        fork.join()
        answer(fork.exitcode)


def warm_up() -> None:
    """Compile the templates that all pages share, and load the encoder, once for all forks."""
    from servanda.language.vectors.encoder import embedder  # noqa: PLC0415 -- only forks need all this
    from servanda.people.access import Role  # noqa: PLC0415 -- as below
    from tests import make  # noqa: PLC0415 -- its models need django.setup()

    embedder().encode(["Ratify it."])  # only this loads its words and weights
    with transaction.atomic():
        client = Client(headers={"host": "localhost"})
        client.get(reverse("portal:register"))
        client.force_login(make.user(Role.COORDINATOR))
        for page in ("desk:home", "desk:register"):
            client.get(reverse(page))
        transaction.set_rollback(True)


def measure_in_fork(name: str, file: str, size: str, printed: str) -> None:
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream.fileno())
    measure(name, Path(file), size)


def answer(said: object) -> None:
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servanda.settings")
    with loading():
        django.setup()
    if sys.argv[1] == "--prepare":
        prepare()
    elif sys.argv[1] == "--many":
        measure_many()
    else:
        measure(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
