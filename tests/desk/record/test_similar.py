import pytest
from django.urls import reverse

from servanda.recommendations.models import Likeness, Recommendation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    record, other = make.recommendation("Abolish torture"), make.recommendation("Abolish all torture")
    return Likeness.objects.create(one=record, other=other, relation="twin", cosine=0.9)


def test_everybody_reads_what_is_similar_as_far_as_both_are_public(client, pair):
    address = reverse("portal:similar_records", args=[pair.one.code])
    page = client.get(address).content.decode()
    assert pair.other.code in page.partition('id="similar"')[2].partition("</section>")[0]
    Recommendation.objects.filter(pk=pair.other.pk).update(is_published=False)
    assert 'id="similar"' not in client.get(address).content.decode()


def test_a_coordinator_merges_what_several_states_said_and_takes_it_back(client, pair):
    client.force_login(make.user("coordinator"))
    client.post(reverse("desk:merge_likeness", args=[pair.one.code, pair.pk]))
    pair.other.refresh_from_db()
    assert pair.other.merged_into == pair.one
    client.post(reverse("desk:unmerge_recommendation", args=[pair.other.code]))
    pair.other.refresh_from_db()
    assert pair.other.merged_into is None


def test_a_coordinator_rejects_a_pair_and_it_is_gone_from_the_page(client, pair):
    client.force_login(make.user("coordinator"))
    page = client.post(reverse("desk:reject_likeness", args=[pair.one.code, pair.pk]), follow=True)
    assert 'id="similar"' not in page.content.decode()
    pair.refresh_from_db()
    assert pair.decision == "rejected"


def test_a_pair_is_found_only_from_one_of_its_records(client, pair):
    client.force_login(make.user("coordinator"))
    third = make.recommendation()
    assert client.post(reverse("desk:reject_likeness", args=[third.code, pair.pk])).status_code == 404
