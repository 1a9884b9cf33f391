"""Create a communication or a case from a document: check the values read, then create; with undo."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.imports.queries import batch_of
from servanda.desk.proceedings.finding import ask, find_proceeding
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, record_refusal, refuse_in_form
from servanda.proceedings import documents, letters
from servanda.proceedings.cases.forms import measures_in
from servanda.proceedings.document_forms import FromDocumentForm, rows_for
from servanda.proceedings.letters import communication_of
from servanda.proceedings.life.forms import questions_of
from servanda.proceedings.models import Proceeding
from servanda.sources.models import DocumentReading


def find_reading(request: SignedIn, key: UUID) -> DocumentReading:
    return get_object_or_404(DocumentReading.objects.select_related("batch"), batch=batch_of(request, key))


@form_page
@requires(Can.RUN_PROCEEDINGS)
@makes_once
def create_from_document(request: SignedIn, key: UUID) -> HttpResponse:
    """The form holds what the document proposes; only what a person saves is created."""
    reading = find_reading(request, key)
    if (proposal := documents.propose(reading)) is None:
        raise Http404
    form = FromDocumentForm(request.POST or None, proposal=proposal, reading=reading)
    rows = rows_for(proposal, request.POST or None)
    title = _("Create a case from this document") if form.is_case else _("Create a communication from this letter")
    page: dict = {"title": title, "button": _("Create"), "rows": rows, "lead": form.lead}
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        what = {"reading": reading, **form.facts()}
        what |= {"measures": measures_in(rows) if form.is_case else []}
        what |= {"questions": [] if form.is_case else questions_of(rows)}
        try:
            made = documents.create_from_document(**what, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "create_from_document")
            page["taken"] = getattr(refusal, "taken", None)
        else:
            attach_file(request, made, reading)
            undo = resolve_url("desk:undo_from_document", made.key)
            messages.success(request, _("Created. Now name the institutions."), extra_tags=undo)
            return redirect(made)
    return ask(request, None, form, **page, is_faulty=request.method == "POST" and not rows.is_valid())


def attach_file(request: SignedIn, proceeding: Proceeding, reading: DocumentReading) -> None:
    """Add the file of the letter to what was created of it; if that is refused, the rest stays."""
    if not documents.is_letter(reading):
        return
    try:
        letters.add_letter_file(proceeding=proceeding, reading=reading, by=request.user)
    except Refused as refusal:
        record_refusal(request, refusal, "attach_letter")
        messages.warning(request, str(refusal))  # not a refusal of the form, which has created the entry


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def attach_letter(request: SignedIn, key: UUID) -> HttpResponse:
    """Attach the letter to the communication of its reference."""
    reading = find_reading(request, key)
    if (proceeding := communication_of(reading, request.user)) is None:
        raise Http404
    undo = resolve_url("desk:detach_letter", proceeding.key)
    message = _("Letter attached.")
    attempt(request, letters.attach_letter, message, undo=undo, proceeding=proceeding, reading=reading)
    return redirect(proceeding)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def detach_letter(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    attempt(request, letters.detach_letter, _("Undone. The letter was detached."), proceeding=proceeding)
    return redirect(proceeding)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def undo_from_document(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    message = _("Undone. The entry and its measures were withdrawn.")
    attempt(request, documents.undo_from_document, message, proceeding=proceeding)
    return redirect(proceeding)
