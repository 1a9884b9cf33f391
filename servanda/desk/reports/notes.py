"""Comments, suggestions and tasks on a section, and on all sections of a report."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_readable_section, find_report, short_number
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.reporting.models import ReportSection, SectionNote
from servanda.reporting.notes import services as deeds
from servanda.reporting.notes.forms import SectionNoteForm
from servanda.reporting.notes.queries import CLOSED, MINE, OPEN, NoteFilter, notes_in, people_for, threads_on
from servanda.reporting.notes.tables import COLUMNS, cells_of
from servanda.trail.models import Event

FORMATS = ("xlsx", "csv")
STATES = {OPEN: pgettext_lazy("of a comment", "Open"), CLOSED: pgettext_lazy("of a comment", "Closed")}


@require_safe
@requires(Can.READ_INTERNAL)
def section_notes(request: SignedIn, key: object, section: str) -> HttpResponse:
    """The threads on a section, beside its text."""
    shown = find_readable_section(request, key, section)
    threads = threads_on(shown, request.user)
    name_people(threads, request.user)
    context = {
        "section": shown,
        "threads": threads,
        "may_write": ReportSection.objects.visible_to(request.user).filter(pk=shown.pk).exists(),
    }
    return render(request, "desk/reports/section_notes.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def report_notes(request: SignedIn, key: object) -> HttpResponse:
    """The comments, suggestions and tasks on all sections of a report that this person reads."""
    shown, filters = find_report(request, key), NoteFilter.read(request.GET)
    found = notes_in(shown, request.user, filters)
    page = page_of(found.count(), number=filters.number)
    rows = list(found[slice_of(page)])
    names = shown_names((person for row in rows for person in (row.by, row.owner)), to=request.user)
    context = {
        "report": shown,
        "rows": [(row, names.get(row.by_id, ""), names.get(row.owner_id, "")) for row in rows],
        "asked": filters,
        "boxes": [
            filters.box("state", _("Status"), STATES.items()),
            filters.box("kind", _("Kind"), SectionNote.Kind.choices),
            filters.box("mine", _("People"), [(MINE, _("My own and those that I am to do"))]),
        ],
        "on": timezone.localdate(),
        "query": f"?{urlencode(filters.query())}" if filters.query() else "",
    }
    return render(request, "desk/reports/report_notes.html", context | pager(page, filters.query()))


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def report_notes_export(request: SignedIn, key: object, format: str) -> HttpResponseBase:
    """The same list as a file, with the replies of each thread."""
    shown = find_report(request, key)
    if format not in FORMATS:
        raise Http404
    found = notes_in(shown, request.user, NoteFilter.read(request.GET))
    if request.method == "GET":
        Event.record("report-notes-downloaded", shown, by=request.user, difference={"format": ["", format]})
    name = file_name(_("comments"), format, on=timezone.localdate())
    header = [str(label) for label in COLUMNS]
    return send_table(name, _("Comments and tasks"), header, cells_of(found, request.user), cover=[shown.title])


def name_people(threads: Sequence[SectionNote], user: User) -> None:
    """Set on each note and reply the names of its people as this reader may see them."""
    replies = [reply for note in threads for reply in note.replies.all()]
    people = [person for note in threads for person in (note.by, note.owner, note.closed_by)]
    names = shown_names([*people, *(reply.by for reply in replies)], to=user)
    for note in threads:
        vars(note).update(owner_name=names.get(note.owner_id, ""), closer_name=names.get(note.closed_by_id, ""))
    for note in [*threads, *replies]:
        vars(note)["writer_name"] = names.get(note.by_id, "")


@form_page
@requires(Can.READ_INTERNAL)
@makes_once
def add_section_note(request: SignedIn, key: object, section: str) -> HttpResponse:
    shown = find_readable_section(request, key, section)
    form = SectionNoteForm(request.POST or None, people=people_for(shown))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_section_note"):
            note = deeds.add_section_note(section=shown, values=form.values(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect(note)
    page = {"title": _("New comment"), "button": _("Save"), "form": form, "report": shown.report}
    page["cancel_url"] = resolve_url("desk:section_notes", key, section)
    return render(request, "desk/reports/report_form.html", page, status=422 if form.errors else 200)


def find_note(request: SignedIn, key: object, section: str, pk: int) -> SectionNote:
    rows = SectionNote.objects.visible_to(request.user).threads().select_related("section__report")
    return get_object_or_404(rows, section__report__key=key, section__key=section, pk=pk)


@require_POST
@requires(Can.READ_INTERNAL)
@makes_once
def reply_section_note(request: SignedIn, key: object, section: str, pk: int) -> HttpResponse:
    note = find_note(request, key, section, pk)
    attempt(request, deeds.reply_section_note, _("Saved."), note=note, text=request.POST.get("text", ""))
    return redirect(note)


@require_POST
@requires(Can.READ_INTERNAL)
def resolve_section_note(request: SignedIn, key: object, section: str, pk: int) -> HttpResponse:
    note = find_note(request, key, section, pk)
    is_suggestion = note.kind == SectionNote.Kind.SUGGESTION
    done = _("Suggestion declined. The text was not changed.") if is_suggestion else _("Saved.")
    attempt(request, deeds.resolve_section_note, done, note=note)
    return redirect(note)


@require_POST
@requires(Can.READ_INTERNAL)
def reopen_section_note(request: SignedIn, key: object, section: str, pk: int) -> HttpResponse:
    note = find_note(request, key, section, pk)
    attempt(request, deeds.reopen_section_note, _("Saved."), note=note)
    return redirect(note)


@require_POST
@requires(Can.READ_INTERNAL)
def accept_suggestion(request: SignedIn, key: object, section: str, pk: int) -> HttpResponse:
    """Put the suggested text into the section; its earlier text is among the versions."""
    note = find_note(request, key, section, pk)
    seen = short_number(request.POST.get("seen", ""))
    attempt(request, deeds.accept_suggestion, _("Suggestion accepted. The text was changed."), note=note, seen=seen)
    return redirect(note)
