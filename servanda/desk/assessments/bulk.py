"""Assess many records of the list for the State, and publish many assessments."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.bulk.selection import chosen_records, preview_or_apply, refused_on_list, run, selection_context
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refuse
from servanda.progress.assessments import bulk_assessing, bulk_publishing
from servanda.progress.assessments.bulk_forms import AssessAllForm, AssessEachForm
from servanda.progress.assessments.bulk_publishing import PublishAssessments
from servanda.progress.models import AssessmentQuerySet
from servanda.recommendations.bulk.services import start_bulk
from servanda.vocab.models import Body

EACH = "each"


@require_POST
@requires(Can.ASSESS)
@makes_once
def assess_in_bulk(request: SignedIn) -> HttpResponse:
    """One address for three steps: choose the value, preview, apply."""
    records = chosen_records(request)
    page = selection_context(request, records)
    if not page["chosen"]:
        messages.error(request, _("Select at least one record on the list, then assess."))
        return redirect(page["back_url"])
    page["may_be_each"] = page["chosen"] <= bulk_assessing.MOST_ROWS
    page["deed"] = EACH if request.POST.get("deed") == EACH and page["may_be_each"] else ""
    data = request.POST if "step" in request.POST else None
    if page["deed"]:
        form = page["form"] = AssessEachForm(data, records=list(records.order_by("order_key", "pk")))
    else:
        form = page["form"] = AssessAllForm(data)
    if not form.is_valid():
        return render(request, "desk/assessments/assess_in_bulk.html", page, status=422 if form.errors else 200)
    page["hint"] = _("Nothing is published yet. Records that have a later assessment or the same value are left out.")
    return preview_or_apply(request, form.change(), records, page, refused_on_list(request, "assess_in_bulk"))


@form_page
@requires(Can.ASSESS)
def publish_assessments(request: SignedIn) -> HttpResponse:
    """Unpublished assessments, of all records or of one import: how many can be published, and what the others
    lack."""
    chosen = request.POST if request.method == "POST" else request.GET
    everything = bulk_publishing.unpublished(request.user)
    waiting = narrowed(everything, chosen)
    count = bulk_publishing.publishable(waiting, request.user).count()
    if request.method == "POST":
        if chosen.get("count") == str(count):
            return publish(request, waiting)
        messages.warning(
            request, _("The list has changed since you opened this page. Check the preview again, then apply it.")
        )
    lacking = (
        waiting.lacking_outcome().select_related("recommendation", "grade").order_by("recommendation__order_key")
    )
    shown = page_of(lacking.count(), number=page_number(request.GET))
    page = {
        "count": count,
        "lacking": lacking[slice_of(shown)],
        **pager(shown, {name: chosen[name] for name in ("body", "batch") if chosen.get(name)}),
        "own": bulk_publishing.left_to_others(waiting, request.user).count(),
        "bodies": Body.objects.filter(pk__in=everything.order_by().values("recommendation__body")),
        "body": chosen.get("body", ""),
        "batch": chosen.get("batch", ""),
    }
    return render(request, "desk/assessments/publish_assessments.html", page)


def narrowed(waiting: AssessmentQuerySet, chosen) -> AssessmentQuerySet:
    if body := chosen.get("body", "").replace("\0", ""):
        waiting = waiting.filter(recommendation__body__code=body)
    if key := chosen.get("batch", ""):
        waiting = waiting.filter(brought_by__key=key) if is_key(key) else waiting.none()
    return waiting


def is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def publish(request: SignedIn, waiting: AssessmentQuerySet) -> HttpResponse:
    try:
        batch = start_bulk(change=PublishAssessments(request.user), records=waiting, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "publish_assessments")
        return redirect("desk:publish_assessments")
    return run(batch)
