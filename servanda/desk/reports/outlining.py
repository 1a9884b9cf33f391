"""Sections of a started report: add, rename, remove, and divide by themes or clusters."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_report
from servanda.desk.reports.submitting import ask
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import words_in
from servanda.kit.refusal import Refused
from servanda.people.access import Can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refuse_in_form
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports import outline as deeds
from servanda.reporting.reports.outline_forms import AddSectionForm, DivideForm, HeadingForm
from servanda.reporting.reports.queries import sections_of

CLUSTERS = "clusters"


def find_own(request: SignedIn, report: Report, section: str) -> ReportSection:
    return get_object_or_404(report.sections.visible_to(request.user).select_related("report"), key=section)


@form_page
@requires(Can.EDIT_REPORTS)
@makes_once
def add_report_section(request: SignedIn, key: object) -> HttpResponse:
    report = find_report(request, key)
    form = AddSectionForm(request.POST or None, sections=sections_of(report, request.user))
    if request.method == "POST" and form.is_valid():
        heading = form.cleaned_data["heading"]
        try:
            made = deeds.add_report_section(report=report, heading=heading, after=form.section, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "add_report_section")
        else:
            messages.success(request, _("Section added."))
            return redirect(f"{report.get_absolute_url()}#section-{made.key}")
    return ask(request, report, form, title=_("Add a section"), button=_("Add a section"))


@form_page
@requires(Can.EDIT_REPORTS)
def rename_report_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    """Its heading; the page also removes the section, and leads to its division."""
    report = find_report(request, key)
    shown = find_own(request, report, section)
    form = HeadingForm(request.POST or None, initial={"heading": shown.heading})
    if request.method == "POST" and form.is_valid():
        heading = form.cleaned_data["heading"]
        try:
            deeds.rename_report_section(section=shown, heading=heading, by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "rename_report_section")
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{report.get_absolute_url()}#section-{section}")
    context = {"report": report, "section": shown, "form": form, "button": _("Save"), "clusters": CLUSTERS}
    context["cancel_url"] = report.get_absolute_url()
    return render(request, "desk/reports/rename_report_section.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Can.EDIT_REPORTS)
def remove_report_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    report = find_report(request, key)
    shown = find_own(request, report, section)
    attempt(request, deeds.remove_report_section, _("Section removed."), section=shown)
    return redirect(report)


@form_page
@requires(Can.EDIT_REPORTS)
def divide_report_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    """A section for each theme, or for each cluster, of the records of the report."""
    report = find_report(request, key)
    shown = find_own(request, report, section)
    is_by_cluster = words_in(request.GET, "by") == CLUSTERS
    parts = (deeds.clusters_of if is_by_cluster else deeds.themes_of)(report, request.user)
    form = DivideForm(request.POST or None, parts=parts)
    if request.method == "POST" and form.is_valid():
        try:
            added = deeds.divide_report_section(section=shown, subjects=form.subjects(), by=request.user)
        except Refused as refusal:
            refuse_in_form(request, form, refusal, "divide_report_section")
        else:
            done = ngettext("%(count)d section added.", "%(count)d sections added.", added)
            messages.success(request, done % {"count": added})
            return redirect(f"{report.get_absolute_url()}#section-{section}")
    context = {"report": report, "section": shown, "form": form, "parts": parts, "is_by_cluster": is_by_cluster}
    return render(request, "desk/reports/divide_report_section.html", context, status=422 if form.errors else 200)
