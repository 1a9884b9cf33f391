"""Assess one record, for the State or from a document of the mechanism; publish, complete and retract."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn, find_open
from servanda.desk.record.responses import ask
from servanda.desk.record.responses import back_to_follow_up as back
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse_in_form
from servanda.progress.assessments import services as assessing
from servanda.progress.assessments.forms import AssessForm, CompleteForm, EnterGradeForm
from servanda.progress.models import Assessment
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.models import Recommendation, TextVersion, by_language


@form_page
@requires(Can.ASSESS)
@makes_once
def assess(request: SignedIn, code: str) -> HttpResponse:
    """Assess in the voice of the government."""
    return assessed(request, find_open(request, code), AssessForm, _("Assess for the State"))


@form_page
@requires(Can.ASSESS)
@makes_once
def enter_grade(request: SignedIn, code: str) -> HttpResponse:
    """Enter an assessment of the mechanism from its document; 404 for bodies that do not assess."""
    recommendation = find_open(request, code)
    if not recommendation.body.assesses:
        raise Http404
    return assessed(request, recommendation, EnterGradeForm, _("Enter the mechanism assessment"))


def assessed(
    request: SignedIn, recommendation: Recommendation, kind: type[EnterGradeForm], title: str
) -> HttpResponse:
    form = kind(request.POST or None, recommendation=recommendation, user=request.user)
    if request.method == "POST" and form.is_valid() and saved(request, recommendation, form):
        return back(recommendation)
    texts = by_language(recommendation.texts.current().filter(form=TextVersion.Form.FULL))
    return ask(request, recommendation, form, title=title, lead=texts[0].text if texts else "", button=_("Save"))


def saved(request: SignedIn, recommendation: Recommendation, form: EnterGradeForm) -> bool:
    """Save and, if requested, publish; False if it was refused, with the reason in the form."""
    is_published = form.cleaned_data.get("is_published", False)
    try:
        with transaction.atomic():
            assessment = assessing.assess(recommendation=recommendation, **form.values(), by=request.user)
            if is_published:
                assessing.publish_assessment(assessment=assessment, by=request.user)
    except Refused as refusal:
        refuse_in_form(request, form, refusal, "assess")
        return False
    message = (
        _("Assessment saved and published.")
        if is_published
        else _("Assessment saved. It is not public until it is published.")
    )
    messages.success(request, message)
    return True


@form_page
@requires(Can.ASSESS)
@makes_once
def complete_assessment(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Add evidence to an assessment that was stored without it."""
    assessment = assessment_on(request, code, pk)
    form = CompleteForm(request.POST or None, assessment=assessment, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "complete_assessment"):
            with transaction.atomic():
                assessing.complete_assessment(assessment=assessment, **form.values(), by=request.user)
                if form.cleaned_data.get("is_published"):
                    assessing.publish_assessment(assessment=assessment, by=request.user)
            messages.success(request, _("Saved."))
            return back(assessment.recommendation)
    lead = f"{assessment.grade}: {assessment.reason}"
    page = {"title": _("Add evidence for this assessment"), "lead": lead, "button": _("Save")}
    return ask(request, assessment.recommendation, form, **page)


def assessment_on(request: SignedIn, code: str, pk: int) -> Assessment:
    """An assessment of a record that the person sees; hidden and missing ones are both 404."""
    visible = Assessment.objects.visible_to(request.user).filter(recommendation=find_open(request, code))
    return get_object_or_404(visible.select_related("recommendation", "grade"), pk=pk)


@require_POST
@requires(Can.ASSESS)
def publish_assessment(request: SignedIn, code: str, pk: int) -> HttpResponse:
    assessment = assessment_on(request, code, pk)
    attempt(
        request,
        assessing.publish_assessment,
        _("Assessment published. Anyone who can see the record can see it."),
        assessment=assessment,
    )
    return back(assessment.recommendation)


@form_page
@requires(Can.ASSESS)
def retract_assessment(request: SignedIn, code: str, pk: int) -> HttpResponse:
    assessment = assessment_on(request, code, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message, reason = _("Assessment withdrawn. It remains in the internal history."), form.cleaned_data["reason"]
        attempt(request, assessing.retract_assessment, message, assessment=assessment, reason=reason)
        return back(assessment.recommendation)
    lead = f"{assessment.get_voice_display()}: {assessment.grade}"
    page = {"title": _("Withdraw this assessment"), "lead": lead, "button": _("Withdraw"), "is_danger": True}
    return ask(request, assessment.recommendation, form, **page)
