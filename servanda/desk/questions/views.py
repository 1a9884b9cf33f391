"""Documents with questions, and the questions of one document with their institutions and records."""

from collections import defaultdict
from collections.abc import Iterable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from servanda.desk.questions.answers import QuestionRow, add_answers
from servanda.desk.record.access import SignedIn
from servanda.kit.files.downloads import send_table
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.institutions.directory import by_name
from servanda.people.models import User
from servanda.planning.assignments.for_questions import suggested_institutions
from servanda.progress.models import Update
from servanda.progress.rounds.days import local_day
from servanda.progress.updates.queries import answers_to
from servanda.recommendations.models import RecordQuestion
from servanda.sources.models import Document, Question
from servanda.sources.questions.queries import (
    COLUMNS,
    QuestionFilter,
    documents_with_questions,
    export_rows,
    find_questions,
    institutions_of,
)
from servanda.trail.models import Event

ON_A_PAGE = 50


@require_safe
@requires(Can.READ_INTERNAL)
def questions(request: SignedIn) -> HttpResponse:
    found = documents_with_questions(request.user)
    page = page_of(found.count(), number=page_number(request.GET))
    context = {"rows": found.select_related("body")[slice_of(page)], **pager(page)}
    return render(request, "desk/questions/questions.html", context)


def find_document(request: SignedIn, pk: int) -> Document:
    return get_object_or_404(documents_with_questions(request.user).select_related("body"), pk=pk)


@require_safe
@requires(Can.READ_INTERNAL)
def document_questions(request: SignedIn, document: int) -> HttpResponse:
    shown, filters = find_document(request, document), QuestionFilter.read(request.GET)
    found = find_questions(shown, request.user, filters)
    page = page_of(found.count(), number=filters.number, size=ON_A_PAGE)
    rows = list(found.select_related("document", "asked_by", "lead").prefetch_related("institutions")[slice_of(page)])
    records = records_of(rows, request.user)
    is_editor = can(request.user, Can.EDIT_REGISTER)
    suggested = suggested_institutions(rows, request.user, on=timezone.localdate()) if is_editor else {}
    lines = [QuestionRow(row, records.get(row.pk, ()), suggested.get(row.pk, ())) for row in rows]
    today = local_day(timezone.now())
    add_answers(lines, request.user, on=today)
    places = [("none", _("Without an institution")), *by_name(institutions_of(shown, request.user))]
    context = {
        "document": shown,
        "rows": lines,
        "on": today,
        "has_suggestions": bool(suggested),
        "asked": filters,
        "boxes": [filters.box("institution", _("Institution"), places, every=pgettext("institutions", "All"))],
        "query": f"?{urlencode(filters.query())}" if filters.query() else "",
        **pager(page, filters.query()),
    }
    return render(request, "desk/questions/document_questions.html", context)


def records_of(questions: Iterable[Question], user: User) -> dict[int, list[str]]:
    """The references of the linked records that the person sees, by question."""
    links = RecordQuestion.objects.visible_to(user).filter(question__in=questions)
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for question, code in links.values_list("question", "recommendation__code"):
        codes[question].append(code)
    return codes


def text_of(answer: Update) -> str:
    """An answer in a cell of the file: the institution, the state unless it is published, and the text."""
    state = "" if answer.state == Update.State.PUBLISHED else f" ({answer.get_state_display()})"
    return f"{answer.institution.code}{state}: {answer.text}"


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def questions_export(request: SignedIn, document: str, format: str) -> HttpResponseBase:
    """The filtered questions of a document as a file."""
    shown = find_document(request, int(document))
    found = find_questions(shown, request.user, QuestionFilter.read(request.GET))
    if request.method == "GET":
        Event.record("questions-exported", label=str(shown), by=request.user, difference={"format": format})
    answers = {pk: [text_of(answer) for answer in rows] for pk, rows in answers_to(list(found), request.user).items()}
    rows = export_rows(found, records_of(found.order_by(), request.user), answers)
    title, cover = pgettext("of a document", "Questions"), [str(shown), shown.title]
    name = file_name(title, format, on=timezone.localdate(), about=shown.symbol)
    return send_table(name, title, COLUMNS, rows, cover=cover)
