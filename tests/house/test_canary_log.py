"""The log contains none of the words and keys that are not for everyone."""

import logging

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.services import send_due_mails
from servanda.people.notifications.digests import send_digests
from servanda.planning.models import Indicator
from tests.house.canary_pages import PUBLIC, closed_and_withdrawn, pages
from tests.house.canary_words import CONTACT, CONTRIBUTOR, DRAFT, HANDED, HEARD_BY, NOTE, OWN, Canary, searched
from tests.house.ears import listening
from tests.house.test_canary import leaks, names_for, stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def fill_in_forms(client, canary: Canary) -> None:
    """Of strangers, with mistakes, so that they come back; with and without a cookie. What the log says of the forms
    of those who are logged in, is listened to in test_odd_input.py."""
    join = reverse("people:accept_invitation", args=[canary.keys[-1]])
    form = {"name": CONTRIBUTOR, "email": f"{CONTACT}@example.org", "text": NOTE, "words": DRAFT, "note": HANDED}
    for checks in (False, True):
        stranger = Client(enforce_csrf_checks=checks)
        stranger.post(join, {**form, "password": OWN})
        stranger.post(reverse("account_login"), {"login": form["email"], "password": OWN})
        stranger.post(reverse("account_reset_password"), {"email": form["email"]})
    client.patch(
        reverse("api:recommendation", args=[canary.scene.record.code]), form, content_type="application/json"
    )


@pytest.mark.timeout(300)  # every page
def test_an_administrator_hears_all_words_that_are_for_them_and_the_log_none(client, canary_for, refusals_drawn_once):
    """What is listened to is said: a word that no page says to anyone would show nothing."""
    canary, words = stage(client, canary_for, "administrator")
    # Of what such a person may not hear, nothing hangs on a record that is hidden.
    canary.asked = closed_and_withdrawn(canary)
    codes = {row.code for row in (*canary.hidden, *canary.owed, *Indicator.objects.filter(name__in=HEARD_BY))}
    for_them = set(HEARD_BY).difference(words)
    with listening([*HEARD_BY, *canary.keys]) as ear:
        urls = pages(canary, names_for("administrator"), asked_once=PUBLIC, words=searched("administrator"))
        assert leaks(client, urls, words, waiting=for_them) == []
        fill_in_forms(client, canary)
        send_digests(on=timezone.now())
        send_due_mails(on=timezone.now())
    # Addresses contain references of records, indicators and obligations; the log names refused requests by address.
    assert [line for line in ear.heard if not any(code in line for code in codes)] == []


def test_a_log_that_keeps_the_addresses_of_forms_is_heard(client, canary_for, monkeypatch):
    monkeypatch.setattr(logging.getLogger("django.request"), "filters", [])
    canary, _words = stage(client, canary_for, "administrator")
    with listening(canary.keys) as ear:
        Client().post(reverse("people:accept_invitation", args=[canary.keys[-1]]), {"password": "short"})
    assert len(ear.heard) == 1
