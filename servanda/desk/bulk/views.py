"""Pages of bulk changes."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.bulk.selection import (
    chosen_records,
    filtered_register,
    preview_or_apply,
    redirect_to_result,
    refused_on_list,
    run,
    selection_context,
)
from servanda.desk.record.access import SignedIn
from servanda.intake.models import Batch
from servanda.jobs.services import enqueue
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refuse
from servanda.recommendations import tasks
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Deed
from servanda.recommendations.bulk.forms import HIDING, BulkForm
from servanda.recommendations.bulk.registry import shapes
from servanda.recommendations.editing.publicity_forms import must_explain_any


@require_POST
@requires(Can.EDIT_REGISTER)
@makes_once
def bulk_edit(request: SignedIn) -> HttpResponse:
    """One address for four steps: choose the change, its values, preview, apply."""
    records = chosen_records(request)
    page = selection_context(request, records) | {"deed": request.POST.get("deed", ""), "deeds": Deed.choices}
    if not page["chosen"]:
        messages.error(request, _("Select at least one record on the list, then choose a change."))
        return redirect(page["back_url"])
    if page["deed"] not in Deed.values:
        return render(request, "desk/bulk/bulk_deeds.html", page)
    kind = partial(BulkForm, deed=page["deed"], explains=page["deed"] in HIDING and must_explain_any(records))
    form = page["form"] = kind(request.POST if "step" in request.POST else None)
    if not form.fields:
        form = page["form"] = kind(request.POST)
    if not form.is_valid():
        page["title"] = Deed(page["deed"]).label
        return render(request, "desk/bulk/bulk_edit.html", page, status=422 if form.errors else 200)
    return preview_or_apply(request, form.change(), records, page, refused_on_list(request, "start_bulk"))


def bulk_of(request: SignedIn, key) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.user).filter(shape__in=shapes()), key=key)


@require_safe
@requires(Can.EDIT_REGISTER)
def bulk_result(request: SignedIn, key) -> HttpResponse:
    page = {"batch": bulk_of(request, key), "back_url": filtered_register(request.GET.get("list", ""))}
    return render(request, "desk/bulk/bulk_result.html", page)


@require_safe
@requires(Can.EDIT_REGISTER)
def bulk_progress(request: SignedIn, key) -> HttpResponse:
    """The progress bar as a fragment; when the work is done, it makes htmx load the whole page."""
    batch = bulk_of(request, key)
    if batch.state == Batch.State.APPLYING:
        return render(request, "desk/bulk/bulk_result.html#progress", {"batch": batch})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@requires(Can.EDIT_REGISTER)
def continue_bulk(request: SignedIn, key) -> HttpResponse:
    """Continue a change that was interrupted."""
    batch, query = bulk_of(request, key), request.GET.get("list", "")
    return run(batch, query) if batch.state == Batch.State.APPLYING else redirect_to_result(batch, query)


@require_POST
@requires(Can.EDIT_REGISTER)
def undo_bulk(request: SignedIn, key) -> HttpResponse:
    batch, query = bulk_of(request, key), request.GET.get("list", "")
    try:
        bulk.undo_bulk(batch=batch, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "undo_bulk")
        return redirect_to_result(batch, query)
    if batch.total > bulk.IN_A_REQUEST:
        enqueue(tasks.clear_bulk, str(batch.key), request.user.pk)
        messages.success(request, _("The records are being restored in the background."))
        return redirect_to_result(batch, query)
    left = bulk.clear_bulk(batch, by=request.user)
    messages.success(request, undone(left))
    return redirect_to_result(batch, query)


def undone(left: int) -> str:
    if not left:
        return _("Undone. All records have been restored.")
    sentence = ngettext(
        "Undone, except for %(count)d record that was changed again since.",
        "Undone, except for %(count)d records that were changed again since.",
        left,
    )
    return sentence % {"count": left}
