"""A PostgreSQL of its own for one command: `python -m tests.postgres COMMAND...`; it ends with the command."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

IN_A_HURRY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=2GB"

ENDS_WITH_US = "SERVANDA_TEST_SERVER_ENDS"  # no one need drop a database of it


def binaries() -> Path:
    """The folder of initdb and pg_ctl: that of the newest version installed, as Debian keeps none of them in PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if in_path := shutil.which("initdb"):
        return Path(in_path).resolve().parent
    sys.exit("PostgreSQL is not installed: apt install postgresql")


def owner() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root, so root lends it to a user without rights."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_as(user: pwd.struct_passwd, command: list[str], folder: Path) -> None:
    lent = {} if os.geteuid() else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **lent,
    )
    if done.returncode:
        log = folder / "log"
        sys.exit(f"PostgreSQL could not be started.\n{done.stdout}{log.read_text() if log.exists() else ''}")


@contextmanager
def private_server(settings: str = IN_A_HURRY) -> Iterator[str]:
    """Start an empty server; gives its DATABASE_URL; afterwards nothing of it is left."""
    folder, user, programs, port = Path(tempfile.mkdtemp(prefix="servanda-pg-")), owner(), binaries(), free_port()
    data, secret, password = folder / "data", folder / "password", secrets.token_hex(16)
    secret.write_text(password)
    if not os.geteuid():
        os.chown(folder, user.pw_uid, user.pw_gid)
        os.chown(secret, user.pw_uid, user.pw_gid)
    options = f"{settings} -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    ctl = [str(programs / "pg_ctl"), "-D", str(data), "-s", "-w"]
    try:
        run_as(
            user,
            [str(programs / "initdb"), "-D", str(data), "-U", "servanda", "-A", "scram-sha-256", f"--pwfile={secret}"]
            + ["-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=und", "--no-sync"],
            folder,
        )
        run_as(user, [*ctl, "-o", options, "-l", str(folder / "log"), "start"], folder)
        url = f"postgresql://servanda:{password}@127.0.0.1:{port}/postgres"
        make_sure_it_is_ours(url, data)
        yield url
    finally:
        if (data / "postmaster.pid").exists():
            run_as(user, [*ctl, "-m", "immediate", "stop"], folder)
        shutil.rmtree(folder)


def make_sure_it_is_ours(url: str, data: Path) -> None:
    with psycopg.connect(url) as connection:
        shown = connection.execute("SHOW data_directory").fetchone()
    if shown is None or Path(shown[0]) != data:
        sys.exit(f"Another PostgreSQL answers at the port of ours: its data are in {shown}.")


def main(command: list[str]) -> int:
    if command == ["--find"]:
        sys.stdout.write(f"{binaries()}\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with private_server() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url, ENDS_WITH_US: "yes"}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
