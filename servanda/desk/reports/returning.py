"""Word files of a report that come back: send one, look at what was read, decide."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_report
from servanda.kit.pages.forms import form_page
from servanda.kit.pages.listing import choice_in, page_number, page_of, pager, slice_of
from servanda.kit.server.body_limits import body_limit
from servanda.people.access import Can, holders, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.reporting.models import ReportSection, ReturnedNote, ReturnedSection, WordReturn
from servanda.reporting.returns import part_services as part_deeds
from servanda.reporting.returns import queries
from servanda.reporting.returns import services as deeds
from servanda.reporting.returns.forms import WordReturnForm
from servanda.reporting.returns.receiving import read_word_return

MEGABYTES = 40
SECTIONS_ON_A_PAGE, NOTES_ON_A_PAGE, FILES_ON_A_PAGE = 10, 50, 25
SECTIONS, COMMENTS, OUTSIDE = "sections", "comments", "outside"
LONGEST_NUMBER = 9  # digits


@body_limit(MEGABYTES, to=holders(Can.EDIT_REPORTS))
@form_page
@requires(Can.EDIT_REPORTS)
@makes_once
def send_word_file(request: SignedIn, key: UUID) -> HttpResponse:
    """The Word files that came back so far, and the place to send another one."""
    report = find_report(request, key)
    form = WordReturnForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_in_form(request, form, "send_word_file"):
            read = read_word_return(report=report, file=file, name=file.name, by=request.user)
            return redirect(read)
    found = queries.find_returns(report)
    page = page_of(found.count(), number=page_number(request.GET), size=FILES_ON_A_PAGE)
    context = {"report": report, "form": form, "rows": found[slice_of(page)], **pager(page)}
    return render(request, "desk/reports/send_word_file.html", context, status=422 if form.errors else 200)


def find_return(request: SignedIn, key: UUID) -> WordReturn:
    rows = WordReturn.objects.visible_to(request.user).select_related("report", "copy", "by")
    return get_object_or_404(rows, key=key)


@require_safe
@requires(Can.EDIT_REPORTS)
def word_return(request: SignedIn, key: UUID) -> HttpResponse:
    """What was read in a Word file: changed sections, comments, and texts outside of the sections."""
    shown = find_return(request, key)
    counts = queries.counts_of(shown)
    show = choice_in(request.GET, "show", counts, next((name for name, count in counts.items() if count), SECTIONS))
    rows: QuerySet = queries.sections_to_compare(shown)
    if show != SECTIONS:
        kind = ReturnedNote.Kind.COMMENT if show == COMMENTS else ReturnedNote.Kind.OUTSIDE
        rows = queries.notes_of(shown, kind)
    size = SECTIONS_ON_A_PAGE if show == SECTIONS else NOTES_ON_A_PAGE
    page = page_of(counts[show], number=page_number(request.GET), size=size)
    found = rows[slice_of(page)]
    labels = {SECTIONS: _("Changed sections"), COMMENTS: _("Comments"), OUTSIDE: _("Outside of the sections")}
    context = {
        "shown": shown,
        "report": shown.report,
        "show": show,
        "tabs": [(name, label, counts[name]) for name, label in labels.items()],
        "rows": queries.compared(shown, found) if show == SECTIONS else found,
        "is_empty": not any(counts.values()),
    }
    return render(request, "desk/reports/word_return.html", context | pager(page, {"show": show}))


@require_POST
@requires(Can.EDIT_REPORTS)
def keep_word_return(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_return(request, key)
    attempt(request, deeds.keep_word_return, _("File kept. Decide on each changed section."), word_return=shown)
    return redirect(shown)


@require_POST
@requires(Can.EDIT_REPORTS)
def discard_word_return(request: SignedIn, key: UUID) -> HttpResponse:
    shown = find_return(request, key)
    done = _("File discarded. No changes were made.")
    is_done = attempt(request, deeds.discard_word_return, done, word_return=shown)
    return redirect("desk:send_word_file", shown.report.key) if is_done else redirect(shown)


def find_returned(request: SignedIn, key: UUID, section: str) -> ReturnedSection:
    returns = WordReturn.objects.visible_to(request.user).filter(key=key).order_by()
    rows = ReturnedSection.objects.filter(word_return__in=returns.values("pk"))
    return get_object_or_404(rows.select_related("word_return", "sent__section"), sent__section__key=section)


@require_POST
@requires(Can.EDIT_REPORTS)
def accept_returned_section(request: SignedIn, key: UUID, section: str) -> HttpResponse:
    row = find_returned(request, key, section)
    versions = {name: number_in(value) for name, value in request.POST.items() if name.startswith("seen")}
    of_parts = {number_in(name.removeprefix("seen-")): version for name, version in versions.items()}
    seen = {"seen": versions.get("seen", 0), "seen_parts": of_parts}
    undo = resolve_url("desk:undo_returned_section", key, section)
    done = _("Text accepted. The former text is among the versions of the section.")
    attempt(request, deeds.accept_returned_section, done, undo=undo, returned=row, **seen)
    return back_to(row)


def number_in(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) <= LONGEST_NUMBER else 0


@require_POST
@requires(Can.EDIT_REPORTS)
def refuse_returned_section(request: SignedIn, key: UUID, section: str) -> HttpResponse:
    row = find_returned(request, key, section)
    undo = resolve_url("desk:undo_returned_section", key, section)
    done = _("Text refused. The section stays as it is.")
    attempt(request, deeds.refuse_returned_section, done, undo=undo, returned=row)
    return back_to(row)


@require_POST
@requires(Can.EDIT_REPORTS)
def undo_returned_section(request: SignedIn, key: UUID, section: str) -> HttpResponse:
    row = find_returned(request, key, section)
    attempt(request, deeds.undo_returned_section, _("Undone. The text is to be decided again."), returned=row)
    return back_to(row)


def find_part(row: ReturnedSection, part: str) -> ReportSection:
    """A section of the same report: whether it is a part of this one is a matter of the service."""
    return get_object_or_404(ReportSection.objects.filter(report=row.word_return.report_id), key=part)


@require_POST
@requires(Can.EDIT_REPORTS)
def accept_returned_part(request: SignedIn, key: UUID, section: str, part: str) -> HttpResponse:
    row = find_returned(request, key, section)
    what = {"section": find_part(row, part), "seen": number_in(request.POST.get("seen", ""))}
    undo = resolve_url("desk:undo_returned_part", key, section, part)
    done = _("Text accepted. The former text is among the versions of the section.")
    attempt(request, part_deeds.accept_returned_part, done, undo=undo, returned=row, **what)
    return back_to(row)


@require_POST
@requires(Can.EDIT_REPORTS)
def refuse_returned_part(request: SignedIn, key: UUID, section: str, part: str) -> HttpResponse:
    row = find_returned(request, key, section)
    undo = resolve_url("desk:undo_returned_part", key, section, part)
    done = _("Text refused. The section stays as it is.")
    attempt(request, part_deeds.refuse_returned_part, done, undo=undo, returned=row, section=find_part(row, part))
    return back_to(row)


@require_POST
@requires(Can.EDIT_REPORTS)
def undo_returned_part(request: SignedIn, key: UUID, section: str, part: str) -> HttpResponse:
    row = find_returned(request, key, section)
    done = _("Undone. The text is to be decided again.")
    attempt(request, part_deeds.undo_returned_part, done, returned=row, section=find_part(row, part))
    return back_to(row)


def back_to(row: ReturnedSection) -> HttpResponse:
    """To the page of the list that shows the section."""
    before = row.word_return.sections.filter(sent__number__lt=row.sent.number).count()
    page = before // SECTIONS_ON_A_PAGE + 1
    anchor = f"section-{row.sent.section.key}"
    return redirect(f"{row.word_return.get_absolute_url()}?show={SECTIONS}&page={page}#{anchor}")


def find_comment(request: SignedIn, key: UUID, number: int) -> ReturnedNote:
    returns = WordReturn.objects.visible_to(request.user).filter(key=key).order_by()
    rows = ReturnedNote.objects.filter(word_return__in=returns.values("pk"), kind=ReturnedNote.Kind.COMMENT)
    return get_object_or_404(rows.select_related("word_return", "section__report"), place=number)


@require_POST
@requires(Can.EDIT_REPORTS)
def resolve_returned_comment(request: SignedIn, key: UUID, number: int) -> HttpResponse:
    comment = find_comment(request, key, number)
    undo = resolve_url("desk:reopen_returned_comment", key, number)
    attempt(request, deeds.resolve_returned_comment, _("Comment resolved."), undo=undo, comment=comment)
    return back_to_comment(request, comment)


@require_POST
@requires(Can.EDIT_REPORTS)
def reopen_returned_comment(request: SignedIn, key: UUID, number: int) -> HttpResponse:
    comment = find_comment(request, key, number)
    undo = resolve_url("desk:resolve_returned_comment", key, number)
    attempt(request, deeds.reopen_returned_comment, _("Comment reopened."), undo=undo, comment=comment)
    return back_to_comment(request, comment)


def back_to_comment(request: SignedIn, comment: ReturnedNote) -> HttpResponse:
    if "from_section" in request.POST and comment.section:
        return redirect(f"{comment.section.get_absolute_url()}#returned")
    before = comment.word_return.notes.filter(kind=comment.kind, place__lt=comment.place).count()
    page = before // NOTES_ON_A_PAGE + 1
    return redirect(f"{comment.word_return.get_absolute_url()}?show={COMMENTS}&page={page}#comment-{comment.place}")
