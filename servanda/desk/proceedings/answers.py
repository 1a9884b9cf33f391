"""Answers of institutions: written by their focal points, approved by their validating authority."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.proceedings.finding import ask, back, find_draft, find_proceeding, rebased, save_with_service
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.proceedings.contents import drafts
from servanda.proceedings.contents.forms import DraftForm
from servanda.proceedings.life.detail import questions_for
from servanda.proceedings.models import Draft
from servanda.recommendations.editing.forms import ReasonForm


@form_page
@requires(Can.WRITE_UPDATE)
def save_draft(request: SignedIn, key: UUID, code: str) -> HttpResponse:
    """Write the answer of one institution."""
    proceeding = find_proceeding(request, key)
    own = proceeding.named.in_scope_of(request.user, Can.WRITE_UPDATE)
    named = get_object_or_404(own.select_related("institution"), institution__code=code)
    draft = Draft.objects.current().filter(proceeding=proceeding, institution=named.institution).first()
    initial = {"text": draft.text, "language": draft.language} if draft else {}
    initial["version"] = draft.version if draft else 0
    form = DraftForm(request.POST or None, initial=initial)
    page: dict = {"title": _("Answer of the institution"), "button": _("Save draft"), "about": named.institution}
    page["questions"] = questions_for(proceeding, request.user)
    if request.method == "POST" and form.is_valid():
        what = {name: form.cleaned_data[name] for name in ("text", "language")}
        what |= {"proceeding": proceeding, "institution": named.institution, "seen": form.cleaned_data["version"]}
        message = _("Draft saved. Only your institution can see it until you submit it.")
        if save_with_service(request, form, drafts.save_draft, message, page, **what):
            return back(proceeding)
        if "conflict" in page and draft is not None:
            form, page["saved_text"] = rebased(form, draft.version), draft.text
    return ask(request, proceeding, form, **page)


@require_POST
@requires(Can.WRITE_UPDATE)
def submit_draft(request: SignedIn, pk: int) -> HttpResponse:
    draft = find_draft(request, pk)
    attempt(request, drafts.submit_draft, _("Answer submitted. It can no longer be edited."), draft=draft)
    return back(draft.proceeding)


@require_POST
@requires(Can.VALIDATE_UPDATE)
def validate_draft(request: SignedIn, pk: int) -> HttpResponse:
    draft = find_draft(request, pk)
    attempt(request, drafts.validate_draft, _("Answer approved. The mechanism has been notified."), draft=draft)
    return back(draft.proceeding)


@form_page
@requires(Can.READ_INTERNAL)
def return_draft(request: SignedIn, pk: int) -> HttpResponse:
    draft = find_draft(request, pk)
    form = ReasonForm(request.POST or None)
    page: dict = {
        "title": _("Return for changes"),
        "button": _("Return with this reason"),
        "about": draft.institution,
    }
    if request.method == "POST" and form.is_valid():
        message = _("Answer returned. Its author has been notified of the reason.")
        reason = form.cleaned_data["reason"]
        if save_with_service(request, form, drafts.return_draft, message, page, draft=draft, reason=reason):
            return back(draft.proceeding)
    return ask(request, draft.proceeding, form, **page)
