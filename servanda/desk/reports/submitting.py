"""A report on its way out: clearance, submission, the submitted files, publication."""

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servanda.desk.record.access import SignedIn
from servanda.desk.reports.finding import find_report
from servanda.kit.pages.forms import form_page
from servanda.people.access import Can, can, requires
from servanda.people.requests.form_keys import makes_once
from servanda.people.requests.refusals import attempt, refusals_in_form
from servanda.proceedings.clearance.forms import ReturnTextForm, step_sent
from servanda.proceedings.clearance.services import next_verdict, why_not_decide
from servanda.proceedings.models import ClearanceVerdict
from servanda.proceedings.submissions.by_report import has_reply
from servanda.progress.evidence.downloads import send_stored
from servanda.reporting.models import Report, ReportSnapshot, SectionTranslation, SnapshotFile
from servanda.reporting.models.reports import to_be_cleared_by
from servanda.reporting.submissions import clearance as clearing
from servanda.reporting.submissions import services as deeds
from servanda.reporting.submissions.forms import StepsForm, SubmitForm
from servanda.reporting.submissions.lengths import excess_of
from servanda.reporting.submissions.making import case_to_answer
from servanda.reporting.translations.queries import unfinished_of


@dataclass(slots=True)
class ShownClearance:
    """The steps of a report, whether this person may decide the next one, and what was submitted."""

    report: Report
    verdicts: list[ClearanceVerdict] = field(default_factory=list)
    pending: ClearanceVerdict | None = None
    may_decide: bool = False
    why_not: str = ""
    snapshots: list[ReportSnapshot] = field(default_factory=list)
    untranslated: list[SectionTranslation] = field(default_factory=list)  # prevents that the next step is cleared
    is_whole: bool = True  # False for those who write some sections only

    @property
    def state(self) -> str:
        return self.report.clearance.state if self.report.clearance else ""

    @property
    def preparing(self) -> ReportSnapshot | None:
        return next((row for row in self.snapshots if row.state == ReportSnapshot.State.PREPARING), None)

    @property
    def is_submitted(self) -> bool:
        """Whether the text that was cleared last was submitted."""
        cleared_at = max((row.at for row in self.verdicts if row.at), default=None)
        complete = [row.at for row in self.snapshots if row.state == ReportSnapshot.State.COMPLETE]
        return cleared_at is not None and any(at >= cleared_at for at in complete)


def clearance_of(report: Report, request: SignedIn) -> ShownClearance:
    shown = ShownClearance(report, snapshots=list(report.snapshots.prefetch_related("files")))
    if report.clearance is None:
        return shown
    reader = request.user
    shown.is_whole = (
        can(reader, Can.EDIT_REPORTS) or Report.objects.filter(to_be_cleared_by(reader), pk=report.pk).exists()
    )
    if not shown.is_whole:
        return shown
    shown.verdicts = list(report.clearance.verdicts.select_related("institution"))
    if (pending := next_verdict(report.clearance)) is not None:
        shown.why_not = why_not_decide(pending, request.user, of=clearing.text_in_clearance(report))
        shown.pending, shown.may_decide = pending, not shown.why_not
        if clearing.awaits_translation(report):
            shown.untranslated = unfinished_of(report)
    return shown


@form_page
@requires(Can.EDIT_REPORTS)
def start_report_clearance(request: SignedIn, key: UUID) -> HttpResponse:
    """Send the report through its steps, which can be other than those of the installation."""
    report = find_report(request, key)
    steps, translated_by = clearing.proposed_steps(report)
    initial = {"steps": "\n".join(steps), "translated_by": translated_by}
    form = StepsForm(request.POST or None, initial=initial, excess=excess_of(report, request.user))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "start_report_clearance"):
            named = form.cleaned_data["translated_by"]
            given = {"steps": form.titles(), "translated_by": named, "over_limit": form.is_over_limit}
            clearing.start_report_clearance(report=report, **given, by=request.user)
            messages.success(request, _("Report sent for clearance."))
            return redirect(report)
    return ask(request, report, form, title=_("Send for clearance"), button=_("Send for clearance"))


@require_POST
@requires(Can.READ_INTERNAL)
def clear_report(request: SignedIn, key: UUID) -> HttpResponse:
    report = find_report(request, key)
    attempt(request, clearing.clear_report, _("Step cleared."), report=report, seen=step_sent(request))
    return back(request, report)


