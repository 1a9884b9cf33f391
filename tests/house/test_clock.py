"""The clock of the machine is put forward a day, or back an hour: nothing closed opens, and no one is locked out."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.declare import SCHEDULED
from servanda.jobs.models import Mail
from servanda.jobs.services import queue_mail, run_due_schedules, send_due_mails, set_up_schedules
from servanda.people.invitations.services import invite_person
from servanda.people.models import Invitation
from servanda.people.requests import throttling
from servanda.people.requests.throttling import ALLOWANCE
from servanda.trail.anchoring import write_anchor
from servanda.trail.models import Event
from servanda.trail.verifying import verify
from tests import make

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    """Puts the clock of this process to where it would be, and so much further."""
    now, seconds = timezone.now, time.time

    def put(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now() + by)
        monkeypatch.setattr(time, "time", lambda: seconds() + by.total_seconds())

    return put


def log_in(client, person) -> bool:
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    return client.get(reverse("desk:home")).status_code == 200


def test_the_chain_of_the_trail_holds_whatever_the_clock_does(clock, settings, tmp_path):
    settings.ANCHOR_FILE = tmp_path / "anchors"
    for by in (timedelta(), -HOUR, DAY, -DAY, timedelta()):
        clock(by)
        Event.record("logged-in", by=make.user())
        write_anchor()
    verdict = verify()
    assert (verdict.entries, verdict.faults, verdict.reach.anchors) == (5, [], 5)
    assert [event.sequence for event in Event.objects.all()] == [5, 4, 3, 2, 1]


def test_a_session_that_was_idle_too_long_does_not_come_back_with_the_clock(client, clock):
    make.signed_in(client)
    session = client.session
    session["used_at"] -= 40 * 60
    session.save()
    clock(-HOUR)
    assert client.get(reverse("desk:home")).status_code == 302


def test_a_clock_that_is_set_right_by_a_minute_logs_nobody_out(client, clock):
    make.signed_in(client)
    clock(-MINUTE)
    assert client.get(reverse("desk:home")).status_code == 200


@pytest.mark.parametrize("by", [DAY, -HOUR, -DAY])
def test_whoever_is_logged_out_by_the_clock_logs_in_again(client, clock, by):
    person = make.signed_in(client)
    clock(by)
    assert client.get(reverse("desk:home")).status_code == 302
    assert log_in(client, person)


def test_guesses_that_were_counted_count_when_the_clock_goes_back_an_hour(clock):
    key = throttling.key_of("password", "ana@example.org")
    assert all(throttling.count_guess(key) for _ in range(ALLOWANCE))
    clock(-HOUR)
    assert throttling.count_guess(key) is None


def test_guesses_of_a_day_that_never_was_lock_nobody_out(clock):
    key = throttling.key_of("password", "ana@example.org")
    clock(DAY)
    assert all(throttling.count_guess(key) for _ in range(ALLOWANCE))
    clock(timedelta())
    assert throttling.count_guess(key) is not None


def test_an_invitation_that_was_accepted_or_taken_back_stays_so(client, clock):
    invited = invite_person(email="ana@example.org", name="Ana", by=make.user("administrator"))
    Invitation.objects.filter(pk=invited.invitation.pk).update(revoked_at=timezone.now())
    for by in (-HOUR, -DAY, DAY):
        clock(by)
        assert not Invitation.objects.open(on=timezone.now()).exists()


def test_an_invitation_outlives_a_day_that_never_was(clock):
    invite_person(email="ana@example.org", name="Ana", by=make.user("administrator"))
    for by in (DAY, -HOUR, timedelta()):
        clock(by)
        assert Invitation.objects.open(on=timezone.now()).exists()


@pytest.mark.database
def test_a_schedule_does_not_rest_for_a_day_that_never_was(clock):
    clock(DAY)
    set_up_schedules(on=timezone.now())
    assert run_due_schedules(on=timezone.now()) == len(SCHEDULED)
    clock(timedelta())
    assert run_due_schedules(on=timezone.now()) == len(SCHEDULED)
    assert run_due_schedules(on=timezone.now()) == 0


@pytest.mark.database
def test_a_mail_does_not_wait_for_a_day_that_never_was(clock):
    clock(DAY)
    queue_mail(to="ana@example.org", subject="Due", body="One item waits for you.")
    clock(timedelta())
    assert send_due_mails(on=timezone.now()) == 1
    assert send_due_mails(on=timezone.now() + DAY) == 0
    assert Mail.objects.exclude(sent_at=None).count() == 1
