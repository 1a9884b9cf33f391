"""A cluster of similar records, and an invented document to review."""

from io import BytesIO
from typing import Any

import docx
from django.core.files import File
from django.utils.translation import override

from servanda.demo.reading import coordinator, read
from servanda.demo.review import committee_of_demonstration
from servanda.intake.models import Batch
from servanda.recommendations.clusters.services import make_cluster
from servanda.recommendations.imports.pipeline import receive_file
from servanda.recommendations.models import Cluster, Recommendation, TextVersion
from servanda.sources.models import DocumentReading
from servanda.sources.units.reading import read_into_units


def load() -> None:
    """Idempotent."""
    data = read("language")
    cluster_records(**data["cluster"])
    send_document(data["document"])


def cluster_records(*, name: str, words: str) -> None:
    """Create a cluster of records from several cycles that contain these words."""
    if Cluster.objects.exists():
        return
    texts = TextVersion.objects.current().filter(text__icontains=words).values("recommendation")
    records = list(Recommendation.objects.kept().filter(pk__in=texts))
    if len(records) > 1:
        make_cluster(name=name, records=records, by=coordinator())


def send_document(document: dict[str, Any]) -> None:
    """Upload an invented document, which then waits for review."""
    if Batch.objects.filter(name=document["file"]).exists():
        return
    by = coordinator()
    committee = committee_of_demonstration(by)
    with override("en"):
        file = File(word_file(document["paragraphs"]))
        batch = receive_file(file=file, name=document["file"], by=by, country="SVN")
        read_into_units(batch)
    reading = DocumentReading.objects.get(batch=batch)
    reading.body, reading.symbol, reading.notes = committee.code, document["symbol"], document["note"]
    reading.save(update_fields=["body", "symbol", "notes"])


def word_file(paragraphs: list[dict[str, str]]) -> BytesIO:
    document = docx.Document()
    for row in paragraphs:
        if "heading" in row:
            document.add_paragraph().add_run(row["heading"]).bold = True
        else:
            document.add_paragraph(f"{row['mark']}\t{row['text']}")
    content = BytesIO()
    document.save(content)
    content.seek(0)
    return content
