"""Groups of records that look like one recommendation of several States: listed, made one, kept apart, taken back."""

import pytest
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.recommendations.models import Likeness, Recommendation, RecommendingState
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "desk:several_states"


def alike(*records: Recommendation, relation: str = "same") -> None:
    for at, record in enumerate(records):
        for other in records[at + 1 :]:
            Likeness.objects.create(one=record, other=other, relation=relation, cosine=0.97)


@pytest.fixture
def batch() -> Batch:
    return Batch.objects.create(shape="working-group", name="report.pdf", state=Batch.State.APPLIED, sha256="1" * 64)


@pytest.fixture
def trio(batch) -> list[Recommendation]:
    """Three that are one, and of one import."""
    records = [make.recommendation("Abolish torture", added_by=batch) for _one in range(3)]
    for record, code in zip(records, ("HRV", "AUT", "ITA"), strict=True):
        RecommendingState.objects.create(recommendation=record, country=make.country(code, code))
    alike(*records)
    return records


@pytest.fixture
def chain(batch) -> list[Recommendation]:
    """Two that are like a third, and not like each other."""
    one, middle, other = [make.recommendation("Ratify", added_by=batch) for _one in range(3)]
    alike(one, middle, relation="twin")
    alike(middle, other, relation="twin")
    return [one, middle, other]


def merged_into(record: Recommendation) -> Recommendation | None:
    return Recommendation.objects.get(pk=record.pk).merged_into


@pytest.mark.database
def test_the_page_of_the_import_leads_to_its_groups_and_each_is_shown_with_its_states(client, batch, trio):
    make.signed_in(client, Role.COORDINATOR)
    address = f"{reverse(PAGE)}?import={batch.key}"
    assert address in client.get(reverse("desk:show_import", args=[batch.key])).content.decode()
    groups = client.get(address).context["groups"]
    assert [[line.record for line in group.lines] for group in groups] == [trio]
    assert [line.states[0].code for line in groups[0].lines] == ["HRV", "AUT", "ITA"]
    elsewhere = Batch.objects.create(shape="sheet", name="x.csv", state=Batch.State.APPLIED, sha256="2" * 64)
    assert client.get(f"{reverse(PAGE)}?import={elsewhere.key}").context["groups"] == []


def test_all_that_are_sure_become_one_each_and_one_click_makes_them_several_again(client, trio, chain):
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:merge_groups"), {"all": "1"})
    assert [merged_into(record) for record in trio] == [None, trio[0], trio[0]]
    assert sorted(row.country.code for row in trio[0].recommending.current()) == ["AUT", "HRV", "ITA"]
    assert [merged_into(record) for record in chain] == [None, None, None]
    client.post(reverse("desk:take_back_groups"))
    assert [merged_into(record) for record in trio] == [None, None, None]
    assert [row.country.code for row in trio[0].recommending.current()] == ["HRV"]


def test_of_a_group_the_ticked_records_alone_are_made_one_and_can_be_taken_apart_from_the_page(client, chain):
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:merge_groups"), {"record": [record.code for record in chain[:2]]})
    assert [merged_into(record) for record in chain] == [None, chain[0], None]
    page = client.get(reverse(PAGE))
    assert [(merge.survivor, merge.others) for merge in page.context["merged"]] == [(chain[0], [chain[1]])]
    client.post(reverse("desk:take_back_groups"), {"record": chain[1].code})
    assert merged_into(chain[1]) is None


def test_what_nobody_suggested_is_not_made_one_here(client, trio):
    make.signed_in(client, Role.COORDINATOR)
    other = make.recommendation("Something else")
    client.post(reverse("desk:merge_groups"), {"record": [trio[0].code, other.code]})
    assert merged_into(other) is None


@pytest.mark.database
def test_what_is_kept_apart_is_not_suggested_again_until_it_is_taken_back(client, trio):
    make.signed_in(client, Role.COORDINATOR)
    client.post(reverse("desk:keep_apart"), {"record": [record.code for record in trio]})
    assert client.get(reverse(PAGE)).context["groups"] == []
    client.post(reverse("desk:take_back_groups"))
    assert len(client.get(reverse(PAGE)).context["groups"]) == 1


def test_only_records_of_one_review_of_the_upr_are_suggested(client, batch):
    committee = make.body("CRC", "treaty-body")
    alike(make.recommendation(body=committee, added_by=batch), make.recommendation(body=committee, added_by=batch))
    alike(make.recommendation(), make.recommendation(review=None))
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(reverse(PAGE)).context["groups"] == []
