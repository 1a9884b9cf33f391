"""`./run flaws [NAME...]`: plant known mistakes in a copy of the tree, one by one, and see whether they are caught.

The flaws are listed in `flaws.toml` beside this file. A flaw that no test notices shows a rule that nothing guards.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
FLAWS = Path(__file__).with_suffix(".toml")
SECONDS = 300  # for the tests of one flaw
SECONDS_FOR_ALL = 3600  # for all tests once, before anything is planted
CAUGHT, SURVIVED, TIMED_OUT, NOT_RUN = "caught", "survived", "timed out", "not run"
OUTCOMES = {0: SURVIVED, 1: CAUGHT, None: TIMED_OUT}  # by the exit code of pytest; any other means that no test ran
# Settings of the caller must not reach the tests. Their matrices are too small for threads to help.
LEFT_OUT = ("SERVANDA_", "DJANGO_", "PYTEST_", "DATABASE_URL", "GIT_")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One mistake as an edit of one file, and the tests of which one must fail because of it."""

    name: str
    file: str
    old: str
    new: str
    breaks: str
    tests: Sequence[str]


@dataclass(frozen=True, slots=True)
class Result:
    flaw: Flaw
    outcome: str
    seconds: float


def main(arguments: Sequence[str] | None = None, *, root: Path = ROOT, data: Path = FLAWS) -> int:
    """Exit code 0 when all flaws were caught, 1 when one was not, 2 when nothing was planted."""
    known = {flaw.name: flaw for flaw in read_flaws(data)}
    parser = argparse.ArgumentParser(prog="./run flaws", description="Plant known mistakes and see them caught.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all of them, or these")
    parser.add_argument("--list", action="store_true", help="show the names and what each flaw breaks")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in known]:
        parser.error(f"there is no flaw named {', '.join(unknown)}")
    chosen = [known[name] for name in options.names or known]
    if options.list:
        say("".join(f"{flaw.name}\n    {flaw.breaks}\n" for flaw in chosen))
        return 0
    if problems := [*misfits(chosen, root), *uncommitted(chosen, root)]:
        say("".join(f"{problem}\n" for problem in problems))
        return 2
    with copy_of(root) as copy:
        return plant_all(chosen, copy)


def read_flaws(data: Path = FLAWS) -> list[Flaw]:
    return [Flaw(name=name, **entry) for name, entry in tomllib.loads(data.read_text(encoding="utf-8")).items()]


def say(words: str) -> None:
    sys.stdout.write(words)


def misfits(flaws: Iterable[Flaw], root: Path) -> Iterator[str]:
    """The flaws that cannot be planted because their old text is not in its file exactly once."""
    for flaw in flaws:
        path = root / flaw.file
        count = path.read_text(encoding="utf-8").count(flaw.old) if path.is_file() else 0
        if count != 1:
            yield f"{flaw.name}: the old text occurs {count} times in {flaw.file}, not once."


def uncommitted(flaws: Iterable[Flaw], root: Path) -> Iterator[str]:
    """The copy is made of the last commit, so changes after it would go untested."""
    changed = git(root, "status", "--porcelain", "--untracked-files=all", "-z").split("\0")
    names = {line[3:] for line in changed}
    for flaw in flaws:
        for file in dict.fromkeys([flaw.file, *(test.partition("::")[0] for test in flaw.tests)]):
            if file in names:
                yield f"{flaw.name}: {file} has uncommitted changes. Commit or stash them first."


def plant_all(flaws: Sequence[Flaw], copy: Path) -> int:
    tests = list(dict.fromkeys(test for flaw in flaws for test in flaw.tests))
    say(f"{len(tests)} tests without any flaw ...\n")
    code, output = run_tests(tests, copy, cache=cache_of(copy), seconds=SECONDS_FOR_ALL)
    if code != 0:
        say(f"{output}\nThe tests do not pass without a flaw, so they would prove nothing.\n")
        return 2
    results = []
    for flaw in flaws:
        result = plant(flaw, copy)
        say(f"{result.outcome:<10} {flaw.name}\n")
        results.append(result)
    say(table(results))
    return int(any(result.outcome != CAUGHT for result in results))


def plant(flaw: Flaw, copy: Path) -> Result:
    start = time.monotonic()
    with planted(flaw, copy), TemporaryDirectory(dir=copy.parent) as cache:
        shutil.copytree(cache_of(copy), cache, dirs_exist_ok=True)
        code, output = run_tests(flaw.tests, copy, cache=Path(cache), seconds=SECONDS)
    outcome = OUTCOMES.get(code, NOT_RUN)
    if outcome == NOT_RUN:
        say(output)
    return Result(flaw, outcome, time.monotonic() - start)


@contextmanager
def planted(flaw: Flaw, copy: Path) -> Iterator[None]:
    path = copy / flaw.file
    before = path.read_bytes()
    try:
        write(path, before.replace(flaw.old.encode(), flaw.new.encode()))
        yield
    finally:
        write(path, before)


def write(path: Path, content: bytes) -> None:
    """Also delete the compiled file: Python would reuse it if time and size of the source were the same."""
    path.write_bytes(content)
    Path(cache_from_source(str(path))).unlink(missing_ok=True)


def cache_of(copy: Path) -> Path:
    """Where pytest keeps the migrated database. Each flaw gets a copy, because a flaw in a module that migrations
    import causes a new migration."""
    return copy.parent / "cache"


def run_tests(tests: Sequence[str], copy: Path, *, cache: Path, seconds: int) -> tuple[int | None, str]:
    """The exit code of pytest, or None after `seconds`, and its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    try:
        process = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-o", f"cache_dir={cache}", *tests],
            cwd=copy,
            env=environment | ONE_THREAD | {"PYTHONPATH": str(copy)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return None, f"No end after {seconds} seconds.\n"
    return process.returncode, process.stdout


@contextmanager
def copy_of(root: Path) -> Iterator[Path]:
    """The last commit in a folder of its own, so that the working tree is never touched."""
    with TemporaryDirectory(prefix="servanda-flaws-") as folder:
        copy = Path(folder) / "tree"
        git(root, "worktree", "add", "--quiet", "--detach", str(copy))
        try:
            yield copy
        finally:
            git(root, "worktree", "remove", "--force", str(copy))


def git(root: Path, *words: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    process = subprocess.run(
        ["git", "-C", str(root), *words], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return process.stdout


def table(results: Sequence[Result]) -> str:
    width = max(len(result.flaw.name) for result in results)
    lines = [
        f"{result.outcome:<10} {result.seconds:>5.0f} s  {result.flaw.name:<{width}}  {result.flaw.breaks}"
        for result in results
    ]
    caught = sum(result.outcome == CAUGHT for result in results)
    seconds = sum(result.seconds for result in results)
    return "\n".join(["", *lines, "", f"{caught} of {len(results)} flaws caught in {seconds:.0f} s", ""])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that SIGTERM removes the copy too
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
