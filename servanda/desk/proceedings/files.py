"""Files of a communication. Each download is a line of the trail: letters name persons."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.proceedings.finding import ask, back, find_proceeding, save_with_service
from servanda.desk.proceedings.scans import mention_scan
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.proceedings.contents import files
from servanda.proceedings.contents.forms import FileForm
from servanda.proceedings.models import ProceedingFile
from servanda.progress.evidence.downloads import send_stored
from servanda.recommendations.editing.forms import ReasonForm
from servanda.trail.models import Event


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.RUN_PROCEEDINGS))
@form_page
@requires(Can.RUN_PROCEEDINGS)
@makes_once
def add_proceeding_file(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    form = FileForm(request.POST or None, request.FILES or None)
    page: dict = {"title": _("Add a file"), "button": _("Save")}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        what = {"file": file, "name": file.name} | {name: form.cleaned_data[name] for name in ("kind", "is_shared")}
        message = _("File added.")
        if save_with_service(request, form, files.add_proceeding_file, message, page, proceeding=proceeding, **what):
            mention_scan(request, proceeding)
            return back(proceeding)
    return ask(request, proceeding, form, **page)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def proceeding_file(request: SignedIn, key: UUID) -> FileResponse:
    """Always a download, never shown as a page."""
    row = get_object_or_404(ProceedingFile.objects.visible_to(request.user).select_related("proceeding"), key=key)
    response = send_stored(row.file, name=row.name, mime=row.mime)
    if request.method == "GET":
        Event.record("proceeding-file-read", row.proceeding, by=request.user, difference={"kind": ["", row.kind]})
    return response


@form_page
@requires(Can.RUN_PROCEEDINGS)
def withdraw_proceeding_file(request: SignedIn, key: UUID) -> HttpResponse:
    row = get_object_or_404(ProceedingFile.objects.visible_to(request.user).select_related("proceeding"), key=key)
    form = ReasonForm(request.POST or None)
    page: dict = {"title": _("Withdraw this file"), "button": _("Withdraw"), "is_danger": True, "about": row.name}
    if request.method == "POST" and form.is_valid():
        message = _("File withdrawn. It can no longer be downloaded.")
        what = {"file": row, "reason": form.cleaned_data["reason"]}
        if save_with_service(request, form, files.withdraw_proceeding_file, message, page, **what):
            return back(row.proceeding)
    return ask(request, row.proceeding, form, **page)
