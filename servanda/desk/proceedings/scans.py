"""A scanned letter, which cannot be read: its pages beside the form, its file at the entry that is made from it."""

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from servanda.desk.imports.queries import batch_of
from servanda.desk.record.access import SignedIn
from servanda.intake.models import Batch
from servanda.kit.files.downloads import TYPES
from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.requests.refusals import refuse
from servanda.proceedings.contents.files import add_proceeding_file
from servanda.proceedings.models import Proceeding, ProceedingFile
from servanda.sources.files import pdf
from servanda.sources.files.scans import is_scan as has_images_only
from servanda.sources.units.rereading import is_scan

MOST_PAGES_SHOWN = 12


class Scan(NamedTuple):
    batch: Batch
    numbers: range  # of the pages that are shown
    pages: int


def scan_in(request: HttpRequest) -> Scan | None:
    """The scan that the address names, for those who may see its import; 404 if there is none."""
    key = request.GET.get("scan", "")
    if not key:
        return None
    if not can(request.user, Can.IMPORT):
        raise Http404
    try:
        batch = batch_of(request, UUID(key))
    except ValueError as problem:
        raise Http404 from problem
    if not is_scan(batch):
        raise Http404
    pages = pdf.pages(Path(batch.file.path))
    return Scan(batch, range(1, min(pages, MOST_PAGES_SHOWN) + 1), pages)


def attach_scan(request: SignedIn, scan: Scan, proceeding: Proceeding) -> None:
    """Keep the file at the new entry, for the mechanism only; if it is refused, the entry stays and the page says
    why."""
    what = {"kind": ProceedingFile.Kind.LETTER, "is_shared": False, "name": scan.batch.name}
    with Path(scan.batch.file.path).open("rb") as content:
        try:
            add_proceeding_file(proceeding=proceeding, file=File(content), **what, by=request.user)
        except Refused as refusal:
            refuse(request, refusal, "add_proceeding_file")
        else:
            messages.success(request, _("The scan was added to its files."))


def mention_scan(request: SignedIn, proceeding: Proceeding) -> None:
    """Say that nothing is read from the file that was just added, if its pages are images."""
    added = proceeding.files.filter(added_by=request.user, mime=TYPES["pdf"]).last()
    if added is not None and has_images_only(Path(added.file.path)):
        sentence = _("The pages of this file are images. Nothing is read from it: enter its contents in the fields.")
        messages.info(request, sentence)
