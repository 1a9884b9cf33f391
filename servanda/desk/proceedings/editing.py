"""Add, edit, withdraw and restore a communication; its steps; the institutions and questions."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.proceedings.finding import ask, back, find_proceeding, rebased, save_with_service, saved
from servanda.desk.proceedings.scans import attach_scan, scan_in
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.models import Institution
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt
from servanda.proceedings.contents import institutions, questions
from servanda.proceedings.contents.owners import possible_owners
from servanda.proceedings.life import services, steps
from servanda.proceedings.life.forms import (
    DialogueQuestionRows,
    NamedRows,
    ProceedingForm,
    QuestionRows,
    ReturnStepForm,
    TakeStepForm,
    VersionForm,
    institution_choices,
    named_of,
    questions_of,
)
from servanda.proceedings.life.needs import question_before
from servanda.proceedings.models import Proceeding
from servanda.recommendations.editing.forms import ReasonForm


@form_page
@requires(Can.RUN_PROCEEDINGS)
@makes_once
def add_proceeding(request: SignedIn) -> HttpResponse:
    chosen = {"type": request.GET.get("type", ""), "bodies": request.GET.getlist("bodies")}
    form, scan = ProceedingForm(request.POST or None, initial=chosen), scan_in(request)
    page: dict = {"title": _("New communication, visit, case or dialogue"), "button": _("Save"), "scan": scan}
    if request.method == "POST" and form.is_valid():
        values = form.values()
        message = _("Saved. Now name the institutions.")
        if save_with_service(request, form, services.add_proceeding, message, page, values=values):
            made = Proceeding.objects.get(kind=values.kind, reference=clean_reference(values.reference))
            if scan is not None:
                attach_scan(request, scan, made)
            return redirect(made)
    return ask(request, None, form, **page)


def clean_reference(reference: str) -> str:
    return services.clean_label(reference)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def edit_proceeding(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    form = ProceedingForm(request.POST or None, proceeding=proceeding)
    page: dict = {"title": _("Edit"), "button": _("Save")}
    if request.method == "POST" and form.is_valid():
        what = {"proceeding": proceeding, "values": form.values(), "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, services.edit_proceeding, saved(), page, **what):
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, proceeding.version)
    return ask(request, proceeding, form, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def withdraw_proceeding(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    form = ReasonForm(request.POST or None)
    lead = _("It is removed from all lists. Its page shows the reason, and you can restore it from there.")
    page: dict = {"title": _("Withdraw this entry"), "button": _("Withdraw"), "lead": lead, "is_danger": True}
    if request.method == "POST" and form.is_valid():
        message, what = _("The entry was withdrawn."), {"proceeding": proceeding}
        reason = form.cleaned_data["reason"]
        if save_with_service(request, form, services.withdraw_proceeding, message, page, reason=reason, **what):
            return back(proceeding)
    return ask(request, proceeding, form, **page)


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def restore_proceeding(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = get_object_or_404(Proceeding.objects.former_for(request.user), key=key)
    attempt(request, services.restore_proceeding, _("The entry was restored."), proceeding=proceeding)
    return back(proceeding)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def take_step(request: SignedIn, key: UUID, step: str) -> HttpResponse:
    """Take the step on a date; the page of the communication shows what is missing for it."""
    proceeding = find_proceeding(request, key)
    following = {next_step.code: next_step for next_step in proceeding.following}
    if step not in following:
        return back(proceeding)
    form = TakeStepForm(request.POST or None, initial={"version": proceeding.version})
    title = _("Mark as “%(step)s”") % {"step": following[step].label}
    page: dict = {"title": title, "button": _("Move to this step"), "lead": question_before(proceeding, step)}
    if request.method == "POST" and form.is_valid():
        what = {"step": step, "on": form.cleaned_data["on"], "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, steps.take_step, saved(), page, proceeding=proceeding, **what):
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, proceeding.version)
    return ask(request, proceeding, form, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def return_step(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    form = ReturnStepForm(request.POST or None, proceeding=proceeding, initial={"version": proceeding.version})
    page: dict = {"title": _("Return to an earlier step"), "button": _("Return to an earlier step")}
    if request.method == "POST" and form.is_valid():
        what = {name: form.cleaned_data[name] for name in ("step", "reason")}
        what |= {"proceeding": proceeding, "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, steps.return_step, saved(), page, **what):
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, proceeding.version)
    return ask(request, proceeding, form, **page)


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_named_institutions(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    initial = [{"institution": row.institution_id, "due_on": row.due_on} for row in proceeding.named.all()]
    form = VersionForm(request.POST or None, initial={"version": proceeding.version})
    kwargs = {"choices": institution_choices(proceeding)}
    rows = NamedRows(request.POST or None, initial=initial, prefix="row", form_kwargs=kwargs)
    lead = _("Each institution that you name sees the facts, its own questions and its own answer.")
    page: dict = {"title": _("Institutions"), "button": _("Save"), "rows": rows, "lead": lead}
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        what = {"proceeding": proceeding, "named": named_of(rows), "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, institutions.set_named_institutions, saved(), page, **what):
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, proceeding.version)
    return ask(request, proceeding, form, **page, is_faulty=request.method == "POST" and not rows.is_valid())


@form_page
@requires(Can.RUN_PROCEEDINGS)
def set_questions(request: SignedIn, key: UUID) -> HttpResponse:
    proceeding = find_proceeding(request, key)
    initial = [
        {
            "number": row.number,
            "text": row.text,
            "language": row.language,
            "institutions": [place.pk for place in row.institutions.all()],
            "origin": row.origin,
            "due_at": row.due_at,
            "answer": row.answer,
            "owner": row.owner_id,
        }
        for row in proceeding.questions.prefetch_related("question__institutions")
    ]
    form = VersionForm(request.POST or None, initial={"version": proceeding.version})
    named = list(Institution.objects.filter(pk__in=proceeding.named.values("institution")))
    rows_of_kind, kwargs = QuestionRows, {"named": named}
    if proceeding.kind_facts.is_dialogue:
        rows_of_kind = DialogueQuestionRows
        kwargs["people"] = list(possible_owners(proceeding, [place.pk for place in named]))
    rows = rows_of_kind(request.POST or None, initial=initial, prefix="row", form_kwargs=kwargs)
    lead = _("To remove a question, clear its number and text. Save to add more rows.")
    page: dict = {"title": _("Questions"), "button": _("Save"), "rows": rows, "lead": lead}
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        what = {"proceeding": proceeding, "questions": questions_of(rows), "seen": form.cleaned_data["version"]}
        if save_with_service(request, form, questions.set_questions, saved(), page, **what):
            return back(proceeding)
        if "conflict" in page:
            form = rebased(form, proceeding.version)
    return ask(request, proceeding, form, **page, is_faulty=request.method == "POST" and not rows.is_valid())
