"""Pages of imports: send, map, preview, decide, apply, undo."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.imports.forms import FilesForm
from servanda.desk.imports.histories import HISTORIES, History
from servanda.desk.imports.name_forms import names_form
from servanda.desk.imports.progress import step_of, steps_of, waiting_for
from servanda.desk.imports.queries import WAITING, batch_of, files_sent, first_step, waiting_for_somebody
from servanda.desk.parts.cell_comments import comments_of
from servanda.intake.models import Batch, StagedRow
from servanda.jobs.models import RunningWorker
from servanda.jobs.services import enqueue
from servanda.kit.pages.listing import pager
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse
from servanda.proceedings.documents import refuse_begun
from servanda.progress.assessments.bulk_publishing import unpublished
from servanda.recommendations import tasks
from servanda.recommendations.clusters.duplicates import pairs_to_merge
from servanda.recommendations.editing.turning import turned_paragraphs
from servanda.recommendations.imports import apply_undo, checking, findings, pipeline, publishing, row_decisions
from servanda.recommendations.imports.remarks import DATE_ORDER, line_of, order_remark
from servanda.recommendations.models import Recommendation, TextVersion
from servanda.recommendations.search.encoding import encoded
from servanda.sources.files import scans
from servanda.sources.models import Obligation, Question
from servanda.sources.tasks import read_document_units
from servanda.sources.units.conversion import is_to_be_converted
from servanda.sources.units.obligations import obligations_to_add
from servanda.sources.units.questions import questions_to_add
from servanda.sources.units.reading import SHAPE as DOCUMENT
from servanda.sources.units.rereading import can_be_read_as_document, is_scan
from servanda.sources.units.withheld import is_withheld_import

ROWS_A_PAGE = 50
BATCHES_A_PAGE = 25
REMARKS_SHOWN = 50


@require_safe
@requires(Can.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    only_waiting = request.GET.get("state") == WAITING
    batches = waiting_for_somebody(request.user) if only_waiting else files_sent(request.user)
    page = Paginator(batches.with_usable(), BATCHES_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        **pager(page, {"state": WAITING} if only_waiting else {}),
        **sending(HISTORIES.get(request.GET.get("history", ""))),
        "only_waiting": only_waiting,
    }
    return render(request, "desk/imports/imports.html", shown)


def sending(history: History | None, form: FilesForm | None = None) -> dict:
    """The form, the kinds of files to choose from, and the chosen one."""
    tabs = [{"label": _("Any file"), "href": reverse("desk:imports"), "is_current": history is None}]
    tabs += [
        {"label": kind.title, "href": f"{reverse('desk:imports')}?history={kind.key}", "is_current": kind is history}
        for kind in HISTORIES.values()
    ]
    return {"form": form or FilesForm(history=history), "histories": tabs}


@body_limit(600, to=holders(Can.IMPORT))
@require_POST
@requires(Can.IMPORT)
@makes_once
def receive_files(request: HttpRequest) -> HttpResponse:
    history = HISTORIES.get(request.POST.get("history", ""))
    form = FilesForm(request.POST, request.FILES, history=history)
    if not form.is_valid():
        page = Paginator(files_sent(request.user).with_usable(), BATCHES_A_PAGE).get_page(1)
        shown = {"page": page, **sending(history, form)}
        return render(request, "desk/imports/imports.html", shown, status=422)
    received = [batch for file in form.cleaned_data["files"] if (batch := receive_one(request, form, file))]
    if len(received) == 1:
        return redirect(first_step(received[0]), key=received[0].key)
    return redirect("desk:imports")


def receive_one(request: HttpRequest, form: FilesForm, file) -> Batch | None:
    """Receive one of several files; None if it is refused, which does not stop the others."""
    try:
        batch = pipeline.receive_file(
            file=file,
            name=file.name,
            by=request.user,
            country=form.cleaned_data["country"],
            publish=form.cleaned_data["publish"],
        )
    except Refused as refusal:
        refuse(request, refusal, "receive_one")
        return None
    if earlier := pipeline.same_file_before(batch):
        sentence = _("“%(name)s” was imported before, on %(date)s. Applying it again changes nothing.")
        messages.warning(request, sentence % {"name": batch.name, "date": earlier.applied_at.date()})
    if is_to_be_converted(batch):
        enqueue(tasks.convert_import, str(batch.key))
    elif batch.shape == DOCUMENT:
        enqueue(read_document_units, str(batch.key))
    elif batch.shape != "sheet":
        enqueue(tasks.preview_import, str(batch.key))
    return batch


@require_safe
@requires(Can.IMPORT)
def show_import(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    verdict = request.GET.get("verdict", "")
    rows = batch.rows.filter(verdict=verdict) if verdict in StagedRow.Verdict.values else batch.rows.all()
    context = {
        "batch": batch,
        "counts": verdict_tabs(batch),
        "verdict": verdict,
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "decisions": StagedRow.Decision.choices,
        "steps": steps_of(batch),
        "step": step_of(batch),
        "waiting": waiting_for(batch),
        "worker_runs": RunningWorker.objects.alive(on=timezone.now()).exists,
        "groups": row_decisions.proposal_groups(batch) if batch.state == Batch.State.PREVIEWED else [],
        "alike": pairs_of(batch, request.user),
        "batch_key": str(batch.key),
        "is_to_be_converted": is_to_be_converted(batch),
        "as_document": can_be_read_as_document(batch),
        "is_scan": is_scan(batch),
        "has_recognition": scans.program() is not None,
        "incoming": findings.incoming(batch),
        "remarks": remarks_of(batch),
        "order": order_remark(batch),
        **comments_of(batch, request.GET.get("comments")),
        "names_form": names_form(batch),
        "may_change_columns": batch.shape == "sheet" and batch.state in checking.AT_REST,
        "to_publish": publishing.records_to_publish(batch),
        "is_withheld": batch.shape == DOCUMENT and is_withheld_import(batch),
        "is_publishing": batch.publish or publishing.published_last(batch),
    }
    if batch.state == Batch.State.PREVIEWED and batch.shape == DOCUMENT:
        to_add = obligations_to_add(batch, turned_paragraphs(batch))
        context["obligations"] = [due for due in to_add if due.replaces is None]
        context["replacing"] = [due for due in to_add if due.replaces is not None]
        context["questions"] = questions_to_add(batch)
    if batch.state == Batch.State.APPLIED:
        context["records_added"] = Recommendation.every_kind.filter(added_by=batch).count()
        context["records_changed"] = records_changed(batch)
        context["encoded"], context["to_encode"] = encoded(TextVersion.objects.current().filter(added_by=batch))
        context["obligations_added"] = Obligation.objects.kept().filter(added_by=batch).count()
        context["questions_added"] = list(documents_asked_in(batch))
        context["unpublished"] = unpublished(request.user).filter(brought_by=batch).count()
    return render(request, "desk/imports/import.html", context)


def records_changed(batch: Batch) -> int:
    """As the preview announced; without one, as the register shows."""
    changed = batch.rows.filter(verdict=StagedRow.Verdict.CHANGED).count()
    return changed if changed or batch.rows.exists() else apply_undo.number_changed(batch)


def documents_asked_in(batch: Batch) -> QuerySet[Question, int]:
    """The key of the document of each question of an import."""
    return Question.objects.live().filter(added_by=batch).values_list("document", flat=True)


def remarks_of(batch: Batch) -> list[tuple[bool, str]]:
    rows = batch.remarks.exclude(field=DATE_ORDER)[:REMARKS_SHOWN]
    return [(remark.is_fatal, line_of(remark)) for remark in rows]


def pairs_of(batch: Batch, user) -> int:
    """The number of pairs of imported records that may be one recommendation of several States."""
    if batch.state != Batch.State.APPLIED or not can(user, Can.EDIT_REGISTER):
        return 0
    return pairs_to_merge(Recommendation.objects.visible_to(user), batch).count()


def verdict_tabs(batch: Batch) -> list[tuple[str, str, int]]:
    counts = findings.verdict_counts(batch)
    return [(value, label, counts[value]) for value, label in StagedRow.Verdict.choices]


@require_safe
@requires(Can.IMPORT)
def import_progress(request: HttpRequest, key) -> HttpResponse:
    """The progress bar as a fragment; when the work is done, it makes htmx load the whole page."""
    batch = batch_of(request, key)
    if batch.is_busy:
        return render(request, "desk/imports/import.html#progress", {"batch": batch})
    if waiting_for(batch):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@requires(Can.IMPORT)
def preview_again(request: HttpRequest, key) -> HttpResponse:
    """Check the file again: after undoing it, or after changes of the register, the vocabulary or the columns."""
    return check_again(request, key, checking.start_check, _("The file is being checked again."))


def check_again(request: HttpRequest, key, deed: Callable[..., object], message: str, **what: object) -> HttpResponse:
    """Call a service after which the file is checked again, by the worker."""
    batch = batch_of(request, key)
    if attempt(request, deed, message, batch=batch, **what):
        enqueue(tasks.preview_import, str(batch.key))
    return redirect("desk:show_import", key=key)


@require_POST
@requires(Can.IMPORT)
def assume_country(request: HttpRequest, key) -> HttpResponse:
    """Treat rows without a State as this State's, and check the file again."""
    message = _("Rows without a State are now assigned to this State. The file is being checked again.")
    return check_again(request, key, checking.assume_country, message)


