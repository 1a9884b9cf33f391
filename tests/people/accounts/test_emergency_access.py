"""What the operator can do on the command line when no one can get in; everyone who must know is told."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.people.access import Can, Role, can
from servanda.people.models import User
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
REASON = "The administrator is on leave."


@pytest.fixture
def people() -> dict[str, User]:
    return {
        "cora": make.user(Role.COORDINATOR, email="cora@example.org", name="Cora", language="fr"),
        "ada": make.user(Role.ADMINISTRATOR, email="ada@example.org", language="es"),
        "abe": make.user(Role.ADMINISTRATOR, email="abe@example.org"),
        "gone": make.user(Role.ADMINISTRATOR, email="gone@example.org", is_active=False),
        "reader": make.user(Role.READER, email="reader@example.org"),
    }


def give(email: str = "cora@example.org", hours: object = 2, reason: str = REASON) -> None:
    call_command("emergency_access", email, "--hours", str(hours), "--reason", reason)


def now_is(monkeypatch, moment) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_the_rights_of_an_administrator_last_as_long_as_was_said(people, monkeypatch):
    began = timezone.now()
    give(hours=2)
    cora = User.objects.get(email="cora@example.org")
    assert can(cora, Can.GIVE_ROLES)
    assert cora.roles == {Role.ADMINISTRATOR, Role.COORDINATOR}
    now_is(monkeypatch, began + timedelta(hours=2, minutes=1))
    assert not can(User.objects.get(pk=cora.pk), Can.GIVE_ROLES)
    assert User.objects.get(pk=cora.pk).roles == {Role.COORDINATOR}


def test_the_person_and_every_administrator_are_told_with_the_reason(people):
    give()
    mails = {mail.to: mail for mail in Mail.objects.all()}
    assert set(mails) == {"cora@example.org", "ada@example.org", "abe@example.org"}
    assert all(REASON in mail.body and "Cora" in mail.body for mail in mails.values())
    assert all("Cora" not in mail.subject for mail in mails.values())


def test_the_trail_keeps_the_reason_and_no_actor(people):
    give()
    event = Event.objects.get()
    assert (event.action, event.actor, event.object_id) == ("emergency-access-given", None, str(people["cora"].pk))
    assert json.loads(event.difference)["reason"] == ["", REASON]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"hours": 0}, "one to four hours"),
        ({"hours": 5}, "one to four hours"),
        ({"reason": "  "}, "Enter a reason"),
        ({"email": "nobody@example.org"}, "Nobody has an account"),
        ({"email": "gone@example.org"}, "not open"),
    ],
)
def test_what_the_command_refuses_it_says_and_does_not_do(people, given, message):
    with pytest.raises(CommandError, match=message):
        give(**given)
    assert not User.objects.exclude(emergency_until=None).exists()
    assert not Mail.objects.exists()
    assert not Event.objects.exclude(action="refused").exists()


def test_hours_and_reason_have_to_be_said(people):
    for options in (["--hours", "2"], ["--reason", REASON]):
        with pytest.raises(CommandError, match="required"):
            call_command("emergency_access", "cora@example.org", *options)


# The second factor


def reset(email: str = "cora@example.org", reason: str = REASON) -> None:
    call_command("reset_second_factor", email, "--reason", reason)


def test_a_lost_second_factor_is_taken_away_and_every_session_ends(people):
    Authenticator.objects.create(user=people["cora"], type="recovery_codes", data={"seed": "x", "used_mask": 0})
    browser = Client()
    browser.force_login(people["cora"])
    reset()
    assert not Authenticator.objects.filter(user=people["cora"]).exists()
    assert Authenticator.objects.filter(user=people["ada"]).exists()
    assert browser.get(reverse("people:own_account")).status_code == 302


def test_the_owner_and_every_administrator_are_told_of_it(people):
    reset("ada@example.org")
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["abe@example.org", "ada@example.org"]
    event = Event.objects.get()
    assert (event.action, event.actor, event.object_id) == ("second-factor-reset", None, str(people["ada"].pk))
    assert json.loads(event.difference) == {"reason": ["", REASON]}


@pytest.mark.parametrize(
    ("email", "reason", "message"),
    [
        ("reader@example.org", REASON, "This person has not set up two-step verification."),
        ("nobody@example.org", REASON, "Nobody has an account"),
        ("cora@example.org", "", "Enter a reason"),
    ],
)
def test_a_reset_that_makes_no_sense_is_refused(people, email, reason, message):
    with pytest.raises(CommandError, match=message):
        reset(email, reason)
    assert Authenticator.objects.filter(user=people["cora"]).exists()
    assert not Event.objects.exclude(action="refused").exists()
