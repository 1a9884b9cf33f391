"""The page of positions: proposals, drafts and decisions; and the answer to a review as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_file
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.refusals import refuse
from servanda.planning.positions.forms import PositionsFilter, ProposalForm
from servanda.planning.positions.queries import Proposals, sets_to_decide, sets_to_propose, who_proposes
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Position, Recommendation
from servanda.recommendations.register import upr_addendum
from servanda.recommendations.register.rows import Row, row_of, with_parts
from servanda.sources.models import Review
from servanda.trail.models import Event


@dataclass(slots=True)
class PositionRow:
    """One record of the list, with the proposals and actions that are open to this reader."""

    row: Row
    proposals: Proposals
    drafts: Sequence[Position]
    form: ProposalForm | None


def sets_for(user) -> dict:
    return sets_to_decide() if can(user, Can.READ_DRAFT_POSITIONS) else sets_to_propose(user)


def read_positions(user, query: QueryDict) -> tuple[PositionsFilter, QuerySet[Recommendation]]:
    """The form with its filters, and the matching records that are open to the reader."""
    sets, opened = sets_for(user), Recommendation.objects.opened_to(user)
    listed = opened.filter(sets["all"]).order_by()
    reviews = Review.objects.filter(Exists(listed.filter(review=OuterRef("pk")))).select_related("body")
    form = PositionsFilter(query, reviews=reviews.order_by("body__code", "-cycle", "-year"), states=list(sets))
    selected = opened.filter(sets[form.chosen_state()])
    review = form.cleaned_data.get("review")
    return form, selected.filter(review=review) if review else selected


@require_safe
@requires(Can.READ_INTERNAL)
def positions(request: SignedIn) -> HttpResponse:
    form, selected = read_positions(request.user, request.GET)
    page = page_of(selected.count(), number=page_number(request.GET))
    context = {
        "form": form,
        "lines": lines_of(selected.order_by("order_key", "pk")[slice_of(page)], request),
        **pager(page, {name: request.GET[name] for name in ("review", "state") if name in request.GET}),
        "query": request.GET.urlencode(),
        "languages": settings.LANGUAGES,
        "review": form.cleaned_data.get("review"),
    }
    return render(request, "desk/positions/positions.html", context)


def lines_of(records: QuerySet, request: SignedIn) -> list[PositionRow]:
    shown = list(with_parts(records, beginning=True))
    proposals = who_proposes(shown, request.user)
    drafts: dict[int, list[Position]] = {}
    if can(request.user, Can.READ_DRAFT_POSITIONS):
        for draft in Position.objects.current().filter(recommendation__in=shown, is_draft=True):
            drafts.setdefault(draft.recommendation_id, []).append(draft)
    return [
        PositionRow(
            row_of(record), proposals[record.pk], drafts.get(record.pk, ()), form_for(record, proposals[record.pk])
        )
        for record in shown
    ]


def form_for(record: Recommendation, proposals: Proposals) -> ProposalForm | None:
    """The form with the institution's present proposal; None if the reader may not propose."""
    if not proposals.speaking:
        return None
    own = [line.proposal for line in proposals.standing if line.proposal.institution in proposals.speaking]
    initial = {"stand": own[0].stand, "comment": own[0].comment, "institution": own[0].institution_id} if own else {}
    return ProposalForm(
        speaking=proposals.speaking, initial=initial | {"seen": proposals.seen}, auto_id=f"id_%s_{record.pk}"
    )


@heavy(FILE)
@require_safe
@requires(Can.READ_DRAFT_POSITIONS)
def positions_addendum(request: SignedIn, pk: int, format: str) -> HttpResponseBase:
    """The answer of the State to one review, in the form of an addendum to the report of the Working Group."""
    audience, language = audience_of(request.user), request.GET.get("language", "") or translation.get_language()
    visible = Review.objects.filter(Exists(audience.visible.filter(review=OuterRef("pk")))).select_related("body")
    review = get_object_or_404(visible, pk=pk)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    try:
        with translation.override(language):
            file = upr_addendum.WRITERS[format](audience.visible.filter(review=review), review, audience)
    except Refused as refusal:
        refuse(request, refusal, "positions_addendum")
        return redirect(reverse("desk:positions") + "?" + urlencode({"review": review.pk}))
    difference = {"format": f"addendum.{format}", "review": str(review)}
    Event.record("register-exported", by=request.user, difference=difference)
    about = f"{review.body.code}{review.cycle or ''}"
    return send_file(file, file_name(f"addendum-{language}", format, on=timezone.localdate(), about=about))
