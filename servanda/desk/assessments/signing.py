"""Signed assessments of accredited institutions, and replies of the State."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn, find_open
from servanda.desk.record.responses import ask, back_to_follow_up
from servanda.kit.files.downloads import send_json, send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.pages.translations import listed
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import Institution
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.progress.assessments import signed_listing as own
from servanda.progress.assessments import signing
from servanda.progress.assessments.signing_forms import ReplyForm, SignForm
from servanda.progress.models import Assessment
from servanda.recommendations.editing.forms import ReasonForm
from servanda.recommendations.editing.signers import is_reachable
from servanda.recommendations.models import Recommendation, TextVersion, by_language
from servanda.trail.models import Event


@require_safe
@requires(Can.CONTRIBUTE)
def own_assessments(request: SignedIn) -> HttpResponse:
    """The assessments of the person's institution, also after its accreditation has ended."""
    assessments = own.own_assessments(signing.institutions_of(request.user))
    page = page_of(assessments.count(), number=page_number(request.GET))
    context = {
        "rows": own.own_lines(assessments[slice_of(page)]),
        **pager(page),
        "may_sign": signing.may_sign(request.user),
    }
    return render(request, "desk/assessments/own_assessments.html", context)


@heavy(FILE)
@require_safe
@requires(Can.CONTRIBUTE)
def own_assessments_export(request: SignedIn, format: str) -> HttpResponseBase:
    institutions = signing.institutions_of(request.user)
    rows = own.own_assessments(institutions)
    if format not in ("xlsx", "json"):
        raise Http404
    if request.method == "GET":
        names = listed(Institution.objects.filter(pk__in=institutions).order_by("code"))
        Event.record("own-assessments-exported", by=request.user, label=names, difference={"format": format})
    name = file_name(_("Assessments"), format, on=timezone.localdate())
    if format == "xlsx":
        return send_table(name, _("Assessments"), own.header(), own.cells(rows))
    return send_json(name, "assessments", list(own.as_dicts(rows)))


@form_page
@requires(Can.CONTRIBUTE)
@makes_once
def sign_assessment(request: SignedIn, code: str) -> HttpResponse:
    public = Recommendation.every_kind.public().select_related("body", "document", "review")
    recommendation = get_object_or_404(public, code=code)
    form = SignForm(request.POST or None, recommendation=recommendation, person=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "sign_assessment"):
            signing.sign_assessment(recommendation=recommendation, **form.cleaned_data, by=request.user)
            messages.success(request, _("Assessment published. Only your institution can withdraw it."))
            return redirect(recommendation)
    texts = by_language(recommendation.texts.current().filter(form=TextVersion.Form.FULL))
    page = {
        "recommendation": recommendation,
        "form": form,
        "text": texts[0] if texts else None,
        "may_sign": signing.may_sign(request.user),
    }
    return render(request, "desk/assessments/sign_assessment.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.CONTRIBUTE)
def withdraw_own_assessment(request: SignedIn, pk: int) -> HttpResponse:
    own_signed = Assessment.objects.signed().filter(institution__in=signing.institutions_of(request.user))
    assessment = get_object_or_404(own_signed.select_related("recommendation", "grade"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        message = _("Assessment withdrawn. It is no longer public and stays in your list.")
        attempt(request, signing.withdraw_own_assessment, message, assessment=assessment, reason=reason)
        return redirect("desk:own_assessments")
    page = {"assessment": assessment, "form": form}
    return render(request, "desk/assessments/withdraw_own_assessment.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.ASSESS)
@makes_once
def reply_to_assessment(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find_open(request, code)
    signed = Assessment.objects.signed().standing().filter(recommendation=recommendation)
    assessment = get_object_or_404(signed.select_related("grade", "institution"), pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message = sentence_on_reply(assessment)
        text = form.cleaned_data["text"]
        if attempt(request, signing.reply_to_assessment, message, assessment=assessment, text=text):
            return back_to_follow_up(recommendation)
    lead = f"{assessment.institution}: {assessment.grade}. {assessment.reason}"
    page = {"title": _("Reply to this assessment"), "lead": lead, "button": _("Publish reply")}
    return ask(request, recommendation, form, **page)


def sentence_on_reply(assessment: Assessment) -> str:
    assert assessment.institution is not None
    if is_reachable(assessment.institution):
        return _("Reply published. The institution has been notified.")
    sentence = _(
        "Reply published. %(institution)s was not notified: it has no open account and no e-mail address. Ask an"
        " administrator to add one."
    )
    return sentence % {"institution": assessment.institution}
