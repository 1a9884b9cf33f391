"""Files of an obligation. Each download is a line of the trail."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.obligations.editing import ask, back, find_obligation
from servanda.desk.obligations.submissions import save
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refusals_in_form
from servanda.progress.evidence import obligation_files as deeds
from servanda.progress.evidence.downloads import send_stored
from servanda.recommendations.editing.forms import ReasonForm
from servanda.sources.models import ObligationFile
from servanda.sources.obligations.forms import ObligationFileForm
from servanda.trail.models import Event


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.EDIT_OBLIGATIONS))
@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def add_obligation_file(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = ObligationFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        with refusals_in_form(request, form, "add_obligation_file"):
            deeds.add_obligation_file(obligation=obligation, file=file, name=file.name, kind=kind, by=request.user)
            messages.success(request, _("File added."))
            return back(obligation)
    lead = _("The note verbale, the acknowledgement, what was submitted, and its annexes. Files are never public.")
    return ask(request, form, title=_("Add a file"), button=_("Save"), obligation=obligation, lead=lead)


def find_file(request: SignedIn, key: UUID) -> ObligationFile:
    visible = ObligationFile.objects.visible_to(request.user).select_related("obligation")
    return get_object_or_404(visible, key=key)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def obligation_file(request: SignedIn, key: UUID) -> FileResponse:
    """Always a download, never shown as a page."""
    row = find_file(request, key)
    response = send_stored(row.file, name=row.name, mime=row.mime)
    if request.method == "GET":
        Event.record("obligation-file-read", row.obligation, by=request.user, difference={"file": ["", row.kind]})
    return response


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def withdraw_obligation_file(request: SignedIn, key: UUID) -> HttpResponse:
    row = find_file(request, key)
    form = ReasonForm(request.POST or None)
    message = _("File withdrawn. It can no longer be downloaded.")
    if save(request, form, deeds.withdraw_obligation_file, message, file=row):
        return back(row.obligation)
    page = {"title": _("Withdraw this file"), "button": _("Withdraw"), "lead": row.name, "is_danger": True}
    return ask(request, form, obligation=row.obligation, **page)
