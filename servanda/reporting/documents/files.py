"""The files of a report, by their ending."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.refusal import Refused
from servanda.people.instance.file_names import file_name
from servanda.recommendations.register import matrix
from servanda.reporting.documents.contents import ReportDocument
from servanda.reporting.documents.html import write_html, write_pdf
from servanda.reporting.documents.markdown import write_markdown
from servanda.reporting.documents.own_template import write_in_template
from servanda.reporting.documents.word import write_docx
from servanda.reporting.models import Report
from servanda.reporting.reports.moments import time_of

WORD, PDF, MATRIX = "docx", "pdf", "xlsx"
WITHOUT_CHARTS = {MATRIX}
# In this order on the page.
LABELS = {
    WORD: gettext_lazy("Download for Word"),
    PDF: gettext_lazy("Download as PDF"),
    "html": gettext_lazy("Download as a web page"),
    "md": gettext_lazy("Download as Markdown"),
    MATRIX: gettext_lazy("Download the matrix"),
}


def docx(document: ReportDocument, at: datetime) -> IO[bytes]:
    """In the Word template of the report, where one is chosen. Raises `Refused` with what is wrong in it."""
    if document.template is None:
        return write_docx(document, at=at)
    return write_in_template(document, document.template.content, at=at)


def pdf(document: ReportDocument, _at: datetime) -> IO[bytes]:
    return BytesIO(write_pdf(document))


def html(document: ReportDocument, _at: datetime) -> IO[bytes]:
    return BytesIO(write_html(document))


def markdown(document: ReportDocument, _at: datetime) -> IO[bytes]:
    return BytesIO(write_markdown(document))


def xlsx(document: ReportDocument, _at: datetime) -> IO[bytes]:
    """The matrix. Raises `Refused` where the report has none."""
    if document.layout is None:
        raise Refused(_("This report has no matrix of recommendations."))
    return matrix.xlsx_of(document.layout)


WRITERS: dict[str, Callable[[ReportDocument, datetime], IO[bytes]]] = {
    WORD: docx,
    PDF: pdf,
    "html": html,
    "md": markdown,
    MATRIX: xlsx,
}


def name_of(report: Report, format: str, *, on: date, language: str = "", as_of: datetime | None = None) -> str:
    """For instance SVN-UPR4-midterm-2026-11-29.docx; a translation has its language: SVN-UPR4-midterm-ar-…, and a
    report of an earlier moment that moment: SVN-UPR4-midterm-as-of-2026-02-01.docx, or …-as-of-1015-2026-02-01.docx
    with a time."""
    kind = report.obligation.kind.replace("-", "") if report.obligation else _("report")
    what = "matrix" if format == MATRIX else kind
    parts = [what, language]
    if as_of:
        at = time_of(as_of)
        parts += ["as-of", at.strftime("%H%M") if at else ""]
        on = timezone.localdate(as_of)
    return file_name("-".join(filter(None, parts)), format, on=on, about=about(report))


def about(report: Report) -> str:
    if report.review:
        return f"{report.review.body.code}{report.review.cycle or ''}"
    return report.obligation.body.code if report.obligation else ""
