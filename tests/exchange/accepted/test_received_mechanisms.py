"""Profiles, requests and offers of a peer: in the directory and the lists of the network, and gone when withdrawn."""

import pytest
from django.urls import reverse

from servanda.exchange.decisions import services as decisions
from servanda.exchange.models import Received
from servanda.network.models import Assistance, MechanismProfile
from servanda.people.access import Role
from tests import make, network_make
from tests.exchange_make import Sender, assistance, peer, profile, receive
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
KINDS = "profile request offer"


@pytest.fixture
def by(client):
    make.country("HRV", "HRV")
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def sender(by):
    made = Sender()
    peer(made, by, kinds=KINDS)
    return made


def accept(sender: Sender, by, *values: dict, to: str = "accepted") -> None:
    for value in values:
        sender.tell("Create", value)
    receive(sender.parcel(), by)
    rows = Received.objects.waiting()
    decisions.decide_received(peer=rows.first().peer, rows=rows, state=to, by=by)


def withdraw(sender: Sender, by, value: dict) -> None:
    receive(sender.tell("Delete", {"id": value["id"], "type": "Tombstone"}).parcel(), by)


@pytest.mark.database
def test_an_accepted_profile_is_in_the_directory_with_its_origin_and_the_signature(client, sender, by):
    facts = [
        {"field": "type", "value": "ministerial unheard-of", "since": "2019-05-01", "source": "Decree 12"},
        {"field": "records", "value": "412", "is_computed": True},
        {"field": "posts", "value": "many"},
        {"field": "legal_link", "value": "javascript:alert(1)"},
        {"field": "members", "value": "justice"},
        {"field": "unheard-of", "value": "x"},
    ]
    accept(sender, by, profile(facts=facts))
    row = MechanismProfile.objects.get()
    found = {fact.field: (fact.value, fact.source) for fact in row.facts.current()}
    assert found == {"type": ("ministerial", "Decree 12"), "records": ("412", profile()["id"])}
    assert not row.is_published
    page = source_of(client.get(reverse("desk:mechanisms")))
    assert "Office" in page
    assert profile()["id"] in page
    shown = client.get(reverse("exchange:original"), {"id": row.origin}, follow=True).content.decode()
    assert sender.fingerprint in shown
    assert client.get(reverse("portal:mechanism", args=[row.key])).status_code == 404


def test_a_withdrawn_profile_is_deleted_and_one_that_entries_name_keeps_only_its_name(sender, by):
    other = "8d4f0a61-2b7c-4f0e-8f51-0c9a3c1d2e42"
    accept(sender, by, profile(), profile(other, name="Unit", facts=[{"field": "posts", "value": "5"}]))
    network_make.practice("Endorsed", of=MechanismProfile.objects.get(name="Unit"))
    withdraw(sender, by, profile())
    withdraw(sender, by, profile(other))
    row = MechanismProfile.objects.get()
    assert (row.name, row.withdrawn_at is None, row.facts.count()) == ("Unit", False, 0)


@pytest.mark.database
def test_an_accepted_offer_fits_an_own_request_and_cannot_be_edited(client, sender, by):
    own = network_make.assistance("request", network_make.profile("Commission", is_own=True))
    accept(
        sender, by, profile(), assistance("Offer", profile=profile()["code"], sum={"amount": "5", "currency": "EUR"})
    )
    offer = Assistance.objects.get(kind="offer")
    assert (offer.mechanism.origin, str(offer.amount)) == (profile()["id"], "5.00")
    assert offer.get_absolute_url() in source_of(client.get(own.get_absolute_url()))
    page = source_of(client.get(offer.get_absolute_url()))
    assert offer.origin in page
    assert reverse("desk:edit_assistance", args=[offer.key]) not in page
    assert reverse("desk:share_entry", args=["offer", offer.key]) not in page
    sent = {"title": "Ours", "text": "T", "forms": "advice", "languages": "en", "mechanism": offer.mechanism.pk}
    answer = client.post(reverse("desk:edit_assistance", args=[offer.key]), sent)
    assert "Another system sent this entry" in source_of(answer)
    assert not Assistance.objects.public().exists()


def test_a_request_of_a_mechanism_without_an_accepted_profile_names_the_peer(sender, by):
    accept(sender, by, assistance())
    row = Assistance.objects.get()
    assert (row.mechanism.name, row.mechanism.origin) == ("Office (Neighbour)", sender.site)
    withdraw(sender, by, assistance())
    assert (Assistance.objects.count(), MechanismProfile.objects.count()) == (0, 0)


def test_a_withdrawn_request_with_a_cooperation_keeps_its_title_and_is_closed(sender, by):
    accept(sender, by, assistance(text="A secret of theirs."))
    helper = network_make.profile("Commission", is_own=True)
    request = Assistance.objects.get()
    network_make.cooperation(request, network_make.assistance("offer", helper))
    withdraw(sender, by, assistance())
    request.refresh_from_db()
    assert (request.title, request.is_open, request.text) == ("Clusters", False, "Its sender withdrew it.")


def test_an_object_of_an_unknown_state_is_accepted_without_an_entry(sender, by):
    accept(sender, by, profile(country="QQQ"), assistance(country="QQQ"))
    assert (MechanismProfile.objects.count(), Assistance.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "value",
    [
        profile(name=""),
        profile(country="<b>"),
        profile(facts=[{"field": "DROP TABLE", "value": "x"}]),
        profile(facts=[{"field": "posts", "value": "5", "since": "2019-13-01"}]),
        profile(facts=[{"field": "chair", "value": "a\u202eb"}]),
        assistance(forms=["magic"]),
        assistance(forms=[]),
        assistance(languages=["English"]),
        assistance(title="<script>"),
        assistance(capacity="fly"),
        assistance(sum={"amount": "-1", "currency": "EUR"}),
        assistance("Offer", regions=["moon"]),
    ],
)
def test_objects_with_faults_are_refused_by_the_check(sender, by, value):
    parcel = receive(sender.tell("Create", value).parcel(), by)
    assert (parcel.refused, Received.objects.count()) == (1, 0)
