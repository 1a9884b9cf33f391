"""Records that may be one recommendation of several States: merge, keep apart, and undo either."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn, former_for
from servanda.intake.models import Batch
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.refusals import refuse
from servanda.progress import merging as progress_merging
from servanda.recommendations.clusters import comparing
from servanda.recommendations.clusters.duplicates import (
    described,
    groups_among,
    is_sure,
    merged_among,
    pairs_to_merge,
)
from servanda.recommendations.models import Likeness, Recommendation

A_PAGE = 10
MOST_AT_ONCE = 100  # groups
TAKEN = "made one or kept apart"  # session key: the last action, for the undo button


def batch_of_page(request: SignedIn) -> Batch | None:
    """The import that the page is about; None for the whole register."""
    value = request.GET.get("import", "") or request.POST.get("import", "")
    if not value:
        return None
    try:
        key = UUID(value)
    except ValueError:
        key = UUID(int=0)
    return get_object_or_404(Batch.objects.visible_to(request.user), key=key)


def records_seen(request: SignedIn) -> QuerySet[Recommendation]:
    return Recommendation.objects.visible_to(request.user)


@require_safe
@requires(Can.EDIT_REGISTER)
def several_states(request: SignedIn) -> HttpResponse:
    batch, seen = batch_of_page(request), records_seen(request)
    groups, pairs = groups_among(pairs_to_merge(seen, batch))
    page = page_of(len(groups), number=page_number(request.GET), size=A_PAGE)
    query = {"page": None, "import": batch.key} if batch else {}
    context = {
        "batch": batch,
        "groups": described(groups[slice_of(page)], pairs),
        "sure": sum(is_sure(group, pairs) for group in groups),
        "merged": merged_among(seen, batch),
        **pager(page, query),
    }
    return render(request, "desk/clusters/several_states.html", context)


def back(batch: Batch | None) -> HttpResponse:
    return redirect(resolve_url("desk:several_states") + (f"?import={batch.key}" if batch else ""))


def chosen_groups(request: SignedIn, batch: Batch | None) -> list[list[int]]:
    """All groups that are certain, or the selected records of one group; only suggested pairs can be merged here."""
    groups, pairs = groups_among(pairs_to_merge(records_seen(request), batch))
    if "all" in request.POST:
        return [group for group in groups if is_sure(group, pairs)][:MOST_AT_ONCE]
    ticked = set(records_seen(request).filter(code__in=request.POST.getlist("record")).values_list("pk", flat=True))
    return [kept for group in groups if len(kept := [pk for pk in group if pk in ticked]) > 1]


@require_POST
@requires(Can.EDIT_REGISTER)
def merge_groups(request: SignedIn) -> HttpResponse:
    """Merge each group into its first record, with all States; the addresses of the others redirect to it."""
    batch, merged, made = batch_of_page(request), [], 0
    for group in chosen_groups(request, batch):
        if others := merge_one(request, group):
            merged += others
            made += 1
    if made:
        message = ngettext(
            "%(count)d group merged into one record.", "%(count)d groups merged, each into one record.", made
        )
        can_be_undone(request, message % {"count": made}, {"merged": merged})
    else:
        messages.error(request, _("Select at least two records of a group."))
    return back(batch)


def merge_one(request: SignedIn, group: Sequence[int]) -> list[str]:
    into, *others = records_seen(request).filter(pk__in=group).order_by("order_key", "pk")
    try:
        progress_merging.merge_recommendations(into=into, others=others, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "merge_groups")
        return []
    return [other.code for other in others]


@require_POST
@requires(Can.EDIT_REGISTER)
def keep_apart(request: SignedIn) -> HttpResponse:
    """Keep the selected records of a group apart: they are not suggested again."""
    batch = batch_of_page(request)
    chosen = [pk for group in chosen_groups(request, batch) for pk in group]
    pairs = list(pairs_to_merge(records_seen(request), batch).filter(one__in=chosen, other__in=chosen))
    for pair in pairs:
        comparing.reject_likeness(likeness=pair, by=request.user)
    if pairs:
        can_be_undone(
            request,
            _("Records kept separate. They will not be suggested for merging again."),
            {"apart": [pair.pk for pair in pairs]},
        )
    else:
        messages.error(request, _("Select at least two records of a group."))
    return back(batch)


def can_be_undone(request: SignedIn, message: str, what: dict[str, list]) -> None:
    request.session[TAKEN] = what
    messages.success(request, message, extra_tags=reverse("desk:take_back_groups"))


@require_POST
@requires(Can.EDIT_REGISTER)
def take_back_groups(request: SignedIn) -> HttpResponse:
    """Undo the last action, or unmerge the named records."""
    batch = batch_of_page(request)
    named = request.POST.getlist("record")
    what = {"merged": named} if named else request.session.pop(TAKEN, {})
    count = unmerge(request, what.get("merged", [])) + reopen(request, what.get("apart", []))
    if count:
        messages.success(request, _("Undone."))
    else:
        messages.error(request, _("There is nothing to undo."))
    return back(batch)


def unmerge(request: SignedIn, codes: Sequence[str]) -> int:
    seen, count = records_seen(request).order_by().values("pk"), 0
    for record in list(former_for(request.user).filter(code__in=codes, merged_into__in=seen)):
        try:
            progress_merging.unmerge_recommendation(recommendation=record, by=request.user)
            count += 1
        except Refused as refusal:
            refuse(request, refusal, "take_back_groups")
    return count


def reopen(request: SignedIn, pairs: Sequence[int]) -> int:
    visible = Likeness.objects.among(records_seen(request))
    rejected = list(visible.filter(pk__in=pairs, decision=Likeness.Decision.REJECTED))
    for pair in rejected:
        comparing.reopen_likeness(likeness=pair, by=request.user)
    return len(rejected)
