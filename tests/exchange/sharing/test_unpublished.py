"""What is unpublished cannot be read in the feed or downloaded any more, before the feed is up to date as well."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.exchange.models import Sharing
from servanda.exchange.sharing.feed import refresh_shared
from servanda.exchange.sharing.refreshing_tasks import refresh_own
from servanda.network.models import Assistance
from servanda.network.releases.services import share_entry
from servanda.people.access import Role
from servanda.recommendations.models import Recommendation
from tests import make, network_make
from tests.exchange_make import SITE

pytestmark = pytest.mark.django_db
PAGE, PARCEL = "/exchange/feed/1", "/exchange/peers/parcel.zip"


@pytest.fixture(autouse=True)
def online(settings):
    settings.ORIGIN = SITE
    Sharing.objects.create(pk=1, kinds="recommendation commitment request", is_online=True)


def hide(record: Recommendation) -> None:
    Recommendation.every_kind.filter(pk=record.pk).update(is_published=False)


def test_a_page_with_an_unpublished_object_is_not_sent_until_it_is_up_to_date(
    client, django_capture_on_commit_callbacks
):
    kept, hidden = make.recommendation("Ratify it."), make.recommendation("Close the prison.")
    refresh_own.func()
    tag = client.get(PAGE)["ETag"]
    hide(hidden)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.get(PAGE, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer["Retry-After"]) == (503, b"", "60")
    answer = client.get(PAGE)  # the feed was brought up to date in the background
    assert answer.status_code == 200
    assert kept.code in answer.content.decode()
    assert b"prison" not in answer.content


def test_so_is_one_with_a_commitment_a_closed_request_or_a_kind_that_is_shared_no_longer(client):
    by = make.user(Role.COORDINATOR)
    commitment = network_make.commitment()
    request = network_make.assistance("request", network_make.profile())
    share_entry(entry=request, audience="everyone", by=by)
    refresh_own.func()
    assert client.get(PAGE).status_code == 200
    share_entry(entry=request, audience="members", by=by)
    assert client.get(PAGE).status_code == 503
    share_entry(entry=request, audience="everyone", by=by)
    assert client.get(PAGE).status_code == 200
    Sharing.objects.update(kinds="recommendation request")
    assert client.get(PAGE).status_code == 503
    Sharing.objects.update(kinds="recommendation commitment request")
    hide(commitment.recommendation)
    assert client.get(PAGE).status_code == 503


def test_an_offer_is_withdrawn_from_peers_once_it_has_expired(client, django_capture_on_commit_callbacks):
    Sharing.objects.update(kinds="offer")
    offer = network_make.assistance("offer", network_make.profile(), due_on=timezone.localdate())
    share_entry(entry=offer, audience="everyone", by=make.user(Role.COORDINATOR))
    refresh_own.func()
    assert client.get(PAGE).status_code == 200
    Assistance.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(PAGE).status_code == 503
    [item] = client.get(PAGE).json()["orderedItems"]
    assert (item["type"], item["object"]["type"]) == ("Delete", "Tombstone")


def test_a_parcel_with_an_unpublished_object_is_not_downloaded(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    record = make.recommendation()
    refresh_shared(site=SITE, on=timezone.now())
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(PARCEL).status_code == 200
    hide(record)
    answer = client.get(PARCEL, follow=True)
    assert "Something was unpublished" in answer.content.decode()
    assert answer.redirect_chain


def test_a_page_costs_few_queries(client, django_assert_max_num_queries):
    for _number in range(30):
        make.recommendation()
    refresh_own.func()
    with django_assert_max_num_queries(14):
        client.get(PAGE)
