"""Input for a section: its questions, who was asked and who answered; requests in words; reminders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.parts.reminded import report_reminders
from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_report, find_section
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of, words_in
from servanda.kit.refusal import Refused
from servanda.language.words.counting import count_words
from servanda.people.access import Can, requires
from servanda.people.models import Institution, User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse, refuse_in_form
from servanda.people.versioning import ChangedMeanwhile
from servanda.progress.models import Update
from servanda.progress.rounds import reminders
from servanda.progress.rounds.days import local_day
from servanda.reporting.facts.record_numbers import RecordNumber
from servanda.reporting.inputs import services as deeds
from servanda.reporting.inputs.drafts import records_of
from servanda.reporting.inputs.forms import LABELS, InputForm, SectionQuestionsForm, SharesForm
from servanda.reporting.inputs.queries import (
    RequestedQuestion,
    SectionInput,
    input_of,
    limits_in_reply,
    requests_to_remind,
)
from servanda.reporting.models import ReportSection
from servanda.reporting.reports.answers import words_below
from servanda.reporting.reports.gaps import gaps_in
from servanda.reporting.reports.queries import Measured, measured
from servanda.sources.models import Document, Question
from servanda.sources.questions.queries import documents_with_questions

USUAL_TIME = timedelta(days=21)
MOST_DOCUMENTS = 200
SHARES_ON_A_PAGE = 50


@dataclass(slots=True)
class MissingInput:
    """Who was asked for a report or one of its sections, and who has not answered."""

    asked: int
    answered: int
    institutions: list[Institution]
    may_be_reminded: bool


def missing_of(given: Mapping[int, SectionInput]) -> MissingInput | None:
    """None where nothing was asked. A question of two sections is counted once."""
    found = {row.item.pk: row for section in given.values() for row in section.requests}
    if not found:
        return None
    institutions = {institution.pk: institution for section in given.values() for institution in section.missing}
    answered = sum(row.is_approved for row in found.values())
    can_remind = any(section.pending_requests for section in given.values())
    return MissingInput(len(found), answered, list(institutions.values()), can_remind)


@dataclass(slots=True)
class QuestionRow:
    """A question with the linked records, why it goes without an answer, and whether it blocks clearance; the words
    below it in the text and of each approved answer, beside its share."""

    requested: RequestedQuestion
    records: list[RecordNumber]
    reason: str
    is_blocking: bool
    length: Measured
    answers: list[tuple[Update, Measured]]


def rows_of(section: ReportSection, given: SectionInput, user: User) -> Iterator[QuestionRow]:
    questions = [row.question for row in given.questions]
    records = records_of([question.pk for question in questions], user)
    blocking = {row.question.pk for row in given.unsettled(section.text, gaps_in([section]).get(section.pk, []))}
    limits, words = limits_in_reply(section), words_below(section.text, questions)
    for row in given.questions:
        key, limit = row.question.pk, limits.get(row.question.pk)
        answers = [(answer, measured(count_words(answer.text), limit)) for answer in row.answers]
        length = measured(words.get(key, 0), limit)
        yield QuestionRow(row, records[key], given.reasons.get(key, ""), key in blocking, length, answers)


@require_safe
@requires(Can.READ_INTERNAL)
def section_input(request: SignedIn, key: object, section: str) -> HttpResponse:
    """The questions of a section, with who was asked and what was answered."""
    shown = find_section(request, key, section)
    given = input_of(shown.report, [shown], request.user)
    rows = given[shown.pk].questions if shown.pk in given else []
    documents: dict[Document, list[Question]] = {}
    for row in rows:
        if row.question.document and not row.requests:
            documents.setdefault(row.question.document, []).append(row.question)
    shown_rows = list(rows_of(shown, given[shown.pk], request.user)) if rows else []
    context = {"section": shown, "rows": shown_rows, "given": missing_of(given), "to_ask": documents}
    return render(request, "desk/reports/section_input.html", context)


@require_POST
@requires(Can.EDIT_REPORTS)
def leave_unanswered(request: SignedIn, key: object, section: str, pk: int) -> HttpResponse:
    """The question goes without an answer, for a reason."""
    shown = find_section(request, key, section)
    question = get_object_or_404(shown.questions.visible_to(request.user), pk=pk)
    reason = request.POST.get("reason", "")
    done = _("The question no longer blocks clearance.")
    attempt(request, deeds.leave_unanswered, done, section=shown, question=question, reason=reason)
    return redirect("desk:section_input", key, section)


@require_POST
@requires(Can.EDIT_REPORTS)
def expect_answer(request: SignedIn, key: object, section: str, pk: int) -> HttpResponse:
    """Withdraw the reason for which the question goes without an answer."""
    shown = find_section(request, key, section)
    question = get_object_or_404(shown.questions.visible_to(request.user), pk=pk)
    done = _("The question needs an answer again.")
    attempt(request, deeds.expect_answer, done, section=shown, question=question)
    return redirect("desk:section_input", key, section)


@form_page
@requires(Can.EDIT_REPORTS)
def choose_questions(request: SignedIn, key: object, section: str) -> HttpResponse:
    """Choose which questions of a document belong to the section."""
    shown = find_section(request, key, section)
    documents = documents_with_questions(request.user)
    wanted = words_in(request.POST if request.method == "POST" else request.GET, "document")
    document = documents.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) <= 18 else None
    if document is None and shown.report.obligation and not wanted:
        document = documents.filter(pk=shown.report.obligation.document_id).first()
    page = {"section": shown, "documents": documents[:MOST_DOCUMENTS], "document": document, "form": None}
    if document is None:
        return render(request, "desk/reports/choose_questions.html", page)
    questions = questions_of(request, document)
    form = page["form"] = questions_form(request, shown, document, questions)
    if request.method == "POST" and form.is_valid():
        given = {"questions": form.cleaned_data["questions"], "among": questions}
        given["is_of_other_body"] = form.cleaned_data.get("other_body", False)
        with refusals_in_form(request, form, "choose_questions"):
            deeds.choose_questions(section=shown, **given, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("desk:section_input", key, section)
    return render(request, "desk/reports/choose_questions.html", page, status=422 if form.errors else 200)


def questions_of(request: SignedIn, document: Document) -> QuerySet[Question]:
    rows = Question.objects.visible_to(request.user).filter(document=document)
    return rows.select_related("document__body", "asked_by").order_by("place", "pk")


def questions_form(
    request: SignedIn, section: ReportSection, document: Document, questions: QuerySet[Question]
) -> SectionQuestionsForm:
    """With a confirmation to be ticked if the document is of another body than the report."""
    asking = deeds.other_body(section, document)
    return SectionQuestionsForm(
        request.POST or None,
        questions=questions,
        chosen=list(section.questions.values_list("pk", flat=True)),
        other_body=deeds.other_body_in_words(section, asking) if asking else "",
    )


@form_page
@requires(Can.EDIT_REPORTS)
def edit_question_shares(request: SignedIn, key: object, section: str) -> HttpResponse:
    """Who leads the answer to each question of the section, and its share of the words."""
    shown = find_section(request, key, section)
    rows = shown.questions.filter(pk__in=Question.objects.visible_to(request.user).order_by().values("pk"))
    rows = rows.exclude(document=None).select_related("document", "asked_by", "lead")
    rows = rows.prefetch_related("institutions").order_by("document__symbol", "document", "place", "pk")
    page = page_of(rows.count(), number=page_number(request.GET), size=SHARES_ON_A_PAGE)
    questions = list(rows[slice_of(page)])
    form = SharesForm(request.POST or None, questions=questions)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.share_words(section=shown, plans=form.plans(), by=request.user)
        except Refused as refusal:
            if isinstance(refusal, ChangedMeanwhile):
                form.look_again()
            refuse_in_form(request, form, refusal, "edit_question_shares")
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:section_input", key, section)
    context = {"section": shown, "form": form, "labels": LABELS, **pager(page)}
    return render(request, "desk/reports/edit_question_shares.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_REPORTS)
@makes_once
def request_input(request: SignedIn, key: object, section: str) -> HttpResponse:
    """Ask institutions for the section in its own words."""
    shown = find_section(request, key, section)
    initial = {"title": str(shown)[:200], "due_on": local_day(timezone.now()) + USUAL_TIME}
    initial["institutions"] = [shown.institution_id] if shown.institution_id else []
    form = InputForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "request_input"):
            deeds.request_input(section=shown, **form.values(), by=request.user)
            messages.success(request, _("Request sent. The focal points see it on their desk."))
            return redirect("desk:section_input", key, section)
    page = {"title": _("Request information"), "button": _("Send request"), "form": form, "report": shown.report}
    page["cancel_url"] = resolve_url("desk:section_input", key, section)
    return render(request, "desk/reports/report_form.html", page, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REPORTS)
def remind_of_input(request: SignedIn, key: object) -> HttpResponse:
    """Remind the institutions that have not answered, for one section or for the whole report."""
    shown, section, way_back = find_report(request, key), None, resolve_url("desk:report", key)
    if wanted := words_in(request.POST, "of_section"):
        section = get_object_or_404(shown.sections.visible_to(request.user), key=wanted)
        way_back = resolve_url("desk:section_input", key, section.key)
    try:
        requests = requests_to_remind(shown, request.user, section)
        outcome = reminders.remind_now(requests=requests, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "remind_of_input")
    else:
        report_reminders(request, outcome)
    return redirect(way_back)
