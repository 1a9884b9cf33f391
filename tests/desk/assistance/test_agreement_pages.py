"""An agreement, page by page: entered, with a duty that is followed up, withdrawn and restored."""

import pytest
from django.urls import reverse

from servanda.network.models import Agreement, AgreementDuty
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    network_make.own_state()
    return make.signed_in(client, "coordinator")


@pytest.fixture
def parties():
    return [network_make.profile("Commission", is_own=True), network_make.profile("Neighbours", "HRV")]


def add(client, parties, **fields):
    sent = {"title": "Letters", "text": "Both share.", "language": "en", "signed_on": "2026-05-04"}
    keys = [party.pk for party in parties]
    return client.post(reverse("desk:add_agreement"), sent | {"parties": keys} | fields, follow=True)


def test_an_agreement_with_a_duty_is_entered_and_the_duty_removed(client, coordinator, parties):
    assert "Bilateral" in source_of(add(client, parties))
    agreement = Agreement.objects.get()
    add_duty = reverse("desk:add_duty", args=[agreement.key])
    sent = {"text": "Send the list.", "language": "en", "owner": parties[1].pk, "due_on": "2020-01-31"}
    page = source_of(client.post(add_duty, sent, follow=True))
    assert "Send the list." in page
    assert "Overdue" in page
    duty = AgreementDuty.objects.get()
    page = source_of(client.post(reverse("desk:undo_duty", args=[duty.pk]), follow=True))
    assert reverse("desk:restore_duty", args=[duty.pk]) in page
    assert "Letters" in source_of(client.get(reverse("desk:agreements")))
    listed = body_of(client.get(reverse("desk:agreements_export", args=["csv"]))).decode("utf-8-sig")
    assert "Commission; Neighbours" in listed


def test_an_impossible_agreement_is_refused_beside_its_field(client, coordinator, parties):
    answer = add(client, parties[:1])
    assert answer.status_code == 422
    assert "Choose at least two mechanisms." in source_of(answer)


def test_the_list_and_a_page_cost_the_same_for_many(client, coordinator, parties):
    first = network_make.agreement(*parties)
    network_make.duty(first)
    addresses = [reverse("desk:agreements"), first.get_absolute_url()]
    few = [len(asked(client, address)) for address in addresses]
    for number in range(8):
        network_make.agreement(*parties, title=f"Agreement {number}")
        network_make.duty(first, number + 2)
    many = [len(asked(client, address)) for address in addresses]
    assert many == few
    assert max(many) <= MOST


def test_an_agreement_names_the_cooperation_and_the_cooperation_its_agreement(client, coordinator, parties):
    request = network_make.assistance("request", parties[0], title="Clusters, please")
    made = network_make.cooperation(request, network_make.assistance("offer", parties[1]))
    add(client, parties, cooperation=made.pk)
    shown = Agreement.objects.get(cooperation=made)
    assert "Clusters, please" in source_of(client.get(shown.get_absolute_url()))
    assert shown.get_absolute_url() in source_of(client.get(request.get_absolute_url()))
