"""Peers that do not answer delay nothing else: imports, mails and schedules are before waiting pulls."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from servanda.exchange.feeds.tasks import pull_due_feeds, pull_feed
from servanda.exchange.sharing.refreshing_tasks import refresh_own
from servanda.intake.models import Batch
from servanda.jobs import declare, reaper, services
from servanda.jobs.worker import HouseWorker
from servanda.people.access import Role
from servanda.recommendations.tasks import preview_import
from tests import make
from tests.exchange_make import Sender, peer

pytestmark = pytest.mark.django_db(transaction=True)
DEAD = 30


@pytest.fixture(autouse=True)
def database_backend(settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(services, "SCHEDULED", {})


@pytest.fixture
def waiting_pulls():
    """Of peers at an address where nothing answers."""
    by, sender = make.user(Role.COORDINATOR), Sender()
    for number in range(DEAD):
        site = f"https://dead{number}.example"
        peer(sender, by, origin=site, is_pulled=True, next_pull_at=timezone.now() - timedelta(hours=1))
    pull_due_feeds.func()
    assert DBTaskResult.objects.ready().filter(task_path=pull_feed.module_path).count() == DEAD


def claimed(worker: HouseWorker) -> str:
    task = worker.claim_next()
    return task.task_path if task else ""


@pytest.mark.database
def test_an_import_a_schedule_and_a_mail_overtake_the_pulls_that_wait(waiting_pulls, monkeypatch):
    worker = HouseWorker(worker_id="w1", batch=True)
    reaper.beat(worker.worker_id, on=timezone.now())
    assert claimed(worker) == pull_feed.module_path
    monkeypatch.setitem(services.SCHEDULED, "refresh-shared", (timedelta(minutes=5), refresh_own))
    services.set_up_schedules(on=timezone.now())
    services.enqueue(preview_import, str(Batch.objects.create(name="list.xlsx", sha256="1").key))
    services.queue_mail(to="ana@example.org", subject="Hello", body="There.")
    worker.do_housekeeping(timezone.now())
    assert [message.subject for message in mail.outbox] == ["Hello"]
    assert {claimed(worker), claimed(worker)} == {preview_import.module_path, refresh_own.module_path}
    assert [claimed(worker) for _pull in range(DEAD - 1)] == [pull_feed.module_path] * (DEAD - 1)
    assert claimed(worker) == ""


@pytest.mark.database
def test_only_pulls_come_last():
    assert pull_feed.priority == declare.LAST < pull_due_feeds.priority == preview_import.priority
