"""How long a newcomer waits from a clean clone to the first page, and how much disk space the environment takes.

The tiny size installs nothing and loads no records: its clone uses this environment, its compiled translations and
the prepared data directory.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.demonstration import demonstration
from bench.shared import ROOT

NEEDS_DATABASE = False
TINY = {"whole": False}


def run(report: Callable[..., None], *, whole: bool = True) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "servanda"
        start = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        if not whole:
            (clone / ".venv").symlink_to(ROOT / ".venv")
            for compiled in ROOT.glob("servanda/locale/*/LC_MESSAGES/*.mo"):
                shutil.copy(compiled, clone / compiled.relative_to(ROOT))
            prepared = {"SERVANDA_DATA_DIR": os.environ["SERVANDA_DATA_DIR"], "SERVANDA_MODE": "demo"}
            report("clone to first page, without records, s", seconds_to_first_page(clone, "serve", **prepared))
            return
        seconds = time.perf_counter() - start + seconds_to_first_page(clone)
        report("clean clone to first page, s", seconds, "at most 300", ok=seconds <= 300)
        report("installed with", "uv" if shutil.which("uv") else "pip", "")
        megabytes = size_on_disk(clone / ".venv") / 1024 / 1024
        report("environment on disk, MB", megabytes, "at most 500", ok=megabytes <= 500)
        report("second start to first page, s", seconds_to_first_page(clone), "")


def seconds_to_first_page(clone: Path, command: str = "demo", **settings: str) -> float:
    start = time.perf_counter()
    with demonstration(clone, command, **settings):
        return time.perf_counter() - start


def size_on_disk(folder: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))
