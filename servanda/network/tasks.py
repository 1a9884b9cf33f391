from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from servanda.jobs.declare import retryable, scheduled
from servanda.network.meetings.reminders import remind_of_meetings
from servanda.network.models import CourseMaterial, LegalText, MeetingPaper
from servanda.network.peer_answers.encoding_tasks import encode_answers
from servanda.network.practices.encoding_tasks import encode_practices
from servanda.progress.evidence.cleanup import sweep_folder

scheduled("encode-practices", every=timedelta(hours=1))(encode_practices)
scheduled("encode-answers", every=timedelta(hours=1))(encode_answers)


@scheduled("remind-of-meetings", every=timedelta(hours=1))
@retryable
@task()
def remind_people_of_meetings() -> None:
    """Write to participants of meetings that begin within a week."""
    remind_of_meetings(now=timezone.now())


@scheduled("sweep-network-files", every=timedelta(days=1))
@retryable
@task()
def sweep_network_files() -> None:
    """Delete files that a crash left without a row."""
    sweep_folder("meetings", MeetingPaper.objects.all(), on=timezone.now())
    sweep_folder("training", CourseMaterial.objects.all(), on=timezone.now())
    sweep_folder("mechanisms", LegalText.objects.all(), on=timezone.now())
