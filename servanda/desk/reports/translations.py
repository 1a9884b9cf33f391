"""The languages of a report: progress, who translates, until when, and the files."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.downloading import record_download
from servanda.desk.reports.finding import find_report
from servanda.kit.files.downloads import send_file
from servanda.kit.pages.forms import form_page
from servanda.kit.refusal import Refused
from servanda.kit.server.lane import FILE, heavy
from servanda.kit.templatetags.pages import language_name
from servanda.people.access import Can, requires
from servanda.people.naming import shown_names
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import LABELS, MATRIX, WITHOUT_CHARTS, WRITERS, name_of
from servanda.reporting.downloads.services import is_quick, start_report_download
from servanda.reporting.models import ReportTranslation, TemplateSection
from servanda.reporting.translations import services as deeds
from servanda.reporting.translations.forms import (
    ReportTranslationForm,
)
from servanda.reporting.translations.queries import translations_of


@require_safe
@requires(Can.READ_INTERNAL)
def report_translations(request: SignedIn, key: object) -> HttpResponse:
    """Each section in each language: its state; who translates it, until when."""
    shown = find_report(request, key)
    progress, rows = translations_of(shown, request.user)
    has_matrix = any(row.section.content == TemplateSection.Content.MATRIX for row in rows)
    expected = shown.obligation.language if shown.obligation else ""
    present = {shown.language, *(done.into.language for done in progress)}
    context = {
        "report": shown,
        "progress": progress,
        "rows": rows,
        "names": shown_names((done.into.translator for done in progress), to=request.user),
        "formats": [(format, label) for format, label in LABELS.items() if format != MATRIX or has_matrix],
        "expected": expected if expected not in present else "",
        "on": timezone.localdate(),
    }
    for done in progress:
        vars(done.into)["translator_name"] = context["names"].get(done.into.translator_id, "")
    return render(request, "desk/reports/report_translations.html", context)


@form_page
@requires(Can.EDIT_REPORTS)
@makes_once
def add_report_translation(request: SignedIn, key: object) -> HttpResponse:
    report = find_report(request, key)
    form = ReportTranslationForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "add_report_translation"):
            into = deeds.add_report_translation(report=report, values=form.values(), by=request.user)
            messages.success(request, _("Language added."))
            return redirect(into)
    return ask(request, report, form, title=_("New language"))


@form_page
@requires(Can.EDIT_REPORTS)
def edit_report_translation(request: SignedIn, key: object, language: str) -> HttpResponse:
    """Title, translator, deadline."""
    into = find_into(request, key, language)
    form = ReportTranslationForm(request.POST or None, report=into.report, into=into)
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "edit_report_translation", edits=into):
            values, seen = form.values(), form.cleaned_data["seen"]
            deeds.edit_report_translation(into=into, values=values, seen=seen, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(into)
    return ask(
        request, into.report, form, title=_("Translation: %(language)s") % {"language": language_name(language)}
    )


def ask(request: SignedIn, report: object, form: ReportTranslationForm, *, title: str) -> HttpResponse:
    context = {"report": report, "form": form, "title": title, "button": _("Save")}
    context["cancel_url"] = resolve_url("desk:report_translations", report.key)
    return render(request, "desk/reports/report_form.html", context, status=422 if form.errors else 200)


def find_into(request: SignedIn, key: object, language: str) -> ReportTranslation:
    rows = ReportTranslation.objects.visible_to(request.user).select_related("report__obligation")
    return get_object_or_404(rows, report__key=key, language=language)


@require_POST
@requires(Can.EDIT_REPORTS)
def remove_report_translation(request: SignedIn, key: object, language: str) -> HttpResponse:
    into = find_into(request, key, language)
    undo = resolve_url("desk:restore_report_translation", key, language)
    attempt(
        request, deeds.remove_report_translation, _("Language removed. Its texts are kept."), undo=undo, into=into
    )
    return redirect(into)


@require_POST
@requires(Can.EDIT_REPORTS)
def restore_report_translation(request: SignedIn, key: object, language: str) -> HttpResponse:
    into = get_object_or_404(find_report(request, key).translations, language=language)
    attempt(request, deeds.restore_report_translation, _("Language restored."), into=into)
    return redirect(into)


@require_POST
@requires(Can.READ_INTERNAL)
def review_headings(request: SignedIn, key: object, language: str) -> HttpResponse:
    """Confirm the headings of sections without a text, all at once."""
    into = find_into(request, key, language)
    try:
        count = deeds.review_headings(into=into, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "review_headings")
    else:
        done = ngettext("%(count)d heading reviewed.", "%(count)d headings reviewed.", count) % {"count": count}
        messages.success(request, done)
    return redirect(into)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def translated_file(request: SignedIn, key: object, language: str, format: str) -> HttpResponseBase:
    """The report in that language, as a draft. What takes long is left to the worker."""
    into = find_into(request, key, language)
    report = into.report
    if format not in WRITERS:
        raise Http404
    if request.method == "GET" and not is_quick(report, format, by=request.user):
        return redirect(start_report_download(report=report, format=format, language=language, by=request.user))
    now = timezone.localtime()
    try:
        with in_language_of(into):
            charts = {"with_charts": format not in WITHOUT_CHARTS}
            file = WRITERS[format](document_of(report, request.user, on=now.date(), into=into, **charts), now)
    except Refused as refusal:
        refuse(request, refusal, "translated_file")
        return redirect(into)
    record_download(request, report, format)
    return send_file(file, name_of(report, format, on=now.date(), language=language))
