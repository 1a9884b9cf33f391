"""Pages to withdraw, restore, split and merge records."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn, find, former_for
from servanda.desk.record.responses import ask, back
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse
from servanda.progress import merging as progress_merging
from servanda.recommendations.editing import structure
from servanda.recommendations.editing.forms import MergeForm
from servanda.recommendations.editing.publicity_forms import SplitForm, WithdrawForm
from servanda.recommendations.models import Recommendation


@form_page
@requires(Can.EDIT_REGISTER)
def withdraw_recommendation(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    form = WithdrawForm(request.POST or None, record=recommendation)
    if request.method == "POST" and form.is_valid():
        reasons = {"reason": form.reason_given(), "explanation": form.explanation()}
        what = {"recommendation": recommendation, **reasons}
        attempt(
            request,
            structure.withdraw_recommendation,
            _("Record withdrawn. You can restore it from this page."),
            **what,
        )
        return back(recommendation)
    lead = _("The record is removed from all lists. Its page shows the reason, and you can restore it from its page.")
    page = {"title": _("Withdraw"), "button": _("Withdraw"), "lead": lead, "is_danger": True}
    return ask(request, recommendation, form, **page)


@require_POST
@requires(Can.EDIT_REGISTER)
def restore_recommendation(request: SignedIn, code: str) -> HttpResponse:
    former = get_object_or_404(former_for(request.user), code=code)
    attempt(request, structure.restore_recommendation, _("Record restored."), recommendation=former)
    return back(former)


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def split_recommendation(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    whole = recommendation.texts.current().filter(language=recommendation.language, form="full").first()
    start = {"texts": whole.text if whole else ""}
    form = SplitForm(request.POST or None, record=recommendation, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            arguments = {"texts": form.cleaned_data["texts"], "explanation": form.explanation()}
            pieces = structure.split_recommendation(recommendation=recommendation, **arguments, by=request.user)
        except Refused as refusal:
            refuse(request, refusal, "split_recommendation")
            return back(recommendation)
        names = ", ".join(piece.code for piece in pieces)
        messages.success(request, _("Split into %(codes)s.") % {"codes": names})
        return back(pieces[0])
    lead = _(
        "Labels, positions, States and sources are copied to each part. The original record is withdrawn and "
        "linked to the parts."
    )
    return ask(request, recommendation, form, title=_("Split"), button=_("Split"), lead=lead)


@form_page
@requires(Can.EDIT_REGISTER)
def merge_recommendations(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    form = MergeForm(request.POST or None, records=others_than(recommendation, request.user))
    if request.method == "POST" and form.is_valid():
        message, others = _("Records merged. Their addresses now lead to this record."), form.cleaned_data["codes"]
        attempt(request, progress_merging.merge_recommendations, message, into=recommendation, others=others)
        return back(recommendation)
    lead = _(
        "This record is kept. Labels, States, positions, sources and languages that it lacks are added from the "
        "others."
    )
    return ask(
        request, recommendation, form, title=_("Merge other records into this one"), button=_("Merge"), lead=lead
    )


def others_than(recommendation: Recommendation, user: User) -> QuerySet[Recommendation]:
    return Recommendation.every_kind.opened_to(user).grouped_with(recommendation).exclude(pk=recommendation.pk)


@require_POST
@requires(Can.EDIT_REGISTER)
def unmerge_recommendation(request: SignedIn, code: str) -> HttpResponse:
    former = get_object_or_404(former_for(request.user), code=code)
    message = _("Merge undone. Both records are in the register again.")
    attempt(request, progress_merging.unmerge_recommendation, message, recommendation=former)
    return back(former)