@form_page
@requires(Can.READ_INTERNAL)
def return_report(request: SignedIn, key: UUID) -> HttpResponse:
    report = find_report(request, key)
    pending = next_verdict(report.clearance)
    form = ReturnTextForm(request.POST or None, step=pending.pk if pending else None)
    if request.method == "POST" and form.is_valid():
        reason, seen = form.cleaned_data["reason"], step_sent(request)
        with refusals_in_form(request, form, "return_report"):
            clearing.return_report(report=report, reason=reason, seen=seen, by=request.user)
            messages.success(request, _("Report returned."))
            return back(request, report)
    return ask(request, report, form, title=_("Return for changes"), button=_("Return with this reason"))


def back(request: SignedIn, report: Report) -> HttpResponse:
    """An institution that only clears sees the report while it has something to decide."""
    is_seen = Report.objects.visible_to(request.user).filter(pk=report.pk).exists()
    return redirect(report) if is_seen else redirect("desk:reports")


@form_page
@requires(Can.EDIT_REPORTS)
@makes_once
def submit_report(request: SignedIn, key: UUID) -> HttpResponse:
    report = find_report(request, key)
    form = SubmitForm(request.POST or None, excess=excess_of(report, request.user))
    if request.method == "POST" and form.is_valid():
        with refusals_in_form(request, form, "submit_report"):
            given = {"submitted_on": form.cleaned_data["submitted_on"], "over_limit": form.is_over_limit}
            deeds.submit_report(report=report, **given, by=request.user)
            messages.success(request, what_follows(report))
            return redirect(f"{report.get_absolute_url()}#submitted")
    return ask(request, report, form, title=_("Submit the report"), button=_("Submit the report"))


def what_follows(report: Report) -> str:
    """What is recorded once the files are stored."""
    if report.obligation_id is not None:
        return _("The files are being created. The obligation is submitted once the files are stored.")
    if case_to_answer(report):
        return _("The files are being created. The deadline of the case is met once the files are stored.")
    if (case := report.case) and case.due_on and case.replied_on is None and has_reply(case):
        return _(
            "The files are being created. The deadline of the case stays open, because a reply to it is in "
            "preparation."
        )
    return _("The files are being created. The report is submitted once the files are stored.")


def ask(request: SignedIn, report: Report, form, *, title: str, button: str) -> HttpResponse:
    context = {"report": report, "form": form, "title": title, "button": button}
    context["cancel_url"] = report.get_absolute_url()
    return render(request, "desk/reports/report_form.html", context, status=422 if form.errors else 200)


def find_snapshots(request: SignedIn) -> QuerySet[ReportSnapshot]:
    return ReportSnapshot.objects.visible_to(request.user).select_related("report")


@require_safe
@requires(Can.EDIT_REPORTS)
def submission_progress(request: SignedIn, key: UUID) -> HttpResponse:
    """Nothing while the files are made; then htmx loads the whole page."""
    snapshot = get_object_or_404(find_snapshots(request), key=key)
    is_waiting = snapshot.state == ReportSnapshot.State.PREPARING
    return HttpResponse(status=204) if is_waiting else HttpResponse(headers={"HX-Refresh": "true"})


@require_safe
@requires(Can.EDIT_REPORTS)
def submitted_file(request: SignedIn, key: UUID, format: str) -> FileResponse:
    """A file exactly as it was submitted."""
    snapshots = find_snapshots(request).order_by().values("pk")
    row = get_object_or_404(SnapshotFile, snapshot__key=key, snapshot__in=snapshots, format=format, language="")
    return send_stored(row.file, name=row.name, mime=row.mime)


@require_safe
@requires(Can.EDIT_REPORTS)
def submitted_translation(request: SignedIn, key: UUID, language: str, format: str) -> FileResponse:
    """A file of a translation exactly as it was submitted."""
    snapshots = find_snapshots(request).order_by().values("pk")
    files = SnapshotFile.objects.filter(snapshot__key=key, snapshot__in=snapshots).exclude(language="")
    row = get_object_or_404(files, format=format, language=language)
    return send_stored(row.file, name=row.name, mime=row.mime)


@require_POST
@requires(Can.EDIT_REPORTS)
def publish_submitted_report(request: SignedIn, key: UUID) -> HttpResponse:
    snapshot = get_object_or_404(find_snapshots(request), key=key)
    undo = resolve_url("desk:unpublish_submitted_report", key)
    attempt(request, deeds.publish_submitted_report, _("Report published."), undo=undo, snapshot=snapshot)
    return redirect(snapshot.report)


@require_POST
@requires(Can.EDIT_REPORTS)
def unpublish_submitted_report(request: SignedIn, key: UUID) -> HttpResponse:
    snapshot = get_object_or_404(find_snapshots(request), key=key)
    undo = resolve_url("desk:publish_submitted_report", key)
    attempt(request, deeds.unpublish_submitted_report, _("No longer published."), undo=undo, snapshot=snapshot)
    return redirect(snapshot.report)
