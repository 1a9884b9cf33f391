"""Invented consultations on a cleared draft: one for invited contributors, one for the public."""

from typing import Any
from uuid import uuid4

from servanda.demo.reading import coordinator, day, read
from servanda.people.models import User
from servanda.reporting.consultations import commenting, replying, services
from servanda.reporting.consultations.commenting import CommentValues
from servanda.reporting.consultations.queries import contributors
from servanda.reporting.consultations.services import ConsultationValues
from servanda.reporting.models import Consultation, Report, ReportTemplate
from servanda.reporting.reports.services import ReportValues, add_report, write_section
from servanda.reporting.submissions.clearance import clear_report, start_report_clearance

type Row = dict[str, Any]


def load() -> None:
    """Idempotent."""
    if Consultation.objects.exists():
        return
    data, by = read("consultations"), coordinator()
    report = cleared_report(data["report"], by=by)
    for row in data["consultations"]:
        consult(report, row, by=by)


def cleared_report(data: Row, *, by: User) -> Report:
    nothing = dict.fromkeys(("obligation", "start", "end", "word_limit", "review", "cluster"))
    template = ReportTemplate.objects.get(code=data["template"])
    values = ReportValues(title=data["title"], template=template, language="en", query="", **nothing)
    report = add_report(values=values, by=by)
    for section in report.sections.all():
        write_section(section=section, text=data["texts"][section.key], seen=section.version, by=by)
    start_report_clearance(report=report, steps=[data["step"]], by=by)
    clear_report(report=report, by=User.objects.administrators()[0])
    return Report.objects.get(pk=report.pk)


def consult(report: Report, row: Row, *, by: User) -> None:
    values = ConsultationValues(
        title=row["title"],
        introduction=row["introduction"],
        audience=row["audience"],
        ends_on=day(row["ends"]),
        sections=list(report.sections.filter(key__in=row["sections"])),
        people=list(contributors()),
    )
    made = services.add_consultation(report=report, values=values, by=by)
    services.open_consultation(consultation=made, by=by)
    for comment in row["comments"]:
        add_comment(Consultation.objects.get(pk=made.pk), comment, by=by)


def add_comment(consultation: Consultation, row: Row, *, by: User) -> None:
    section = consultation.sections.filter(section__key=row.get("section", "")).first()
    text, organisation = row["text"], row.get("organisation", "")
    values = CommentValues(text=text, language="en", section=section, organisation=organisation)
    author = None if consultation.is_public else contributors().first()
    made = commenting.add_consultation_comment(consultation=consultation, values=values, form_key=uuid4(), by=author)
    if row.get("is_shown"):
        replying.show_consultation_comment(comment=made, by=by)
    if "verdict" in row:
        verdict, reply = row["verdict"], row["reply"]
        replying.reply_consultation_comment(comment=made, verdict=verdict, reply=reply, seen=None, by=by)
