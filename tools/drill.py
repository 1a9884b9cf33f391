"""`./run drill exchange`: real instances exchange records, also when the network fails or one is restored.

Each instance has its own server, worker, port and data directory, and is reached through a relay that can be cut.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from tests.postgres import private_server

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 1_200  # for all of it
STARTING = 300  # seconds until an instance answers
MANY, FEW = 250, 3  # records: more and fewer than there are on one page of a feed
INDEX = "/exchange/feed"
write = sys.stdout.write


class Failed(Exception):
    """A step did not end as it should."""


def expect(is_so: object, what: str) -> None:
    if not is_so:
        raise Failed(what)


class Relay:
    """The network in front of one instance. `left` is the number of connections that still pass; None: all."""

    def __init__(self, target: int) -> None:
        self.target, self.left = target, None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.server.getsockname()[1]
        Thread(target=self.take, daemon=True).start()

    left: int | None

    def take(self) -> None:
        with suppress(OSError):
            while True:
                line, _caller = self.server.accept()
                if self.left == 0:
                    line.close()
                    continue
                self.left = None if self.left is None else self.left - 1
                Thread(target=self.join, args=(line,), daemon=True).start()

    def join(self, line: socket.socket) -> None:
        with suppress(OSError), line, socket.create_connection(("127.0.0.1", self.target)) as other:
            back = Thread(target=pump, args=(other, line), daemon=True)
            back.start()
            pump(line, other)
            back.join()

    def close(self) -> None:
        with suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while some := source.recv(65_536):
            target.sendall(some)
        target.shutdown(socket.SHUT_WR)


@dataclass
class Instance:
    name: str
    folder: Path
    database: str = ""  # the URL; empty: SQLite in the folder
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(50))
    peers_inside: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)  # beside those that every instance has
    interval: float = 0.2  # seconds between two looks of the worker
    processes: list[subprocess.Popen] = field(default_factory=list)
    inside: subprocess.Popen[str] | None = None  # takes the steps

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700)
        self.port = free_port()
        self.relay = Relay(self.port)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.relay.port}"

    def environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SERVANDA_", "DATABASE_URL", "DJANGO_", "GRANIAN_"))
        }
        own = {
            "DJANGO_SETTINGS_MODULE": "servanda.settings",
            "SERVANDA_DATA_DIR": str(self.folder),
            "SERVANDA_HOSTS": "127.0.0.1",
            "SERVANDA_ORIGIN": self.origin,
            "SERVANDA_SECRET_KEY": self.secret,
            "SERVANDA_PEERS_INSIDE": ",".join(self.peers_inside),
        }
        return inherited | own | self.settings | ({"DATABASE_URL": self.database} if self.database else {})

    def start(self) -> None:
        if not self.processes:
            self.serve()
        until = time.monotonic() + STARTING
        while not self.answers():
            expect(self.processes[0].poll() is None, f"the server of {self.name} ended; see {self.folder}/serve.log")
            expect(time.monotonic() < until, f"{self.name} did not answer within {STARTING} seconds")
            time.sleep(0.5)
        self.spawn("worker", "--interval", str(self.interval))

    def serve(self) -> None:
        """Begin to start the server; `start` waits for its first page."""
        self.spawn("serve", "--port", str(self.port), "--log-level", "warning")

    def spawn(self, command: str, *options: str) -> None:
        with (self.folder / f"{command}.log").open("ab") as log:
            started = subprocess.Popen(
                [ROOT / "run", command, *options],
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(started)

    def stop(self) -> None:
        """End the processes that this drill started, and no other."""
        if self.inside:
            self.inside.communicate()  # nothing more is asked of it, so it ends
            self.inside = None
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)
        self.processes.clear()

    def answers(self) -> bool:
        return self.status("/") == 200

    def status(self, path: str) -> int:
        """Of the page, without the relay; 0 where no one answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return 0

    def command(self, *words: str) -> None:
        done = subprocess.run([ROOT / "run", *words], env=self.environment(), capture_output=True, text=True)
        expect(not done.returncode, f"./run {words[0]}: {done.stderr[-500:]}")

    def step(self, name: str, /, **values: object) -> dict[str, Any]:
        """Do one step inside the instance, in a process that is there until it stops. Returns its state after it."""
        if self.inside is None:
            command = [sys.executable, "-m", "tools.drill_inside"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self.inside = subprocess.Popen(command, cwd=ROOT, env=self.environment(), text=True, **pipes)
        requests, answers = self.inside.stdin, self.inside.stdout
        assert requests
        assert answers
        requests.write(json.dumps([name, values]) + "\n")
        requests.flush()
        state, problem = json.loads(answers.readline() or '[null, "The process ended."]')
        expect(not problem, f"{name} at {self.name}: {problem[-500:]}")
        return state


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Drill:
    """The scenario. Each step is printed with how it ended; after one that failed, no other is tried."""

    def __init__(self, alder: Instance, birch: Instance, cedar: Instance | None, *, many: int = MANY) -> None:
        self.alder, self.birch, self.cedar, self.many = alder, birch, cedar, many
        self.instances = [one for one in (alder, birch, cedar) if one]
        self.fingerprints: dict[str, str] = {}
        self.failed = False

    def run(self) -> bool:
        """Whether all steps ended as they should."""
        for step in (
            self.start,
            self.publish,
            self.introduce,
            self.lose_the_network,
            self.pull,
            self.withdraw,
            self.replace_a_key,
            self.revoke_a_key,
            self.restore_a_backup,
            self.resume,
            self.share_with_members,
            self.endorse_a_practice,
            self.evaluate_help,
            self.stay_alive,
        ):
            self.attempt(step)
        return not self.failed

    def attempt(self, step: Callable[[], None]) -> None:
        name = (step.__doc__ or step.__name__).strip().rstrip(".")
        if self.failed:
            write(f"not tried  {name}\n")
            return
        started = time.monotonic()
        try:
            step()
        except (Failed, OSError, ValueError, KeyError) as problem:
            self.failed = True
            write(f"failed     {name}: {problem}\n")
        else:
            write(f"ok         {name} ({time.monotonic() - started:.0f} s)\n")

    def start(self) -> None:
        """Start servers and workers."""
        for instance in self.instances:
            instance.peers_inside = [other.origin for other in self.instances]
        if self.cedar:
            self.cedar.serve()
        self.alder.start()
        if not (self.birch.database or (self.birch.folder / "servanda.sqlite3").exists()):
            copy_database(self.alder.folder, self.birch.folder)
        for instance in self.instances[1:]:
            instance.start()

    def publish(self) -> None:
        """Publish records and put the feeds online."""
        expect(self.birch.status(INDEX) == 404, "the feed is online before anyone decided so")
        for instance in self.instances:
            instance.step("publish", first=1, count=self.many if instance is self.birch else FEW)
            state = instance.step("go_online")
            self.fingerprints[instance.name], shared = state["fingerprint"], state["shared"]
            expect(
                shared == (self.many if instance is self.birch else FEW), f"{instance.name} shares {shared} records"
            )
            expect(instance.status(INDEX) == 200, f"the feed of {instance.name} is not online")

    def introduce(self) -> None:
        """Introduce the instances by their fingerprints."""
        for instance in self.instances:
            for other in self.instances:
                if instance is not other:
                    fingerprint = self.fingerprints[other.name]
                    instance.step("add_peer", name=other.name, origin=other.origin, fingerprint=fingerprint)

    def of_birch(self, step: str = "pull") -> dict[str, Any]:
        """What Alder has of Birch after the step."""
        return self.alder.step(step, name=self.birch.name)["peers"][self.birch.name]

    def lose_the_network(self) -> None:
        """Lose the network in the middle of a pull."""
        self.birch.relay.left = 3  # the document of the keys, the index and the first page
        found = self.of_birch()
        expect(0 < found["objects"] < self.many, f"{found['objects']} objects arrived before the network was lost")
        expect("connection" in found["problem"], f"the problem is not named: {found['problem']}")
        expect(found["active"], "the peer was stopped")
        self.birch.relay.left = None

    def pull(self) -> None:
        """Pull the rest, and from all others."""
        found = self.of_birch()
        expect((found["objects"], found["problem"]) == (self.many, ""), f"arrived: {found}")
        expect(self.of_birch("accept")["accepted"] == self.many, "not everything was accepted")
        for instance in self.instances:
            for other in self.instances:
                expected = self.many if other is self.birch else FEW
                if instance is not other:
                    found = instance.step("pull", name=other.name)["peers"][other.name]
                    expect(
                        found["objects"] == expected,
                        f"{instance.name} has {found['objects']} objects of {other.name}",
                    )

    def withdraw(self) -> None:
        """Withdraw two records: the others delete them."""
        self.birch.step("unpublish", count=2)
        found = self.of_birch()
        expect(found["accepted"] == self.many - 2, f"{found['accepted']} objects are left")

    def replace_a_key(self) -> None:
        """Replace a key: the others follow."""
        new = self.birch.step("replace_key")["fingerprint"]
        found = self.of_birch()
        expect(
            (found["fingerprint"], found["active"]) == (new, True), f"the key was not followed: {found['problem']}"
        )

    def revoke_a_key(self) -> None:
        """Revoke a key: the pull stops, and what was signed with it returns to review until the next is confirmed."""
        self.birch.step("publish", first=self.many + 1, count=1)
        self.of_birch()
        before = self.of_birch("accept")["accepted"]
        self.birch.step("revoke_key")
        found = self.of_birch()
        expect(not found["active"] and "revoked" in found["problem"], f"the peer is not stopped: {found['problem']}")
        expect(found["accepted"] == before - 1, f"{found['accepted']} of {before} objects are still accepted")
        new = self.birch.step("refresh")["fingerprint"]
        self.alder.step("confirm_key", name=self.birch.name, fingerprint=new)
        found = self.of_birch("resume")
        expect((found["active"], found["problem"]) == (True, ""), f"the peer does not go on: {found['problem']}")
        expect(self.of_birch("accept")["accepted"] == before, "what was signed again was not accepted")
        self.many += 1

    def restore_a_backup(self) -> None:
        """Restore a backup of one: it is noticed, named, and nothing is lost."""
        backup = str(self.birch.folder.with_name("drill.backup"))
        self.birch.command("backup", backup)
        self.birch.step("publish", first=self.many + 1, count=1)
        before = self.of_birch()
        expect(before["objects"] == self.many - 1, f"{before['objects']} objects arrived")
        self.birch.stop()
        self.birch.folder = self.birch.folder.with_name("birch-restored")
        self.birch.folder.mkdir(mode=0o700)
        self.birch.command("restore", backup)
        self.birch.start()
        self.birch.step("accept_restore")
        found = self.of_birch()
        expect(not found["active"], "the peer is not stopped")
        expect("backup" in found["problem"], f"the problem is not named: {found['problem']}")
        expect(found["objects"] == before["objects"], f"{found['objects']} objects are left")

    def resume(self) -> None:
        """Resume the peer after asking: both agree again."""
        found = self.of_birch("resume")
        expect((found["active"], found["problem"]) == (True, ""), f"the peer does not go on: {found['problem']}")
        expect(found["objects"] == self.many - 1, f"{found['objects']} objects are left")

    def share_with_members(self) -> None:
        """Share a profile and a request with everyone, an offer with members only."""
        self.birch.step("offer_help")
        found = self.of_birch()
        expect(found["objects"] == self.many + 1, f"{found['objects']} objects for everyone arrived: {found}")
        self.birch.step("set_membership", name=self.alder.name, is_member=True, reads_members=False)
        self.alder.step("set_membership", name=self.birch.name, is_member=False, reads_members=True)
        found = self.of_birch()
        expect(found["objects"] == self.many + 2, f"{found['objects']} objects for members arrived: {found}")
        accepted = self.of_birch("accept")["accepted"]
        expect(accepted == self.many + 2, f"{accepted} objects were accepted")

    def endorse_a_practice(self) -> None:
        """Share a practice: what another mechanism experienced with it travels back."""
        self.birch.step("write_practice")
        self.of_birch()
        self.of_birch("accept")
        self.alder.step("endorse_practice")
        self.birch.step("pull", name=self.alder.name)
        expect(self.birch.step("state")["endorsements"] == 0, "an endorsement is shown before it was accepted")
        found = self.birch.step("accept", name=self.alder.name)
        expect(found["endorsements"] == 1, f"{found['endorsements']} endorsements travelled back: {found}")

    def evaluate_help(self) -> None:
        """Evaluate help: what each side says travels to the other, until it is shared no longer."""
        self.alder.step("evaluate_help", side="provider")
        self.birch.step("pull", name=self.alder.name)
        found = self.birch.step("accept", name=self.alder.name)["evaluations"]
        expect(found == [], "an evaluation is shown beside help that is not recorded")
        found = self.birch.step("evaluate_help", side="requester")["evaluations"]
        expect(found == ["provider"], f"of the help that was recorded, Birch shows evaluations of: {found}")
        self.of_birch()
        found = self.alder.step("accept", name=self.birch.name)["evaluations"]
        expect(found == ["requester"], f"Alder shows evaluations of: {found}")
        self.alder.step("withdraw_evaluation")
        found = self.birch.step("pull", name=self.alder.name)["evaluations"]
        expect(found == [], "an evaluation that is shared no longer is still shown")

    def stay_alive(self) -> None:
        """All pages are alive."""
        for instance in self.instances:
            expect(instance.status("/") == instance.status(INDEX) == 200, f"{instance.name} does not answer")


def copy_database(source: Path, target: Path) -> None:
    """What the first start takes long for, while nothing is in it yet."""
    with (
        closing(sqlite3.connect(source / "servanda.sqlite3")) as one,
        closing(sqlite3.connect(target / "servanda.sqlite3")) as other,
    ):
        one.backup(other)


@contextmanager
def own_postgresql() -> Iterator[str]:
    """The URL of an empty server; empty where PostgreSQL is not installed."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(private_server())
        except SystemExit as problem:
            write(f"Without PostgreSQL: the third instance is on SQLite. {problem}\n")
            url = ""
        yield url


@contextmanager
def ended(instances: list[Instance], place: Path) -> Iterator[None]:
    """Whatever happens, the processes end, and the data go with them unless a step failed."""
    try:
        yield
    finally:
        for instance in instances:
            instance.stop()
            instance.relay.close()
    shutil.rmtree(place)


def too_long(*_signal: object) -> None:
    raise Failed(f"the drill takes longer than {SECONDS} seconds")


def exchange() -> int:
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.alarm(SECONDS)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # -- a file, whatever its declared type
    place = Path(tempfile.mkdtemp(prefix="servanda-drill-"))
    with own_postgresql() as url:
        alder, birch = (Instance(name, place / name.lower()) for name in ("Alder", "Birch"))
        cedar = Instance("Cedar", place / "cedar", database=url)
        write("Alder and Birch are on SQLite, Cedar is on " + ("PostgreSQL.\n" if url else "SQLite.\n"))
        with ended([alder, birch, cedar], place):
            is_good = Drill(alder, birch, cedar).run()
            if not is_good:
                sys.exit(f"The data and logs are kept in {place}.")
    return 0


def main() -> int:
    if sys.argv[1:] != ["exchange"]:
        sys.exit("Name a drill: ./run drill exchange")
    try:
        return exchange()
    except Failed as problem:
        sys.exit(f"failed     {problem}")


if __name__ == "__main__":
    sys.exit(main())
