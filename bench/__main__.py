"""`./run bench [NAME...]`: measure on both databases, print the figures beside their bars, and save them."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench.made import write_made_data
from bench.prepared import Prepared, prepared
from bench.shared import ROOT, VARIABLE

RESULTS = ROOT / "bench-results"
NO_DATABASE = "no database"
FAILED = "the bench itself"
# The matrices of a tiny run are too small for threads: they would only wait for each other.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
write = sys.stdout.write


def main() -> int:
    sources = benches()
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure, and print what came beside its bar.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all of them, or some of: {', '.join(sources)}")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    parser.add_argument(
        "--size",
        type=size_of,
        default="",
        help='"tiny": seconds, on invented data, to see that it still runs; or arguments of its run(): records=20000',
    )
    options = parser.parse_args()
    if unknown := set(options.names) - set(sources):
        parser.error(f"there is no bench named {', '.join(sorted(unknown))}")
    rows = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = write_made_data(Path(folder)) if options.size == "tiny" else None
        databases: dict[str, Prepared | None] = {NO_DATABASE: None}
        for name in options.names or sources:
            for engine in engines(sources[name], sqlite_only=options.sqlite):
                kind = "SQLite" if data and engine == NO_DATABASE else engine
                if kind not in databases:
                    databases[kind] = stack.enter_context(prepared(kind))
                write(f"\n{name} ({engine})\n")
                figures = measure(name, options.size, databases[kind], data)
                rows += [{"bench": name, "engine": engine, **row} for row in figures]
    path = save_figures(rows, options.size)
    misses = [row for row in rows if row["ok"] is False]
    write(f"\n{len(rows)} figures, {len(misses)} outside their bar; kept in {path.relative_to(ROOT)}\n")
    return bool(misses)


def size_of(words: str) -> str:
    """The SIZE argument of `bench.measure`: "tiny", or `records=20000,times=2` as a JSON object.

    Raises:
        ValueError: when a value is not a whole number.
    """
    if words == "tiny":
        return words
    pairs = (pair.partition("=") for pair in words.split(",") if pair)
    return json.dumps({name: int(number) for name, _sign, number in pairs})


def benches() -> dict[str, str]:
    """The source of each bench by its name. A bench is a module of this folder with a function `run(report)`."""
    sources = {path.stem: path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))}
    return {
        name: source for name, source in sources.items() if re.search(r"^def run\(\s*report", source, re.MULTILINE)
    }


def needs_database(source: str) -> bool:
    return "\nNEEDS_DATABASE = False" not in source


def engines(source: str, *, sqlite_only: bool) -> list[str]:
    if not needs_database(source):
        return [NO_DATABASE]
    return ["SQLite"] if sqlite_only else ["SQLite", "PostgreSQL"]


def measure(name: str, size: str, database: Prepared | None, data: Path | None) -> list[dict]:
    """Run one bench in its own process with its own data directory and database; give its figures.

    At the tiny size `data` is the folder of invented data, otherwise None.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        copy = stack.enter_context(database.copied()) if database else Prepared(Path(folder) / "data")
        environment = {**os.environ, **copy.environment(), VARIABLE: str(data or ""), **(ONE_THREAD if data else {})}
        figures = Path(folder) / "figures"
        process = subprocess.run(
            [sys.executable, "-m", "bench.measure", name, str(figures), size], cwd=ROOT, env=environment
        )
        rows = [json.loads(line) for line in figures.read_text().splitlines()] if figures.exists() else []
    if process.returncode:
        rows.append({"what": FAILED, "value": f"ended with {process.returncode}", "bar": "0", "ok": False})
    return rows


def save_figures(rows: list[dict], size: str) -> Path:
    now = datetime.now(UTC)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    facts = {
        "when": now.isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "size": size,
        "figures": rows,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d-%H%M%S}.json"
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
    return path


if __name__ == "__main__":
    sys.exit(main())
