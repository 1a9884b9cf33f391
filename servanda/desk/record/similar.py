"""Decisions on similar records."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn, find
from servanda.desk.record.responses import back
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import attempt
from servanda.progress import merging as progress_merging
from servanda.recommendations.clusters import comparing
from servanda.recommendations.models import Likeness, Recommendation


def find_likeness(request: SignedIn, recommendation: Recommendation, pk: int) -> Likeness:
    """The likeness of this record with another one that the person sees."""
    seen = Recommendation.objects.visible_to(request.user)
    pairs = Likeness.objects.among(seen).of(recommendation).select_related("one", "other")
    return get_object_or_404(pairs, pk=pk)


@require_POST
@requires(Can.EDIT_REGISTER)
def confirm_likeness(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    likeness = find_likeness(request, recommendation, pk)
    attempt(request, comparing.confirm_likeness, _("Confirmed."), likeness=likeness)
    return back(recommendation)


@require_POST
@requires(Can.EDIT_REGISTER)
def reject_likeness(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    likeness = find_likeness(request, recommendation, pk)
    attempt(
        request,
        comparing.reject_likeness,
        _("The two records will not be suggested together again."),
        likeness=likeness,
    )
    return back(recommendation)


@require_POST
@requires(Can.EDIT_REGISTER)
def reopen_likeness(request: SignedIn, code: str, pk: int) -> HttpResponse:
    recommendation = find(request, code)
    likeness = find_likeness(request, recommendation, pk)
    attempt(request, comparing.reopen_likeness, _("Undone."), likeness=likeness)
    return back(recommendation)


@require_POST
@requires(Can.EDIT_REGISTER)
def merge_likeness(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Merge the other record into this one: it is one recommendation made by several States."""
    recommendation = find(request, code)
    other = find_likeness(request, recommendation, pk).beside(recommendation)
    message = _(
        "Records merged into one record with all their States. You can undo this below, under linked records."
    )
    attempt(request, progress_merging.merge_recommendations, message, into=recommendation, others=[other])
    return back(recommendation)
