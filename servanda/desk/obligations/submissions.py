"""Pages of extensions, letters and the submission of one obligation."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.obligations.editing import ask, back, find_obligation
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse, refuse_in_form
from servanda.proceedings.submissions import extensions as of_proceedings
from servanda.recommendations.editing.forms import ReasonForm
from servanda.sources.models import Extension, Obligation
from servanda.sources.obligations import extensions
from servanda.sources.obligations import submissions as deeds
from servanda.sources.obligations.forms import AnswerExtensionForm, AskExtensionForm, LetterForm, SubmissionForm
from servanda.sources.obligations.repeating import add_next

OF_OBLIGATIONS = SimpleNamespace(
    ask_extension=extensions.ask_extension,
    answer_extension=extensions.answer_extension,
    take_back_extension=extensions.take_back_extension,
    add_letter=deeds.add_letter,
    remove_letter=deeds.remove_letter,
)


def services_of(obligation: Obligation) -> Any:
    """The same services, of obligations or of the proceedings whose deadlines they are."""
    return of_proceedings if obligation.is_derived else OF_OBLIGATIONS


def save(request: SignedIn, form, deed: Callable, message: str, *, undo: str = "", **what: object) -> bool:
    """Call the service with a valid form; on refusal, show the reason in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed(**what, **form.cleaned_data, by=request.user)
    except Refused as refusal:
        refuse_in_form(request, form, refusal, deed.__name__)
        return False
    messages.success(request, message, extra_tags=undo)
    return True


@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def ask_extension(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = AskExtensionForm(request.POST or None, initial={"asked_on": timezone.localdate()})
    if save(
        request,
        form,
        services_of(obligation).ask_extension,
        _("Request for an extension saved."),
        obligation=obligation,
    ):
        return back(obligation)
    return ask(request, form, title=_("Request for an extension"), button=_("Save"), obligation=obligation)


def find_extension(obligation: Obligation, pk: int) -> Extension:
    return get_object_or_404(obligation.extensions.all(), pk=pk)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def answer_extension(request: SignedIn, code: str, pk: int) -> HttpResponse:
    obligation = find_obligation(request, code)
    extension = find_extension(obligation, pk)
    start = {"answered_on": timezone.localdate(), "granted_until": extension.asked_until}
    form = AnswerExtensionForm(request.POST or None, initial=start)
    undo = resolve_url("desk:take_back_extension", code, pk)
    answer = services_of(obligation).answer_extension
    if save(request, form, answer, _("Answer of the body saved."), undo=undo, extension=extension):
        return back(obligation)
    return ask(request, form, title=_("Answer of the body"), button=_("Save"), obligation=obligation)


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
def take_back_extension(request: SignedIn, code: str, pk: int) -> HttpResponse:
    obligation = find_obligation(request, code)
    extension = find_extension(obligation, pk)
    attempt(request, services_of(obligation).take_back_extension, _("Undone."), extension=extension)
    return back(obligation)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
@makes_once
def add_letter(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = LetterForm(request.POST or None, initial={"on": timezone.localdate()})
    if save(request, form, services_of(obligation).add_letter, _("Letter saved."), obligation=obligation):
        return back(obligation)
    return ask(request, form, title=_("New letter"), button=_("Save"), obligation=obligation)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def remove_letter(request: SignedIn, code: str, pk: int) -> HttpResponse:
    obligation = find_obligation(request, code)
    letter = get_object_or_404(obligation.letters.all(), pk=pk)
    if request.method == "POST":
        attempt(
            request, services_of(obligation).remove_letter, _("Letter removed. The history keeps it."), letter=letter
        )
        return back(obligation)
    lead = " · ".join(filter(None, [date_format(letter.on), letter.get_kind_display(), letter.reference]))
    page = {"title": _("Remove this letter?"), "button": _("Remove"), "lead": lead, "is_danger": True}
    return ask(request, Form(), obligation=obligation, **page)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def record_submission(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = SubmissionForm(request.POST or None, obligation=obligation)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "record_submission", edits=obligation):
            seen = form.cleaned_data["version"]
            deeds.record_submission(obligation=obligation, values=form.values(), seen=seen, by=request.user)
            messages.success(request, _("Submission saved."))
            return back(obligation)
    lead = _("The proof of the submission: the note verbale, the channel, and the acknowledgement once it arrives.")
    page = {"title": _("Submission"), "button": _("Save"), "lead": lead}
    return ask(request, form, obligation=obligation, **page)


@require_POST
@requires(Can.EDIT_OBLIGATIONS)
def add_next_obligation(request: SignedIn, code: str) -> HttpResponse:
    """Add the next one of an obligation that is repeated, and show it."""
    obligation = find_obligation(request, code)
    try:
        added = add_next(obligation=obligation, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "add_next_obligation")
        return back(obligation)
    messages.success(request, _("Next obligation added. It is not published yet."))
    return back(added)


@form_page
@requires(Can.EDIT_OBLIGATIONS)
def take_back_submission(request: SignedIn, code: str) -> HttpResponse:
    obligation = find_obligation(request, code)
    form = ReasonForm(request.POST or None)
    message = _("Submission removed. The obligation returns to its earlier status.")
    if save(request, form, deeds.take_back_submission, message, obligation=obligation):
        return back(obligation)
    lead = _("The proof is removed. The history keeps it.")
    page = {"title": _("Remove submission"), "button": _("Remove"), "lead": lead, "is_danger": True}
    return ask(request, form, obligation=obligation, **page)
