"""Bring the database up to date and start Servanda: `./run demo`, `./run serve`, `./run worker`."""

import argparse
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import django
from django.core.management import call_command

from servanda.kit.private_place import refuse_open_place
from servanda.kit.refusal import Refused
from tools.translations import compile_translations

ROOT = Path(__file__).resolve().parents[1]
WORKER = [sys.executable, str(ROOT / "manage.py"), "work"]
SERVER = [
    sys.executable,
    "-m",
    "granian",
    "servanda.wsgi:front",
    "--interface",
    "asginl",
    "--no-ws",
    "--http",
    "1",
    # A head that has not arrived by then ends its connection, and so does one that nothing is asked of.
    "--http1-header-read-timeout",
    "10000",
    "--http1-buffer-size",
    "65536",
]
say = sys.stdout.write


def main() -> None:
    what, *options = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servanda.settings")
    {"demo": demo, "serve": serve, "worker": work}[what](options)


def serve(options: list[str]) -> None:
    django.setup()
    refuse_other_readers()
    refuse_older_version()
    prepare()
    refuse_what_is_unsafe()
    os.execv(SERVER[0], [*SERVER, *options])


def work(options: list[str]) -> None:
    django.setup()
    refuse_other_readers()
    refuse_older_version()
    refuse_what_is_unsafe()
    os.execv(WORKER[0], [*WORKER, *options])


def demo(options: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run demo")
    parser.add_argument("--port", type=int, help="8000, or the next free one, unless said otherwise")
    port = free_port(parser.parse_args(options).port)
    os.environ["SERVANDA_MODE"] = "demo"
    os.environ.setdefault("SERVANDA_DATA_DIR", str(ROOT / "var" / "demo"))
    django.setup()
    refuse_older_version()
    refuse_what_is_unsafe()
    say("Bringing the demonstration up to date; the first time takes a minute.\n")
    prepare()
    call_command("load_demonstration")
    started = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(0))
    try:
        started.append(start([*SERVER, "--port", str(port), "--log-level", "warning"]))
        started.append(start(WORKER))
        wait_for_page(started[0], port)
        welcome(port)
        wait_for_the_first_to_end(started)
    except KeyboardInterrupt:
        pass
    finally:
        end(started)


def prepare() -> None:
    compile_translations()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("encrypt_second_factors")
    call_command("load_vocabulary")
    call_command("load_scales")
    call_command("collectstatic", verbosity=0, interactive=False)


def refuse_other_readers() -> None:
    """Stop before anything is written into a directory that others can enter."""
    try:
        refuse_open_place()
    except Refused as refusal:
        sys.exit(str(refusal))


def refuse_older_version() -> None:
    """Stop before anything is migrated in a database from before version 0.1.0."""
    from servanda.jobs.examining import refuse_older_database  # noqa: PLC0415 -- its models need django.setup()

    try:
        refuse_older_database()
    except Refused as refusal:
        sys.exit(str(refusal))


def refuse_what_is_unsafe() -> None:
    """Stop with the reason when production holds demonstration accounts, or a demonstration real ones, and so on."""
    call_command("check", databases=["default"])


def start(command: list[str]) -> subprocess.Popen:
    """In a session of its own: Ctrl-C reaches us alone, and we stop them in good order."""
    return subprocess.Popen(command, start_new_session=True)


def free_port(wanted: int | None) -> int:
    for port in [wanted] if wanted else range(8000, 8100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    sys.exit(f"Port {wanted or '8000 to 8099'} is taken. Choose another: ./run demo --port 9000")


def wait_for_page(server: subprocess.Popen, port: int) -> None:
    for _ in range(300):
        if server.poll() is not None:
            sys.exit("The server did not start; its message is above.")
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        try:
            server.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    sys.exit("The server did not answer within a minute.")


def welcome(port: int) -> None:
    from servanda.demo.reading import read  # noqa: PLC0415 -- its models need django.setup()
    from servanda.people.demonstration import PASSWORD  # noqa: PLC0415 -- as above

    say(f"\nServanda is ready: http://127.0.0.1:{port}/\n\nLog in with the password {PASSWORD} as\n")
    for account in read("people")["accounts"]:
        say(f"  {account['email']:28} {account['name']}\n")
    say("\nCtrl-C stops it.\n")


def wait_for_the_first_to_end(started: list[subprocess.Popen]) -> None:
    while all(process.poll() is None for process in started):
        try:
            started[0].wait(1)
        except subprocess.TimeoutExpired:
            continue
    sys.exit("A part of the demonstration ended by itself; its message is above.")


def end(started: list[subprocess.Popen]) -> None:
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
