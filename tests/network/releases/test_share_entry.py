"""Requests and offers leave this system only when a person shares them."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.network.assistance.services import close_assistance, withdraw_assistance
from servanda.network.models import Assistance, Release
from servanda.people.access import Role
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def request_(by) -> Assistance:
    return network_make.assistance("request", network_make.profile())


def offered(client) -> list[str]:
    content = b"".join(client.get("/exchange/request.jsonld"))
    return [value["title"] for value in json.loads(content)["@graph"]]


def share(client, entry: Assistance, audience: str):
    return client.post(reverse("desk:share_entry", args=[entry.kind, entry.key]), {"audience": audience})


def test_an_entry_is_published_only_while_it_is_shared_with_everyone(client, request_):
    seen = []
    for audience in ("", "members", "everyone", "members", "everyone", ""):
        assert share(client, request_, audience).status_code == 302
        seen.append(offered(client))
    assert seen == [[], [], ["Clusters"], [], ["Clusters"], []]
    assert Release.objects.count() == 0
    assert Event.objects.filter(action="network-entry-shared").count() == 5


def test_who_may_read_it_is_on_its_page(client, request_):
    share(client, request_, "members")
    assert "Peers that are members" in client.get(request_.get_absolute_url()).content.decode()
    assert set(Assistance.objects.for_members()) == {request_}


def test_a_closed_or_withdrawn_entry_is_shared_no_longer(client, request_, by):
    share(client, request_, "everyone")
    close_assistance(entry=request_, by=by)
    assert offered(client) == []
    other = network_make.assistance("request", request_.mechanism)
    share(client, other, "everyone")
    withdraw_assistance(entry=other, reason="Wrong.", by=by)
    assert offered(client) == []


@pytest.mark.parametrize(("days", "is_shared"), [(None, True), (0, True), (1, True), (-1, False)])
def test_an_expired_offer_is_shared_no_longer(client, by, days, is_shared):
    due_on = None if days is None else timezone.localdate() + timedelta(days=days)
    offer = network_make.assistance("offer", network_make.profile(), due_on=due_on)
    late = network_make.assistance("request", offer.mechanism, due_on=due_on)
    for entry in (offer, late):
        share(client, entry, "everyone")
    both = {offer, late} if is_shared else {late}
    assert set(Assistance.objects.public()) == set(Assistance.objects.for_members()) == both
    assert {entry for entry in (offer, late) if entry.is_public} == both
    page = client.get(offer.get_absolute_url()).content.decode()
    assert ("Expired: it fits no request" in page) is not is_shared


def test_an_entry_of_another_kind_under_the_key_is_not_found(client, request_):
    assert share(client, request_, "everyone").status_code == 302
    for kind in ("offer", "meeting", "training", "nothing"):
        assert client.get(reverse("desk:share_entry", args=[kind, request_.key])).status_code == 404
    assert share(client, request_, "the world").status_code == 422
