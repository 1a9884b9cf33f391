"""Evidence: download, edit, withdraw, and add to a record."""

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn, find_open
from servanda.desk.record.responses import ask, back_to_follow_up
from servanda.desk.updates.forms import AddEvidenceForm, EvidenceForm
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal
from servanda.progress.evidence import services
from servanda.progress.evidence.downloads import hand_out
from servanda.progress.models import Evidence, Update
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.models import Recommendation


def find_evidence(request: SignedIn, key) -> Evidence:
    return get_object_or_404(Evidence.objects.visible_to(request.user).select_related("institution"), key=key)


def page_of(request: SignedIn, evidence: Evidence) -> str:
    """The address of its update or its record, as far as the person sees them."""
    if update := Update.objects.visible_to(request.user).filter(evidence=evidence).first():
        return update.get_absolute_url()
    record = Recommendation.every_kind.opened_to(request.user).filter(evidence_abouts__evidence=evidence).first()
    return reverse("desk:record_follow_up", args=[record.code]) if record else "desk:updates"


@require_safe
@requires(Can.USE_DESK)
def evidence_file(request: SignedIn, key) -> FileResponse:
    return hand_out(Evidence.objects.visible_to(request.user), key)


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.ASSESS))
@form_page
@requires(Can.ASSESS)
@makes_once
def add_evidence(request: SignedIn, code: str) -> HttpResponse:
    """Add evidence without an update, for assessments that need evidence of an outcome."""
    recommendation = find_open(request, code)
    form = AddEvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and try_add(request, recommendation, form):
        messages.success(request, _("Saved."))
        return back_to_follow_up(recommendation)
    return ask(request, recommendation, form, title=_("Add evidence"), button=_("Save"))


def try_add(request: SignedIn, recommendation: Recommendation, form: AddEvidenceForm) -> bool:
    common = {"described": form.described(), "recommendations": [recommendation], "by": request.user}
    file, link = form.cleaned_data["file"], form.cleaned_data["link"]
    try:
        if file:
            services.add_file(file=file, name=file.name, **common)
        else:
            services.add_link(link=link, **common)
    except Refused as refusal:
        record_refusal(request, refusal, "add_file" if file else "add_link")
        form.add_error("file" if file else "link", str(refusal))
        return False
    return True


@form_page
@requires(Can.READ_INTERNAL)
def edit_evidence(request: SignedIn, key) -> HttpResponse:
    evidence = find_evidence(request, key)
    title, back = evidence.title, page_of(request, evidence)
    if not services.may_change(evidence, request.user):
        messages.error(request, _("You do not have permission to change this evidence. Contact the coordinator."))
        return redirect(back)
    form = EvidenceForm(request.POST or None, instance=evidence)
    if request.method == "POST" and form.is_valid():
        attempt(request, services.edit_evidence, _("Saved."), evidence=evidence, described=form.described())
        return redirect(back)
    page = {"title": _("Describe this evidence"), "text": title, "form": form, "button": _("Save")}
    page["cancel_url"] = back if back.startswith("/") else ""
    return render(request, "desk/updates/update_form.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.READ_INTERNAL)
def withdraw_evidence(request: SignedIn, key) -> HttpResponse:
    evidence = find_evidence(request, key)
    back = page_of(request, evidence)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message, reason = _("Evidence withdrawn. It can no longer be downloaded."), form.cleaned_data["reason"]
        attempt(request, services.withdraw_evidence, message, evidence=evidence, reason=reason)
        return redirect(back)
    page = {"title": _("Withdraw this evidence"), "text": evidence.title, "button": _("Withdraw"), "is_danger": True}
    page |= {"form": form, "cancel_url": back if back.startswith("/") else ""}
    return render(request, "desk/updates/update_form.html", page, status=422 if form.errors else 200)
