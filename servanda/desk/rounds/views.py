"""Pages of rounds of questions: open one on records of the list, follow it, and close it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.bulk.selection import chosen_records, selection_context
from servanda.desk.parts.reminded import report_reminders
from servanda.desk.parts.requests import preview_rows
from servanda.desk.record.access import SignedIn
from servanda.desk.register.queries import facets_of, filtered
from servanda.kit.files.downloads import send_file
from servanda.kit.files.tables import xlsx_file
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, requires
from servanda.people.instance.file_names import file_name
from servanda.people.models import Institution, User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse, refuse_in_form
from servanda.planning.models import Assignment
from servanda.proceedings.models import Proceeding, ProceedingQuestion
from servanda.progress.models import InputItem, InputRequest, InputRound
from servanda.progress.rounds import reminders
from servanda.progress.rounds import services as deeds
from servanda.progress.rounds.days import local_day
from servanda.progress.rounds.forms import DueForm, InstitutionsForm, RoundForm, RoundRecordsForm
from servanda.progress.rounds.plans import plan_round
from servanda.progress.rounds.status import (
    AnswerStatus,
    Course,
    course_of,
    item_counts,
    numbers_of,
    silent_institutions,
    unsure_mails,
)
from servanda.recommendations.counting.counts import count_unfiltered
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.query import read_filter
from servanda.recommendations.register.listing import show_facet
from servanda.recommendations.register.saved_views import views_of
from servanda.sources.models import Document
from servanda.trail.models import Event

MOST_UNSURE = 50
USUAL_TIME = timedelta(weeks=4)  # to answer


def today() -> date:
    """Today in the time zone of the mechanism."""
    return local_day(timezone.now())


@dataclass(slots=True)
class Shown:
    """One of the lists on the page of rounds."""

    key: str
    label: str
    rows: QuerySet


def lists(on: date) -> list[Shown]:
    late = InputRequest.objects.late(on=on).select_related("round", "institution").order_by("due_on", "pk")
    return [
        Shown("open", _("Open"), InputRound.objects.filter(closed_at=None).order_by("due_on", "pk")),
        Shown("closed", _("Closed"), InputRound.objects.exclude(closed_at=None)),
        Shown("late", _("Overdue answers"), late),
        Shown("silent", _("Institutions without a recent update"), with_assignments(silent_institutions(on=on))),
    ]


def with_assignments(institutions: QuerySet[Institution]) -> QuerySet[Institution]:
    current = Assignment.objects.current().filter(institution=OuterRef("pk")).order_by().values("institution")
    return institutions.annotate(answers_for=current.annotate(number=Count("pk")).values("number"))


@require_safe
@requires(Can.READ_EVERYTHING)
def rounds(request: SignedIn) -> HttpResponse:
    on = today()
    choices = lists(on)
    shown = next((choice for choice in choices if choice.key == request.GET.get("show")), choices[0])
    page = page_of(shown.rows.count(), number=page_number(request.GET))
    rows = list(shown.rows[slice_of(page)])
    context = {"shown": shown, "lists": choices, "rows": rows, "on": on, **pager(page, {"show": shown.key})}
    if shown.key in ("open", "closed"):
        numbers = numbers_of(rows)
        context["rounds"] = [(row, *numbers.get(row.pk, (0, 0, 0))) for row in rows]
    elif shown.key == "late":
        numbers = item_counts(InputItem.objects.standing().filter(request__in=[row.pk for row in rows]))
        context["late"] = [(row, *numbers.get(row.pk, (0, 0)), (on - row.due_on).days) for row in rows]
    return render(request, "desk/rounds/rounds.html", context)


@form_page
@requires(Can.RUN_ROUNDS)
@makes_once
def open_round(request: SignedIn) -> HttpResponse:
    """One address for four steps: the records, the question, the preview of the institutions, open."""
    if request.method != "POST" and not (request.GET and read_filter(request.GET, facets_of(request.user))):
        return choose_records(request, RoundRecordsForm(user=request.user))
    if "choosing" in request.POST:
        picking = RoundRecordsForm(request.POST, user=request.user)
        if not picking.is_valid():
            return choose_records(request, picking)
    records = asked_about(request)
    page = chosen(request, records)
    if not page["chosen"]:
        messages.error(request, _("Select at least one record, then request information."))
        return redirect(page["back_url"])
    form = page["form"] = RoundForm(request.POST if "step" in request.POST else None, initial=suggested(request))
    if not form.is_valid():
        return render(request, "desk/rounds/open_round.html", page, status=422 if form.errors else 200)
    cleaned = form.cleaned_data
    whom = {"whom": cleaned["whom"], "institutions": list(cleaned["institutions"])}
    plan = plan_round(records=records, **whom, on=today())
    if request.POST["step"] == "apply" and request.POST.get("count") == str(plan.items):
        try:
            made = deeds.open_round(**cleaned | whom, records=records, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "open_round")
            return render(request, "desk/rounds/open_round.html", page, status=422)
        messages.success(request, _("Round opened. The focal points see the request on their desk."))
        return redirect(made)
    page |= {"plan": plan, "asked": preview_rows(plan, on=today())}
    return render(request, "desk/rounds/open_round.html", page)


def suggested(request: SignedIn) -> dict:
    """A deadline to start from, and for a round on one review a title."""
    initial: dict = {"due_on": today() + USUAL_TIME}
    if len(keys := request.GET.getlist("review")) == 1:
        review = next(facet for facet in facets_of(request.user) if facet.key == "review")
        if option := review.options.get(keys[0]):
            initial["title"] = f"{option.label} · {date_format(today(), 'YEAR_MONTH_FORMAT')}"
    return initial


def choose_records(request: SignedIn, form: RoundRecordsForm) -> HttpResponse:
    page = lists_to_ask_about(request) | {"form": form, "here": request.path}
    return render(request, "desk/rounds/open_round.html", page, status=422 if form.errors else 200)


def lists_to_ask_about(request: SignedIn) -> dict:
    """The reviews with their numbers of records, and the saved lists of this person; a round on all records at once
    would ask every institution about everything."""
    review = next(facet for facet in facets_of(request.user) if facet.key == "review")
    tally = count_unfiltered(audience_of(request.user), [review])  # the page shows no other facet
    shown = show_facet(review, read_filter(QueryDict(), [review]), tally)
    reviews = [*shown["options"], *shown["more"]] if shown else []
    views = [view for view in views_of(request.user) if view.query]
    return {"is_choosing": True, "reviews": reviews, "views": views}


def asked_about(request: SignedIn) -> QuerySet:
    """The records chosen on the list, or all that match its filter."""
    if request.method == "POST":
        return chosen_records(request)
    return filtered(request.user, request.GET.urlencode(), audience_of(request.user))


def chosen(request: SignedIn, records: QuerySet) -> dict:
    page = selection_context(request, records)
    return page if request.method == "POST" else page | {"all": "1", "query": request.GET.urlencode()}


def find_round(pk: int) -> InputRound:
    return get_object_or_404(InputRound.objects.select_related("opened_by"), pk=pk)


@require_safe
@requires(Can.READ_EVERYTHING)
def round(request: SignedIn, pk: int) -> HttpResponse:
    input_round, on = find_round(pk), today()
    course = course_of(input_round, on=on)
    standing = request.GET.get("standing", "")
    standings = [key for key, _label, _count in course.counts()]
    unsure = list(unsure_mails(input_round)[:MOST_UNSURE])
    page = {
        "round": input_round,
        "course": course,
        "documents": Document.objects.filter(questions__input_items__request__round=input_round).distinct(),
        "proceedings": proceedings_of(input_round, request.user),
        "standing": standing if standing in standings else "",
        "lines": course.of(standing) if standing in standings else course.lines,
        "late": sum(line.standing == AnswerStatus.LATE and line.may_be_reminded for line in course.lines),
        "unsure": unsure,
        "on": on,
    }
    return render(request, "desk/rounds/round.html", page)


def proceedings_of(input_round: InputRound, user: User) -> QuerySet[Proceeding]:
    """Letters and dialogues whose questions it is about."""
    questions = ProceedingQuestion.objects.filter(question__input_items__request__round=input_round).order_by()
    return Proceeding.objects.visible_to(user).filter(pk__in=questions.values("proceeding"))


@heavy(FILE)
@require_safe
@requires(Can.READ_EVERYTHING)
def round_export(request: SignedIn, pk: int) -> FileResponse:
    input_round = find_round(pk)
    header = [_("Institution"), _("Requested"), _("Answered"), pgettext("of an answer", "Status"), _("Due")]
    header += [_("Days overdue"), _("Days to answer"), _("Reminded on"), _("Recipients")]
    cover = [
        input_round.title,
        input_round.question,
        _("Deadline: %(day)s") % {"day": input_round.due_on.isoformat()},
    ]
    file = xlsx_file(_("Round"), header, rows_of(course_of(input_round, on=today())), cover=cover)
    Event.record("round-exported", input_round, by=request.user)
    name = file_name(" ".join([_("Round"), str(input_round.pk)]), "xlsx", on=today())
    return send_file(file, name)


def rows_of(course: Course) -> list[Sequence[object]]:
    return [
        (
            str(line.request.institution),
            line.total,
            line.answered,
            str(line.standing.label),
            line.request.due_on.isoformat(),
            line.days_late,
            line.usual_days,
            line.reminded_on.isoformat() if line.reminded_on else "",
            ", ".join(str(appointment.person) for appointment in line.contacts.first_asked),
        )
        for line in course.lines
    ]


@form_page
@requires(Can.RUN_ROUNDS)
@makes_once
def add_institutions(request: SignedIn, pk: int) -> HttpResponse:
    input_round = find_round(pk)
    form = InstitutionsForm(request.POST or None, initial={"due_on": input_round.due_on})
    already_asked = input_round.requests.filter(institution=OuterRef("pk"))
    form.fields["institutions"].queryset = form.fields["institutions"].queryset.filter(~Exists(already_asked))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_institutions"):
            deeds.add_institutions(round=input_round, **form.cleaned_data, by=request.user)
            messages.success(request, _("Request sent. The focal points see it on their desk."))
            return redirect(input_round)
    page = {"round": input_round, "form": form}
    return render(request, "desk/rounds/add_institutions.html", page, status=422 if form.errors else 200)


@form_page
@requires(Can.RUN_ROUNDS)
def give_more_time(request: SignedIn, pk: int) -> HttpResponse:
    input_request = get_object_or_404(InputRequest.objects.select_related("round", "institution"), pk=pk)
    form = DueForm(request.POST or None, initial={"due_on": input_request.due_on})
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "give_more_time"):
            deeds.give_more_time(request=input_request, **form.cleaned_data, by=request.user)
            messages.success(request, _("Deadline extended."))
            return redirect(input_request.round)
    page = {"asked": input_request, "form": form}
    return render(request, "desk/rounds/give_more_time.html", page, status=422 if form.errors else 200)


@require_POST
@requires(Can.RUN_ROUNDS)
def remind_now(request: SignedIn, pk: int) -> HttpResponse:
    """Remind one institution, or all that are late."""
    input_round = find_round(pk)
    requests = input_round.requests.select_related("institution")
    if (key := request.POST.get("request", "")).isdecimal():
        requests = requests.filter(pk=key[:18])
    else:
        requests = requests.late(on=today())
    try:
        outcome = reminders.remind_now(requests=list(requests), by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "remind_now")
    else:
        report_reminders(request, outcome)
    return redirect(input_round)


@require_POST
@requires(Can.RUN_ROUNDS)
def close_round(request: SignedIn, pk: int) -> HttpResponse:
    input_round = find_round(pk)
    attempt(request, deeds.close_round, _("Round closed. No more reminders will be sent."), round=input_round)
    return redirect(input_round)


@require_POST
@requires(Can.RUN_ROUNDS)
def reopen_round(request: SignedIn, pk: int) -> HttpResponse:
    input_round = find_round(pk)
    attempt(request, deeds.reopen_round, _("Round reopened. Reminders will be sent again."), round=input_round)
    return redirect(input_round)
