"""No mail contains a word that is not for its reader."""

import pytest
from django.core import mail
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.jobs.services import send_due_mails
from servanda.people.appointments.reminders import remind_of_endings
from servanda.people.models import Appointment, Notification, User
from servanda.people.notifications.digests import send_digests
from tests.house.canary import set_canary
from tests.house.canary_people import person_of, remember
from tests.house.canary_words import FILE, LATER, Canary, unheard
from tests.house.test_canary import LISTENERS
from tests.once import built_once

pytestmark = pytest.mark.django_db


def mails_that_say_too_much(people: dict[str, User]) -> list[str]:
    """Of everything in the outbox, to whom it goes, and what in it is not for them."""
    now = timezone.now()
    remind_of_endings(on=timezone.localdate())
    remind_of_endings(on=timezone.localdate() + LATER * 2)
    send_digests(on=now)
    while send_due_mails(on=timezone.now()):
        pass
    assert not Mail.objects.filter(sent_at=None).exists()
    sent = [(letter.to, letter.message().as_string() + letter.body) for letter in mail.outbox]
    return [
        f"{kind}: {word}"
        for kind, person in people.items()
        for to, text in sent
        for word in unheard(kind)
        if to == [person.email] and word in text.lower()
    ]


@built_once
def written_to() -> tuple[Canary, dict[str, User]]:
    """What is hidden, and everybody, to whom the system has something to write."""
    people = {kind: person for kind in LISTENERS if (person := person_of(kind))}
    Appointment.objects.filter(person__in=people.values()).update(end=timezone.localdate() + LATER)
    canary = set_canary()
    for person in people.values():
        remember(person, canary)
    return canary, people


def test_no_mail_says_a_word_that_is_not_for_its_reader(written_to):
    canary, people = written_to
    assert mails_that_say_too_much(people) == []
    addresses = {to for letter in mail.outbox for to in letter.to}
    assert {person.email for person in people.values()} <= addresses
    by_address = {letter.to[0]: letter.body for letter in mail.outbox}
    (invitation,) = [to for to, body in by_address.items() if any(key in body for key in canary.keys)]
    assert invitation.startswith("iva@")


def test_a_digest_of_what_is_not_seen_any_more_is_heard(written_to, monkeypatch):
    _canary, people = written_to
    monkeypatch.setattr(Notification, "ABOUT", {})
    assert f"reader: {FILE}" in mails_that_say_too_much(people)
