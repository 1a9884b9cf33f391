"""Jobs of reports."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled, when_given_up
from servanda.progress.evidence.cleanup import sweep_folder
from servanda.reporting.consultations.attachments import erase_removed_files
from servanda.reporting.consultations.letters import announce_consultations, remind_of_consultations
from servanda.reporting.downloads.services import (
    give_up_report_download,
    make_report_download,
    sweep_report_downloads,
)
from servanda.reporting.models import CommentFile, SnapshotFile, WordTemplate
from servanda.reporting.models.consultations import COMMENT_FILES
from servanda.reporting.models.snapshots import FOLDER
from servanda.reporting.models.word_templates import WORD_TEMPLATES
from servanda.reporting.submissions.making import give_up_submission, make_submitted_files

when_given_up(make_submitted_files, then=give_up_submission)
when_given_up(make_report_download, then=give_up_report_download)


@scheduled("sweep-report-files", every=timedelta(days=1))
@retryable
@task()
def sweep_report_files() -> None:
    """Delete files that a crash left without a row, and files of comments that were removed a month ago."""
    erase_removed_files(on=timezone.now())
    sweep_folder(FOLDER, SnapshotFile.objects.all(), on=timezone.now())
    sweep_folder(WORD_TEMPLATES, WordTemplate.objects.all(), on=timezone.now())
    sweep_folder(COMMENT_FILES, CommentFile.objects.all(), on=timezone.now())


@scheduled("sweep-report-downloads", every=timedelta(hours=6))
@retryable
@task()
def sweep_downloads_of_reports() -> None:
    """Delete files that were requested more than a day ago."""
    sweep_report_downloads(on=timezone.now())


@scheduled("announce-consultations", every=timedelta(minutes=5))
@retryable
@task()
def announce_planned_consultations() -> None:
    """Write to the people invited to consultations whose planned moment has come."""
    announce_consultations(now=timezone.now())


@scheduled("remind-of-consultations", every=timedelta(hours=1))
@retryable
@task()
def remind_people_of_consultations() -> None:
    """Write to the people invited to consultations that close within a week."""
    remind_of_consultations(now=timezone.now())
