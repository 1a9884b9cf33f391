"""Sections that institutions are to write, as the reminders of the mechanism list them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from servanda.progress.rounds.days import local_day, near
from servanda.progress.rounds.further_due import MILESTONES, FurtherSource, FurtherThing
from servanda.reporting.models import Report, ReportSection
from servanda.reporting.reports.assigning import body_code
from servanda.sources.models import Obligation


def sections_due(on: date) -> list[FurtherThing]:
    """Sections without a text near their deadlines. Sections of a closed institution are left to the coordinators,
    who are reminded of sections long overdue."""
    days = near(MILESTONES, on=on)
    rows = ReportSection.objects.to_be_written().filter(due_on__range=days, institution__isnull=False)
    rows = rows.select_related("institution", "report__obligation__body").order_by("due_on", "report", "place")
    rows = rows.annotate(assigned_at=Coalesce(Max("assignments__at"), "report__created_at"))
    return [
        FurtherThing(
            key=row.pk,
            institution=row.institution,
            body=body_code(row.report),
            due_on=row.due_on,
            asked_on=local_day(row.assigned_at),
            group=row.report,
        )
        for row in rows
        if row.institution and row.due_on
    ]


def line_of(things: Sequence[FurtherThing], when: str) -> str:
    """By the kind and body of the report, unless its obligation is restricted."""
    values = {"institution": things[0].institution, "count": len(things), "when": when}
    report = things[0].group
    obligation = report.obligation if isinstance(report, Report) else None
    if obligation is None or obligation.confidentiality == Obligation.Confidentiality.RESTRICTED:
        sentence = ngettext(
            "– %(institution)s, %(count)d section of a report: %(when)s",
            "– %(institution)s, %(count)d sections of a report: %(when)s",
            len(things),
        )
        return sentence % values
    sentence = ngettext(
        "– %(institution)s, %(count)d section of %(kind)s (%(body)s): %(when)s",
        "– %(institution)s, %(count)d sections of %(kind)s (%(body)s): %(when)s",
        len(things),
    )
    return sentence % {**values, "kind": obligation.get_kind_display(), "body": obligation.body.short}


def subject_of(count: int) -> str:
    sentence = ngettext("%(count)d section of a report is due", "%(count)d sections of reports are due", count)
    return sentence % {"count": count}


SECTIONS = FurtherSource(
    code="report-section",
    things=sections_due,
    heading=gettext_lazy("Sections of reports are due:"),
    line=line_of,
    link=gettext_lazy("Write the sections here:"),
    address=lambda: f"{reverse('desk:reports')}#sections",
    subject=subject_of,
)
