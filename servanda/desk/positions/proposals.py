"""Propose a position for one record, and withdraw the proposal."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn, find_open
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.models import PositionProposal
from servanda.planning.positions import proposals as proposing
from servanda.planning.positions.forms import ProposalForm, StandForm
from servanda.planning.positions.queries import Proposals, who_proposes
from servanda.recommendations.models import Recommendation, TextVersion, by_language


@form_page
@requires(Can.PROPOSE_POSITION)
@makes_once
def propose_position(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find_open(request, code)
    proposals = who_proposes([recommendation], request.user)[recommendation.pk]
    form = ProposalForm(request.POST or None, speaking=proposals.speaking, initial=initial_proposal(proposals))
    if request.method == "POST" and form.is_valid() and proposed(request, recommendation, form):
        messages.success(request, _("Proposal sent. The coordinator sees it beside the other proposals and decides."))
        return onward(request, recommendation)
    page = {"proposals": proposals, "came_from": request.POST.get("list")}
    return ask_stand(request, recommendation, form, "desk/positions/propose_position.html", page)


def initial_proposal(proposals: Proposals) -> dict:
    """Initial values: from the present proposal, or the one that was withdrawn last."""
    for line in [*proposals.standing, *proposals.former]:
        proposal = line.proposal
        if proposal.institution in proposals.speaking:
            return {
                "institution": proposal.institution_id,
                "stand": proposal.stand,
                "comment": proposal.comment,
                "seen": proposals.seen,
            }
    return {"seen": proposals.seen}


def proposed(request: SignedIn, recommendation: Recommendation, form: ProposalForm) -> bool:
    try:
        proposing.propose_position(recommendation=recommendation, **form.cleaned_data, by=request.user)
    except Refused as refusal:
        record_refusal(request, refusal, "propose_position")
        if isinstance(refusal, ChangedMeanwhile):
            form.bring_up_to_date(who_proposes([recommendation], request.user)[recommendation.pk].seen)
        form.add_error(None, str(refusal))
        return False
    return True


def ask_stand(
    request: SignedIn, recommendation: Recommendation, form: StandForm, template: str, page: dict
) -> HttpResponse:
    """The form, with the text of the record and the present proposals."""
    page |= {
        "recommendation": recommendation,
        "texts": by_language(recommendation.texts.current().filter(form=TextVersion.Form.FULL))[:1],
        "form": form,
    }
    return render(request, template, page, status=409 if form.is_outdated else 422 if form.errors else 200)


def onward(request: SignedIn, recommendation: Recommendation) -> HttpResponse:
    """Redirect to the filtered list that the person came from, or to the record."""
    if "list" not in request.POST:
        return redirect(reverse("desk:record_follow_up", args=[recommendation.code]) + "#proposals")
    return redirect(list_of_positions(request.POST["list"]))


def list_of_positions(query: str) -> str:
    params = QueryDict(query)
    filters = QueryDict(mutable=True)
    for name in ("review", "state", "page"):
        if name in params:
            filters[name] = params[name]
    return f"{reverse('desk:positions')}?{filters.urlencode()}"


@require_POST
@requires(Can.PROPOSE_POSITION)
def withdraw_proposal(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find_open(request, code)
    visible = PositionProposal.objects.visible_to(request.user).filter(recommendation=recommendation)
    proposal = get_object_or_404(visible.select_related("recommendation"), pk=pk)
    message = _("Proposal withdrawn. Its text is kept below. You can propose again.")
    attempt(request, proposing.withdraw_proposal, message, proposal=proposal)
    return redirect(reverse("desk:record_follow_up", args=[code]) + "#proposals")
