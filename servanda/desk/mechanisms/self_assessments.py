"""Self-assessments of a mechanism: the list with their comparison, one with its gaps, and pages that change it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.mechanisms.editing import find_profile
from servanda.desk.network.form_pages import ask, ask_for_reason
from servanda.desk.record.access import SignedIn
from servanda.kit.charts import POLICY, in_language_of, send_svg
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.server.lane import FILE, PICTURE, heavy
from servanda.network.assistance.gaps import gaps_in
from servanda.network.models import SelfAssessment
from servanda.network.self_assessments import services as deeds
from servanda.network.self_assessments.chart import draw_capacities
from servanda.network.self_assessments.forms import AnswersForm, SelfAssessmentForm
from servanda.network.self_assessments.queries import (
    COLUMNS,
    compared,
    export_rows,
    one_before,
    results_of,
    self_assessments_of,
)
from servanda.network.self_assessments.questions import capacities, questions_by_code
from servanda.people.access import Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form


def find_self_assessment(request: SignedIn, key: UUID) -> SelfAssessment:
    found = SelfAssessment.objects.visible_to(request.user).select_related("profile__country")
    return get_object_or_404(found.prefetch_related("answers"), key=key)


@require_safe
@requires(Can.READ_INTERNAL)
def self_assessments(request: SignedIn, key: UUID) -> HttpResponse:
    """All of one mechanism, and the last completed ones side by side."""
    profile = find_profile(request, key)
    columns = compared(request.user, profile)
    context = {
        "profile": profile,
        "rows": self_assessments_of(request.user, profile),
        "questions": len(questions_by_code()),
        "columns": [assessment for assessment, _results in columns],
        "lines": [
            (capacity, [(assessment.date, results[place]) for assessment, results in columns])
            for place, capacity in enumerate(capacities().values())
        ],
    }
    return render(request, "desk/mechanisms/self_assessments.html", context)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def self_assessments_export(request: SignedIn, key: UUID, format: str) -> HttpResponseBase:
    profile = find_profile(request, key)
    found = list(self_assessments_of(request.user, profile).prefetch_related("answers"))
    deeds.record_download(profile=profile, by=request.user)
    name = file_name(_("Self-assessments"), format, on=timezone.localdate(), about=profile.country.code)
    return send_table(name, _("Self-assessments"), COLUMNS, export_rows(found))


@require_safe
@requires(Can.READ_INTERNAL)
def self_assessment(request: SignedIn, key: UUID) -> HttpResponse:
    """One self-assessment; a withdrawn one is shown with the reason to those who may restore it."""
    seen = SelfAssessment.objects.visible_to(request.user) | SelfAssessment.objects.former_for(request.user)
    shown = get_object_or_404(seen.select_related("profile__country").prefetch_related("answers"), key=key)
    before = one_before(request.user, shown)
    results = results_of(shown, before)
    is_rated = any(result.rated for result in results)
    address = resolve_url("desk:self_assessment_chart", key)
    context = {
        "shown": shown,
        "before": before,
        "results": results,
        "gaps": gaps_in(results, request.user),
        "can_request": shown.is_completed and shown.profile.is_own and can(request.user, Can.EDIT_NETWORK),
        "picture": f"{address}?{urlencode({'language': get_language()})}" if is_rated else "",
    }
    return render(request, "desk/mechanisms/self_assessment.html", context)


@heavy(PICTURE)
@require_safe
@csp_override(POLICY)
@requires(Can.READ_INTERNAL)
def self_assessment_chart(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_self_assessment(request, key)
    series = [(found, results_of(found)) for found in (shown, one_before(request.user, shown)) if found]
    with in_language_of(request):
        return send_svg(request, draw_capacities(series))


def form_of(request: SignedIn, form: Any, *, of: SelfAssessment, **page: Any) -> HttpResponse:
    page = {"cancel_url": of.get_absolute_url(), **page}
    return ask(request, form, profile=of, **page)


@form_page
@requires(Can.EDIT_NETWORK)
@makes_once
def start_self_assessment(request: SignedIn, key: UUID) -> HttpResponse:
    profile = find_profile(request, key)
    form = SelfAssessmentForm(request.POST or None, initial={"date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "start_self_assessment"):
            made = deeds.start_self_assessment(profile=profile, values=form.values(), by=request.user)
            messages.success(request, _("Self-assessment started. Now answer the questions of each capacity."))
            return redirect(made)
    page = {"title": _("Start a self-assessment"), "cancel_url": resolve_url("desk:self_assessments", key)}
    return ask(request, form, profile=profile, **page)


@form_page
@requires(Can.EDIT_NETWORK)
def edit_self_assessment(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_self_assessment(request, key)
    form = SelfAssessmentForm(request.POST or None, assessment=found)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_self_assessment", edits=found):
            seen = form.cleaned_data["seen"]
            deeds.edit_self_assessment(assessment=found, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(found)
    return form_of(request, form, of=found, title=_("Edit the self-assessment"))


@form_page
@requires(Can.EDIT_NETWORK)
def answer_questions(request: SignedIn, key: UUID, capacity: str) -> HttpResponse:
    found = find_self_assessment(request, key)
    if capacity not in capacities():
        raise Http404
    form = AnswersForm(request.POST or None, assessment=found, capacity=capacities()[capacity])
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "answer_questions", edits=found):
            seen = form.cleaned_data["seen"]
            deeds.answer_questions(assessment=found, answers=form.answers(), seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(found)
    lead = _("Choose the level that is reached today, and name what shows it.")
    return form_of(request, form, of=found, title=capacities()[capacity].label, lead=lead)


@require_POST
@requires(Can.EDIT_NETWORK)
def complete_self_assessment(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_self_assessment(request, key)
    undo = resolve_url("desk:reopen_self_assessment", key)
    done = _("The self-assessment is completed.")
    attempt(request, deeds.complete_self_assessment, done, undo=undo, assessment=found)
    return redirect(found)


@require_POST
@requires(Can.EDIT_NETWORK)
def reopen_self_assessment(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_self_assessment(request, key)
    attempt(request, deeds.reopen_self_assessment, _("The self-assessment can be edited again."), assessment=found)
    return redirect(found)


@form_page
@requires(Can.EDIT_NETWORK)
def withdraw_self_assessment(request: SignedIn, key: UUID) -> HttpResponse:
    found = find_self_assessment(request, key)
    return ask_for_reason(
        request,
        deeds.withdraw_self_assessment,
        _("The self-assessment was withdrawn."),
        what={"assessment": found},
        about=found,
        title=_("Withdraw this self-assessment"),
        button=_("Withdraw"),
        lead=_("It is removed from all lists. Its page shows the reason, and you can restore it from there."),
    )


@require_POST
@requires(Can.EDIT_NETWORK)
def restore_self_assessment(request: SignedIn, key: UUID) -> HttpResponse:
    found = get_object_or_404(SelfAssessment.objects.former_for(request.user), key=key)
    attempt(request, deeds.restore_self_assessment, _("The self-assessment was restored."), assessment=found)
    return redirect(found)