@require_POST
@requires(Can.IMPORT)
def set_date_order(request: HttpRequest, key) -> HttpResponse:
    """Read the other number of ambiguous dates first, also in new files of this sender, and check the file again."""
    month_first = request.POST.get("order") == "month"
    message = _(
        "The order of dates is saved for this file and new files of the sender. The file is being checked again."
    )
    return check_again(request, key, checking.set_date_order, message, month_first=month_first)


@require_POST
@requires(Can.IMPORT)
def take_comments(request: HttpRequest, key) -> HttpResponse:
    """Take comments in cells as internal notes, or leave them, and check the file again."""
    takes = "take" in request.POST
    message = _("Comments will be imported as notes. The file is being checked again.")
    if not takes:
        message = _("Comments will not be imported. The file is being checked again.")
    return check_again(request, key, checking.take_comments, message, takes=takes)


@require_POST
@requires(Can.IMPORT)
def decide_rows(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    numbers = [int(number) for number in request.POST.getlist("row") if number.isdecimal() and len(number) < 10]
    decision = request.POST.get("decision", "")
    try:
        if decision not in StagedRow.Decision.values or not numbers:
            raise Refused(_("Select at least one row and a decision."))
        changed = row_decisions.decide_rows(batch=batch, numbers=numbers, decision=decision, by=request.user)
        message = ngettext("Decision saved for %(count)d row.", "Decision saved for %(count)d rows.", changed)
        messages.success(request, message % {"count": changed})
    except Refused as refusal:
        refuse(request, refusal, "decide_rows")
    return redirect("desk:show_import", key=key)


@require_POST
@requires(Can.IMPORT)
def decide_group(request: HttpRequest, key) -> HttpResponse:
    """Decide for all rows with one reason: same record, new record, or undecided again."""
    batch = batch_of(request, key)
    decision, reason = request.POST.get("decision"), request.POST.get("reason", "")
    try:
        if decision not in {"", StagedRow.Decision.SAME, StagedRow.Decision.NEW} or not reason:
            raise Refused(_("Select a group of rows and a decision."))
        changed = row_decisions.decide_group(batch=batch, reason=reason, decision=decision, by=request.user)
        message = ngettext("Decision saved for %(count)d row.", "Decision saved for %(count)d rows.", changed)
        if not decision:
            message = ngettext("Decision on %(count)d row undone.", "Decisions on %(count)d rows undone.", changed)
        messages.success(request, message % {"count": changed})
    except Refused as refusal:
        refuse(request, refusal, "decide_group")
    return redirect("desk:show_import", key=key)


@require_POST
@requires(Can.IMPORT)
def apply_import(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    try:
        refuse_begun(batch)
        choices = {name: name in request.POST for name in ("accept_refused", "publish")}
        pipeline.start_applying(batch=batch, by=request.user, **choices)
        enqueue(tasks.apply_import, str(batch.key))
    except Refused as refusal:
        refuse(request, refusal, "apply_import")
    return redirect("desk:show_import", key=key)


@require_POST
@requires(Can.IMPORT)
def undo_import(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    message = _("Import undone. The imported data are no longer shown.")
    if attempt(request, pipeline.undo_batch, message, batch=batch):
        enqueue(tasks.clean_imports)
    return redirect("desk:show_import", key=key)


@require_POST
@requires(Can.IMPORT)
def discard_import(request: HttpRequest, key) -> HttpResponse:
    batch = batch_of(request, key)
    message = _("Import discarded. The register was not changed.")
    if attempt(request, pipeline.discard_batch, message, batch=batch):
        enqueue(tasks.clean_imports)
    return redirect("desk:imports")
