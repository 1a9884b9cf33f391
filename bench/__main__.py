"""`./run bench [NAME...]`: measure on both databases, print figures beside their bars, and keep them in a file."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from tests.postgres import private_server

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench-results"
DURABLE = ""  # the settings that PostgreSQL has by itself: what is measured is also safe on the disk
say = sys.stdout.write


def main() -> int:
    known = benches()
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure, and print what came beside its bar.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all of them, or some of: {', '.join(known)}")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(known):
        parser.error(f"there is no bench named {', '.join(sorted(unknown))}")
    rows = []
    for name in asked.names or known:
        for engine in engines(known[name], sqlite_only=asked.sqlite):
            rows += measured(name, engine)
    kept = keep(rows)
    missed = [row for row in rows if row["ok"] is False]
    say(f"\n{len(rows)} figures, {len(missed)} outside their bar; kept in {kept.relative_to(ROOT)}\n")
    return bool(missed)


def benches() -> dict[str, str]:
    """The modules of this folder that measure something, with their source."""
    sources = {path.stem: path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))}
    return {name: source for name, source in sources.items() if "\ndef run(report" in source}


def engines(source: str, *, sqlite_only: bool) -> list[str]:
    if "\nNEEDS_DATABASE = False" in source:
        return ["no database"]
    return ["SQLite"] if sqlite_only else ["SQLite", "PostgreSQL"]


def measured(name: str, engine: str) -> list[dict]:
    """The figures of one bench in a process, a data directory and a database of its own."""
    say(f"\n{name} ({engine})\n")
    with tempfile.TemporaryDirectory() as folder, database(engine) as url:
        figures = Path(folder) / "figures"
        given = {"SERVANDA_DATA_DIR": f"{folder}/data", "SERVANDA_MODE": "production", "DATABASE_URL": url}
        done = subprocess.run(
            [sys.executable, "-m", "bench.measure", name, str(figures)], cwd=ROOT, env={**os.environ, **given}
        )
        rows = [json.loads(line) for line in figures.read_text().splitlines()] if figures.exists() else []
    if done.returncode:
        rows.append({"what": "the bench itself", "value": f"ended with {done.returncode}", "bar": "0", "ok": False})
    return [{"bench": name, "engine": engine, **row} for row in rows]


@contextmanager
def database(engine: str) -> Iterator[str]:
    with private_server(DURABLE) if engine == "PostgreSQL" else nullcontext("") as url:
        yield url


def keep(rows: list[dict]) -> Path:
    now = datetime.now(UTC)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    facts = {
        "when": now.isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "figures": rows,
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d-%H%M%S}.json"
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
    return path


if __name__ == "__main__":
    sys.exit(main())
