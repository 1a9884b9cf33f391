"""E-mails that were not sent: all of them on a page, and sent again."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.desk.home import groups
from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/desk/unsent-mails/"


def mail(to: str, number: int, **fields) -> Mail:
    fields = {"problem": "550 No such mailbox", "tries": Mail.MOST_TRIES, "next_try": timezone.now()} | fields
    return Mail.objects.create(to=to, subject=f"Round {number}", **fields)


@pytest.fixture
def administrator(client):
    return make.signed_in(client, Role.ADMINISTRATOR)


def test_the_sixth_mail_is_reached_from_the_desk(client, administrator):
    make.recommendation()
    for number in range(6):
        mail(administrator.email, number)
    assert f'href="{PAGE}"' in client.get(reverse("desk:home")).content.decode()
    page = client.get(PAGE).content.decode()
    assert [number for number in range(6) if f"Round {number}" not in page] == []


def test_an_address_without_an_account_is_not_shown(client, administrator):
    mail("stranger@example.org", 1, problem="550 stranger@example.org")
    page = client.get(PAGE).content.decode()
    assert "Address without an account" in page
    assert "stranger" not in page
    assert "Round 1" not in page


def test_all_are_sent_again_and_the_trail_says_how_many(client, administrator):
    failed, sent = mail(administrator.email, 1), mail(administrator.email, 2, sent_at=timezone.now(), problem="")
    answer = client.post(f"{PAGE}retry/", follow=True)
    assert "1 e-mail will be sent again." in answer.content.decode()
    failed.refresh_from_db()
    sent.refresh_from_db()
    assert (failed.tries, sent.tries) == (0, Mail.MOST_TRIES)
    assert Mail.objects.due(on=timezone.now()).get() == failed
    assert Event.objects.get(action="unsent-mails-retried").actor == administrator


def test_nobody_else_finds_them(client):
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}retry/").status_code == 403


def test_every_tile_has_its_place_on_the_desk(client, administrator):
    make.signed_in(client, Role.COORDINATOR)
    page = client.get(reverse("desk:home"))
    placed = {key for keys in groups.GROUPS.values() for key in keys} | set(groups.INFORMING)
    assert {tile.key for tile in page.context["waiting"]} - placed == set()
