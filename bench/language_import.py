"""How long the worker takes for 5,000 new texts of one State, and how much memory it uses.

It imports the file, makes vectors, compares the records and suggests labels with models that were learned before. All
texts are of one State, which is the slowest case: records are compared with the others of their State.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.core.management import call_command

from bench.language_labels import upr_info
from bench.official_export import real_records
from bench.shared import DATA
from servanda.recommendations.clusters.comparing import compare_all
from servanda.recommendations.labels.learning import learn_labels
from servanda.recommendations.labels.suggesting import suggest_labels
from servanda.recommendations.models import Likeness, Recommendation, Tagging, TextVector
from servanda.recommendations.search.encoding import encode_missing
from servanda.vocab.models import Term

TINY = {"texts": 40, "with_goals": False}
STATE, ITS_CODE = "Slovenia", "SVN"
# Passed with -c: the processes that make vectors would run a script file again when they start.
WORKER = """
import json, sys, django
django.setup()
from pathlib import Path
from bench.language_import import work
print(json.dumps(work(Path(sys.argv[1]))))
"""


def run(report: Callable[..., None], *, texts: int = 5_000, with_goals: bool = True) -> None:
    """Goals and targets have 1,500 names: their vectors take three seconds, however few texts there are."""
    if not DATA.is_dir():
        report("texts to import: ../shared/data is not beside the project", "nothing measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        known, new = Path(folder) / "taught.json", Path(folder) / "new.json"
        known.write_text(json.dumps(real_records()), encoding="utf-8")
        new.write_text(json.dumps(new_records(texts)), encoding="utf-8")
        call_command("import_file", str(known), accept_refused=True)
        if not with_goals:
            Term.objects.filter(taxonomy__code="sdg").update(is_artefact=True)
        encode_missing()
        learned = [model.taxonomy.code for model in learn_labels()]
        report("taxonomies learned before", ", ".join(learned))
        process = subprocess.run(
            [sys.executable, "-c", WORKER, str(new)], check=True, stdout=subprocess.PIPE, text=True
        )
    figures = json.loads(process.stdout.splitlines()[-1])
    for name, value in figures["seconds"].items():
        report(f"{texts:,} texts: {name}, s", value)
    whole = sum(figures["seconds"].values())
    report(f"{texts:,} texts, from the file to the last suggestion, s", whole, "<= 30", ok=whole <= 30)
    report("records, vectors, pairs alike, labels suggested", ", ".join(map(str, figures["made"])))
    report("memory of the worker at most, MB", figures["worker"], "<= 1,000", ok=figures["worker"] <= 1_000)
    report("memory of each process that makes vectors at most, MB", figures["helper"])


def new_records(number: int) -> list[dict]:
    """Real texts in the format of the official export, without labels, all addressed to one State."""
    shape = {key: [] if isinstance(value, list) else "" for key, value in real_records()[0].items()}
    texts = list(dict.fromkeys(row["text"] for row in upr_info()))[:number]
    return [
        shape
        | {
            "AnnotationId": str(UUID(int=index + 1, version=4)),
            "AnnotationType": "- Recommendations",
            "Body": "- UPR",
            "Symbol": f"A/HRC/99/{index // 200 + 1}",
            "Text": text,
            "Countries": [STATE],
            "PublicationDate": "2019-12-19T00:00:00",
        }
        for index, text in enumerate(texts)
    ]


def work(file: Path) -> dict:
    seconds = {}
    for name, step in (
        ("read and applied", lambda: call_command("import_file", str(file), country=ITS_CODE)),
        ("vectors", encode_missing),
        ("who is alike", compare_all),
        ("labels suggested", suggest_labels),
    ):
        start = time.perf_counter()
        step()
        seconds[name] = time.perf_counter() - start
    ours = Recommendation.objects.filter(country__code=ITS_CODE)
    made = [
        ours.count(),
        TextVector.objects.filter(text__recommendation__in=ours).count(),
        Likeness.objects.count(),
        Tagging.objects.filter(recommendation__in=ours).count(),
    ]
    worker, helper = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {"seconds": seconds, "made": made, "worker": worker, "helper": helper}
