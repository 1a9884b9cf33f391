"""Materials of a course as files; each view that changes something has the name of its service."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.network.form_pages import ask_for_reason, handle
from servanda.desk.record.access import SignedIn
from servanda.desk.training.views import find_course
from servanda.kit.pages.forms import form_page
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.network.models import CourseMaterial
from servanda.network.profiles.forms import FileForm
from servanda.network.training import materials
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.progress.evidence.downloads import send_stored


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.EDIT_NETWORK))
@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_material(request: SignedIn, key: UUID) -> HttpResponse:
    course = find_course(request, key)
    form = FileForm(request.POST or None, request.FILES or None)

    def what() -> dict:
        described = {name: form.cleaned_data[name] for name in ("file", "title", "language")}
        return {"course": course, "name": described["file"].name} | described

    title = _("Add a file")
    return handle(request, form, materials.add_material, what=what, leads_to=course, about=course, title=title)


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_material(request: SignedIn, key: UUID) -> HttpResponse:
    found = CourseMaterial.objects.visible_to(request.user).select_related("course")
    material = get_object_or_404(found, key=key)
    return ask_for_reason(
        request,
        materials.withdraw_material,
        _("The file was withdrawn."),
        what={"material": material},
        leads_to=material.course,
        about=material.course,
        title=_("Withdraw this file"),
        button=_("Withdraw"),
        lead=material.name,
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_material(request: SignedIn, key: UUID) -> HttpResponse:
    former = CourseMaterial.objects.former_for(request.user).select_related("course")
    material = get_object_or_404(former, key=key)
    attempt(request, materials.restore_material, _("The file was restored."), material=material)
    return redirect(material.course)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def course_material(request: SignedIn, key: UUID) -> FileResponse:
    """Always a download, never shown as a page."""
    row = get_object_or_404(CourseMaterial.objects.visible_to(request.user), key=key)
    return send_stored(row.file, name=row.name, mime=row.mime)
