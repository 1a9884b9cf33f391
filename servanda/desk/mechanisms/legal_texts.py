"""Texts of the legal act of a mechanism as files; each view that changes something has the name of its service."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.mechanisms.editing import find_profile
from servanda.desk.network.form_pages import ask_for_reason, handle
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.network.models import LegalText
from servanda.network.profiles import legal_texts
from servanda.network.profiles.forms import FileForm
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.progress.evidence.downloads import send_stored


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.EDIT_NETWORK))
@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_legal_text(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    form = FileForm(request.POST or None, request.FILES or None)

    def what() -> dict:
        described = {name: form.cleaned_data[name] for name in ("file", "title", "language")}
        return {"profile": profile, "name": described["file"].name} | described

    page = {"title": _("Add a text of the legal act"), "lead": _("It is public as soon as the profile is published.")}
    return handle(request, form, legal_texts.add_legal_text, what=what, leads_to=profile, about=profile, **page)


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_legal_text(request: SignedIn, key: UUID) -> HttpResponse:
    text = get_object_or_404(LegalText.objects.visible_to(request.user).select_related("profile"), key=key)
    return ask_for_reason(
        request,
        legal_texts.withdraw_legal_text,
        _("The file was withdrawn."),
        what={"text": text},
        leads_to=text.profile,
        about=text.profile,
        title=_("Withdraw this file"),
        button=_("Withdraw"),
        lead=text.name,
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_legal_text(request: SignedIn, key: UUID) -> HttpResponse:
    text = get_object_or_404(LegalText.objects.former_for(request.user).select_related("profile"), key=key)
    attempt(request, legal_texts.restore_legal_text, _("The file was restored."), text=text)
    return redirect(text.profile)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def legal_text(request: SignedIn, key: UUID) -> FileResponse:
    """Always a download, never shown as a page."""
    row = get_object_or_404(LegalText.objects.visible_to(request.user), key=key)
    return send_stored(row.file, name=row.name, mime=row.mime)
