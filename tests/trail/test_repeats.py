"""Whoever is refused again and again leaves two lines an hour, and the second says how many."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.accounts.views import person
from servanda.people.trail_pages.presenter import event_lines
from servanda.trail import repeats, verifying
from servanda.trail.models import Event, RepeatedRefusal
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def within_one_hour(monkeypatch, settings, tmp_path):
    """No test begins at one minute to the hour."""
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    monkeypatch.setattr(repeats.timezone, "now", lambda: timezone.datetime.fromisoformat("2026-03-03T10:20:00+00:00"))


NEXT_HOUR = timezone.datetime.fromisoformat("2026-03-03T11:00:00+00:00")


def refused_pages(client, number: int) -> None:
    """Different things of one kind, asked for by a person whose role does not open them."""
    assert client.get(reverse("people:person", args=[1])).status_code == 403
    for code in range(1, number):  # the rest without the page that says so
        request = RequestFactory().get(reverse("people:person", args=[code + 1]))
        request.user, request.resolver_match = get_user(client), resolve(request.path)
        with pytest.raises(PermissionDenied):
            person(request, pk=code + 1)


def denied() -> int:
    return Event.objects.filter(action="page-denied").count()


@pytest.mark.database
def test_a_hundred_and_fifty_refused_pages_are_two_lines_and_the_second_says_how_many(client):
    reader = make.signed_in(client, Role.READER)
    refused_pages(client, 1)
    assert denied() == 1
    refused_pages(client, 149)
    assert (denied(), RepeatedRefusal.objects.get().times) == (1, 149)
    assert repeats.tell_repeated_refusals(on=NEXT_HOUR) == 1
    line = Event.objects.get(action="refused-again")
    assert (line.actor, json.loads(line.difference)["times"]) == (reader, 149)
    [told] = event_lines([line], to=make.user(Role.AUDITOR))
    assert "was refused 149 more times between 10:00 and 11:00 on " in told.sentence
    assert reverse("people:person", args=[1]) in told.sentence
    assert verifying.verify().faults == []


@pytest.mark.database
def test_the_line_of_repeats_is_on_the_page_of_the_trail(client):
    make.signed_in(client, Role.READER)
    refused_pages(client, 3)
    repeats.tell_repeated_refusals(on=NEXT_HOUR)
    make.signed_in(client, Role.AUDITOR)
    assert "2 more times between 10:00 and 11:00" in client.get(reverse("people:trail")).content.decode()


def test_while_the_hour_lasts_nothing_more_is_told_and_nothing_is_lost(client):
    make.signed_in(client, Role.READER)
    refused_pages(client, 5)
    assert repeats.tell_repeated_refusals(on=NEXT_HOUR - timedelta(seconds=1)) == 0
    assert repeats.tell_repeated_refusals(on=NEXT_HOUR + timedelta(days=3)) == 1
    assert repeats.tell_repeated_refusals(on=NEXT_HOUR + timedelta(days=3)) == 0
    assert not RepeatedRefusal.objects.exists()


def test_a_refusal_that_stays_alone_gets_no_second_line(client):
    make.signed_in(client, Role.READER)
    refused_pages(client, 1)
    assert repeats.tell_repeated_refusals(on=NEXT_HOUR) == 0
    assert not Event.objects.filter(action="refused-again").exists()


def test_another_person_another_page_and_another_hour_have_a_first_line_of_their_own(client, monkeypatch):
    make.signed_in(client, Role.READER)
    refused_pages(client, 2)
    client.get(reverse("people:trail"))
    assert denied() == 2
    make.signed_in(client, Role.READER)
    refused_pages(client, 2)
    assert denied() == 3
    monkeypatch.setattr(repeats.timezone, "now", lambda: NEXT_HOUR)
    refused_pages(client, 1)
    assert denied() == 4


def test_visitors_without_an_account_are_counted_together():
    for _number in range(4):
        repeats.record_refused("contribution-refused", page="portal:contribute", path="/contribute/")
    repeats.tell_repeated_refusals(on=NEXT_HOUR)
    line = Event.objects.get(action="refused-again")
    [told] = event_lines([line], to=make.user(Role.AUDITOR))
    assert told.sentence.startswith("Refused 3 more times")
    assert Event.objects.filter(action="contribution-refused").count() == 1


def test_a_repeated_refusal_costs_one_query(django_assert_num_queries):
    person = make.user(Role.READER)
    repeats.record_refused("page-denied", page="people:trail", path="/trail/", by=person)
    with django_assert_num_queries(1):
        repeats.record_refused("page-denied", page="people:trail", path="/trail/", by=person)


def test_a_refused_deed_is_counted_as_a_refused_page_is(rf):
    from servanda.people.requests.refusals import record_refusal

    request = rf.post("/desk/")
    request.user = make.user(Role.COORDINATOR)
    for _number in range(3):
        record_refusal(request, Refused("No."), "submit_update")
    assert Event.objects.filter(action="refused", object_label="submit_update").count() == 1
    assert RepeatedRefusal.objects.get().times == 2


if connection.vendor == "postgresql":  # in tests, all threads share one SQLite database in memory

    def at_once(deed: Callable, number: int) -> None:
        start = threading.Barrier(number)

        def run():
            start.wait()
            deed()
            connections.close_all()

        threads = [threading.Thread(target=run) for _number in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @pytest.mark.django_db(transaction=True)
    def test_refusals_at_the_same_moment_are_all_counted_and_told_once_by_several_workers():
        person = make.user(Role.READER)
        at_once(lambda: repeats.record_refused("page-denied", page="a", path="/a/", by=person), 6)
        assert (denied(), RepeatedRefusal.objects.get().times) == (1, 5)
        at_once(lambda: repeats.tell_repeated_refusals(on=NEXT_HOUR), 3)
        assert Event.objects.filter(action="refused-again").count() == 1
