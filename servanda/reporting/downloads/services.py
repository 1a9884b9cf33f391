"""Ask for a file of a report, make it in the background, and delete it after a day."""

from contextlib import closing, suppress
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.utils import IntegrityError
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.jobs.declare import retryable
from servanda.jobs.services import enqueue
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.progress.evidence.cleanup import sweep_folder
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.documents.files import MATRIX, PDF, WITHOUT_CHARTS, WORD, WRITERS, name_of
from servanda.reporting.documents.page_numbers import pages_of_headings
from servanda.reporting.facts.registry import fact_sources
from servanda.reporting.models import Quotation, Report, ReportDownload, ReportTranslation, TemplateSection
from servanda.reporting.models.downloads import DOWNLOADS
from servanda.reporting.reports.scope import records_of
from servanda.reporting.returns.copies import mark_copy

State = ReportDownload.State
KEPT = timedelta(days=1)
AT_ONCE = 3  # seconds that a person waits for a file
# Measured by `./run bench report_files`, on a machine with other work: seconds for one of each.
WORD_OF_PDF, ROW_OF_PDF, ROW, CHART = 1 / 2_000, 1 / 250, 1 / 2_500, 1 / 10
WORD_TEMPLATE = 2  # seconds that filling one takes


def is_quick(report: Report, format: str, *, by: User) -> bool:
    """Whether the file is made while the person waits."""
    return seconds_for(report, format, by=by) <= AT_ONCE


def seconds_for(report: Report, format: str, *, by: User) -> float:
    """About how long the file takes: its words, the rows of its matrix and its charts."""
    sections = list(report.sections.readable_by(by).values_list("pk", "words", "content"))
    has_matrix = any(content == TemplateSection.Content.MATRIX for _pk, _words, content in sections)
    rows = records_of(report, by).count() if has_matrix else 0
    seconds = rows * (ROW_OF_PDF if format == PDF else ROW)
    if format == PDF:
        seconds += sum(words for _pk, words, _content in sections) * WORD_OF_PDF
    if format == WORD and report.word_template_id:
        seconds += WORD_TEMPLATE
    if format not in WITHOUT_CHARTS:
        drawn = [source.code for source in fact_sources() if source.pictures is not None]
        quoted = Quotation.objects.filter(section__in=[pk for pk, _words, _content in sections], source__in=drawn)
        seconds += quoted.values("object_id").distinct().count() * CHART
    return seconds


def start_report_download(
    *, report: Report, format: str, language: str = "", as_of: datetime | None = None, by: User
) -> ReportDownload:
    """Queue the file of the report, as of a moment if one is given, or of a translation. Returns the download in
    progress if there is one."""
    what = {"report": report, "format": format, "language": language, "as_of": as_of, "by": by}
    with suppress(IntegrityError), transaction.atomic():
        made = ReportDownload.objects.create(**what)
        enqueue(make_report_download, str(made.key))
        return made
    return ReportDownload.objects.get(**what, state=State.PREPARING)


@retryable
@task()
def make_report_download(key: str) -> None:
    """Make the file with what the person may see of the report. If this fails, the reason is stored with the
    download."""
    rows = ReportDownload.objects.filter(key=key, state=State.PREPARING)
    download = rows.select_related(
        "by", "report__obligation__body", "report__review__body", "report__word_template"
    ).first()
    if download is None:
        return
    if not Report.objects.visible_to(download.by).filter(pk=download.report_id).exists():
        fail(download, _("You no longer have access to this report."))
        return
    now = timezone.localtime()
    download.sections = readable_sections(download.report, download.by)
    try:
        content = content_of(download, now)
    except Refused as refusal:
        fail(download, str(refusal))
        return
    language, as_of = download.language, download.as_of
    download.name = name_of(download.report, download.format, on=now.date(), language=language, as_of=as_of)
    download.size = len(content)
    download.state = State.READY
    download.file.save(download.name, ContentFile(content), save=False)
    download.save()


def readable_sections(report: Report, user: User) -> list[int]:
    return list(report.sections.readable_by(user).order_by("pk").values_list("pk", flat=True))


def may_still_read(download: ReportDownload, user: User) -> bool:
    """Whether the person still sees all sections in the file."""
    return set(download.sections) <= set(readable_sections(download.report, user))


def content_of(download: ReportDownload, now: datetime) -> bytes:
    report, format = download.report, download.format
    into = find_translation(report, download.language, download.by)
    with in_language_of(into or report):
        has_charts, as_of = format not in WITHOUT_CHARTS, download.as_of
        document = document_of(report, download.by, on=now.date(), into=into, with_charts=has_charts, as_of=as_of)
        if format == WORD and into is None:
            mark_copy(document, report, by=download.by)
        if format == WORD:
            document.pages = pages_of_headings(document, now)
        if format == MATRIX and document.layout is None:
            raise Refused(_("This report has no matrix of recommendations."))
        with closing(WRITERS[format](document, now)) as file:
            return file.read()


def find_translation(report: Report, language: str, by: User) -> ReportTranslation | None:
    """None for a file in the language of the report. Raises `Refused` if the translation was removed."""
    if not language:
        return None
    into = ReportTranslation.objects.visible_to(by).filter(report=report, language=language).first()
    if into is None:
        raise Refused(_("The report is no longer translated to this language."))
    return into


@task()
def give_up_report_download(key: str) -> None:
    if download := ReportDownload.objects.filter(key=key, state=State.PREPARING).first():
        fail(download, _("The file could not be created. Try again, or contact the administrator."))


def fail(download: ReportDownload, problem: str) -> None:
    ReportDownload.objects.filter(pk=download.pk).update(state=State.FAILED, problem=problem)


def sweep_report_downloads(*, on: datetime) -> None:
    """Delete files older than a day, and those that a crash left without a row."""
    for download in ReportDownload.objects.filter(at__lt=on - KEPT):
        if download.file:
            download.file.delete(save=False)
        download.delete()
    sweep_folder(DOWNLOADS, ReportDownload.objects.all(), on=on)
