"""Link actions and records, from the page of either, and for many records of the list."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.bulk.selection import chosen_records, preview_or_apply, refused_on_list, selection_context
from servanda.desk.clusters.queries import find_cluster
from servanda.desk.plans.action_editing import ask, back, find_own
from servanda.desk.record.access import SignedIn, find_open
from servanda.desk.record.responses import ask as ask_on_record
from servanda.desk.record.responses import back_to_follow_up
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.planning.actions import answering
from servanda.planning.actions.bulk import AnswerWithAction
from servanda.planning.actions.forms import AnswersForm, ChooseActionForm
from servanda.planning.models import Action


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
def answer_recommendations(request: SignedIn, code: str) -> HttpResponse:
    action = find_own(request, code)
    form = AnswersForm(request.POST or None, user=request.user, near=action.recommendations.all())
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "answer_recommendations"):
            message = answer_both(action, form.cleaned_data, by=request.user)
            messages.success(request, message)
            return back(action)
    return ask(request, form, action=action, title=_("Link recommendations"), button=_("Add"))


@transaction.atomic
def answer_both(action: Action, answers: dict, *, by: User) -> str:
    """Add the cluster and the records in one transaction, and return the message."""
    if cluster := answers.get("cluster"):
        answering.answer_cluster(action=action, cluster=cluster, by=by)
    if not (records := answers["codes"]):
        return _("Action linked to the cluster, including records added to it later.")
    added = answering.answer_recommendations(action=action, recommendations=records, by=by)
    message = ngettext("Action linked to %(count)d more record.", "Action linked to %(count)d more records.", added)
    return message % {"count": added}


@require_POST
@requires(Can.EDIT_PLAN)
def stop_answering_cluster(request: SignedIn, code: str, key: UUID) -> HttpResponse:
    action, cluster = find_own(request, code), find_cluster(request, key)
    undo, message = (
        resolve_url("desk:answer_cluster", code, key),
        _("Link to this action removed. The cluster is unchanged."),
    )
    attempt(request, answering.stop_answering_cluster, message, undo=undo, action=action, cluster=cluster)
    return back(action)


@require_POST
@requires(Can.EDIT_PLAN)
def answer_cluster(request: SignedIn, code: str, key: UUID) -> HttpResponse:
    action, cluster = find_own(request, code), find_cluster(request, key)
    attempt(request, answering.answer_cluster, _("Link restored."), action=action, cluster=cluster)
    return back(action)


@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
def stop_answering(request: SignedIn, code: str, record: str) -> HttpResponse:
    action = find_own(request, code)
    undo, message = (
        resolve_url("desk:answer_again", code, record),
        _("Link to this action removed. The record is unchanged."),
    )
    attempt(
        request,
        answering.stop_answering,
        message,
        undo=undo,
        action=action,
        recommendation=find_open(request, record),
    )
    return back(action)


@require_POST
@requires(Can.EDIT_OWN_ACTIONS)
def answer_again(request: SignedIn, code: str, record: str) -> HttpResponse:
    action = find_own(request, code)
    records = [find_open(request, record)]
    attempt(request, answering.answer_recommendations, _("Link restored."), action=action, recommendations=records)
    return back(action)


@form_page
@requires(Can.EDIT_OWN_ACTIONS)
@makes_once
def answer_with_action(request: SignedIn, code: str) -> HttpResponse:
    """Answer a record with an existing action, from the page of the record."""
    recommendation = find_open(request, code)
    form = ChooseActionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        action = form.cleaned_data["action"]
        with refusals_in_form(request, form, "answer_recommendations"):
            answering.answer_recommendations(action=action, recommendations=[recommendation], by=request.user)
            messages.success(request, _("Saved."))
            return back_to_follow_up(recommendation)
    return ask_on_record(request, recommendation, form, title=_("Link an action"), button=_("Save"))


@require_POST
@requires(Can.EDIT_PLAN)
@makes_once
def answer_in_bulk(request: SignedIn) -> HttpResponse:
    """One address for three steps: choose the action, preview, apply."""
    records = chosen_records(request)
    page = selection_context(request, records)
    if not page["chosen"]:
        messages.error(request, _("Select at least one record, then choose an action."))
        return redirect(page["back_url"])
    form = page["form"] = ChooseActionForm(request.POST if "step" in request.POST else None, user=request.user)
    if not form.is_valid():
        page["title"] = _("Link an action to several records")
        return render(request, "desk/bulk/bulk_edit.html", page, status=422 if form.errors else 200)
    page["hint"] = _(
        "Records that the lead institution cannot see and records already linked to the action are left out."
    )
    change = AnswerWithAction(form.cleaned_data["action"])
    return preview_or_apply(request, change, records, page, refused_on_list(request, "answer_in_bulk"))
