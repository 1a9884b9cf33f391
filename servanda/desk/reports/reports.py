"""Pages of reports: the list, one report with its sections, its whole text, and the forms about a whole report."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import LONGEST_NUMBER, MomentForm, find_report
from servanda.desk.reports.inputs import missing_of
from servanda.desk.reports.submitting import clearance_of
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of, words_in
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.proceedings.models import Proceeding
from servanda.recommendations.editing.forms import ReasonForm
from servanda.reporting.documents.files import LABELS as FORMATS
from servanda.reporting.documents.files import MATRIX
from servanda.reporting.documents.page_numbers import can_count_pages
from servanda.reporting.inputs.queries import input_of
from servanda.reporting.models import Report, ReportSection, SectionNote, TemplateSection
from servanda.reporting.reports import assigning, order
from servanda.reporting.reports import services as deeds
from servanda.reporting.reports.forms import LABELS, SECTION_LABELS, AssignmentForm, ReportForm, cases_for
from servanda.reporting.reports.gaps import blocking_gaps
from servanda.reporting.reports.moments import in_query, in_words
from servanda.reporting.reports.queries import find_reports, measured, sections_for, sections_of, total_of
from servanda.reporting.reports.rebuilding import outline_known_since, sections_at, title_at
from servanda.reporting.reports.template_changes import template_changes
from servanda.reporting.submissions.clearance import reports_to_clear
from servanda.reporting.translations.queries import assigned_translations
from servanda.sources.models import Obligation

ON_A_PAGE = 25


@require_safe
@requires(Can.READ_INTERNAL)
def reports(request: SignedIn) -> HttpResponse:
    found = find_reports(request.user)
    page = page_of(found.count(), number=page_number(request.GET), size=ON_A_PAGE)
    rows = [(report, measured(report.counted_words, report.word_limit)) for report in found[slice_of(page)]]
    tasks = SectionNote.objects.tasks_of(request.user).select_related("section__report")
    tasks = tasks.order_by(F("due_on").asc(nulls_last=True), "pk")[:ON_A_PAGE]
    translations = assigned_translations(request.user)[:ON_A_PAGE]
    to_clear = reports_to_clear(request.user).order_by("pk")[:ON_A_PAGE]
    own = sections_for(request.user)
    sections = list(own[: ON_A_PAGE + 1])
    more = own.count() - ON_A_PAGE if len(sections) > ON_A_PAGE else 0
    former = Report.objects.former_for(request.user)[:ON_A_PAGE]
    context = {"rows": rows, "former": former, "labels": LABELS, **pager(page)}
    context |= {
        "to_clear": to_clear,
        "tasks": tasks,
        "translations": translations,
        "sections": sections[:ON_A_PAGE],
        "more": more,
    }
    context["on"] = timezone.localdate()
    return render(request, "desk/reports/reports.html", context)


@require_safe
@requires(Can.READ_INTERNAL)
def report(request: SignedIn, key: object) -> HttpResponse:
    shown = find_report(request, key)
    sections = sections_of(shown, request.user)
    given = input_of(shown, sections, request.user)
    gaps = blocking_gaps(shown)
    rows = [
        (
            section,
            measured(section.words, section.word_limit),
            given.get(section.pk),
            gaps.get(section.pk),
            order.before(sections, place) is not None,
            order.behind(sections, place) is not None,
        )
        for place, section in enumerate(sections)
    ]
    total = total_of(shown, request.user)
    context = {"report": shown, "rows": rows, "total": total, "formats": formats_of(sections)}
    owners = {section.institution for section in sections if section.institution}
    dissolved = {owner for owner in owners if not owner.is_active(on=timezone.localdate())}
    context |= {"can_count_pages": can_count_pages(), "dissolved": dissolved}
    writable = set(shown.sections.visible_to(request.user).values_list("key", flat=True))
    context |= {"given": missing_of(given), "shown": clearance_of(shown, request), "writable": writable}
    context["next_section"] = next((row for row in unwritten_in(sections) if row.key in writable), None)
    context |= {
        "labels": LABELS,
        "section_labels": SECTION_LABELS,
        "template_changes": template_changes(shown, sections),
    }
    context["case"] = Proceeding.objects.visible_to(request.user).filter(pk=shown.case_id).first()
    return render(request, "desk/reports/report.html", context)


def unwritten_in(sections: Sequence[ReportSection]) -> Iterator[ReportSection]:
    """Those without words, except headings whose sections have them instead."""
    for place, section in enumerate(sections):
        has_parts = order.end_of(sections, place) > place + 1
        if not (section.words or has_parts or section.content == TemplateSection.Content.MATRIX):
            yield section


@require_safe
@requires(Can.READ_INTERNAL)
def report_text(request: SignedIn, key: object) -> HttpResponse:
    """The texts of all sections that this person sees, as they will be read, with what they quote."""
    shown = find_report(request, key)
    form = MomentForm(request.GET if "on" in request.GET else None, report=shown)
    context = text_at(shown, form.moment, request.user) if form.is_valid() else text_now(shown, request.user)
    context |= {"report": shown, "form": form, "formats": formats_of(context["sections"])}
    return render(request, "desk/reports/report_text.html", context, status=422 if form.errors else 200)


def text_now(shown: Report, user: User) -> dict[str, Any]:
    sections = shown.sections.readable_by(user).prefetch_related("quotations")
    return {"title": shown.title, "sections": list(sections)}


def text_at(shown: Report, moment: datetime, user: User) -> dict[str, Any]:
    """Also since when the sections are known, if that is later than the moment."""
    known_since = outline_known_since(shown)
    context = {"title": title_at(shown, moment), "sections": sections_at(shown, user, moment)}
    context |= {"moment": in_words(moment), "query": in_query(moment)}
    return context | ({"known_since": known_since} if moment < known_since else {})


def formats_of(sections: Iterable[ReportSection]) -> list[tuple[str, str]]:
    """The formats of the files with their labels: the matrix only of a report that has one."""
    has_matrix = any(section.content == TemplateSection.Content.MATRIX for section in sections)
    return [(format, str(label)) for format, label in FORMATS.items() if format != MATRIX or has_matrix]


@form_page
@requires(Can.EDIT_REPORTS)
@makes_once
def add_report(request: SignedIn) -> HttpResponse:
    wanted = (
        Obligation.objects.visible_to(request.user).reported_on().filter(code=words_in(request.GET, "obligation"))
    )
    obligation, case = wanted.select_related("body").first(), find_case(request)
    form = ReportForm(request.POST or None, user=request.user, obligation=obligation, case=case)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_report"):
            made = deeds.add_report(values=form.values(), by=request.user)
            messages.success(request, _("Report started. Assign its sections, or begin to write."))
            return redirect(made)
    return ask(request, form, title=_("New report"))


def find_case(request: SignedIn) -> Proceeding | None:
    """The one from whose page the report is started."""
    wanted = words_in(request.GET, "case")
    if not (wanted.isdecimal() and len(wanted) <= LONGEST_NUMBER):
        return None
    return cases_for(request.user, None).filter(pk=wanted).first()


@form_page
@requires(Can.EDIT_REPORTS)
def edit_report(request: SignedIn, key: object) -> HttpResponse:
    shown = find_report(request, key)
    form = ReportForm(request.POST or None, user=request.user, report=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_report", edits=shown):
            values, seen = form.values(), form.cleaned_data["seen"]
            deeds.edit_report(report=shown, values=values, seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(shown)
    return ask(request, form, title=_("Edit the report"), report=shown)


@form_page
@requires(Can.EDIT_REPORTS)
def withdraw_report(request: SignedIn, key: object) -> HttpResponse:
    shown = find_report(request, key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, reason = _("Report withdrawn."), form.cleaned_data["reason"]
        is_done = attempt(request, deeds.withdraw_report, done, report=shown, reason=reason)
        return redirect("desk:reports") if is_done else redirect(shown)
    page = {"title": _("Withdraw the report"), "button": _("Withdraw"), "report": shown}
    return ask(request, form, **page)


def ask(request: SignedIn, form, **page) -> HttpResponse:
    shown = page.get("report")
    cancel = shown.get_absolute_url() if shown else resolve_url("desk:reports")
    context = {"button": _("Save"), "form": form, "cancel_url": cancel, **page}
    return render(request, "desk/reports/report_form.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REPORTS)
def restore_report(request: SignedIn, key: object) -> HttpResponse:
    shown = get_object_or_404(Report.objects.former_for(request.user), key=key)
    is_done = attempt(request, deeds.restore_report, _("Report restored."), report=shown)
    return redirect(shown) if is_done else redirect("desk:reports")


@require_POST
@requires(Can.EDIT_REPORTS)
def move_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    """Move the section past its neighbour: up, or down."""
    shown = find_report(request, key)
    row = get_object_or_404(shown.sections.visible_to(request.user), key=section)
    is_up = request.POST.get("direction") != "down"
    attempt(request, order.move_section, _("Section moved."), section=row, is_up=is_up)
    return redirect(f"{shown.get_absolute_url()}#section-{section}")


@form_page
@requires(Can.EDIT_REPORTS)
def assign_sections(request: SignedIn, key: object) -> HttpResponse:
    """Which institution writes which section, and until when."""
    shown = find_report(request, key)
    form = AssignmentForm(request.POST or None, report=shown, sections=sections_of(shown, request.user))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "assign_sections", edits=shown):
            owners, seen = form.owners(), form.cleaned_data["seen"]
            change = assigning.assign_sections(report=shown, owners=owners, seen=seen, by=request.user)
            undo = resolve_url("desk:undo_assignment", key, change) if change else ""
            messages.success(request, _("Saved."), extra_tags=undo)
            return redirect(shown)
    context = {"report": shown, "form": form, "labels": SECTION_LABELS, "change": assigning.last_change(shown)}
    return render(request, "desk/reports/assign_sections.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REPORTS)
def undo_assignment(request: SignedIn, key: object, change: UUID) -> HttpResponse:
    shown = find_report(request, key)
    attempt(request, assigning.undo_assignment, _("Assignment undone."), report=shown, change=change)
    return redirect(shown)
