"""Sections of a started report: add, rename, remove, divide one by labels or clusters, or its text."""

from collections.abc import Sequence

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
from servanda.people.access import Can, requires
from servanda.people.models import User
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports import outline as deeds
from servanda.reporting.reports import splitting, template_changes
from servanda.reporting.reports.outline_forms import (
    AddSectionForm,
    CurrentTemplateForm,
    DivideForm,
    HeadingForm,
    SplitForm,
)
from servanda.reporting.reports.queries import sections_of
from servanda.vocab.models import Taxonomy

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
        with refusals_in_form(request, form, "add_report_section"):
            made = deeds.add_report_section(report=report, heading=heading, after=form.section, by=request.user)
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
        with refusals_in_form(request, form, "rename_report_section"):
            deeds.rename_report_section(section=shown, heading=heading, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(f"{report.get_absolute_url()}#section-{section}")
    context = {"report": report, "section": shown, "form": form, "button": _("Save")}
    context["cancel_url"] = report.get_absolute_url()
    return render(request, "desk/reports/rename_report_section.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_REPORTS)
def split_report_section(request: SignedIn, key: object, section: str) -> HttpResponse:
    """Divide the text before a paragraph; what is behind it becomes a section of its own."""
    report = find_report(request, key)
    shown = find_own(request, report, section)
    form = SplitForm(request.POST or None, section=shown)
    if request.method == "POST" and form.is_valid():
        given = {"heading": form.cleaned_data["heading"], "seen": form.cleaned_data["seen"]}
        with refusals_in_form(request, form, "split_report_section", edits=shown):
            number = int(form.cleaned_data["place"])
            made = splitting.split_report_section(section=shown, number=number, **given, by=request.user)
            messages.success(request, _("Section divided."))
            return redirect(f"{report.get_absolute_url()}#section-{made.key}")
    context = {"report": report, "section": shown, "form": form}
    return render(request, "desk/reports/split_report_section.html", context, status=422 if form.errors else 200)


@form_page
@requires(Can.EDIT_REPORTS)
def use_current_template(request: SignedIn, key: object) -> HttpResponse:
    """What the template has changed since the report was started, and for which sections it is used."""
    report = find_report(request, key)
    changes = template_changes.template_changes(report, sections_of(report, request.user))
    absent = template_changes.sections_not_in(report)
    form = CurrentTemplateForm(request.POST or None, changes=changes, absent=absent)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "use_current_template"):
            chosen = {name: form.cleaned_data.get(name, []) for name in ("sections", "added")}
            template_changes.use_current_template(report=report, **chosen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(report)
    context = {"report": report, "form": form, "changes": changes, "absent": absent}
    return render(request, "desk/reports/use_current_template.html", context, status=422 if form.errors else 200)


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
    """A section for each label of a taxonomy, or for each cluster, of the records of the report."""
    report = find_report(request, key)
    shown = find_own(request, report, section)
    taxonomies = deeds.taxonomies_of(report, request.user)
    by = chosen_grouping(request, taxonomies)
    parts = parts_by(by, report, request.user)
    form = DivideForm(request.POST or None, parts=parts)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "divide_report_section"):
            added = deeds.divide_report_section(section=shown, subjects=form.subjects(), by=request.user)
            done = ngettext("%(count)d section added.", "%(count)d sections added.", added)
            messages.success(request, done % {"count": added})
            return redirect(f"{report.get_absolute_url()}#section-{section}")
    choices = [(row.code, str(row)) for row in taxonomies] + [(CLUSTERS, _("Clusters"))]
    context = {"report": report, "section": shown, "form": form, "parts": parts, "choices": choices}
    context["chosen"] = by.code if by else CLUSTERS
    return render(request, "desk/reports/divide_report_section.html", context, status=422 if form.errors else 200)


def chosen_grouping(request: SignedIn, taxonomies: Sequence[Taxonomy]) -> Taxonomy | None:
    """The taxonomy, the first one unless another was chosen; None for clusters."""
    wanted = words_in(request.GET, "by")
    first = taxonomies[0] if taxonomies and wanted != CLUSTERS else None
    return next((row for row in taxonomies if row.code == wanted), first)


def parts_by(taxonomy: Taxonomy | None, report: Report, user: User) -> list[deeds.Part]:
    return deeds.labels_of(report, taxonomy, user) if taxonomy else deeds.clusters_of(report, user)
