"""Answer sheets of a round: downloaded, filled in elsewhere, sent back, looked at, taken over or not."""

import json

from django import forms
from django.conf import settings
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.intake.models import Batch, StagedRow
from servanda.jobs.services import enqueue
from servanda.kit.files.downloads import send_file
from servanda.kit.pages.forms import DateInput, form_page
from servanda.kit.pages.listing import page_number, page_of, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse, refuse_in_form
from servanda.progress import tasks
from servanda.progress.models import AnswerSheet, InputRequest
from servanda.progress.rounds import answer_sheet_import as deeds
from servanda.progress.rounds.answer_sheet import LABELS, blocks
from servanda.progress.rounds.answer_sheet_writing import MOST_IN_WORD, WRITERS, write_docx_parts
from servanda.trail.models import Event

ROWS_A_PAGE = 50


class AnswersForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Filled-in answer sheet"), help_text=gettext_lazy("XLSX, ODS or DOCX, as it came.")
    )
    letter = forms.CharField(
        label=gettext_lazy("Letter no."), max_length=80, help_text=gettext_lazy("By which the answers came.")
    )
    letter_date = forms.DateField(label=gettext_lazy("Date of the letter"), widget=DateInput)

    def __init__(self, *args, by_letter: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not by_letter:
            del self.fields["letter"], self.fields["letter_date"]


def requested_follow_ups(request: SignedIn, pk: int) -> InputRequest:
    there = InputRequest.objects.visible_to(request.user).select_related("round", "institution")
    return get_object_or_404(there, pk=pk)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def answer_sheet(request: SignedIn, pk: int, format: str) -> FileResponse:
    asked = requested_follow_ups(request, pk)
    language = request.GET.get("language") or get_language() or settings.LANGUAGE_CODE
    if format not in WRITERS or language not in dict(settings.LANGUAGES):
        raise Http404
    found = blocks(asked, to=request.user, language=language)
    stem, ending = f"servanda-answers-{asked.pk}-{language}", format
    with translation.override(language):
        if format == "docx" and len(found) > MOST_IN_WORD:
            file, ending = write_docx_parts(asked, found, stem), "zip"
        else:
            file = WRITERS[format](asked, found)
    Event.record("answer-sheet-downloaded", asked, by=request.user, difference={"format": ["", ending]})
    return send_file(file, f"{stem}.{ending}")


@body_limit(20, to=holders(Can.WRITE_UPDATE, Can.PUBLISH_UPDATE))
@form_page
@requires(Can.READ_INTERNAL)
@makes_once
def send_answers(request: SignedIn, pk: int) -> HttpResponse:
    """The sheet of one request in every language, and the place to send it back to."""
    asked = requested_follow_ups(request, pk)
    is_own = InputRequest.objects.in_scope_of(request.user).filter(pk=pk).exists()
    may_send = is_own or can(request.user, Can.PUBLISH_UPDATE)
    form = AnswersForm(request.POST or None, request.FILES or None, by_letter=not is_own)
    if request.method == "POST" and form.is_valid():
        said = {"letter": "", "letter_date": None, **form.cleaned_data}
        try:
            sheet = deeds.send_answers(request=asked, name=said["file"].name, **said, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "send_answers")
        else:
            enqueue(tasks.preview_answers, str(sheet.batch.key))
            return redirect("desk:show_answers", key=sheet.batch.key)
    page = {"asked": asked, "form": form, "may_send": may_send, "sheets": deeds.sheets_of(request.user, [asked])}
    page |= {"languages": settings.LANGUAGES, "formats": ["docx", "xlsx"], "most_in_word": MOST_IN_WORD}
    return render(request, "desk/sheets/send_answers.html", page, status=422 if form.errors else 200)


def sheet_of(request: SignedIn, key) -> AnswerSheet:
    there = AnswerSheet.objects.visible_to(request.user)
    there = there.select_related("batch__created_by", "request__round", "request__institution")
    return get_object_or_404(there, batch__key=key)


@require_safe
@requires(Can.READ_INTERNAL)
def show_answers(request: SignedIn, key) -> HttpResponse:
    sheet = sheet_of(request, key)
    batch, verdict = sheet.batch, request.GET.get("verdict", "")
    rows = batch.rows.filter(verdict=verdict) if verdict in StagedRow.Verdict.values else batch.rows.all()
    page = page_of(rows.count(), number=page_number(request.GET), size=ROWS_A_PAGE)
    counts = dict(batch.rows.order_by().values_list("verdict").annotate(Count("pk")))
    shown = [choice for choice in StagedRow.Verdict.choices if choice[0] != StagedRow.Verdict.PROPOSED]
    context = {
        "sheet": sheet,
        "batch": batch,
        "page": page,
        "rows": [(row, fields_of(row)) for row in rows[slice_of(page)]],
        "verdict": verdict,
        "counts": [(value, label, counts.get(value, 0)) for value, label in shown],
        "step": 3 if batch.state in {Batch.State.APPLYING, Batch.State.APPLIED, Batch.State.UNDONE} else 2,
    }
    return render(request, "desk/sheets/show_answers.html", context)


def fields_of(row: StagedRow) -> list[tuple[object, str]]:
    said = json.loads(row.difference)["said"] if row.difference else {}
    return [(LABELS[name], value) for name, value in said.items() if value]


@require_safe
@requires(Can.READ_INTERNAL)
def answers_progress(request: SignedIn, key) -> HttpResponse:
    """The progress bar alone; when the work is done the whole page is asked for."""
    batch = sheet_of(request, key).batch
    if batch.is_busy or batch.state == Batch.State.UPLOADED:
        return render(request, "desk/sheets/_answers_progress.html", {"batch": batch})
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@requires(Can.READ_INTERNAL)
def apply_answers(request: SignedIn, key) -> HttpResponse:
    batch = sheet_of(request, key).batch
    try:
        deeds.start_answers(batch=batch, accept_refused="accept_refused" in request.POST)
        enqueue(tasks.apply_answers, str(batch.key), request.user.pk)
    except Refused as refusal:
        refuse(request, refusal, "apply_answers")
    return redirect("desk:show_answers", key=key)


@require_POST
@requires(Can.READ_INTERNAL)
def undo_answers(request: SignedIn, key) -> HttpResponse:
    done = _("Undone. What somebody changed since stays, and says so.")
    attempt(request, deeds.undo_answers, done, batch=sheet_of(request, key).batch)
    return redirect("desk:show_answers", key=key)


@require_POST
@requires(Can.READ_INTERNAL)
def discard_answers(request: SignedIn, key) -> HttpResponse:
    sheet = sheet_of(request, key)
    done = _("The file is discarded. Nothing of it was taken over.")
    attempt(request, deeds.discard_answers, done, batch=sheet.batch)
    return redirect("desk:send_answers", pk=sheet.request_id)
