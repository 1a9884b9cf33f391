"""Deciding on much is done in the background, step by step, and what one press decided is returned to review."""

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from servanda.exchange.decisions import services
from servanda.exchange.decisions.tasks import decide_in_background, end_decision
from servanda.exchange.feeds.tasks import pull_feed
from servanda.exchange.models import Decision, Peer, Received
from servanda.exchange.sharing.refreshing_tasks import refresh
from servanda.jobs.services import is_pending
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.trail.models import Event
from tests import make
from tests.exchange_make import SITE, Sender, peer, receive, record
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
State = Received.State


@pytest.fixture(autouse=True)
def steps(monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture
def arrived(sender, by) -> Peer:
    """A peer with five objects to be reviewed."""
    peer(sender, by, is_pulled=True)
    for number in range(5):
        sender.tell("Create", record(f"A-{number}"))
    return receive(sender.parcel(), by).peer


def press(client, arrived: Peer, to: str = "accepted", former: str = "waiting", **form) -> str:
    address = reverse("exchange:decide_received", args=[arrived.key])
    return source_of(client.post(address, {"state": former, "to": to} | form, follow=True))


def undo(client, decision: Decision) -> str:
    return source_of(client.post(reverse("exchange:undo_decision", args=[decision.pk]), follow=True))


def numbers() -> dict[str, int]:
    states = list(Received.objects.values_list("state", flat=True))
    return {state: states.count(state) for state in sorted(set(states))}


def under_way(arrived: Peer, by) -> Decision:
    rows = Received.objects.all()
    return services.start_decision(peer=arrived, rows=rows, former=State.WAITING, state=State.ACCEPTED, by=by)


@pytest.mark.database
def test_many_are_accepted_in_the_background_with_one_line_in_the_trail(
    client, arrived, by, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = press(client, arrived, all="1")
    assert "The objects are being decided on." in page
    decision = Decision.objects.get()
    assert (decision.done, decision.total, decision.finished_at is not None) == (5, 5, True)
    assert numbers() == {"accepted": 5}
    assert Event.objects.get(action="received-accepted", actor=by).difference == '{"objects": ["", "5"]}'


def test_progress_is_shown_until_it_is_finished(client, arrived, by):
    decision = under_way(arrived, by)
    services.continue_decision(decision=decision)
    address = reverse("exchange:peer_progress", args=[arrived.key])
    assert address in source_of(client.get(arrived.get_absolute_url()))
    assert "2 of 5" in source_of(client.get(address))
    while services.continue_decision(decision=decision):
        pass
    assert client.get(address)["HX-Refresh"] == "true"
    assert address not in source_of(client.get(arrived.get_absolute_url()))


def test_what_arrives_after_the_press_is_not_decided_on(client, arrived, sender, by):
    decision = under_way(arrived, by)
    receive(sender.tell("Create", record("A-9")).parcel(), by)
    decide_in_background.func(decision.pk)
    assert numbers() == {"accepted": 5, "waiting": 1}


def test_a_second_decision_waits_for_the_first(client, arrived, by):
    under_way(arrived, by)
    assert "Another decision on objects of this peer is in progress." in press(client, arrived, all="1")


def test_a_task_that_failed_for_good_leaves_what_was_decided_and_blocks_nothing(client, arrived, by):
    decision = under_way(arrived, by)
    services.continue_decision(decision=decision)
    end_decision.func(decision.pk)
    assert numbers() == {"accepted": 2, "waiting": 3}
    press(client, arrived, object=[Received.objects.waiting().first().pk])
    assert numbers() == {"accepted": 3, "waiting": 2}


def test_undo_returns_only_what_this_press_accepted(client, arrived, by):
    first, second, third = Received.objects.order_by("pk")[:3]
    press(client, arrived, object=[first.pk])
    page = press(client, arrived, object=[second.pk, third.pk])
    decision = Decision.objects.first()
    assert reverse("exchange:undo_decision", args=[decision.pk]) in page
    press(client, arrived, to="declined", former="accepted", object=[third.pk])
    assert "1 object returned to review." in undo(client, decision)
    states = dict(Received.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (first, second, third)] == ["accepted", "waiting", "declined"]
    assert "Nothing of this decision is left to undo." in undo(client, decision)


def test_many_are_returned_in_the_background_too(client, arrived, by, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        press(client, arrived, all="1")
    with django_capture_on_commit_callbacks(execute=True):
        undo(client, Decision.objects.get())
    assert numbers() == {"waiting": 5}
    assert not Decision.objects.under_way().exists()


def test_a_version_that_counts_again_is_not_declined_with_the_newer_one(client, arrived, sender, by):
    decide_in_background.func(under_way(arrived, by).pk)
    for number in range(5):
        sender.tell("Update", record(f"A-{number}", stand="noted"))
    receive(sender.parcel(), by)
    decide_in_background.func(under_way(arrived, by).pk)
    rows = Received.objects.all()
    declining = services.start_decision(peer=arrived, rows=rows, former=State.ACCEPTED, state=State.DECLINED, by=by)
    decide_in_background.func(declining.pk)
    assert numbers() == {"accepted": 5, "declined": 5}


def test_others_decide_and_undo_nothing(client, arrived, by):
    decision = under_way(arrived, by)
    decide_in_background.func(decision.pk)
    before = numbers()
    make.signed_in(client, Role.FOCAL_POINT)
    form = {"state": "accepted", "to": "declined", "all": "1"}
    assert client.post(reverse("exchange:decide_received", args=[arrived.key]), form).status_code == 403
    assert client.post(reverse("exchange:undo_decision", args=[decision.pk])).status_code == 403
    assert numbers() == before == {"accepted": 5}
    assert Decision.objects.count() == 1


def test_a_decision_under_way_is_not_undone(arrived, by):
    with pytest.raises(Refused, match="left to undo"):
        services.undo_decision(decision=under_way(arrived, by), by=by)


@pytest.mark.database
def test_a_fetch_and_the_preparation_of_a_parcel_show_that_they_run(client, arrived, by, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.ORIGIN = SITE
    pull_feed.enqueue(arrived.pk)
    refresh.enqueue(SITE)
    assert is_pending(pull_feed, arrived.pk)
    assert not is_pending(pull_feed, arrived.pk + 1)
    url, all_of_them = reverse("exchange:peer_progress", args=[arrived.key]), reverse("exchange:parcel_progress")
    assert url in source_of(client.get(arrived.get_absolute_url()))
    assert all_of_them in source_of(client.get(reverse("exchange:peers")))
    assert [client.get(address).status_code for address in (url, all_of_them)] == [204, 204]
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert {client.get(address)["HX-Refresh"] for address in (url, all_of_them)} == {"true"}
