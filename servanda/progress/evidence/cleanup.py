"""Stored files put in order: those of hidden senders cleaned again, and those deleted that no row names.

A file of a hidden sender may be older than the cleaning, or than what it removes today. A file without a row is left
behind by a crash between the disk and the database.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.progress.evidence.services import (
    Examined,
    called,
    file_only_if_kept,
    neutral_name,
    without_author,
)
from servanda.progress.models import Contribution, Evidence
from servanda.trail.models import Event


def clean_hidden_files() -> Iterator[str]:
    """A line for each file that was not clean yet. What cannot be cleaned is withdrawn, so that no reader gets it."""
    for contribution in Contribution.objects.filter(hides_identity=True).order_by("pk").iterator():
        files = contribution.evidence.exclude(file="").order_by("pk")
        for number, evidence in enumerate(files, 1):
            name = neutral_name(f"contribution-{contribution.pk}-{number}", evidence.mime)
            if done := clean_stored(evidence, name):
                yield f"{name}: {done}"


def clean_stored(evidence: Evidence, name: str) -> str:
    """What was done, in a few words; nothing where all is well. The file is read before its row is locked."""
    is_named = evidence.name != name
    if is_named:
        name_anew(evidence, name)
    try:
        with evidence.file.open("rb") as file:
            examined = Examined(name, evidence.mime, file.read())
    except FileNotFoundError:
        return "named anew, its file is not on the disk" if is_named else ""
    try:
        content = without_author(examined).content
    except Refused as refusal:
        return withdrawn(evidence, refusal)
    if content == examined.content:
        return "named anew, it was clean" if is_named else ""
    exchange(evidence, content)
    return "cleaned"


def name_anew(evidence: Evidence, name: str) -> None:
    """A title that somebody wrote stays; one that is the name of the file does not."""
    evidence.title = name if evidence.title == evidence.name else evidence.title
    evidence.name = name
    evidence.save(update_fields=["title", "name"])


@transaction.atomic
def exchange(evidence: Evidence, content: bytes) -> None:
    held = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    storage, former = held.file.storage, str(held.file.name)
    held.file.save(held.name, ContentFile(content), save=False)
    with file_only_if_kept(held):
        held.size, held.sha256 = len(content), hashlib.sha256(content).hexdigest()
        held.save(update_fields=["file", "size", "sha256"])
        Event.record("hidden-file-cleaned", held, label=called(held))
        transaction.on_commit(lambda: storage.delete(former))


@transaction.atomic
def withdrawn(evidence: Evidence, refusal: Refused) -> str:
    held = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if held.withdrawn_at:
        return ""
    held.withdrawn_at = timezone.now()
    held.withdrawal_reason = _("The sender hides who they are, and their file may name them. %(why)s") % {
        "why": refusal
    }
    held.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    Event.record("hidden-file-withdrawn", held, label=called(held))
    return f"withdrawn. {refusal}"


FOLDER = "evidence"
LEFT_ALONE = timedelta(days=1)  # younger ones may be on their way
AT_ONCE = 500  # files whose rows are looked for together


def sweep_evidence(*, on: datetime) -> int:
    """Delete what no row names; answers how many files that were."""
    root = Path(default_storage.path(FOLDER))
    oldest = (on - LEFT_ALONE).timestamp()
    old = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mtime < oldest]
    gone = 0
    for some in batched(old, AT_ONCE, strict=False):
        names = {f"{FOLDER}/{path.relative_to(root).as_posix()}": path for path in some}
        kept = set(Evidence.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names.keys() - kept:
            names[name].unlink(missing_ok=True)
            gone += 1
    return gone
