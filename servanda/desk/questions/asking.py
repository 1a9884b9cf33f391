"""Ask institutions for answers to the questions of a document: choose, preview, open the round."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from servanda.desk.parts.requests import preview_rows
from servanda.desk.questions.views import find_document
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import LONGEST_ID, form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import refuse_in_form
from servanda.progress.rounds import services as deeds
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.forms import AskQuestionsForm
from servanda.progress.rounds.plans import plan_questions
from servanda.sources.models import Document
from servanda.sources.questions.queries import QuestionFilter, find_questions

USUAL_TIME = timedelta(days=21)
MOST_SELECTED = 2_000


@form_page
@requires(Can.RUN_ROUNDS)
@makes_once
def ask_questions(request: SignedIn, document: int) -> HttpResponse:
    """Ask for answers to the questions selected on the list, or to all that match its filter."""
    page = selection(request, find_document(request, document))
    if not page["count"]:
        messages.error(request, _("Select at least one question, then request answers."))
        return redirect(page["back_url"])
    initial = {"title": title_for(page["document"]), "due_on": local_day(timezone.now()) + USUAL_TIME}
    form = page["form"] = AskQuestionsForm(request.POST if "step" in request.POST else None, initial=initial)
    if form.is_valid():
        return preview_or_open(request, form, page)
    return render(request, "desk/questions/ask_questions.html", page, status=422 if form.errors else 200)


def preview_or_open(request: SignedIn, form: AskQuestionsForm, page: dict) -> HttpResponse:
    """Open the round that was previewed; if what it would ask has changed, show the preview again."""
    today, values = local_day(timezone.now()), form.values()
    whom = {"whom": values["whom"], "institutions": values["institutions"]}
    plan = plan_questions(questions=page["questions"], **whom, by=request.user, on=today)
    if request.POST["step"] == "apply" and request.POST.get("count") == str(plan.items):
        try:
            made = deeds.ask_questions(questions=page["questions"], **values, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "ask_questions")
            return render(request, "desk/questions/ask_questions.html", page, status=422)
        messages.success(request, _("Round opened. The focal points see the request on their desk."))
        return redirect(made)
    page |= {"plan": plan, "asked": preview_rows(plan, on=today)}
    return render(request, "desk/questions/ask_questions.html", page)


def selection(request: SignedIn, document: Document) -> dict:
    """The selected questions, with what the form sends again, and the way back to the list."""
    sent = request.POST or request.GET
    filters = QuestionFilter.read(sent)
    chosen = [key[:LONGEST_ID] for key in sent.getlist("chosen") if key.isdecimal() and key.isascii()]
    questions = find_questions(document, request.user, filters)
    if "chosen" in sent:
        questions = questions.filter(pk__in=chosen[:MOST_SELECTED])
    query = f"?{urlencode(filters.query())}" if filters.query() else ""
    back_url = reverse("desk:document_questions", args=[document.pk]) + query
    page = {"document": document, "questions": questions, "count": questions.count(), "here": request.path}
    return page | {"chosen": chosen[:MOST_SELECTED], "filters": filters, "back_url": back_url}


def title_for(document: Document) -> str:
    return (_("Answers to %(document)s") % {"document": document.symbol})[:200]
