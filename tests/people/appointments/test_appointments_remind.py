from datetime import date, timedelta

import pytest

from servanda.jobs.declare import SCHEDULED, read_declarations
from servanda.jobs.models import Mail
from servanda.people import tasks
from servanda.people.access import Role
from servanda.people.appointments.reminders import remind_of_endings
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
LAST = date(2026, 12, 31)
FIRST = LAST - timedelta(days=30)


@pytest.fixture
def ministry():
    return make.institution("ministry", name={"en": "Ministry of Rights", "fr": "Ministère des Droits"})


def ending(ministry, on: date | None = LAST, **person):
    return make.appointment(make.user(Role.PUBLIC, **person), ministry, end=on)


def mails_to(address: str) -> list[str]:
    return list(Mail.objects.filter(to=address).order_by("pk").values_list("subject", flat=True))


def test_a_person_is_told_thirty_and_seven_days_before_and_on_the_day_after_once_each(ministry):
    appointment = ending(ministry, email="fran@example.org")
    data = {}
    for days in range(-40, 20):
        if number := remind_of_endings(on=LAST + timedelta(days=days)):
            data[days] = number
    assert data == {-30: 1, -7: 1, 1: 1}
    near, nearer, over = mails_to("fran@example.org")
    assert near == nearer
    assert [("Ministry of Rights" in mail, "31" in mail) for mail in (near, over)] == [(True, True), (True, False)]
    assert near != over
    appointment.refresh_from_db()
    assert appointment.reminded_before == 0


def test_running_twice_on_one_day_mails_once(ministry):
    make.user(Role.COORDINATOR)
    ending(ministry)
    assert (remind_of_endings(on=FIRST), remind_of_endings(on=FIRST)) == (1, 0)
    assert Mail.objects.count() == 2


def test_a_day_on_which_nothing_ran_is_made_up_for(ministry):
    ending(ministry, email="fran@example.org")
    for days in (-26, -3, 4):
        assert remind_of_endings(on=LAST + timedelta(days=days)) == 1
    assert len(mails_to("fran@example.org")) == 3


def test_ends_long_ago_and_without_end_are_told_to_nobody(ministry):
    ending(ministry)
    ending(ministry, on=None)
    assert remind_of_endings(on=LAST + timedelta(days=8)) == 0


def test_each_reads_it_in_their_own_language(ministry):
    ending(ministry, email="fran@example.org", language="fr")
    make.user(Role.COORDINATOR, email="cora@example.org", language="fr")
    make.user(Role.COORDINATOR, email="colin@example.org")
    remind_of_endings(on=FIRST)
    bodies = dict(Mail.objects.values_list("to", "body"))
    assert "Ministère des Droits" in bodies["fran@example.org"]
    assert "31 décembre 2026" in bodies["cora@example.org"]
    assert "Ministry of Rights" in bodies["colin@example.org"]


def test_each_coordinator_gets_one_mail_for_all(ministry):
    cora, closed = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR, is_active=False)
    administrator = make.user(Role.ADMINISTRATOR)
    for number in range(3):
        ending(make.institution(f"m{number}"), name=f"Person {number}")
    assert remind_of_endings(on=FIRST) == 3
    assert mails_to(cora.email) == ["3 appointments are ending soon"]
    body = Mail.objects.get(to=cora.email).body
    assert all(f"M{number}, Focal point, principal, Person {number}" in body for number in range(3))
    assert mails_to(closed.email) == mails_to(administrator.email) == []


def test_who_cannot_log_in_is_not_written_to_but_the_coordinator_is(ministry):
    cora = make.user(Role.COORDINATOR)
    appointment = ending(ministry, is_active=False)
    assert remind_of_endings(on=FIRST) == 1
    assert (mails_to(appointment.person.email), mails_to(cora.email)) == ([], ["1 appointment is ending soon"])


def test_who_goes_on_in_the_same_function_is_left_in_peace(ministry):
    appointment = ending(ministry)
    make.appointment(appointment.person, ministry, start=LAST + timedelta(days=1))
    assert remind_of_endings(on=FIRST) == 0
    other = ending(make.institution("other"))
    make.appointment(other.person, other.institution, "reader", start=LAST + timedelta(days=1))
    assert remind_of_endings(on=FIRST) == 1


def test_a_reminder_is_a_line_in_the_trail_and_none_in_the_history(ministry):
    appointment = ending(ministry)
    remind_of_endings(on=FIRST)
    event = Event.objects.first()
    assert (event.action, event.object_label, event.actor) == ("reminders-sent", "1", None)
    assert appointment.history.count() == 1


def test_the_worker_looks_every_day():
    read_declarations()
    assert SCHEDULED["remind-of-endings"] == (timedelta(days=1), tasks.remind_of_endings)
