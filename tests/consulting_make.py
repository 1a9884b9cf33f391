"""Builders of consultations on drafts: one call makes one valid thing."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import User
from servanda.reporting.consultations import commenting, replying, services
from servanda.reporting.consultations.commenting import CommentValues
from servanda.reporting.consultations.services import ConsultationValues
from servanda.reporting.models import CommentFile, Consultation, ConsultationComment, Report
from servanda.reporting.reports.services import write_section
from servanda.reporting.submissions import clearance
from tests import make, reports_make

WEEKS = timedelta(days=30)


def contributor(institution: str = "nhri", **fields) -> User:
    return make.user(Role.CONTRIBUTOR, make.institution(institution), **fields)


def cleared_report(by: User, **texts: str) -> Report:
    """A report whose only step another coordinator cleared."""
    made = reports_make.report(by)
    usual = {"method": "How we wrote it.", "chapters": "The law changed."}
    for key, text in (usual | texts).items():
        section = made.sections.get(key=key)
        write_section(section=section, text=text, seen=section.version, by=by)
    clear(made, by)
    return Report.objects.get(pk=made.pk)


def clear(report: Report, by: User) -> None:
    clearance.start_report_clearance(report=report, steps=["Minister"], by=by)
    clearance.clear_report(report=report, by=make.user(Role.COORDINATOR))


def values(*people: User, **fields) -> ConsultationValues:
    usual = {"title": "Draft of our report", "introduction": "", "audience": "invited"}
    usual |= {"ends_on": timezone.localdate() + WEEKS, "people": people}
    return ConsultationValues(**usual | fields)


def drafted(by: User, *people: User, report: Report | None = None, **fields) -> Consultation:
    report = report or cleared_report(by)
    return services.add_consultation(report=report, values=values(*people, **fields), by=by)


def opened(by: User, *people: User, **fields) -> Consultation:
    made = drafted(by, *(people or [contributor()]), **fields)
    services.open_consultation(consultation=made, by=by)
    return Consultation.objects.get(pk=made.pk)


def planned(by: User, *people: User, **fields) -> Consultation:
    made = drafted(by, *people, **fields)
    services.open_consultation(consultation=made, by=by, opens_at=timezone.now() + timedelta(days=2))
    return Consultation.objects.get(pk=made.pk)


def attached(to: ConsultationComment, content: bytes = b"A file.", **fields) -> CommentFile:
    row = CommentFile(comment=to, name="analysis.pdf", mime="application/pdf", size=len(content), **fields)
    row.sha256 = hashlib.sha256(content).hexdigest()
    row.file.save(row.name, ContentFile(content))
    return row


def public(by: User, **fields) -> Consultation:
    return opened(by, audience="public", **fields)


def comment(on: Consultation, by: User | None, text: str = "A figure is missing.", **fields) -> ConsultationComment:
    comment_values = CommentValues(text=text, language="en", **fields)
    return commenting.add_consultation_comment(consultation=on, values=comment_values, form_key=uuid4(), by=by)


@dataclass(slots=True)
class Consulted:
    """What the addresses of consultations can name."""

    drafted: Consultation
    open: Consultation  # for the public
    withdrawn: Consultation
    comment: ConsultationComment  # awaits publication
    shown: ConsultationComment
    own: ConsultationComment
    waiting: ConsultationComment  # of a visitor
    planned: Consultation
    file: CommentFile  # of the comment that is shown


def consulted(by: User, owner: User | None = None) -> Consulted:
    """`owner` sent one of the comments, on a consultation for everyone."""
    report = cleared_report(by)
    person = contributor("civil-society")
    drafts = [drafted(by, person, report=report) for _number in range(2)]
    open_one = public(by, report=report)
    services.withdraw_consultation(consultation=drafts[1], reason="Prepared twice.", by=by)
    shown = comment(open_one, person)
    replying.show_consultation_comment(comment=shown, by=by)
    mine = comment(open_one, person)
    ConsultationComment.objects.filter(pk=mine.pk).update(author=owner or person)
    return Consulted(
        drafted=drafts[0],
        open=open_one,
        withdrawn=Consultation.objects.get(pk=drafts[1].pk),
        comment=comment(open_one, person),
        own=ConsultationComment.objects.get(pk=mine.pk),
        shown=shown,
        waiting=comment(open_one, None),
        planned=planned(by, person, report=report),
        file=attached(shown),
    )
