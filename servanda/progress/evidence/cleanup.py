"""Maintenance of stored files: clean those of hidden senders again, and delete those without a row.

A file of a hidden sender may have been stored before files were cleaned, or before the cleaning removed as much as it
does now. A file without a row is left behind by a crash between writing the file and the row.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.progress.evidence.services import (
    Examined,
    file_only_if_kept,
    neutral_name,
    trail_label,
    without_author,
)
from servanda.progress.models import Contribution, Evidence
from servanda.trail.models import Event


def clean_hidden_files() -> Iterator[str]:
    """Yields a line for each file that was not clean. A file that cannot be cleaned is withdrawn."""
    for contribution in Contribution.objects.filter(hides_identity=True).order_by("pk").iterator():
        files = contribution.evidence.exclude(file="").order_by("pk")
        for number, evidence in enumerate(files, 1):
            name = neutral_name(f"contribution-{contribution.pk}-{number}", evidence.mime)
            if done := clean_stored(evidence, name):
                yield f"{name}: {done}"


def clean_stored(evidence: Evidence, name: str) -> str:
    """What was done, in a few words, or an empty text. The file is read before its row is locked."""
    is_named = evidence.name != name
    if is_named:
        rename(evidence, name)
    try:
        with evidence.file.open("rb") as file:
            examined = Examined(name, evidence.mime, file.read())
    except FileNotFoundError:
        return "named anew, its file is not on the disk" if is_named else ""
    try:
        content = without_author(examined).content
    except Refused as refusal:
        return withdraw(evidence, refusal)
    if content == examined.content:
        return "named anew, it was clean" if is_named else ""
    replace_file(evidence, content)
    return "cleaned"


def rename(evidence: Evidence, name: str) -> None:
    """Rename the file, and its title if that is only the old name."""
    evidence.title = name if evidence.title == evidence.name else evidence.title
    evidence.name = name
    evidence.save(update_fields=["title", "name"])


@transaction.atomic
def replace_file(evidence: Evidence, content: bytes) -> None:
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    storage, former = evidence.file.storage, str(evidence.file.name)
    evidence.file.save(evidence.name, ContentFile(content), save=False)
    with file_only_if_kept(evidence):
        evidence.size, evidence.sha256 = len(content), hashlib.sha256(content).hexdigest()
        evidence.save(update_fields=["file", "size", "sha256"])
        Event.record("hidden-file-cleaned", evidence, label=trail_label(evidence))
        transaction.on_commit(lambda: storage.delete(former))


@transaction.atomic
def withdraw(evidence: Evidence, refusal: Refused) -> str:
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if evidence.withdrawn_at:
        return ""
    evidence.withdrawn_at = timezone.now()
    evidence.withdrawal_reason = _(
        "The contributor hides their identity, and the file may contain their name. %(why)s"
    ) % {"why": refusal}
    evidence.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    Event.record("hidden-file-withdrawn", evidence, label=trail_label(evidence))
    return f"withdrawn. {refusal}"


FOLDER = "evidence"
LEFT_ALONE = timedelta(days=1)  # younger files may still be in the middle of an upload
AT_ONCE = 500  # files looked up in one query


def sweep_evidence(*, on: datetime) -> int:
    """Delete files without a row, and return how many."""
    return sweep_folder(FOLDER, Evidence.objects.all(), on=on)


def sweep_folder(folder: str, rows: QuerySet, *, on: datetime) -> int:
    """Delete the files of a folder of the storage that none of the rows names in its field `file`."""
    root = Path(default_storage.path(folder))
    oldest = (on - LEFT_ALONE).timestamp()
    old = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mtime < oldest]
    deleted = 0
    for batch in batched(old, AT_ONCE, strict=False):
        names = {f"{folder}/{path.relative_to(root).as_posix()}": path for path in batch}
        kept = set(rows.filter(file__in=names).values_list("file", flat=True))
        for name in names.keys() - kept:
            names[name].unlink(missing_ok=True)
            deleted += 1
    return deleted
