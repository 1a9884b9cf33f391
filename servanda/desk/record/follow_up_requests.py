"""Follow-up requests of bodies, marked on a record by hand, removed and restored."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn, find
from servanda.desk.record.responses import again, ask
from servanda.desk.record.shared_deadlines import applies_to
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.recommendations.editing import follow_ups
from servanda.recommendations.editing.forms import FollowUpForm, ReplyForm
from servanda.recommendations.models import FollowUp
from servanda.recommendations.pages.detail import name_speakers


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def mark_follow_up(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    start = {"version": recommendation.version, "kind": FollowUp.Kind.FOLLOW_UP}
    form, status = FollowUpForm(request.POST or None, initial=start), 200
    if request.method == "POST" and form.is_valid():
        arguments = {"recommendation": recommendation, **form.cleaned_data}
        if attempt(request, follow_ups.mark_follow_up, _("Saved."), **arguments):
            return redirect("desk:mark_follow_up", code=code)
        form, status = again(form, recommendation), 409
    present = list(recommendation.follow_ups.current().with_obligation().select_related("said_by"))
    name_speakers(present, to=request.user)
    page = {"recommendation": recommendation, "form": form, "asked": present}
    return render(request, "desk/record/mark_follow_up.html", page, status=422 if form.errors else status)


@require_POST
@requires(Can.EDIT_REGISTER)
def end_follow_up(request: SignedIn, code: str, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(find(request, code).follow_ups.current(), pk=pk)
    message, undo = _("Request removed. It is kept in the history."), resolve_url("desk:restore_follow_up", code, pk)
    attempt(request, follow_ups.end_follow_up, message, undo=undo, follow_up=follow_up)
    return redirect("desk:mark_follow_up", code=code)


@form_page
@requires(Can.EDIT_REGISTER)
def record_reply(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    follow_up = get_object_or_404(recommendation.follow_ups.current().unfinished(), pk=pk)
    form = ReplyForm(request.POST or None, initial={"replied_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "record_reply"):
            follow_ups.record_reply(follow_up=follow_up, **form.cleaned_data, by=request.user)
            undo = resolve_url("desk:take_back_reply", code, pk)
            messages.success(request, _("Reply recorded. It is no longer due."), extra_tags=undo)
            return redirect("desk:mark_follow_up", code=code)
    lead = applies_to(follow_up.obligation, request.user)
    return ask(request, recommendation, form, title=_("Reply to the body"), button=_("Save"), lead=lead)


@require_POST
@requires(Can.EDIT_REGISTER)
def take_back_reply(request: SignedIn, code: str, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(find(request, code).follow_ups.current().replied(), pk=pk)
    attempt(request, follow_ups.take_back_reply, _("Reply removed. A reply is due again."), follow_up=follow_up)
    return redirect("desk:mark_follow_up", code=code)


@require_POST
@requires(Can.EDIT_REGISTER)
def restore_follow_up(request: SignedIn, code: str, pk: int) -> HttpResponse:
    removed = find(request, code).follow_ups.filter(ended_at__isnull=False, ended_by=None)
    follow_up = get_object_or_404(removed, pk=pk)
    attempt(request, follow_ups.restore_follow_up, _("Request restored."), follow_up=follow_up)
    return redirect("desk:mark_follow_up", code=code)
