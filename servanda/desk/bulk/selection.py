"""The records of the list that one change is for, and how the change is started."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from servanda.desk.record.access import SignedIn
from servanda.desk.register.queries import filtered
from servanda.intake.models import Batch
from servanda.jobs.services import enqueue
from servanda.recommendations import tasks
from servanda.recommendations.bulk import registry as bulk_registry
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.counting.counts import audience_of
from servanda.recommendations.models import Recommendation


def chosen_records(request: SignedIn) -> QuerySet:
    """The records ticked on the list, or all of its filter."""
    if request.POST.get("all"):
        return filtered(request.user, request.POST.get("query", ""), audience_of(request.user))
    codes = [code for code in request.POST.getlist("code") if "\0" not in code]  # PostgreSQL refuses to look for it
    return Recommendation.objects.visible_to(request.user).filter(code__in=codes)


def what_was_chosen(request: SignedIn, records: QuerySet) -> dict:
    """What each page of a change of many records says again, and where it leads."""
    page = {name: request.POST.get(name, "") for name in ("all", "query")}
    page |= {"chosen": records.count(), "codes": request.POST.getlist("code")}
    return page | {"here": request.path, "back_url": list_chosen_from(request)}


def list_chosen_from(request: SignedIn) -> str:
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return reverse("desk:register") + (f"?{query}" if query else "")


def run(batch: Batch) -> None:
    if batch.total > bulk.IN_A_REQUEST:
        enqueue(tasks.apply_bulk, str(batch.key))
    else:
        bulk_registry.kind_of(batch).apply(batch)
