"""Internal notes on a record, and its state on a past day."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn, find, find_open, known_to
from servanda.desk.record.forms import DayForm, NoteForm
from servanda.desk.record.responses import ask, back
from servanda.desk.record.views import visible_reason
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.recommendations.editing import notes
from servanda.recommendations.models import Note
from servanda.recommendations.pages.as_of import read_past
from servanda.recommendations.pages.detail import name_speakers


@form_page
@requires(Can.EDIT_REGISTER)
@makes_once
def add_note(request: SignedIn, code: str) -> HttpResponse:
    recommendation = find(request, code)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message = _("Note saved. It is visible only to users who may read internal notes.")
        if attempt(request, notes.add_note, message, recommendation=recommendation, text=form.cleaned_data["text"]):
            return back(recommendation)
    return ask(request, recommendation, form, title=_("Internal note"), button=_("Save"))


def note_on(request: SignedIn, code: str, pk: int) -> Note:
    """A note on a record that the person sees; hidden and missing ones are both 404."""
    notes_seen = Note.objects.visible_to(request.user).filter(recommendation=find(request, code))
    return get_object_or_404(notes_seen.select_related("recommendation"), pk=pk)


@require_POST
@requires(Can.READ_NOTES)
def withdraw_note(request: SignedIn, code: str, pk: int) -> HttpResponse:
    note = note_on(request, code, pk)
    attempt(request, notes.withdraw_note, _("Note withdrawn. You can restore it."), note=note)
    return back(note.recommendation)


@require_POST
@requires(Can.READ_NOTES)
def restore_note(request: SignedIn, code: str, pk: int) -> HttpResponse:
    note = note_on(request, code, pk)
    attempt(request, notes.restore_note, _("Note restored."), note=note)
    return back(note.recommendation)


@require_safe
@requires(Can.READ_INTERNAL)
def record_as_of(request: SignedIn, code: str) -> HttpResponse:
    """The page as it was at the end of a day, for those who may read the record today."""
    recommendation = find_open(request, code)
    form = DayForm(request.GET or None, last=timezone.localdate())
    page: dict = {"recommendation": recommendation, "form": form, "is_desk": True}
    if form.is_valid():
        page["on"] = form.cleaned_data["on"]
        drafts = can(request.user, Can.READ_DRAFT_POSITIONS)
        with_machine = not request.user.hides_machine_labels
        if record := read_past(recommendation, on=page["on"], with_drafts=drafts, with_machine=with_machine):
            name_speakers(record.attributed(), to=request.user)
            record.recommendation.withdrawn_reason = visible_reason(record.recommendation, known_to(request.user))
        page["record"] = record
    return render(request, "desk/record/record_as_of.html", page, status=422 if form.errors else 200)
