"""Word tables for translators: download one, send it back, look at what was read, decide."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.downloading import record_download
from servanda.desk.reports.finding import short_number
from servanda.desk.reports.translating import direction_of
from servanda.kit.files.downloads import send_file
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import page_number, page_of, pager, slice_of
from servanda.kit.refusal import Refused
from servanda.kit.server.body_limits import body_limit
from servanda.kit.server.lane import FILE, heavy
from servanda.people.access import Can, holders, requires
from servanda.people.instance.file_names import file_name
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form, refuse
from servanda.recommendations.pages.history import word_difference
from servanda.reporting.documents.files import about
from servanda.reporting.models import ReportSection, ReportTranslation, ReturnedTable, ReturnedTranslation
from servanda.reporting.models.translation_tables import TITLE
from servanda.reporting.returns.forms import WordReturnForm
from servanda.reporting.translation_tables import services as deeds
from servanda.reporting.translation_tables.comparing import HEADING, Compared, compared
from servanda.reporting.translation_tables.reading import COMMENT, OBJECT, SOURCE_EDITED, TWICE, UNKNOWN
from servanda.reporting.translation_tables.writing import send_table

MEGABYTES = 10
SECTIONS_ON_A_PAGE, FILES_ON_A_PAGE = 10, 25
TRANSLATORS = (Can.EDIT_REPORTS, Can.WRITE_UPDATE)
REMARKS = {
    UNKNOWN: gettext_lazy("Not a row of the table that was sent"),
    TWICE: gettext_lazy("A second row for the same paragraph"),
    SOURCE_EDITED: gettext_lazy("The source column was changed. The change is ignored"),
    OBJECT: gettext_lazy("Pictures, notes and tables in the cell are not read"),
    COMMENT: gettext_lazy("Comment"),
}


def find_into(request: SignedIn, key: object, language: str) -> ReportTranslation:
    rows = ReportTranslation.objects.made_by(request.user).select_related("report__obligation")
    return get_object_or_404(rows, report__key=key, language=language)


@heavy(FILE)
@require_safe
@requires(Can.READ_INTERNAL)
def translation_table(request: SignedIn, key: UUID, language: str) -> HttpResponseBase:
    """The Word table for the translator, with what is translated so far."""
    into, now = find_into(request, key, language), timezone.localtime()
    try:
        file = send_table(into=into, by=request.user, at=now)
    except Refused as refusal:
        refuse(request, refusal, "translation_table")
        return redirect(into)
    record_download(request, into.report, "docx")
    name = file_name(f"translation-{language}", "docx", on=now.date(), about=about(into.report) or into.report.title)
    return send_file(file, name)


@body_limit(MEGABYTES, to=holders(*TRANSLATORS))
@form_page
@requires(Can.READ_INTERNAL)
@makes_once
def send_translation_table(request: SignedIn, key: UUID, language: str) -> HttpResponse:
    """The tables that came back so far, and the place to send another one."""
    into = find_into(request, key, language)
    form = WordReturnForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_in_form(request, form, "send_translation_table"):
            read = deeds.read_table(into=into, file=file, name=file.name, by=request.user)
            return redirect(read)
    undecided = Count("sections", filter=Q(sections__state=ReturnedTranslation.State.PROPOSED))
    found = into.returned_tables.select_related("by").annotate(undecided=undecided)
    page = page_of(found.count(), number=page_number(request.GET), size=FILES_ON_A_PAGE)
    context = {"into": into, "report": into.report, "form": form, "rows": found[slice_of(page)], **pager(page)}
    return render(request, "desk/reports/send_translation_table.html", context, status=422 if form.errors else 200)


def find_table(request: SignedIn, key: UUID) -> ReturnedTable:
    rows = ReturnedTable.objects.visible_to(request.user).select_related("into__report", "sent")
    return get_object_or_404(rows, key=key)


@require_safe
@requires(Can.READ_INTERNAL)
def returned_table(request: SignedIn, key: UUID) -> HttpResponse:
    """What was read: the changed paragraphs of each section, and what is no translation of a known paragraph."""
    shown = find_table(request, key)
    linked = ("table__into__report", "translation__section__report", "translation__into")
    found = shown.sections.select_related(*linked).order_by(F("translation").asc(nulls_first=True))
    page = page_of(found.count(), number=page_number(request.GET), size=SECTIONS_ON_A_PAGE)
    headings = dict(ReportSection.objects.filter(report=shown.into.report_id).values_list("key", "heading"))
    context = {
        "shown": shown,
        "into": shown.into,
        "report": shown.into.report,
        "rows": [with_differences(compared(row, row.translation)) for row in found[slice_of(page)]],
        "remarks": [(REMARKS[kind], headings.get(section, ""), text) for kind, section, text in shown.remarks],
        "has_proposals": found.filter(state=ReturnedTranslation.State.PROPOSED).exists(),
        "source_direction": direction_of(shown.into.report.language),
        "direction": direction_of(shown.into.language),
    }
    return render(request, "desk/reports/returned_table.html", context | pager(page))


def with_differences(row: Compared) -> dict:
    changes = [
        (
            change,
            word_difference(change.present, change.proposed) if change.present else None,
            word_difference(change.translated_from, change.source) if change.is_outdated else None,
        )
        for change in row.changes
    ]
    return {"returned": row.returned, "lost": row.lost, "changes": changes}


@require_POST
@requires(Can.READ_INTERNAL)
def accept_returned_table(request: SignedIn, key: UUID) -> HttpResponse:
    """Everything that no one changed here since."""
    shown = find_table(request, key)
    try:
        count = deeds.accept_returned_table(table=shown, by=request.user)
    except Refused as refusal:
        refuse(request, refusal, "accept_returned_table")
        return redirect(shown)
    done = ngettext(
        "The translations of %(count)d section were accepted as drafts.",
        "The translations of %(count)d sections were accepted as drafts.",
        count,
    )
    messages.success(request, done % {"count": count})
    return redirect(shown)


def find_returned(request: SignedIn, key: UUID, section: str) -> ReturnedTranslation:
    rows = ReturnedTranslation.objects.filter(table=find_table(request, key))
    wanted: dict[str, object] = {"translation": None} if section == TITLE else {"translation__section__key": section}
    return get_object_or_404(rows.select_related("table", "translation__into"), **wanted)


@require_POST
@requires(Can.READ_INTERNAL)
def accept_returned_translation(request: SignedIn, key: UUID, section: str) -> HttpResponse:
    row = find_returned(request, key, section)
    chosen = request.POST.getlist("place")
    places = {HEADING if place == "heading" else short_number(place) for place in chosen if is_place(place)}
    undo = resolve_url("desk:undo_returned_translation", key, section)
    done = _("Accepted as a draft. Another person reviews it.")
    given = {"returned": row, "places": places, "seen": short_number(request.POST.get("seen", ""))}
    attempt(request, deeds.accept_returned_translation, done, undo=undo, **given)
    return back_to(row, section)


def is_place(value: str) -> bool:
    return value == "heading" or value.isdecimal()


@require_POST
@requires(Can.READ_INTERNAL)
def refuse_returned_translation(request: SignedIn, key: UUID, section: str) -> HttpResponse:
    row = find_returned(request, key, section)
    undo = resolve_url("desk:undo_returned_translation", key, section)
    done = _("Refused. The translation stays as it is.")
    attempt(request, deeds.refuse_returned_translation, done, undo=undo, returned=row)
    return back_to(row, section)


@require_POST
@requires(Can.READ_INTERNAL)
def undo_returned_translation(request: SignedIn, key: UUID, section: str) -> HttpResponse:
    row = find_returned(request, key, section)
    done = _("Undone. The translations are to be decided again.")
    attempt(request, deeds.undo_returned_translation, done, returned=row)
    return back_to(row, section)


def back_to(row: ReturnedTranslation, section: str) -> HttpResponse:
    """To the page of the list that shows the section."""
    page = row.table.sections.filter(pk__lt=row.pk).count() // SECTIONS_ON_A_PAGE + 1
    return redirect(f"{row.table.get_absolute_url()}?page={page}#section-{section}")
