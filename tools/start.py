"""Bring the database up to date and start Servanda: `./run demo`, `./run serve`, `./run worker`."""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import django
from django.core.checks import Tags
from django.core.management import call_command, execute_from_command_line
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import get_resolver

from servanda.kit.commands import CHECKS
from servanda.kit.private_place import refuse_open_place
from servanda.kit.refusal import Refused
from servanda.kit.server.listening import save_listening
from servanda.kit.server.memory import loading
from tools.translations import compile_translations

ROOT = Path(__file__).resolve().parents[1]
WORKER = ["manage.py", "work"]
SERVER = [
    "granian",
    "servanda.wsgi:front",
    "--interface",
    "asginl",
    "--no-ws",
    "--http",
    "1",
    # Milliseconds until a connection is closed that is idle or has not sent a complete request head.
    "--http1-header-read-timeout",
    "10000",
    "--http1-buffer-size",
    "65536",
]
write = sys.stdout.write


def main() -> None:
    command, *options = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servanda.settings")
    {"demo": demo, "serve": serve, "worker": work}[command](options)


def set_up() -> None:
    with loading():
        django.setup()


def serve(options: list[str]) -> None:
    set_up()
    refuse_other_readers()
    refuse_older_version()
    prepare()
    refuse_unsafe_data()
    place = listening_place(options)
    save_listening(host=place.host, port=place.port)
    write(first_step())
    sys.stdout.flush()
    run_server(options)


def run_server(options: list[str]) -> None:
    """In this process, whose workers are forks of it: what it has loaded, they do not load again."""
    from granian.cli import entrypoint  # noqa: PLC0415 -- the worker does not need it

    with loading():
        get_resolver().url_patterns  # noqa: B018 -- imports all pages
    connections.close_all()
    sys.argv = [*SERVER, *options]
    entrypoint()


def first_step() -> str:
    """What to do in a new database, in which no one has an account."""
    from servanda.people.models import User  # noqa: PLC0415 -- it needs django.setup()

    if User.objects.exists():
        return ""
    command = './run manage invite you@example.org --name "Your Name" --role administrator --language en'
    return f"No accounts yet. Invite the first administrator with your own address and name:\n  {command}\n"


def listening_place(options: list[str]) -> argparse.Namespace:
    """Host and port among the options of the server, with its defaults."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--host", default=os.environ.get("GRANIAN_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=os.environ.get("GRANIAN_PORT", "8000"))
    return parser.parse_known_args(options)[0]


def work(options: list[str]) -> None:
    set_up()
    refuse_other_readers()
    refuse_older_version()
    refuse_unsafe_data()
    execute_from_command_line([*WORKER, *options])


def demo(options: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run demo")
    parser.add_argument("--port", type=int, help="8000, or the next free one, unless said otherwise")
    port = free_port(parser.parse_args(options).port)
    os.environ["SERVANDA_MODE"] = "demo"
    os.environ.setdefault("SERVANDA_DATA_DIR", str(ROOT / "var" / "demo"))
    set_up()
    refuse_older_version()
    refuse_unsafe_data()
    write("Bringing the demonstration up to date; the first time takes some minutes.\n")
    prepare()
    call_command("load_demonstration")
    save_listening(host="127.0.0.1", port=port)
    sys.stdout.flush()
    connections.close_all()
    processes: list[BaseProcess] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(0))
    try:
        processes.append(start(run_server, ["--port", str(port), "--log-level", "warning"]))
        processes.append(start(execute_from_command_line, WORKER))
        wait_for_page(processes[0], port)
        welcome(port)
        wait_until_one_ends(processes)
    except KeyboardInterrupt:
        pass
    finally:
        stop(processes)


def prepare() -> None:
    compile_translations()
    django.setup()
    migrate()
    call_command("encrypt_second_factors")
    call_command("load_vocabulary")
    call_command("load_scales")
    call_command("load_report_templates")
    call_command("collectstatic", verbosity=0, interactive=False)


def migrate() -> None:
    """Where nothing is left to migrate, the command would put together the models of before and after nonetheless."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    else:
        executor.check_replacements()


def refuse_other_readers() -> None:
    """Stop before anything is written to a directory that other users can enter."""
    try:
        refuse_open_place()
    except Refused as refusal:
        sys.exit(str(refusal))


def refuse_older_version() -> None:
    """Stop before a database from before version 0.1.0 is migrated."""
    from servanda.jobs.examining import refuse_older_database  # noqa: PLC0415 -- its models need django.setup()

    try:
        refuse_older_database()
    except Refused as refusal:
        sys.exit(str(refusal))


def refuse_unsafe_data() -> None:
    """Stop if a check of the database fails, for example because production has demonstration accounts."""
    call_command("check", databases=["default"], tags=[*CHECKS, Tags.database])


def start(run: Callable[[list[str]], None], options: list[str]) -> BaseProcess:
    """Run it in a fork of this process, so that nothing is loaded again, and in its own session: Ctrl-C reaches only
    this process, which then stops the others in order."""
    process = get_context("fork").Process(target=run_apart, args=(run, options))
    process.start()
    return process


def run_apart(run: Callable[[list[str]], None], options: list[str]) -> None:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    run(options)


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


def wait_for_page(server: BaseProcess, port: int) -> None:
    for _ in range(300):
        if not server.is_alive():
            sys.exit("The server did not start; its message is above.")
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        server.join(0.1)
    sys.exit("The server did not answer within a minute.")


def welcome(port: int) -> None:
    from servanda.demo.reading import read  # noqa: PLC0415 -- its models need django.setup()
    from servanda.people.demonstration import PASSWORD  # noqa: PLC0415 -- as above

    write(f"\nServanda is ready: http://127.0.0.1:{port}/\n\nLog in with the password {PASSWORD} as\n")
    for account in read("people")["accounts"]:
        write(f"  {account['email']:28} {account['name']}\n")
    write("\nCtrl-C stops it.\n")


def wait_until_one_ends(processes: list[BaseProcess]) -> None:
    while all(process.is_alive() for process in processes):
        processes[0].join(1)
    sys.exit("A part of the demonstration ended by itself; its message is above.")


def stop(processes: list[BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(10)
        if process.is_alive():
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
