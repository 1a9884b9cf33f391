"""The records chosen on the list, and the steps shared by all bulk changes: preview and apply."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from servanda.desk.record.access import SignedIn
from servanda.desk.register.queries import filtered
from servanda.intake.models import Batch
from servanda.jobs.services import enqueue
from servanda.kit.refusal import Refused
from servanda.people.requests.refusals import refuse
from servanda.recommendations import tasks
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.registry import BulkChange
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Recommendation
from servanda.recommendations.picking.fields import codes_in

MOST_SELECTED = 20_000  # SQLite accepts 32,766 values in one query


def chosen_records(request: SignedIn) -> QuerySet:
    """The records selected on the list, or all that match its filter."""
    if request.POST.get("all"):
        return filtered(request.user, request.POST.get("query", ""), audience_of(request.user))
    return Recommendation.every_kind.visible_to(request.user).filter(code__in=chosen_codes(request))


def chosen_codes(request: SignedIn) -> list[str]:
    """The references selected on this page of the list and on other pages."""
    return codes_in([*request.POST.getlist("code"), *request.POST.getlist("codes")])[:MOST_SELECTED]


def selection_context(request: SignedIn, records: QuerySet) -> dict:
    """The context shared by all pages of a bulk change: the chosen records and the way back."""
    page = {name: request.POST.get(name, "") for name in ("all", "query")}
    page |= {"chosen": records.count(), "codes": " ".join(chosen_codes(request))}
    page |= {"outside": outside_of_filter(request, records)}
    return page | {"here": request.path, "back_url": list_chosen_from(request)}


def outside_of_filter(request: SignedIn, records: QuerySet) -> int:
    """How many of the selected records the list does not show, because its filter has changed since. Without a
    filter, the list still shows only some kinds of records."""
    if request.POST.get("all"):
        return 0
    shown = filtered(request.user, request.POST.get("query", ""), audience_of(request.user))
    return records.exclude(pk__in=shown.order_by().values("pk")).count()


def list_chosen_from(request: SignedIn) -> str:
    return filtered_register(request.POST.get("query", ""))


def filtered_register(query: str) -> str:
    """The address of the register with this filter."""
    query = QueryDict(query).urlencode()
    return reverse("desk:register") + (f"?{query}" if query else "")


def preview_or_apply(
    request: SignedIn,
    change: BulkChange,
    records: QuerySet,
    page: dict,
    show_refusal: Callable[[Refused], HttpResponse],
) -> HttpResponse:
    """Apply what was previewed; if the number of records has changed, show the preview again."""
    count = change.affected(records).count()
    if request.POST.get("step") == "apply":
        if request.POST.get("count") == str(count):
            try:
                batch = bulk.start_bulk(change=change, records=records, by=request.user)
            except Refused as refusal:
                return show_refusal(refusal)
            return run(batch, request.POST.get("query", ""))
        messages.warning(
            request, _("The list has changed since you opened this page. Check the preview again, then apply it.")
        )
    page |= {"count": count, "title": change.title(), "changes": bulk.first_differences(change, records)}
    return render(request, "desk/bulk/bulk_preview.html", page)


def refused_on_list(request: SignedIn, deed: str) -> Callable[[Refused], HttpResponse]:
    """A function that shows a refusal of this action on the list of records."""

    def show(refusal: Refused) -> HttpResponse:
        refuse(request, refusal, deed)
        return redirect(list_chosen_from(request))

    return show


def run(batch: Batch, query: str = "") -> HttpResponse:
    """Apply the change and show its page, which leads back to the list with the filter `query`."""
    if batch.total > bulk.IN_A_REQUEST:
        enqueue(tasks.apply_bulk, str(batch.key))
    else:
        bulk.apply_bulk(batch)
    return redirect_to_result(batch, query)


def redirect_to_result(batch: Batch, query: str) -> HttpResponse:
    address = reverse("desk:bulk_result", args=[batch.key])
    return redirect(f"{address}?{urlencode({'list': query})}" if query else address)
