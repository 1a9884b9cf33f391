"""Files on their way into the register."""

import json

from django.core.files.base import ContentFile

from servanda.intake.models import Batch
from servanda.recommendations.imports import pipeline
from tests.paths import SLOVENIA


def receive(content: bytes, name: str, **fields) -> Batch:
    return pipeline.receive_file(file=ContentFile(content), name=name, **{"by": None, **fields})


def bring(content: bytes, name: str = "file", **fields) -> Batch:
    batch = receive(content, name, **fields)
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return batch


def bring_document(name: str) -> Batch:
    return bring((SLOVENIA / name).read_bytes(), name)


def uhri(*records: dict) -> bytes:
    return json.dumps(records).encode()


def uhri_record(number: int = 1, **changes) -> dict:
    record = {
        "AnnotationId": f"00000000-0000-4000-8000-{number:012d}",
        "AnnotationType": "- Recommendations",
        "Body": "- CRC",
        "Symbol": "CRC/C/SVN/CO/3-4",
        "DocumentId": "d1",
        "Text": f"{number}. Made up for a test: strengthen schools in region {number}.",
        "Countries": ["Slovenia"],
        "Regions": ["Eastern Europe"],
        "Themes": ["Right to education"],
        "AffectedPersons": ["Children"],
        "Sdgs": ["4 - QUALITY EDUCATION"],
        "PublicationDate": "2013-07-08T00:00:00",
        "PublicationDateOnUhri": "2013-09-01T00:00:00",
        "UprCycle": "",
        "UprSession": [],
        "UprPositions": [],
        "UprRecommendingCountry": [],
        "UprRecommendingRegions": [],
    }
    return record | changes
