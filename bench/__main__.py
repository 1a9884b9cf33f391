"""`./run bench [NAME...]`: measure on both databases, print figures beside their bars, and keep them in a file."""

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
NONE = "no database"
FAILED = "the bench itself"
# On matrices as small as those of a tiny run, threads only wait for each other.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
say = sys.stdout.write


def main() -> int:
    known = benches()
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure, and print what came beside its bar.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all of them, or some of: {', '.join(known)}")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    parser.add_argument(
        "--size",
        type=size_of,
        default="",
        help='"tiny": seconds, on invented data, to see that it still runs; or arguments of its run(): records=20000',
    )
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(known):
        parser.error(f"there is no bench named {', '.join(sorted(unknown))}")
    rows = []
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        data = write_made_data(Path(made)) if asked.size == "tiny" else None
        places: dict[str, Prepared | None] = {NONE: None}
        for name in asked.names or known:
            for engine in engines(known[name], sqlite_only=asked.sqlite):
                kind = "SQLite" if data and engine == NONE else engine
                if kind not in places:
                    places[kind] = stack.enter_context(prepared(kind))
                say(f"\n{name} ({engine})\n")
                figures = measured(name, asked.size, places[kind], data)
                rows += [{"bench": name, "engine": engine, **row} for row in figures]
    kept = keep(rows, asked.size)
    missed = [row for row in rows if row["ok"] is False]
    say(f"\n{len(rows)} figures, {len(missed)} outside their bar; kept in {kept.relative_to(ROOT)}\n")
    return bool(missed)


def size_of(words: str) -> str:
    """As the process that measures takes it: "tiny", or numbers under their names as JSON.

    Raises:
        ValueError: when it is neither.
    """
    if words == "tiny":
        return words
    pairs = (pair.partition("=") for pair in words.split(",") if pair)
    return json.dumps({name: int(number) for name, _sign, number in pairs})


def benches() -> dict[str, str]:
    """The modules of this folder that measure something, with their source."""
    sources = {path.stem: path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))}
    return {
        name: source for name, source in sources.items() if re.search(r"^def run\(\s*report", source, re.MULTILINE)
    }


def needs_database(source: str) -> bool:
    return "\nNEEDS_DATABASE = False" not in source


def engines(source: str, *, sqlite_only: bool) -> list[str]:
    if not needs_database(source):
        return [NONE]
    return ["SQLite"] if sqlite_only else ["SQLite", "PostgreSQL"]


def measured(name: str, size: str, place: Prepared | None, data: Path | None) -> list[dict]:
    """The figures of one bench in a process, a data directory and a database of its own, from these data if any."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        own = stack.enter_context(place.copied()) if place else Prepared(Path(folder) / "data")
        given = {**os.environ, **own.environment(), VARIABLE: str(data or ""), **(ONE_THREAD if data else {})}
        figures = Path(folder) / "figures"
        done = subprocess.run([sys.executable, "-m", "bench.measure", name, str(figures), size], cwd=ROOT, env=given)
        rows = [json.loads(line) for line in figures.read_text().splitlines()] if figures.exists() else []
    if done.returncode:
        rows.append({"what": FAILED, "value": f"ended with {done.returncode}", "bar": "0", "ok": False})
    return rows


def keep(rows: list[dict], size: str) -> Path:
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
