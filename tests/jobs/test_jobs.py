import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from servanda.jobs import declare, reaper, services
from servanda.jobs.models import Mail, RunningWorker, Schedule
from servanda.jobs.worker import INTERVAL, HouseWorker
from tests.jobs import steps

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
BACKEND = "django_tasks_db.DatabaseBackend"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def database_backend(settings):
    settings.TASKS = {"default": {"BACKEND": BACKEND}}


@pytest.fixture(autouse=True)
def no_schedule(monkeypatch):
    """Which rooms have declared their own depends on what else was tested before."""
    monkeypatch.setattr(declare, "SCHEDULED", {})
    monkeypatch.setattr(services, "SCHEDULED", declare.SCHEDULED)


@pytest.fixture
def only_note(no_schedule):
    declare.scheduled("note", every=timedelta(hours=1))(steps.note)


def worker() -> HouseWorker:
    return HouseWorker(worker_id="w1", batch=True)


def test_a_task_waits_for_the_deed_around_it():
    with transaction.atomic():
        services.enqueue(steps.note, "/nowhere")
        assert not DBTaskResult.objects.exists()
    assert DBTaskResult.objects.get().task_path == "tests.jobs.steps.note"


def test_work_that_waits_already_is_not_asked_for_twice(tmp_path):
    for name in ("one", "one", "two"):
        services.enqueue_once(steps.note, str(tmp_path / name))
    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.order_by("enqueued_at")] == [
        [str(tmp_path / "one")],
        [str(tmp_path / "two")],
    ]
    worker().run()
    services.enqueue_once(steps.note, str(tmp_path / "one"))
    assert DBTaskResult.objects.ready().count() == 1


def test_a_deed_undone_starts_nothing_and_sends_nothing():
    with transaction.atomic():
        services.enqueue(steps.note, "/nowhere")
        services.queue_mail(to="ana@example.org", subject="Hello", body="There.")
        transaction.set_rollback(True)  # noqa: FBT003 -- the signature is Django's
    assert not DBTaskResult.objects.exists()
    assert not Mail.objects.exists()


def test_a_schedule_that_was_due_twice_runs_once(only_note):
    now = timezone.now()
    services.set_up_schedules(on=now - timedelta(hours=2))
    stale = Schedule.objects.get(name="note")
    assert services.run_due_schedules(on=now) == 1
    assert services.start_scheduled(stale, on=now) is False
    assert services.run_due_schedules(on=now) == 0
    assert DBTaskResult.objects.count() == 1
    assert Schedule.objects.get(name="note").next_run == now + timedelta(hours=1)


def test_a_schedule_comes_round_again(only_note):
    now = timezone.now()
    services.set_up_schedules(on=now)
    services.run_due_schedules(on=now)
    assert services.run_due_schedules(on=now + timedelta(hours=1)) == 1


def test_a_schedule_that_no_room_declares_any_more_is_forgotten(only_note):
    Schedule.objects.create(name="gone", every=MINUTE, next_run=timezone.now())
    services.set_up_schedules(on=timezone.now())
    assert [schedule.name for schedule in Schedule.objects.all()] == ["note"]


def test_a_new_rhythm_is_taken_over(only_note):
    Schedule.objects.create(name="note", every=MINUTE, next_run=timezone.now())
    services.set_up_schedules(on=timezone.now())
    assert Schedule.objects.get().every == timedelta(hours=1)


def test_a_mail_is_sent_once():
    queued = services.queue_mail(to="ana@example.org", subject="Due\nsoon", body="One item waits for you.")
    now = timezone.now()
    assert services.send_due_mails(on=now) == 1
    assert services.send_mail(queued, on=now) is False
    assert services.send_due_mails(on=now + timedelta(days=1)) == 0
    assert [(sent.to, sent.subject, sent.body) for sent in mail.outbox] == [
        (["ana@example.org"], "Due soon", "One item waits for you.")
    ]


def test_the_text_of_a_mail_is_not_kept_after_it_is_sent():
    services.queue_mail(to="ana@example.org", subject="Password", body="https://example.org/secret-link")
    services.send_due_mails(on=timezone.now())
    assert Mail.objects.get().body == ""


