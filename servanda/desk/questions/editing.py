"""Pages that change a question; each view has the name of its service."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.questions.forms import QuestionLinksForm
from servanda.desk.questions.views import find_document
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, requires
from servanda.people.models import Institution
from servanda.people.requests.refusals import refusals_in_form
from servanda.planning.assignments import for_questions
from servanda.recommendations.editing import question_links
from servanda.sources.models import Question
from servanda.sources.questions import services as deeds
from servanda.sources.questions.forms import QuestionForm
from servanda.sources.questions.requests import requests_ended_by


def find_question(request: SignedIn, document: int, pk: int) -> Question:
    visible = Question.objects.visible_to(request.user).select_related("document", "asked_by")
    return get_object_or_404(visible, document=document, pk=pk)


def ask(request: SignedIn, form, question: Question, *, title: str) -> HttpResponse:
    context = {"form": form, "question": question, "title": title, "button": _("Save")}
    context["cancel_url"] = resolve_url(question)
    return render(request, "desk/questions/question_form.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_REGISTER)
def edit_question(request: SignedIn, document: int, pk: int) -> HttpResponse:
    question = find_question(request, document, pk)
    form = QuestionForm(request.POST or None, instance=find_question(request, document, pk), user=request.user)
    if request.method == "POST" and form.is_valid():
        given = {"institutions": form.cleaned_data["institutions"], "seen": form.cleaned_data["seen"]}
        named = {*form.cleaned_data["institutions"], *filter(None, [form.cleaned_data["lead"]])}
        ended = requests_ended_by(question, named)
        with refusals_in_form(request, form, "edit_question", edits=question):
            deeds.edit_question(question=question, values=form.values(), **given, by=request.user)
            messages.success(request, _("Saved."))
            report_ended(request, ended)
            return redirect(question)
    return ask(request, form, question, title=_("Edit question"))


def report_ended(request: SignedIn, institutions: Sequence[Institution]) -> None:
    if institutions:
        names = ", ".join(map(str, institutions))
        sentence = _("Open requests withdrawn, and the institutions notified: %(names)s.")
        messages.warning(request, sentence % {"names": names})


@require_POST
@requires(Can.EDIT_REGISTER)
def name_suggested(request: SignedIn, document: int) -> HttpResponse:
    """Name the suggested institutions for one question, or for all of the document."""
    questions = Question.objects.visible_to(request.user).filter(document=find_document(request, document))
    if (key := request.POST.get("question", "")).isdecimal():
        questions = questions.filter(pk=key[:18])
    shown = questions.select_related("document", "asked_by").prefetch_related("institutions")
    count = for_questions.name_suggested(questions=shown, on=timezone.localdate(), by=request.user)
    sentence = ngettext(
        "Institutions named for %(count)d question.", "Institutions named for %(count)d questions.", count
    )
    messages.success(request, sentence % {"count": count})
    return redirect("desk:document_questions", document)


@form_page
@requires(Can.EDIT_REGISTER)
def set_question_links(request: SignedIn, document: int, pk: int) -> HttpResponse:
    question = find_question(request, document, pk)
    linked = " ".join(link.recommendation.code for link in question_links.links_of(question, request.user))
    suggested = question_links.records_near(question, request.user)
    form = QuestionLinksForm(request.POST or None, user=request.user, suggested=suggested, initial={"codes": linked})
    if request.method == "POST" and form.is_valid():
        question_links.set_question_links(question=question, recommendations=form.records(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(question)
    return ask(request, form, question, title=_("Link recommendations"))
