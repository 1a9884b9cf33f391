"""A mail server that hangs, in each way in which it can: the worker goes on, and the mail comes once."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from servanda import environment
from servanda.jobs import mail_server
from servanda.jobs.models import Mail
from servanda.jobs.services import queue_mail, send_due_mails
from tests.talking_servers import dripping, endless, listening, silent

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class MailServer:
    """Speaks as one should, except that it falls silent after a command; keeps what it took."""

    def __init__(self, silent_after: str = "") -> None:
        self.silent_after, self.taken = silent_after, []

    def __call__(self, line) -> None:
        with line.makefile("rb") as lines:
            self.say(line, "GREETING", b"220 ready")
            while command := lines.readline().decode().strip().upper():
                word = command.partition(" ")[0]
                if word == "DATA":
                    self.say(line, "DATA", b"354 go on")
                    self.taken.append(self.text_of(lines))
                    word = "TEXT"
                self.say(line, word, b"250 yes")

    def text_of(self, lines) -> str:
        text = []
        while (line := lines.readline()) != b".\r\n":
            if not line:  # the caller has gone; reading on would never end, and take a core from the other tests
                raise ConnectionAbortedError
            text.append(line)
        return b"".join(text).decode()

    def say(self, line, word: str, answer: bytes) -> None:
        if word == self.silent_after:
            time.sleep(30)
        line.sendall(answer + b"\r\n")


@pytest.fixture
def queued() -> Mail:
    return queue_mail(to="ana@example.org", subject="Due", body="One item waits for you.")


def send(settings, monkeypatch, tmp_path, talk, on, seconds) -> int:
    monkeypatch.setattr(mail_server, "SECONDS", seconds)
    with listening(talk, reads=False) as listener:
        monkeypatch.setenv("SERVANDA_MAIL_URL", f"smtp://127.0.0.1:{listener.port}")
        settings.MAILERS = {"default": environment.mailer(tmp_path)}
        return send_due_mails(on=on)


@pytest.fixture
def sent_through(settings, monkeypatch, tmp_path):
    """Sends what is due, and waits for as long for the server of each mail."""
    return lambda talk, on, seconds=10.0: send(settings, monkeypatch, tmp_path, talk, on, seconds)


@pytest.mark.parametrize(
    "talk",
    [
        silent,
        dripping(b"220 rea", b"d", pause=0.05),
        dripping(b"", b"220-hello\r\n", pause=0.05),
        endless(b"", b"220-hello\r\n" * 1000),
        endless(b"220 ", b"x" * 10_000),
        MailServer(silent_after="GREETING"),
    ],
)
def test_a_server_that_hangs_before_the_mail_keeps_the_worker_for_seconds(queued, sent_through, talk):
    start = time.monotonic()
    assert sent_through(talk, timezone.now(), seconds=0.2) == 0
    assert time.monotonic() - start < 5
    queued.refresh_from_db()
    assert (queued.sent_at, queued.uncertain_since, queued.tries) == (None, None, 1)
    assert queued.problem
    good = MailServer()
    assert sent_through(good, timezone.now() + HOUR) == 1
    assert len(good.taken) == 1


@pytest.mark.parametrize("word", ["EHLO", "MAIL", "RCPT", "DATA", "TEXT"])
def test_a_server_that_hangs_in_the_middle_gets_the_same_mail_again(queued, sent_through, word):
    """Whether it took the first is not known: a reader sees one, because both have the same Message-ID."""
    bad, good = MailServer(silent_after=word), MailServer()
    start = time.monotonic()
    assert sent_through(bad, timezone.now(), seconds=0.5) == 0
    assert time.monotonic() - start < 5
    assert Mail.objects.uncertain().get() == queued
    assert sent_through(good, timezone.now() + HOUR) == 1
    assert all(queued.message_id in text for text in [*bad.taken, *good.taken])
    assert len(good.taken) == 1


def test_a_server_that_hangs_at_the_good_bye_has_the_mail(queued, sent_through):
    bad = MailServer(silent_after="QUIT")
    assert sent_through(bad, timezone.now(), seconds=0.5) == 1
    assert sent_through(MailServer(), timezone.now() + HOUR) == 0
    assert len(bad.taken) == 1


def test_of_a_hundred_mails_one_waits_for_a_server_that_hangs_and_the_others_a_minute(sent_through):
    on = timezone.now()
    for number in range(100):
        queue_mail(to=f"a{number}@example.org", subject="Due", body="One item waits for you.")
    start = time.monotonic()
    assert sent_through(silent, on + timedelta(seconds=1), seconds=0.2) == 0
    assert time.monotonic() - start < 8
    assert list(Mail.objects.filter(tries=1).values_list("to", flat=True)) == ["a0@example.org"]
    assert not Mail.objects.due(on=on + timedelta(seconds=30)).exists()
    good = MailServer()
    assert sent_through(good, on + timedelta(minutes=2)) == 100
    assert len(good.taken) == 100


def test_a_mail_at_which_the_server_hangs_up_does_not_keep_the_others(queued, sent_through):
    class HangsUp(MailServer):
        def say(self, line, word: str, answer: bytes) -> None:
            if word == "TEXT" and "a poison" in self.taken[-1]:
                line.close()
                raise ConnectionError
            super().say(line, word, answer)

    Mail.objects.filter(pk=queued.pk).update(body="a poison")
    for number in range(3):
        queue_mail(to=f"b{number}@example.org", subject="Due", body="One item waits for you.")
    on, server = timezone.now(), HangsUp()
    for minute in range(4):
        sent_through(server, on + timedelta(minutes=minute, seconds=minute))
    assert list(Mail.objects.filter(sent_at=None)) == [queued]
