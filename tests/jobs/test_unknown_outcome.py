"""What is known of a mail when the mail server, or the worker, fails in the middle."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.jobs.services import new_mail, queue_mail, send_due_mails
from tests.jobs.mail_servers import BreaksOff, IsDown, LosesItsWorker, SaysNo, mailers

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def queued() -> Mail:
    return queue_mail(to="ana@example.org", subject="Due", body="One item waits for you.")


@pytest.mark.parametrize("server", [SaysNo, IsDown])
def test_a_server_that_says_no_or_is_not_there_leaves_no_doubt(queued, settings, server):
    settings.MAILERS = mailers(server)
    assert send_due_mails(on=timezone.now()) == 0
    queued.refresh_from_db()
    assert (queued.sent_at, queued.uncertain_since) == (None, None)
    assert queued.problem


def test_a_connection_that_breaks_after_the_text_has_gone_is_an_unknown_outcome(queued, settings):
    settings.MAILERS = mailers(BreaksOff)
    send_due_mails(on=timezone.now())
    assert Mail.objects.uncertain().get().problem.startswith("SMTPServerDisconnected")


def test_a_worker_that_ends_in_the_middle_leaves_an_unknown_outcome(queued, settings):
    settings.MAILERS = mailers(LosesItsWorker)
    with pytest.raises(KeyboardInterrupt):
        send_due_mails(on=timezone.now())
    assert Mail.objects.uncertain().get() == queued


def test_a_later_refusal_does_not_tell_what_became_of_the_first_try(queued, settings):
    for server, on in [(BreaksOff, timezone.now()), (SaysNo, timezone.now() + HOUR)]:
        settings.MAILERS = mailers(server)
        send_due_mails(on=on)
    assert Mail.objects.uncertain().exists()


def test_every_try_has_the_same_message_id_so_that_it_is_seen_once(queued, settings):
    usual = settings.MAILERS
    settings.MAILERS = mailers(BreaksOff)
    send_due_mails(on=timezone.now())
    settings.MAILERS = usual
    assert send_due_mails(on=timezone.now() + HOUR) == 1
    assert [sent.message()["Message-ID"] for sent in mail.outbox] == [queued.message_id] * 2
    assert not Mail.objects.uncertain().exists()


@pytest.mark.database
def test_there_is_one_mail_of_a_name(queued):
    twin = new_mail(to="ana@example.org", subject="Due", body="Again.", known_as="x")
    twin.message_id = queued.message_id
    with pytest.raises(IntegrityError):
        twin.save()
