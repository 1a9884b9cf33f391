"""Decide on the position of the State on one record, or on many at once."""

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.bulk.selection import chosen_records, preview_or_apply, selection_context
from servanda.desk.positions.proposals import ask_stand, list_of_positions, onward
from servanda.desk.positions.views import read_positions
from servanda.desk.record.access import SignedIn, find_open
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import record_refusal, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.positions import decisions as deciding
from servanda.planning.positions.forms import DecisionForm, SettleForm
from servanda.planning.positions.queries import Proposals, who_proposes
from servanda.recommendations.models import Position, Recommendation

LISTED = "positions"  # marks records chosen on the page of positions


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def settle_position(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find_open(request, code)
    proposals = who_proposes([recommendation], request.user)[recommendation.pk]
    start = initial_position(proposals, recommendation, request.GET.get("proposal", ""))
    form = SettleForm(request.POST or None, initial=start | {"seen": deciding.state_of(recommendation)})
    if request.method == "POST" and form.is_valid() and settled(request, recommendation, form):
        now, draft = _("Decided. This is now the position of the State."), _("Draft saved.")
        messages.success(request, now if form.cleaned_data["date"] else draft)
        return onward(request, recommendation)
    page = {"proposals": proposals, "came_from": request.POST.get("list", request.GET.get("list"))}
    return ask_stand(request, recommendation, form, "desk/positions/settle_position.html", page)


def initial_position(proposals: Proposals, recommendation: Recommendation, chosen: str) -> dict:
    """Initial values: from the chosen proposal, the draft, or the only proposal."""
    standing = {str(line.proposal.pk): line.proposal for line in proposals.standing}
    draft = Position.objects.current().filter(recommendation=recommendation, is_draft=True).last()
    only = next(iter(standing.values())) if len(standing) == 1 else None
    source = standing.get(chosen) or draft or only
    return {"stand": source.stand, "comment": source.comment} if source else {}


def settled(request: SignedIn, recommendation: Recommendation, form: SettleForm) -> bool:
    try:
        deciding.settle_position(recommendation=recommendation, **form.cleaned_data, by=request.user)
    except ChangedMeanwhile as refusal:
        record_refusal(request, refusal, "settle_position")
        form.bring_up_to_date(deciding.state_of(Recommendation.objects.get(pk=recommendation.pk)))
        form.add_error(None, str(refusal))
        return False
    except Refused as refusal:
        refuse_in_form(request, form, refusal, "settle_position")
        return False
    return True


@require_POST
@requires(Can.EDIT_REGISTER)
@makes_once
def decide_in_bulk(request: SignedIn) -> HttpResponse:
    """One address for three steps: choose the position, preview, apply."""
    records = chosen_on(request)
    page = selection_context(request, records)
    if is_listed(request):
        page |= {"here": request.get_full_path(), "back_url": list_of_positions(request.POST.get("query", ""))}
    if not page["chosen"]:
        messages.error(request, _("Select at least one record, then decide."))
        return redirect(page["back_url"])
    form = page["form"] = DecisionForm(request.POST if "step" in request.POST else None)
    if not form.is_valid():
        page["title"] = _("Decide on several records")
        return render(request, "desk/bulk/bulk_edit.html", page, status=422 if form.errors else 200)
    page["hint"] = _(
        "Records that already have this position, or a later one in force, are left out. If you adopt what "
        "institutions agree on, records without agreement or without proposals are left out too."
    )
    show_refusal = partial(show_refused, request, form, page)
    return preview_or_apply(request, form.change(), records, page, show_refusal)


def is_listed(request: SignedIn) -> bool:
    return request.GET.get("list") == LISTED


def chosen_on(request: SignedIn) -> QuerySet[Recommendation]:
    if request.POST.get("all") and is_listed(request):
        return read_positions(request.user, QueryDict(request.POST.get("query", "")))[1]
    return chosen_records(request)


def show_refused(request: SignedIn, form: DecisionForm, page: dict, refusal: Refused) -> HttpResponse:
    refuse_in_form(request, form, refusal, "decide_in_bulk")
    page["title"] = _("Decide on several records")
    return render(request, "desk/bulk/bulk_edit.html", page, status=422)
