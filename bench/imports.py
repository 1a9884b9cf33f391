"""How long the import of a whole official export takes beside a bare loop that does only what cannot be left out."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import ijson
from django.core.management import call_command
from django.db import connection

from bench.official_export import write_export
from servanda.language.analyse import tokens_of_texts
from servanda.sources.readers.clean import clean, lift_number

SIZE = int(os.environ.get("SERVANDA_BENCH_RECORDS", "250000"))
CHUNK = 500


def run(report: Callable[..., None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.json"
        write_export(export, SIZE)
        distinct = distinct_share(export)
        report("distinct texts of the grown export", distinct, "at least 0.95", ok=distinct >= 0.95)
        bare = in_a_process("bare", export)
        first = in_a_process("import", export)
        again = in_a_process("import", export)
        report(f"bare loop, {SIZE:,} records, s", bare["seconds"], "")
        ratio = first["seconds"] / bare["seconds"]
        report("import, s", first["seconds"], "at most 600", ok=first["seconds"] <= 600)
        report("import / bare loop", ratio, "at most 3", ok=ratio <= 3)
        report("memory of the import above idle, MB", first["megabytes"], "at most 300", ok=first["megabytes"] <= 300)
        report(
            "second import of the same file, s",
            again["seconds"],
            "as the first",
            ok=again["seconds"] <= first["seconds"],
        )
        report("changes of the second import", again["changes"], "0", ok=again["changes"] == 0)
        report(
            "save of another person meanwhile, p95 ms", first["save_p95"], "at most 500", ok=first["save_p95"] <= 500
        )


def distinct_share(export: Path) -> float:
    with export.open("rb") as file:
        texts = [hash(record["Text"]) for record in ijson.items(file, "item")]
    return len(set(texts)) / len(texts)


def in_a_process(what: str, export: Path) -> dict:
    """Measured in a process of its own, so that its memory is its own."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.imports", what, str(export)], check=True, capture_output=True, text=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def bare_loop(export: Path) -> None:
    """Stream, clean, analyse, and write every row that the product would write, with no question asked."""
    target = sqlite3.connect(export.with_suffix(".bare.sqlite3"), isolation_level=None)
    target.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE recommendation (id INTEGER PRIMARY KEY, code, kind, country, body, document, paragraph, key, date, stand);"
        "CREATE TABLE source (recommendation, scheme, identity, digest, raw);"
        "CREATE INDEX source_identity ON source (scheme, identity);"
        "CREATE TABLE text_version (recommendation, language, text);"
        "CREATE INDEX text_recommendation ON text_version (recommendation);"
        "CREATE TABLE tagging (recommendation, term);"
        "CREATE INDEX tagging_term ON tagging (term, recommendation);"
        "CREATE INDEX tagging_recommendation ON tagging (recommendation);"
        "CREATE TABLE state (recommendation, country); CREATE TABLE position (recommendation, stand);"
        "CREATE VIRTUAL TABLE search USING fts5(tokens, content='', contentless_delete=1, tokenize='ascii');"
    )
    rows: dict[str, list] = {
        name: [] for name in ("recommendation", "source", "text", "tagging", "state", "position", "search")
    }
    with export.open("rb") as file:
        for number, record in enumerate(ijson.items(file, "item"), 1):
            bare_rows(number, record, rows)
            if number % CHUNK == 0:
                bare_write(target, rows)
    bare_write(target, rows)


def bare_rows(number: int, record: dict, rows: dict[str, list]) -> None:
    paragraph, text = lift_number(clean(record["Text"]))
    stand = "".join(record["UprPositions"])
    rows["recommendation"].append(
        (number, f"X-{number}", record["AnnotationType"], record["Countries"][0] if record["Countries"] else "",
         record["Body"], record["Symbol"], paragraph, paragraph, record["PublicationDate"], stand)
    )  # fmt: skip
    rows["source"].append((number, "uhri", record["AnnotationId"], "", json.dumps(record, ensure_ascii=False)))
    rows["text"].append((number, "en", text))
    labels = [*record["Themes"], *record["AffectedPersons"], *record["Sdgs"]]
    rows["tagging"] += [(number, label) for label in labels]
    rows["state"] += [(number, state) for state in record["UprRecommendingCountry"]]
    rows["position"] += [(number, stand)] if stand else []
    rows["search"].append((number, " ".join(tokens_of_texts({"en": text}))))


def bare_write(target: sqlite3.Connection, rows: dict[str, list]) -> None:
    target.execute("BEGIN IMMEDIATE")
    target.executemany("INSERT INTO recommendation VALUES (?,?,?,?,?,?,?,?,?,?)", rows["recommendation"])
    target.executemany("INSERT INTO source VALUES (?,?,?,?,?)", rows["source"])
    target.executemany("INSERT INTO text_version VALUES (?,?,?)", rows["text"])
    target.executemany("INSERT INTO tagging VALUES (?,?)", rows["tagging"])
    target.executemany("INSERT INTO state VALUES (?,?)", rows["state"])
    target.executemany("INSERT INTO position VALUES (?,?)", rows["position"])
    target.executemany("INSERT INTO search (rowid, tokens) VALUES (?,?)", rows["search"])
    target.execute("COMMIT")
    for some in rows.values():
        some.clear()


class Neighbour(threading.Thread):
    """Another person who saves something twice a second while the import runs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stopped = threading.Event()
        self.waits: list[float] = []

    def run(self) -> None:
        from servanda.recommendations.models import SavedView  # noqa: PLC0415 -- after django.setup()

        while not self.stopped.wait(0.5):
            started = time.perf_counter()
            SavedView.objects.filter(name="bench").update(query=str(started))
            self.waits.append(time.perf_counter() - started)
        connection.close()

    def p95(self) -> float:
        self.stopped.set()
        self.join()
        ordered = sorted(self.waits) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000


def product_import(export: Path) -> dict:
    neighbour = Neighbour()
    neighbour.start()
    said = StringIO()
    call_command("import_file", str(export), stdout=said)
    counts = dict(part.split(" ")[::-1] for part in said.getvalue().strip().split(", "))
    changes = sum(int(counts.get(verdict, 0)) for verdict in ("new", "changed"))
    return {"changes": changes, "save_p95": neighbour.p95()}


def main(what: str, export: Path) -> None:
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    answer = product_import(export) if what == "import" else bare_loop(export) or {}
    answer["seconds"] = time.perf_counter() - started
    answer["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) / 1024
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servanda.settings")
    django.setup()
    main(sys.argv[1], Path(sys.argv[2]))
