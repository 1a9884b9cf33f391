"""How long a stranger waits: from a clean clone to the first page, and how much disk the environment takes."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

NEEDS_DATABASE = False
ROOT = Path(__file__).resolve().parents[1]


def run(report: Callable[..., None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "servanda"
        started = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        seconds = time.perf_counter() - started + seconds_to_first_page(clone)
        report("clean clone to first page, s", seconds, "at most 300", ok=seconds <= 300)
        report("installed with", "uv" if shutil.which("uv") else "pip", "")
        megabytes = size_on_disk(clone / ".venv") / 1024 / 1024
        report("environment on disk, MB", megabytes, "at most 500", ok=megabytes <= 500)
        report("second start to first page, s", seconds_to_first_page(clone), "")


def seconds_to_first_page(clone: Path) -> float:
    """`./run demo` on a free port, until the first page is whole; then it is stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("SERVANDA_", "DATABASE_URL"))}
    started = time.perf_counter()
    demo = subprocess.Popen([clone / "run", "demo", "--port", str(port)], env=quiet, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/", demo)
        return time.perf_counter() - started
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(30)


def wait_for(address: str, demo: subprocess.Popen) -> None:
    while demo.poll() is None:
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 -- our own address
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("./run demo ended before it showed a page")


def size_on_disk(folder: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))
