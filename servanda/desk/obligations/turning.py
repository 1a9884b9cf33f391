"""Pages that turn a record into an obligation, and an obligation into a record; each view has the name of its
service."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.obligations.editing import ask as ask_about_obligation
from servanda.desk.obligations.editing import find_obligation
from servanda.desk.record.access import SignedIn, find
from servanda.desk.record.responses import ask, back
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.translations import listed
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import refusals_in_form, refuse
from servanda.planning.models import Assignment
from servanda.progress.models import Assessment, Update
from servanda.recommendations.editing import turning as deeds
from servanda.recommendations.editing.turning_forms import IntoObligationForm, IntoRecordForm
from servanda.recommendations.models import Position, Recommendation, RecordObligation


def kept_with(record: Recommendation) -> str:
    """What stays with a withdrawn record, counted; "" if there is nothing."""
    counted = (
        (_("Institutions"), Assignment.objects.filter(recommendation=record, ended_at=None)),
        (_("Updates"), Update.objects.filter(recommendations=record)),
        (_("Assessments"), Assessment.objects.filter(recommendation=record)),
        (_("Positions"), Position.objects.current().filter(recommendation=record)),
    )
    parts = [f"{label} ({number})" for label, rows in counted if (number := rows.count())]
    sentence = _("These are kept with the record, but left out of lists and counts: %(parts)s.")
    return sentence % {"parts": listed(parts)} if parts else ""


@form_page
@requires(Can.EDIT_REGISTER)
def turn_into_obligation(request: SignedIn, code: str) -> HttpResponse:
    record = find(request, code)
    form = IntoObligationForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in_form(request, form, "turn_into_obligation", edits=record):
            turned = deeds.turn_into_obligation(
                recommendation=record,
                kind=values["kind"],
                title=values["title"],
                due_on=values["due_on"],
                reason=form.reason_given(),
                explanation=form.explanation(),
                version=values["version"],
                by=request.user,
            )
            undo = resolve_url("desk:undo_turning", turned.pk)
            messages.success(request, _("Record turned into an obligation."), extra_tags=undo)
            return redirect("desk:obligation", code=turned.obligation.code)
    lead = _("The record is withdrawn and its paragraph is followed up as an obligation. You can undo this.")
    page = {"title": _("Turn into an obligation"), "button": _("Turn into an obligation"), "lead": lead}
    return ask(request, record, form, warning=kept_with(record), **page)


@form_page
@requires(Can.EDIT_REGISTER)
def turn_into_recommendation(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = IntoRecordForm(request.POST or None, obligation=obligation)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with refusals_in_form(request, form, "turn_into_recommendation", edits=obligation):
            turned = deeds.turn_into_recommendation(
                obligation=obligation,
                kind=values["kind"],
                text=values["text"],
                reason=values["reason"],
                seen=values["version"],
                by=request.user,
            )
            undo = resolve_url("desk:undo_turning", turned.pk)
            messages.success(request, _("Obligation turned into a record."), extra_tags=undo)
            return back(turned.recommendation)
    lead = _("The obligation lapses and its paragraph becomes a record of the register. You can undo this.")
    page = {"title": _("Turn into a recommendation"), "button": _("Turn into a recommendation"), "lead": lead}
    return ask_about_obligation(request, form, obligation=obligation, **page)


@require_POST
@requires(Can.EDIT_REGISTER)
def undo_turning(request: SignedIn, pk: int) -> HttpResponse:
    turned = get_object_or_404(RecordObligation.objects.current().visible_to(request.user), pk=pk)
    try:
        deeds.undo_turning(turning=turned, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "undo_turning")
    else:
        message = _("Obligation turned back into the record.")
        if not turned.is_into_obligation:
            message = _("Record turned back into the obligation.")
        messages.success(request, message)
    if turned.is_into_obligation:
        return back(turned.recommendation)
    return redirect("desk:obligation", code=turned.obligation.code)
