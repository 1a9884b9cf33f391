"""Reject proposed clusters, and the list of rejected ones."""

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.clusters.views import typed_in
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt, refuse
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.models import Recommendation, RejectedProposal

CODES_SHOWN = 6


@require_safe
@requires(Can.EDIT_REGISTER)
def rejected_proposals(request: SignedIn) -> HttpResponse:
    """Rejected proposals, newest first; each can be proposed again."""
    rejected = RejectedProposal.objects.visible_to(request.user)
    page = page_of(rejected.count(), number=page_number(request.GET))
    first = Recommendation.objects.visible_to(request.user).order_by("order_key", "pk")[:CODES_SHOWN]
    shown = rejected.select_related("rejected_by").annotate(number=Count("records"))
    shown = shown.prefetch_related(Prefetch("records", first, to_attr="first_records"))
    context = {"rejected": shown[slice_of(page)], **pager(page)}
    return render(request, "desk/clusters/rejected_proposals.html", context)


@require_POST
@requires(Can.EDIT_REGISTER)
def reject_cluster_proposal(request: SignedIn) -> HttpResponse:
    """Reject the whole proposal, whatever is selected; the next page offers to undo it."""
    codes = typed_in(request, "whole").split()
    records = list(Recommendation.objects.visible_to(request.user).filter(code__in=codes))
    try:
        rejected = clustering.reject_cluster_proposal(
            records=records, name=typed_in(request, "name"), by=request.user
        )
    except Refused as refusal:
        refuse(request, refusal, "reject_cluster_proposal")
    else:
        way_back = reverse("desk:propose_cluster_again", args=[rejected.key])
        messages.success(
            request, _("Proposal rejected. These records will not be proposed together again."), extra_tags=way_back
        )
    return redirect("desk:cluster_proposals")


@require_POST
@requires(Can.EDIT_REGISTER)
def propose_cluster_again(request: SignedIn, key: object) -> HttpResponse:
    rejected = get_object_or_404(RejectedProposal.objects.visible_to(request.user), key=key)
    attempt(
        request,
        clustering.propose_cluster_again,
        _("These records can be proposed together again."),
        rejected=rejected,
    )
    return redirect("desk:rejected_proposals")
