"""Builders of what institutions report."""

from datetime import date

from django.core.files.base import ContentFile

from servanda.people.models import Institution
from servanda.progress.evidence.services import Described, add_file
from servanda.progress.models import Evidence, EvidenceRecommendation, Update, UpdateRecommendation
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.recommendations.models import Recommendation
from tests import make

SAID = {"text": "A law was passed.", "obstacles": "", "figures": "", "language": "en", "start": None, "end": None}
LETTER = {"letter": "12/2026", "letter_date": date(2026, 3, 1)}


def update(record: Recommendation | None = None, place: Institution | None = None, **fields) -> Update:
    """A draft of the institution on a record that is assigned to it, unless the fields say otherwise."""
    fields.setdefault("text", SAID["text"])
    if fields.get("state") == "published":
        fields.setdefault("published_at", "2026-05-01T10:00:00Z")
    made = Update.objects.create(institution=place or make.institution(), **fields)
    if record is not None:
        UpdateRecommendation.objects.create(update=made, recommendation=record)
        keep_last_updates([record.pk])
    return made


def reported(record: Recommendation, word: str, place: Institution, **fields) -> Update:
    """An update and its evidence in which every text is this word."""
    is_public = fields.pop("is_public", False)
    told = dict.fromkeys(("text", "obstacles", "figures"), word)
    made = update(record, place, **told, **fields)
    shown = Evidence(title=word, kind="report", link=f"https://{word}.org", institution=place, is_public=is_public)
    shown.is_submitted = made.state != Update.State.DRAFT
    shown.save()
    EvidenceRecommendation.objects.create(evidence=shown, recommendation=record)
    made.evidence.add(shown)
    return made


def file(content: bytes | str = "Year,Girls\n2025,93\n", name: str = "girls.csv") -> ContentFile:
    return ContentFile(content.encode() if isinstance(content, str) else content, name=name)


def evidence(update: Update, by, **described) -> Evidence:
    """A small table attached to the update."""
    records = [about.recommendation for about in update.abouts.all()]
    given = {"recommendations": records, "institution": update.institution, "update": update, "by": by}
    return add_file(file=file(), name="girls.csv", described=Described(kind="statistic", **described), **given)
