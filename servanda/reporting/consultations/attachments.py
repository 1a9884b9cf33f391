"""Files attached to comments on drafts: examined like evidence, without metadata, visible to the readers of the
comment."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.core.files.base import ContentFile, File
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.progress.evidence.file_kinds import DOCX, JPEG, PDF, PNG
from servanda.progress.evidence.services import Examined, bytes_of, examine, refuse_over_quota, without_author
from servanda.reporting.models import CommentFile, ConsultationComment

MOST_FILES = 3  # of a comment
MEGABYTES = 20  # of all files of one form together
KEPT_AFTER_REMOVAL = timedelta(days=30)
ALLOWED = (PDF, DOCX, PNG, JPEG)
ENDINGS = ",".join(ending for kind in ALLOWED for ending in kind.endings)


def examined_files(files: Sequence[File]) -> list[Examined]:
    """The files without their metadata. They are examined before any row is locked.

    Raises `FieldRefused` for a file that fails the examination, is of another kind, or is one too many.
    """
    if len(files) > MOST_FILES:
        raise FieldRefused("files", _("Attach at most %(most)d files.") % {"most": MOST_FILES})
    try:
        return [cleaned_file(file) for file in files]
    except Refused as refusal:
        raise FieldRefused("files", str(refusal)) from refusal


def cleaned_file(file: File) -> Examined:
    found = examine(file, file.name or "")
    if found.mime not in {kind.mime for kind in ALLOWED}:
        raise Refused(
            _("%(file)s is not a PDF, a Word file or a picture. Save it as one of these.") % {"file": found.name}
        )
    return Examined(found.name, found.mime, without_author(found).content)


def keep_files(comment: ConsultationComment, files: Sequence[Examined]) -> None:
    """Add files to a locked comment. The same file is kept once. Raises `FieldRefused` for one too many."""
    present = set(comment.files.kept().values_list("sha256", flat=True))
    by_hash = {hashlib.sha256(file.content).hexdigest(): file for file in files}
    new = {sha256: file for sha256, file in by_hash.items() if sha256 not in present}
    if len(present) + len(new) > MOST_FILES:
        raise FieldRefused("files", _("Attach at most %(most)d files.") % {"most": MOST_FILES})
    for sha256, file in new.items():
        refuse_over_quota_of_author(comment, file)
        row = CommentFile(comment=comment, name=file.name, mime=file.mime, size=len(file.content), sha256=sha256)
        row.file.save(file.name, ContentFile(file.content), save=False)
        with only_if_kept(row):
            row.save()


def remove_files(comment: ConsultationComment, removed: Sequence[CommentFile]) -> None:
    """Remove files from a comment; they can no longer be downloaded."""
    keys = [file.pk for file in removed]
    comment.files.kept().filter(pk__in=keys).update(removed_at=timezone.now())


def refuse_over_quota_of_author(comment: ConsultationComment, file: Examined) -> None:
    """Raises `FieldRefused`. Removed files count until they are erased."""
    sent = CommentFile.objects.filter(comment__author=comment.author_id) if comment.author_id else comment.files.all()
    try:
        refuse_over_quota(bytes_of(sent), file)
    except Refused as refusal:
        raise FieldRefused("files", str(refusal)) from refusal


def erase_removed_files(*, on: datetime) -> int:
    """Delete files that their authors removed a month ago. Returns how many."""
    removed = list(CommentFile.objects.filter(removed_at__lt=on - KEPT_AFTER_REMOVAL))
    for row in removed:
        row.file.delete(save=False)
        row.delete()
    return len(removed)


@contextmanager
def only_if_kept(row: CommentFile) -> Iterator[None]:
    """Delete the stored file again if the row cannot be saved."""
    try:
        yield
    except BaseException:
        row.file.delete(save=False)
        raise
