"""Spreadsheets of all kinds: send a file, look at what it would change, apply, undo; download what is recorded."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.parts.cell_comments import comments_of
from servanda.desk.record.access import SignedIn
from servanda.intake import tasks
from servanda.intake.models import Batch, StagedRow
from servanda.intake.people_sheets import export
from servanda.intake.sheets import services as sheets
from servanda.intake.sheets.kinds import SheetKind
from servanda.jobs.models import RunningWorker
from servanda.jobs.services import enqueue
from servanda.kit.files.downloads import send_file, send_table
from servanda.kit.pages.addresses import origin_of
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import choice_in, page_number, pager
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, holders, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse
from servanda.progress.models import InputRequest
from servanda.progress.rounds.answer_sheet import blocks
from servanda.progress.rounds.answer_sheet_writing import MOST_IN_WORD, WRITERS, write_docx_parts
from servanda.trail.models import Event

ROWS_A_PAGE = 50
SHEETS_A_PAGE = 25
Verdict, State = StagedRow.Verdict, Batch.State
SHOWN = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED)
CHECKED = {State.APPLYING, State.APPLIED, State.UNDONE}


def requires_of_kind(view: Callable) -> Callable:
    """Guard a page of spreadsheets with the permission of the kind in its address."""

    @wraps(view)
    def guarded(request: HttpRequest, *, kind: SheetKind, **kwargs: Any) -> HttpResponse:
        return requires(kind.permission)(view)(request, kind=kind, **kwargs)

    guarded.permission_of_kind = True  # type: ignore[attr-defined]  # -- the tests compare it with their table
    return guarded


def may_send_large(user: object, *, kind: SheetKind, **_address: object) -> bool:
    return holders(*(kind.senders or [kind.permission]))(user)


def find_sheet(request: SignedIn, kind: SheetKind, key) -> Batch:
    return get_object_or_404(kind.visible_to(request.user), key=key)


def find_subject(request: SignedIn, kind: SheetKind, pk: int | None) -> Any:
    """What the sheets of a page are about; a kind has such a thing for each page, or for none."""
    subjects = kind.subjects(request.user)
    if (subjects is None) != (pk is None):
        raise Http404
    return None if subjects is None else get_object_or_404(subjects, pk=pk)


@body_limit(20, to=may_send_large)
@form_page
@requires_of_kind
@makes_once
def send_sheet(request: SignedIn, kind: SheetKind, pk: int | None = None) -> HttpResponse:
    """The files of one kind that were sent so far, and the place to send another one."""
    subject = find_subject(request, kind, pk)
    form = kind.form(subject, request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.pop("file")
        sent = {"file": file, "name": file.name, "subject": subject, "values": form.cleaned_data}
        with refusals_in_form(request, form, "send_sheet"):
            batch = sheets.send_sheet(kind=kind, **sent, by=request.user)
            enqueue(tasks.preview_sheet, str(batch.key))
            return redirect("desk:sheet", kind=kind, key=batch.key)
    page = Paginator(kind.sent_about(subject, request.user), SHEETS_A_PAGE).get_page(page_number(request.GET))
    context = pager(page) | {
        "kind": kind,
        "form": form,
        "may_send": kind.may_send(subject, request.user),
        "up": kind.up(subject, request.user),
        "subtitle": kind.subtitle(subject),
        "downloads": list(kind.downloads(subject)),
        "explanations": kind.explanations(),
    }
    return render(request, "desk/sheets/send_sheet.html", context, status=422 if form.errors else 200)


@require_safe
@requires_of_kind
def sheet(request: SignedIn, kind: SheetKind, key) -> HttpResponse:
    batch = find_sheet(request, kind, key)
    verdict = choice_in(request.GET, "verdict", SHOWN)
    rows = batch.rows.filter(verdict=verdict) if verdict else batch.rows.all()
    page = Paginator(rows, ROWS_A_PAGE).get_page(page_number(request.GET))
    counts = dict(batch.rows.values_list("verdict").annotate(Count("pk")).order_by())
    context = pager(page, {"verdict": verdict} if verdict else None) | {
        "kind": kind,
        "batch": batch,
        "rows": [(row, kind.changes(row)) for row in page],
        "verdict": verdict,
        "counts": [(shown.value, shown.label, counts.get(shown, 0)) for shown in SHOWN],
        "step": 3 if batch.state in CHECKED else 2,
        "is_busy": is_busy(batch),
        "worker_runs": RunningWorker.objects.alive(on=timezone.now()).exists,
        "facts": kind.facts(batch),
        **comments_of(batch, request.GET.get("comments")),
        "note": kind.note_before_applying(batch),
        "result": kind.result(batch),
        "sending_url": kind.sending_url(batch),
        "form": kind.apply_form(batch),
    }
    return render(request, "desk/sheets/sheet.html", context)


def is_busy(batch: Batch) -> bool:
    """A file that was just sent is about to be read."""
    return batch.is_busy or batch.state == State.UPLOADED


@require_safe
@requires_of_kind
def sheet_progress(request: SignedIn, kind: SheetKind, key) -> HttpResponse:
    """The progress bar alone; when the work is done, the browser asks for the whole page."""
    batch = find_sheet(request, kind, key)
    if is_busy(batch):
        return render(request, "desk/sheets/_sheet_progress.html", {"kind": kind, "batch": batch})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@requires_of_kind
def apply_sheet(request: SignedIn, kind: SheetKind, key) -> HttpResponse:
    batch = find_sheet(request, kind, key)
    form = kind.apply_form(batch, request.POST)
    options = form.cleaned_data if form.is_valid() else {}
    try:
        sheets.start_sheet(batch=batch, options=options)
        enqueue(tasks.apply_sheet, str(batch.key), request.user.pk, options, origin_of(request))
    except Refused as refusal:
        refuse(request, refusal, "apply_sheet")
    return redirect("desk:sheet", kind=kind, key=key)


@require_POST
@requires_of_kind
def undo_sheet(request: SignedIn, kind: SheetKind, key) -> HttpResponse:
    batch = find_sheet(request, kind, key)
    attempt(request, sheets.undo_sheet, _("Import undone."), batch=batch)
    return redirect("desk:sheet", kind=kind, key=key)


@require_POST
@requires_of_kind
def discard_sheet(request: SignedIn, kind: SheetKind, key) -> HttpResponse:
    batch = find_sheet(request, kind, key)
    sending_url = kind.sending_url(batch)
    attempt(request, sheets.discard_sheet, _("File discarded. No changes were made."), batch=batch)
    return redirect(sending_url)


@require_safe
@requires_of_kind
def sheet_template(request: SignedIn, kind: SheetKind) -> HttpResponse:
    if not kind.has_template:
        raise Http404
    return send_file(kind.template(), f"servanda-{kind.code}-template.xlsx")


@heavy(FILE)
@require_safe
@requires(Can.MANAGE_PEOPLE)
def export_people(request: SignedIn, what: str) -> HttpResponse:
    """Both tables as a workbook, or one of them as CSV."""
    if what not in {"all.xlsx", "institutions.csv", "people.csv"}:
        raise Http404
    tables, today = export.export_people(by=request.user, format=what), timezone.localdate()
    if what == "all.xlsx":
        return send_file(export.workbook_of(tables), file_name(_("People"), "xlsx", on=today))
    title = _("People") if what == "people.csv" else _("Institutions")
    return send_table(file_name(title, "csv", on=today), "", *tables[what.removesuffix(".csv")])


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def answer_sheet(request: SignedIn, pk: int, format: str) -> FileResponse:
    """What a round still asks of an institution, to be filled in and sent back."""
    input_request = get_object_or_404(
        InputRequest.objects.visible_to(request.user).select_related("round", "institution"), pk=pk
    )
    language = request.GET.get("language") or get_language() or settings.LANGUAGE_CODE
    if format not in WRITERS or language not in dict(settings.LANGUAGES):
        raise Http404
    unanswered = blocks(input_request, to=request.user, language=language)
    stem, ending = f"servanda-answers-{input_request.pk}-{language}", format
    with translation.override(language):
        if format == "docx" and len(unanswered) > MOST_IN_WORD:
            file, ending = write_docx_parts(input_request, unanswered, stem), "zip"
        else:
            file = WRITERS[format](input_request, unanswered)
    Event.record("answer-sheet-downloaded", input_request, by=request.user, difference={"format": ["", ending]})
    return send_file(file, f"{stem}.{ending}")
