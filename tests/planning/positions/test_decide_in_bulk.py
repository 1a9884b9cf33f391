from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.planning.models import PositionProposal
from servanda.planning.positions.bulk import DecidePosition
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.models import Position, Recommendation
from servanda.recommendations.tasks import apply_bulk, clear_bulk
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "desk:decide_in_bulk"
DAY = "2026-06-01"


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def stands() -> list[str]:
    return list(Recommendation.objects.order_by("pk").values_list("stand", flat=True))


def record_with(*proposed: tuple[str, str, str]) -> Recommendation:
    record = make.recommendation()
    for code, stand, comment in proposed:
        make.proposal(record, make.institution(code), stand=stand, comment=comment)
    return record


def done(by, **values) -> Batch:
    batch = bulk.start_bulk(change=DecidePosition(**values), records=Recommendation.objects.kept(), by=by)
    bulk.apply_bulk(batch)
    return batch


@pytest.mark.database
def test_what_institutions_agree_on_is_previewed_decided_and_taken_back(client, coordinator):
    record_with(("health", "noted", "It costs."), ("labour", "noted", "It costs."), ("police", "noted", "No law."))
    record_with(("health", "noted", ""), ("labour", "supported", ""))
    record_with()
    answer = client.post(reverse(ADDRESS) + "?list=positions", {"all": "1", "query": "state=undecided"})
    assert "3 records selected" in answer.content.decode()
    data = {"all": "1", "query": "state=undecided", "stand": "agreed", "date": DAY}
    preview = client.post(reverse(ADDRESS) + "?list=positions", data | {"step": "preview"})
    assert [(change["old"], change["new"]) for change in preview.context["changes"]] == [("", "Noted")]
    answer = client.post(reverse(ADDRESS) + "?list=positions", data | {"step": "apply", "count": "1"}, follow=True)
    assert stands() == ["noted", "", ""]
    assert Position.objects.get().comment == "It costs.\n\nNo law."
    assert [event.action for event in Event.objects.all()] == ["records-changed-in-bulk", "logged-in"]
    assert PositionProposal.objects.waiting().count() == 2
    answer = client.post(reverse("desk:undo_bulk", args=[Batch.objects.get().key]), follow=True)
    assert "Undone. All records have been restored." in answer.content.decode()
    assert stands() == ["", "", ""]
    assert PositionProposal.objects.waiting().count() == 5


def test_one_position_for_ticked_records_ends_their_drafts_which_come_back_when_it_is_undone(client, coordinator):
    first, second = record_with(), record_with()
    Position.objects.create(recommendation=first, stand="noted", is_draft=True)
    data = {"code": [first.code, second.code], "stand": "supported", "date": DAY, "step": "apply", "count": "2"}
    for _press in range(2):
        client.post(reverse(ADDRESS), data)
    assert stands() == ["supported", "supported"]
    assert not Position.objects.current().filter(is_draft=True).exists()
    assert Position.objects.count() == 3
    batch = Batch.objects.get()
    bulk.undo_bulk(batch=batch, by=coordinator)
    clear_bulk.func(str(batch.key), coordinator.pk)
    clear_bulk.func(str(batch.key), coordinator.pk)
    assert (stands(), Position.objects.current().get().is_draft) == (["", ""], True)


def test_without_a_day_drafts_are_prepared(coordinator):
    record_with(("health", "partly", "Part a."))
    done(coordinator, stand="agreed")
    assert (stands(), Position.objects.get().is_draft) == ([""], True)
    with pytest.raises(Refused, match="would not change"):
        done(coordinator, stand="agreed")


@pytest.mark.database
def test_a_later_position_in_force_is_left_alone_and_a_killed_job_goes_on(coordinator):
    Position.objects.create(recommendation=record_with(), stand="noted", date="2026-07-01")
    record_with()
    records = Recommendation.objects.kept()
    batch = bulk.start_bulk(change=DecidePosition("supported", DAY), records=records, by=coordinator)
    assert batch.total == 1
    apply_bulk.func(str(batch.key))
    apply_bulk.func(str(batch.key))
    assert Position.objects.filter(stand="supported").count() == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (
            {"stand": "supported", "date": (timezone.localdate() + timedelta(days=2)).isoformat()},
            "must be today or in the past",
        ),
        ({"stand": "partly", "date": DAY}, "which part"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_the_form(client, coordinator, fields, why):
    record = record_with()
    with pytest.raises(Refused, match=why):
        done(coordinator, **fields)
    answer = client.post(reverse(ADDRESS), fields | {"code": record.code, "step": "apply", "count": "1"})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert stands() == [""]


def test_nothing_ticked_leads_back_to_the_list(client, coordinator):
    answer = client.post(reverse(ADDRESS) + "?list=positions", {"query": "state=different&next=//evil.example"})
    assert answer.url == reverse("desk:positions") + "?state=different"
