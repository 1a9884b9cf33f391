import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.jobs.conftest import ROOT, Place, wait_for

pytestmark = [pytest.mark.database, pytest.mark.timeout(180), pytest.mark.slow]

STATE = """
import json
from django_tasks_db.models import DBTaskResult
task = DBTaskResult.objects.filter(task_path__startswith="tests.").latest("enqueued_at")
print(json.dumps([task.status, len(task.worker_ids), task.exception_class_path]))
"""
REAP = """
from datetime import timedelta
from django.utils import timezone
from servanda.jobs import declare, reaper
from tests.jobs import steps
print(reaper.reap(on=timezone.now() + timedelta(seconds={later})))
"""


@contextmanager
def worker_in_the_middle(place: Place, task: str, log: Path):
    """The second step is taken, the third waits."""
    place.python(f"from tests.jobs import steps; steps.{task}.enqueue({str(log)!r})")
    with place.forked_worker() as worker:
        wait_for(lambda: log.exists() and "step 2" in log.read_text())
        yield worker


def state(place: Place) -> list:
    return json.loads(place.python(STATE))


def test_a_task_whose_worker_was_killed_goes_on_where_it_stopped(place, tmp_path):
    log = tmp_path / "log"
    with worker_in_the_middle(place, "take_steps", log) as worker:
        worker.kill()
    assert state(place) == ["RUNNING", 1, ""]
    assert place.python(REAP.format(later=0)) == "0"
    assert place.python(REAP.format(later=120)) == "1"
    assert state(place) == ["READY", 1, ""]
    place.work("--batch")
    assert state(place) == ["SUCCESSFUL", 2, ""]
    assert log.read_text().splitlines() == ["step 1", "step 2", "step 3", "step 4"]


def test_a_task_that_may_not_run_twice_fails_with_a_message_when_its_worker_was_killed(place, tmp_path):
    with worker_in_the_middle(place, "take_steps_once", tmp_path / "log") as worker:
        worker.kill()
    assert place.python(REAP.format(later=120)) == "1"
    assert state(place) == ["FAILED", 1, "servanda.jobs.reaper.WorkerLost"]


def test_a_worker_asked_to_end_hands_back_a_task_that_can_go_on_later(place, tmp_path):
    log = tmp_path / "log"
    with worker_in_the_middle(place, "take_steps", log) as worker:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    assert state(place) == ["READY", 0, ""]
    assert log.read_text().splitlines() == ["step 1", "step 2"]
    place.work("--batch")
    assert state(place) == ["SUCCESSFUL", 1, ""]


def test_a_worker_asked_to_end_before_an_answer_came_hands_its_task_back(place, tmp_path):
    log = str(tmp_path / "log")
    place.python(f"from tests.jobs import steps; steps.be_asked_to_end_before_the_answer.enqueue({log!r})")
    place.work()
    assert state(place) == ["READY", 0, ""]
    place.work("--batch")
    assert state(place) == ["SUCCESSFUL", 1, ""]


def test_a_worker_that_waits_ends_at_once_when_asked(place):
    lives = "from servanda.jobs.models import RunningWorker; print(RunningWorker.objects.count())"
    before = place.python(lives)
    with place.worker() as worker:
        wait_for(lambda: place.python(lives) != before, seconds=120)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    assert place.python(lives) == before


ACCOUNTS = """
from django.test import override_settings
from servanda.demo import people
with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
    people.load()
"""
WITHOUT_ACCOUNTS = """
from servanda.people.models import User
User.objects.filter(is_demonstration=True).update(is_demonstration=False, is_active=False)
"""


def test_the_worker_refuses_to_start_with_demonstration_accounts(place):
    place.python(ACCOUNTS)
    command, production = [sys.executable, "-m", "tools.start", "worker"], {"SERVANDA_MODE": "production"}
    done = subprocess.run(command, cwd=ROOT, env=place.environment | production, capture_output=True, text=True)
    place.python(WITHOUT_ACCOUNTS)
    assert done.returncode != 0
    assert "coordinator@example.org" in done.stderr
    assert "SERVANDA_MODE=demo" in done.stderr


LINES = """
from servanda.trail.models import Event
from django_tasks_db.models import DBTaskResult
task = DBTaskResult.objects.filter(task_path__endswith="leave_a_line").latest("enqueued_at")
print([event.request_id == str(task.pk) for event in Event.objects.filter(action="instance-edited")])
"""


def test_what_a_task_did_is_found_under_the_number_of_the_task(place):
    place.python("from tests.jobs import steps; steps.leave_a_line.enqueue()")
    place.work("--batch")
    assert place.python(LINES) == "[True]"


def test_the_worker_anchors_the_trail_by_itself(place):
    place.python("from servanda.trail.models import Event; Event.record('instance-edited')")
    place.python("from servanda.jobs.models import Schedule; Schedule.objects.filter(name='anchor-trail').delete()")
    place.work("--batch")
    newest = place.python("from servanda.trail.models import Event; print(Event.objects.first().hash)")
    assert newest in (place.directory / "trail-anchors.jsonl").read_text().splitlines()[-1]
    assert "bear the trail out" in place.must_run("verify_trail")


RUNNING = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(30)'")
    print(cursor.fetchone()[0])
"""

if (
    connection.vendor == "postgresql"
):  # SQLite has no query that waits; there a signal is heard when the query is over

    def test_a_worker_asked_to_end_stops_the_query_that_is_running(place, tmp_path):
        log = tmp_path / "log"
        with worker_in_the_middle(place, "wait_in_the_database", log) as worker:
            wait_for(lambda: place.python(RUNNING) == "1")
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=10) == 0
        assert state(place) == ["READY", 0, ""]
        assert place.python(RUNNING) == "0"
