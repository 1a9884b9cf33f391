"""Pages for the papers, minutes and decisions of a meeting; each view has the name of its service."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.meetings.editing import mechanisms_for
from servanda.desk.meetings.views import find_meeting
from servanda.desk.network.form_pages import handle
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.server.body_limits import body_limit
from servanda.network.meetings import decisions, minutes, papers
from servanda.network.meetings.forms import AdoptionForm, DecisionForm, MinutesForm, PaperForm
from servanda.network.models import MeetingDecision, MeetingPaper
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.recommendations.editing.forms import ReasonForm


@body_limit(lambda: settings.EVIDENCE_MB, to=holders(Can.EDIT_NETWORK))
@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_paper(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = PaperForm(request.POST or None, request.FILES or None, meeting=meeting)

    def what() -> dict:
        described = {name: form.cleaned_data[name] for name in ("file", "title", "language", "point")}
        return {"meeting": meeting, "name": described["file"].name} | described

    return handle(request, form, papers.add_paper, what=what, leads_to=meeting, about=meeting, title=_("Add a paper"))


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_paper(request: SignedIn, key: UUID) -> HttpResponse:
    paper = get_object_or_404(MeetingPaper.objects.visible_to(request.user).select_related("meeting"), key=key)
    form = ReasonForm(request.POST or None)
    return handle(
        request,
        form,
        papers.withdraw_paper,
        what=lambda: {"paper": paper, "reason": form.cleaned_data["reason"]},
        leads_to=paper.meeting,
        about=paper.meeting,
        title=_("Withdraw this file"),
        button=_("Withdraw"),
        lead=paper.name,
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_paper(request: SignedIn, key: UUID) -> HttpResponse:
    paper = get_object_or_404(MeetingPaper.objects.former_for(request.user).select_related("meeting"), key=key)
    attempt(request, papers.restore_paper, _("The paper was restored."), paper=paper)
    return redirect(paper.meeting)


@form_page
@requires(Can.EDIT_NETWORK)
def write_minutes(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = MinutesForm(request.POST or None, current=minutes.current_minutes(meeting))

    def what() -> dict:
        written = {name: form.cleaned_data[name] for name in ("text", "language", "seen")}
        return {"meeting": meeting} | written

    def newest() -> int:
        current = minutes.current_minutes(meeting)
        return current.number if current else 0

    deed, lead = minutes.write_minutes, _("Each save is a version. Adopted minutes can no longer be changed.")
    return handle(
        request,
        form,
        deed,
        what=what,
        edits=newest,
        leads_to=meeting,
        about=meeting,
        title=_("Minutes"),
        lead=lead,
    )


@form_page
@requires(Can.EDIT_NETWORK)
def adopt_minutes(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = AdoptionForm(request.POST or None)
    return handle(
        request,
        form,
        minutes.adopt_minutes,
        what=lambda: {"meeting": meeting, "on": form.cleaned_data["on"]},
        leads_to=meeting,
        about=meeting,
        title=_("Adopt the minutes"),
        button=_("Adopt the minutes"),
        lead=_("The text of this version is frozen. You can reopen the minutes with a reason."),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def reopen_minutes(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = ReasonForm(request.POST or None)
    return handle(
        request,
        form,
        minutes.reopen_minutes,
        what=lambda: {"meeting": meeting, "reason": form.cleaned_data["reason"]},
        leads_to=meeting,
        about=meeting,
        title=_("Reopen the minutes"),
        button=_("Reopen the minutes"),
        lead=_("The adopted version is kept. A new draft begins with its text."),
    )


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def add_decision(request: SignedIn, key: UUID) -> HttpResponse:
    meeting = find_meeting(request, key)
    form = DecisionForm(request.POST or None, mechanisms=mechanisms_for(request))
    return handle(
        request,
        form,
        decisions.add_decision,
        what=lambda: {"meeting": meeting, "values": form.values()},
        leads_to=meeting,
        about=meeting,
        title=_("Add a decision"),
    )


@form_page
@requires(Can.EDIT_NETWORK)
def edit_decision(request: SignedIn, pk: int) -> HttpResponse:
    decision = find_decision(request, pk)
    form = DecisionForm(request.POST or None, mechanisms=mechanisms_for(request), decision=decision)
    return handle(
        request,
        form,
        decisions.edit_decision,
        what=lambda: {"decision": decision, "values": form.values(), "seen": form.cleaned_data["seen"]},
        edits=decision,
        leads_to=decision.meeting,
        about=decision.meeting,
        title=_("Edit the decision"),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def withdraw_decision(request: SignedIn, pk: int) -> HttpResponse:
    decision = find_decision(request, pk)
    undo, deed = resolve_url("desk:restore_decision", pk), decisions.withdraw_decision
    attempt(request, deed, _("The decision was withdrawn."), undo=undo, decision=decision)
    return redirect(decision.meeting)


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_decision(request: SignedIn, pk: int) -> HttpResponse:
    former = MeetingDecision.objects.former_for(request.user).select_related("meeting")
    decision = get_object_or_404(former, pk=pk)
    attempt(request, decisions.restore_decision, _("The decision was restored."), decision=decision)
    return redirect(decision.meeting)


@require_POST
@requires(Can.EDIT_NETWORK)
def make_commitment(request: SignedIn, pk: int) -> HttpResponse:
    decision = find_decision(request, pk)
    undo, deed = resolve_url("desk:undo_commitment", pk), decisions.make_commitment
    done = _("The decision is now a commitment in the register, not yet published.")
    attempt(request, deed, done, undo=undo, decision=decision)
    return redirect(decision.meeting)


@require_POST
@requires(Can.EDIT_NETWORK)
def undo_commitment(request: SignedIn, pk: int) -> HttpResponse:
    decision = find_decision(request, pk)
    undo, deed = resolve_url("desk:make_commitment", pk), decisions.undo_commitment
    attempt(request, deed, _("The commitment was withdrawn from the register."), undo=undo, decision=decision)
    return redirect(decision.meeting)


def find_decision(request: SignedIn, pk: int) -> MeetingDecision:
    found = MeetingDecision.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("meeting", "owner", "commitment__recommendation"), pk=pk)
