"""A report, or a section, that this person sees; and the day of which it is shown."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from servanda.desk.record.access import SignedIn
from servanda.desk.record.forms import DayForm
from servanda.reporting.models import Report, ReportSection

LONGEST_NUMBER = 9  # digits


class TextDayForm(DayForm):
    """The day at whose end the texts of a report are shown, or its files made."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Report as at the end of")


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