def test_a_mail_that_the_server_refuses_is_tried_again_and_given_up_in_the_end(settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    queued = services.queue_mail(to="ana@example.org", subject="Hello", body="There.")
    now = timezone.now()
    assert services.send_due_mails(on=now) == 0
    queued.refresh_from_db()
    assert (queued.tries, queued.next_try, queued.sent_at) == (1, now + MINUTE, None)
    assert "ConnectionRefusedError" in queued.problem
    assert services.send_due_mails(on=now) == 0
    for day in range(1, 20):
        services.send_due_mails(on=now + timedelta(days=day))
    queued.refresh_from_db()
    assert queued.tries == Mail.MOST_TRIES
    assert not Mail.objects.due(on=now + timedelta(days=365)).exists()


@pytest.mark.parametrize("address", ["ana@example.org\nBcc: eve@example.org", f"ana@{'x' * 70}ž.org"])
def test_an_address_that_no_mail_can_go_to_is_given_up_and_keeps_no_other_mail_waiting(address):
    bad = services.queue_mail(to=address, subject="Hello", body="There.")
    services.queue_mail(to="bo@example.org", subject="Hello", body="There.")
    assert services.send_due_mails(on=timezone.now()) == 1
    assert [sent.to for sent in mail.outbox] == [["bo@example.org"]]
    assert not Mail.objects.due(on=timezone.now() + timedelta(days=365)).exists()
    assert Mail.objects.get(pk=bad.pk).problem.startswith(("ValueError", "UnicodeEncodeError"))


def test_a_task_that_fails_is_tried_three_more_times_with_longer_waits(tmp_path):
    log = tmp_path / "log"
    steps.stumble.enqueue(str(log))
    waits = []
    for _attempt in range(4):
        before = timezone.now()
        worker().run()
        task = DBTaskResult.objects.get()
        waits.append(round((task.run_after - before).total_seconds() / 10))
        DBTaskResult.objects.filter(status="READY").update(run_after=before)
    assert log.read_text().splitlines() == ["tried"] * 4
    assert waits[:3] == [3, 30, 180]
    assert task.status == "FAILED"
    assert "third stair" in task.traceback


def test_a_task_that_may_not_run_twice_fails_at_the_first_error(tmp_path):
    steps.note.enqueue(str(tmp_path / "missing" / "log"))
    worker().run()
    task = DBTaskResult.objects.get()
    assert (task.status, len(task.worker_ids)) == ("FAILED", 1)


def test_a_task_that_has_failed_for_good_starts_what_tells_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(reaper, "GIVEN_UP", {steps.stumble.module_path: steps.note})
    log = tmp_path / "log"
    steps.stumble.enqueue(str(log))
    for _attempt in range(4):
        assert "noted" not in (log.read_text() if log.exists() else "")
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        worker().run()
    assert log.read_text().splitlines() == ["tried"] * 4 + ["noted"]


def test_a_task_that_kills_each_of_its_workers_is_given_up(tmp_path):
    steps.take_steps.enqueue(str(tmp_path / "log"))
    for attempt in range(4):
        DBTaskResult.objects.get().claim(f"dead {attempt}")
        reaper.reap(on=timezone.now())
    task = DBTaskResult.objects.get()
    assert task.status == "FAILED"
    assert "The worker stopped during this task." in task.traceback


def test_a_task_of_a_living_worker_is_left_alone(tmp_path):
    now = timezone.now()
    steps.take_steps.enqueue(str(tmp_path / "log"))
    reaper.beat("w1", on=now)
    DBTaskResult.objects.get().claim("w1")
    assert reaper.reap(on=now + timedelta(seconds=50)) == 0
    assert DBTaskResult.objects.get().status == "RUNNING"
    assert reaper.reap(on=now + timedelta(seconds=61)) == 1
    assert not RunningWorker.objects.exists()


def test_old_finished_tasks_and_sent_mails_are_forgotten_and_waiting_ones_kept(tmp_path):
    now = timezone.now()
    steps.note.enqueue(str(tmp_path / "log"))
    worker().run()
    steps.note.enqueue(str(tmp_path / "log"))
    services.queue_mail(to="ana@example.org", subject="Sent", body=".")
    services.send_due_mails(on=now + MINUTE)
    services.queue_mail(to="ana@example.org", subject="Pending", body=".")
    assert services.forget_old(on=now + timedelta(days=20)) == 0
    assert services.forget_old(on=now + timedelta(days=31)) == 2
    assert DBTaskResult.objects.get().status == "READY"
    assert Mail.objects.get().subject == "Pending"


def at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """All in the same moment, each over a connection of its own."""
    start, answers = Barrier(len(deeds)), {}

    def run(number: int) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            answers[number] = deeds[number]()
        finally:
            connection.connection.close()  # that of this thread; Django keeps one open to a database in memory

    threads = [Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(deeds))]


def claim(queued: Mail) -> bool:
    """As a worker does who found the mail a moment ago; one that finds SQLite busy looks again at the next round."""
    for _attempt in range(100):
        with suppress(OperationalError):
            return services.claim_mail(queued, on=timezone.now())
        time.sleep(0.01)
    raise AssertionError("the database is still busy")


def test_of_two_workers_who_find_a_mail_in_the_same_moment_one_claims_it():
    for number in range(10):
        queued = services.queue_mail(to=f"ana{number}@example.org", subject="Due", body="One item waits for you.")
        assert sorted(at_once([partial(claim, queued)] * 2)) == [False, True]
        queued.refresh_from_db()
        assert queued.tries == 1


def test_a_worker_who_read_a_mail_before_another_failed_to_send_it_leaves_it_alone():
    queued = services.queue_mail(to="ana@example.org", subject="Due", body="One item waits for you.")
    seen_before = Mail.objects.get()
    assert services.claim_mail(queued, on=timezone.now())
    assert services.send_mail(seen_before, on=timezone.now()) is False
    assert mail.outbox == []


def test_the_operator_says_how_long_a_worker_waits_before_it_looks_again(monkeypatch):
    asked = []
    monkeypatch.setattr(HouseWorker, "run", lambda worker: asked.append(worker.interval))
    monkeypatch.setattr(HouseWorker, "configure_signals", lambda _worker: None)
    call_command("work", "--interval", "0.2")
    call_command("work")
    assert asked == [0.2, INTERVAL[connection.vendor]]
    with pytest.raises(CommandError, match="more than 0 seconds"):
        call_command("work", "--interval", "0")
