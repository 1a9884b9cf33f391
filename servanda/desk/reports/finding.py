"""A report, or a section, that this person sees; and the moment of which it is shown."""

from datetime import datetime

from django import forms
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from servanda.desk.record.access import SignedIn
from servanda.desk.record.forms import DayForm
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports.moments import moment_of

LONGEST_NUMBER = 9  # digits


class MomentForm(DayForm):
    """The moment of which a report is shown, or its files made: the end of a day, or a time of it."""

    at = forms.TimeField(
        label=_("Time of day"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave empty for the end of the day."),
    )

    def __init__(self, *args, report: Report, **kwargs):
        super().__init__(*args, last=timezone.localdate(), **kwargs)
        self.report = report
        self.fields["on"].label = _("Report as of")

    def clean(self) -> None:
        if "on" not in self.cleaned_data or "at" not in self.cleaned_data:
            return
        moment, at = self.moment, self.cleaned_data["at"]
        if at and moment > timezone.now():
            self.add_error("at", _("The time must be in the past."))
        if moment < (started := self.report.created_at):
            sentence = _("The report was started on %(moment)s. Choose a later date or time.")
            local = timezone.localtime(started)
            self.add_error("at" if at else "on", sentence % {"moment": date_format(local, "DATETIME_FORMAT")})

    @property
    def moment(self) -> datetime:
        return moment_of(self.cleaned_data["on"], self.cleaned_data["at"])


def find_report(request: SignedIn, key: object) -> Report:
    rows = Report.objects.visible_to(request.user).select_related("obligation__body", "template", "review__body")
    return get_object_or_404(rows.select_related("cluster", "review__country", "clearance", "word_template"), key=key)


def find_section(request: SignedIn, key: object, section: str) -> ReportSection:
    rows = ReportSection.objects.visible_to(request.user).select_related(
        "report__obligation", "report__template__copied_from", "report__clearance", "changed_by"
    )
    return get_object_or_404(rows, report__key=key, key=section)


def find_readable_section(request: SignedIn, key: object, section: str) -> ReportSection:
    """Also for those who have to clear the report."""
    rows = ReportSection.objects.readable_by(request.user).select_related("report", "institution")
    return get_object_or_404(rows, report__key=key, key=section)


def short_number(given: str) -> int:
    return int(given) if given.isdecimal() and given.isascii() and len(given) <= LONGEST_NUMBER else 0
