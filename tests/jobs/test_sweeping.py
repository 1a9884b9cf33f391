"""What a process that was killed left on the disk goes by itself; what is in use stays."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.intake.sweeping import sweep_intake, sweep_uploads
from servanda.jobs.declare import SCHEDULED, read_declarations
from servanda.people.models import Notification
from servanda.recommendations.imports.pipeline import forget_imports_never_started, receive_file
from tests import make

TOMORROW = timedelta(days=1, minutes=1)
IN_THE_MIDDLE = """
import time
from django.core.files.uploadedfile import TemporaryUploadedFile
file = TemporaryUploadedFile("large.csv", "text/csv", 0, None)
file.write(b"x" * 1000)
file.flush()
print(file.temporary_file_path(), flush=True)
time.sleep(60)
"""


def test_the_part_of_an_upload_whose_process_was_killed_is_swept_after_a_day():
    command = [sys.executable, "-c", IN_THE_MIDDLE]
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables, cwd=settings.ROOT) as process:
        left = Path(process.stdout.readline().strip())
        process.send_signal(signal.SIGKILL)
    assert left.is_file()
    assert left.parent == Path(settings.FILE_UPLOAD_TEMP_DIR)
    sweep_uploads(on=timezone.now())
    assert left.is_file()
    sweep_uploads(on=timezone.now() + TOMORROW)
    assert not left.exists()


@pytest.mark.django_db
def test_a_file_that_no_import_names_is_swept_and_one_that_an_import_names_stays():
    batch = receive_file(file=ContentFile(b"Text,Country\na,b\n"), name="a.csv", by=make.user(role="coordinator"))
    orphan = default_storage.save("intake/nobody/a.csv", ContentFile(b"a"))
    assert sweep_intake(on=timezone.now()) == 0
    sweep_intake(on=timezone.now() + TOMORROW)
    assert [default_storage.exists(name) for name in (orphan, batch.file.name)] == [False, True]
    batch.file.delete(save=False)


@pytest.mark.django_db
def test_an_import_that_nobody_started_loses_its_file_after_thirty_days_and_its_sender_is_notified():
    sender = make.user(role="coordinator")
    batch = receive_file(file=ContentFile(b"Text,Country\na,b\n"), name="a.csv", by=sender)
    name = batch.file.name
    assert forget_imports_never_started(on=timezone.now() + timedelta(days=29)) == 0
    assert forget_imports_never_started(on=timezone.now() + timedelta(days=31)) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.file.name, default_storage.exists(name)) == (Batch.State.FAILED, "", False)
    assert Notification.objects.filter(person=sender, kind=Notification.Kind.IMPORT_FAILED).exists()


def test_sweeping_comes_round_every_day():
    read_declarations()
    assert {SCHEDULED[name][0] for name in ("sweep-uploads", "forget-imports-never-started")} == {timedelta(days=1)}
