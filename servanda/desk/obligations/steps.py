"""Pages of steps: those of one obligation, and the usual ones of a kind."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.obligations.editing import back, find_obligation
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse
from servanda.sources.models import ObligationStep, StepTemplate
from servanda.sources.obligations import steps as deeds
from servanda.sources.obligations.forms import (
    Steps,
    StepsForm,
    UsualSteps,
    offered_institutions,
    steps_of,
    usual_steps_of,
)
from servanda.sources.obligations.steps import steps_completed_by, usual_steps, version_of_usual_steps
from servanda.vocab.models import ObligationKind


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def set_steps(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    present = list(obligation.steps.all())
    initial = [
        {"pk": step.pk, "title": step.shown_title, "institution": step.institution_id, "due_on": step.due_on}
        for step in present
    ]
    form = StepsForm(request.POST or None, initial={"version": obligation.version})
    given = {"institutions": offered_institutions([step.institution_id for step in present])}
    steps = Steps(request.POST or None, initial=initial, prefix="step", form_kwargs=given)
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        with refusals_in_form(request, form, "set_steps", edits=obligation):
            seen = form.cleaned_data["version"]
            deeds.set_steps(obligation=obligation, steps=steps_of(steps), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return back(obligation)
    context = {"form": form, "steps": steps, "obligation": obligation, "title": _("Steps")}
    return render(request, "desk/obligations/set_steps.html", context, status=status_of(request, form, steps))


def status_of(request: SignedIn, form, steps) -> int:
    is_faulty = request.method == "POST" and (form.errors or steps.total_error_count())
    return 422 if is_faulty else 200


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
def add_usual_steps(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    try:
        number = deeds.add_usual_steps(obligation=obligation, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "add_usual_steps")
    else:
        message = ngettext("%(count)d step added.", "%(count)d steps added.", number)
        messages.success(request, message % {"count": number})
    return back(obligation)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def set_usual_steps(request: SignedIn, kind: str) -> HttpResponse:
    """The usual steps of a kind, counted back from the deadline."""
    if kind not in ObligationKind.values:
        raise Http404
    initial = [
        {"title": step.title, "days_before": step.days_before, "institution": step.institution}
        for step in usual_steps(kind)
    ]
    given = {"institutions": offered_institutions(list(StepTemplate.objects.values_list("institution", flat=True)))}
    form = StepsForm(request.POST or None, initial={"version": version_of_usual_steps(kind)})
    steps = UsualSteps(request.POST or None, initial=initial, prefix="step", form_kwargs=given)
    if request.method == "POST" and steps.is_valid() and form.is_valid():
        with refusals_in_form(request, form, "set_usual_steps", edits=partial(version_of_usual_steps, kind)):
            seen = form.cleaned_data["version"]
            deeds.set_usual_steps(kind=kind, steps=usual_steps_of(steps), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("desk:set_usual_steps", kind=kind)
    context = {"form": form, "steps": steps, "title": _("Usual steps"), "kinds": ObligationKind.choices}
    context |= {"kind": kind, "kind_label": ObligationKind(kind).label}
    return render(request, "desk/obligations/set_steps.html", context, status=status_of(request, form, steps))


def find_step(request: SignedIn, code: str, pk: int) -> ObligationStep:
    steps = steps_completed_by(request.user).filter(obligation=find_obligation(request, code))
    return get_object_or_404(steps, pk=pk)


@require_POST
@requires(Can.COMPLETE_STEPS)
def complete_step(request: SignedIn, code: str, pk: int) -> HttpResponse:
    step, undo = find_step(request, code, pk), resolve_url("desk:reopen_step", code, pk)
    attempt(request, deeds.complete_step, _("Step done."), undo=undo, step=step)
    return redirect("desk:obligation", code=code)


@require_POST
@requires(Can.COMPLETE_STEPS)
def reopen_step(request: SignedIn, code: str, pk: int) -> HttpResponse:
    step = find_step(request, code, pk)
    attempt(request, deeds.reopen_step, _("Step reopened."), step=step)
    return redirect("desk:obligation", code=code)
