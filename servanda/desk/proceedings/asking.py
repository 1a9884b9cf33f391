"""Ask institutions in a round about the questions of a letter or dialogue, and use their answers."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servanda.desk.parts.requests import preview_rows
from servanda.desk.proceedings.finding import back, find_proceeding
from servanda.desk.record.access import SignedIn
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse_in_form
from servanda.proceedings.contents import asking
from servanda.proceedings.contents.forms import AskOnQuestionsForm
from servanda.proceedings.models import Proceeding
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.plans import QuestionRecipients, plan_questions

USUAL_TIME = timedelta(days=21)
BEFORE_REPLY = timedelta(days=14)  # for writing the reply from the answers, and its clearance


@form_page
@requires(Can.RUN_ROUNDS)
@makes_once
def ask_on_questions(request: SignedIn, key: UUID) -> HttpResponse:
    """Choose the questions, see which institutions would be asked, open the round."""
    proceeding = find_proceeding(request, key)
    questions = asking.questions_to_ask(proceeding, request.user)
    if not questions:
        messages.error(request, _("Assign an institution to at least one question, then request answers."))
        return back(proceeding)
    initial = {"due_on": usual_day(proceeding, on=local_day(timezone.now()))}
    form = AskOnQuestionsForm(request.POST if "step" in request.POST else None, questions=questions, initial=initial)
    page = {"proceeding": proceeding, "form": form, "title": title_for(proceeding)}
    if form.is_valid():
        return preview_or_open(request, proceeding, form, page)
    return render(request, "desk/proceedings/ask_on_questions.html", page, status=422 if form.errors else 200)


def preview_or_open(request: SignedIn, proceeding: Proceeding, form: AskOnQuestionsForm, page: dict) -> HttpResponse:
    """Open the round that was previewed; if what it would ask has changed, show the preview again."""
    today, chosen = local_day(timezone.now()), form.cleaned_data["questions"]
    plan = plan_questions(questions=chosen, whom=QuestionRecipients.NAMED, institutions=[], by=request.user, on=today)
    if request.POST["step"] == "apply" and request.POST.get("count") == str(plan.items):
        words = {"title": page["title"], **{name: form.cleaned_data[name] for name in ("question", "due_on")}}
        what = {"proceeding": proceeding, "questions": [question.pk for question in chosen]}
        try:
            made = asking.ask_on_questions(**what, **words, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "ask_on_questions")
            return render(request, "desk/proceedings/ask_on_questions.html", page, status=422)
        messages.success(request, _("Round opened. The focal points see the request on their desk."))
        return redirect(made)
    page |= {"plan": plan, "asked": preview_rows(plan, on=today), "questions": chosen}
    return render(request, "desk/proceedings/ask_on_questions.html", page)


def usual_day(proceeding: Proceeding, *, on: date) -> date:
    """In three weeks, or two weeks before the reply is due if that is earlier; not before today."""
    usual = on + USUAL_TIME
    if proceeding.due_on is None or proceeding.due_on < on:
        return usual
    return min(usual, max(proceeding.due_on - BEFORE_REPLY, on))


def title_for(proceeding: Proceeding) -> str:
    return (_("Answers to %(document)s") % {"document": proceeding.reference})[:200]


@require_POST
@requires(Can.RUN_PROCEEDINGS)
def use_answers(request: SignedIn, key: UUID) -> HttpResponse:
    """The answers to the questions become the answers of their institutions to the letter."""
    proceeding = find_proceeding(request, key)
    message = _("The answers to the questions are now below, as answers of their institutions.")
    attempt(request, asking.use_answers, message, proceeding=proceeding)
    return back(proceeding)
