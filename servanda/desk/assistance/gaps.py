"""Requests that a gap of a self-assessment leads to, with one press each."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn
from servanda.kit.refusal import Refused
from servanda.network.assistance import gaps as deeds
from servanda.network.models import Assistance, SelfAssessment
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt, refuse


@require_POST
@requires(Can.EDIT_NETWORK)
def request_for_gap(request: SignedIn, key: UUID, question: str, form: str) -> HttpResponse:
    found = get_object_or_404(SelfAssessment.objects.visible_to(request.user), key=key)
    if form not in deeds.FORMS:
        raise Http404
    try:
        made = deeds.request_for_gap(assessment=found, question=question, form=form, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "request_for_gap")
    else:
        undo = resolve_url("desk:undo_request_for_gap", key, made.key)
        messages.success(request, _("Request added. No other mechanism sees it until you share it."), extra_tags=undo)
    return redirect(found)  # at its top, where undo is offered


@require_POST
@requires(Can.EDIT_NETWORK)
def undo_request_for_gap(request: SignedIn, key: UUID, made: UUID) -> HttpResponse:
    found = get_object_or_404(SelfAssessment.objects.visible_to(request.user), key=key)
    entry = get_object_or_404(Assistance.objects.visible_to(request.user), key=made)
    undo = resolve_url("desk:restore_assistance", made)
    attempt(request, deeds.undo_request_for_gap, _("The request was withdrawn."), undo=undo, entry=entry)
    return redirect(found)
