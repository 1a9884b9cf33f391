"""How long the import of a whole official export takes, compared with a bare loop that does only the minimum."""

import json
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import ijson
from django.core.management import call_command
from django.db import connection, transaction

from bench.forks import in_a_fork
from bench.official_export import write_export
from servanda.kit.database.bulk_rows import insert_rows
from servanda.language.words.tokens import tokens_of_texts
from servanda.recommendations.models import (
    Position,
    Recommendation,
    RecommendingState,
    SavedView,
    SourceRecord,
    Tagging,
    TextVersion,
)
from servanda.recommendations.search import fulltext
from servanda.sources.printed.texts import clean, lift_number
from servanda.vocab.models import Body, Country, Term

CHUNK = 500
# The columns that the bare loop fills. Columns that the product adds later get their defaults.
COLUMNS = {
    Recommendation: (
        *("id", "code", "code_stem", "kind", "country", "body", "paragraph", "order_key", "date", "year"),
        *("language", "stand", "is_published"),
    ),
    SourceRecord: ("recommendation", "scheme", "external_id", "digest", "where", "raw"),
    TextVersion: ("recommendation", "language", "text", "source", "is_original"),
    Tagging: ("recommendation", "term", "scheme"),
    RecommendingState: ("recommendation", "country"),
    Position: ("recommendation", "stand", "words"),
}
TINY = {"records": 200}


def run(report: Callable[..., None], *, records: int = 250_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.json"
        in_a_fork(write_export, export, records)
        distinct = in_a_fork(distinct_share, export)
        report("distinct texts of the grown export", distinct, "at least 0.95", ok=distinct >= 0.95)
        bare = in_a_fork(measure, bare_loop, export)
        first = in_a_fork(measure, product_import, export)
        again = in_a_fork(measure, product_import, export)
        report(f"bare loop, {records:,} records, s", bare["seconds"], "")
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


def bare_loop(export: Path) -> dict:
    """Stream, clean, analyse, and `executemany` every final row into the product's own tables, without a query."""
    ids = VocabularyIds(
        Body.objects.first().pk, Country.objects.first().pk, list(Term.objects.values_list("pk", flat=True)[:99])
    )
    rows: dict = {model: [] for model in COLUMNS}
    index: list[tuple[int, list[str]]] = []
    with export.open("rb") as file:
        for number, record in enumerate(ijson.items(file, "item"), 1):
            bare_rows(number, record, rows, index, ids)
            if number % CHUNK == 0:
                bare_write(rows, index)
    bare_write(rows, index)
    return {}


def clear_register() -> None:
    """Delete what the bare loop wrote: the import that follows must start with an empty register."""
    with connection.cursor() as cursor:
        for model in reversed(COLUMNS):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        cursor.execute(fulltext.RECORDS.drop)
        for statement in fulltext.RECORDS.create[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("VACUUM")


@dataclass(slots=True)
class VocabularyIds:
    """Rows of the vocabulary to which the foreign keys of the bare loop point; it looks nothing up."""

    body: int
    country: int
    terms: list[int]


def bare_rows(number: int, record: dict, rows: dict, index: list, ids: VocabularyIds) -> None:
    paragraph, text = lift_number(clean(record["Text"]))
    code = f"XXX-{number}"
    date = record["PublicationDate"][:10] or None
    rows[Recommendation].append(
        (number, code, code, "recommendation", ids.country, ids.body, paragraph, code, date, 2020)
        + ("en", "supported", True)
    )
    raw = json.dumps(record, ensure_ascii=False)
    rows[SourceRecord].append((number, "uhri", record["AnnotationId"], code, code, raw))
    rows[TextVersion].append((number, "en", text, "uhri", True))
    labels = [*record["Themes"], *record["AffectedPersons"], *record["Sdgs"]]
    rows[Tagging] += [(number, term, "uhri") for term, _label in zip(ids.terms, labels, strict=False)]
    rows[RecommendingState] += [(number, ids.country) for _state in record["UprRecommendingCountry"]]
    rows[Position] += [(number, "supported", words) for words in record["UprPositions"]]
    index.append((number, tokens_of_texts({"en": text})))


def bare_write(rows: dict, index: list) -> None:
    with transaction.atomic():
        for model, values in rows.items():
            insert_rows(model, COLUMNS[model], values)
            values.clear()
        fulltext.write(index)
        index.clear()


class Neighbour(threading.Thread):
    """Another person who saves something twice a second while the import runs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.stopped = threading.Event()
        self.seconds: list[float] = []

    def run(self) -> None:
        while not self.stopped.wait(0.5):
            start = time.perf_counter()
            SavedView.objects.filter(name="bench").update(query=str(start))
            self.seconds.append(time.perf_counter() - start)
        connection.close()

    def p95(self) -> float:
        self.stopped.set()
        self.join()
        ordered = sorted(self.seconds) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000


def product_import(export: Path) -> dict:
    neighbour = Neighbour()
    neighbour.start()
    output = StringIO()
    call_command("import_file", str(export), stdout=output)
    counts = dict(part.split(" ")[::-1] for part in output.getvalue().splitlines()[0].split(", "))
    changes = sum(int(counts.get(verdict, 0)) for verdict in ("new", "changed"))
    return {"changes": changes, "save_p95": neighbour.p95()}


def measure(what: Callable[[Path], dict], export: Path) -> dict:
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    figures = what(export)
    figures["seconds"] = time.perf_counter() - start
    if what is bare_loop:
        clear_register()
    figures["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) / 1024
    return figures
