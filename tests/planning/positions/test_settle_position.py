from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import User
from servanda.people.versioning import ChangedMeanwhile
from servanda.planning.models import PositionProposal
from servanda.planning.positions import decisions as deciding
from servanda.recommendations.models import Position, Recommendation
from servanda.trail.models import Event
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@built_once
def record() -> Recommendation:
    return make.recommendation()


@built_once
def cora() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


def settle(record: Recommendation, by: User, stand: str = "supported", **fields) -> Position:
    record = Recommendation.objects.get(pk=record.pk)
    fields = {"comment": "", "date": DAY, "seen": deciding.state_of(record)} | fields
    return deciding.settle_position(recommendation=record, stand=stand, **fields, by=by)


def there(record: Recommendation) -> list[tuple[str, bool, str]]:
    return list(Position.objects.current().filter(recommendation=record).values_list("stand", "is_draft", "comment"))


def stand_of(record: Recommendation) -> str:
    return Recommendation.objects.get(pk=record.pk).stand


@pytest.mark.database
def test_without_a_day_it_is_a_draft_that_decides_nothing_until_a_day_is_given(record, cora):
    settle(record, cora, "noted", comment="Costs.", date=None)
    assert (there(record), stand_of(record)) == ([("noted", True, "Costs.")], "")
    settle(record, cora, "noted", comment="Costs.")
    assert (there(record), stand_of(record)) == ([("noted", False, "Costs.")], "noted")
    assert [event.action for event in Event.objects.all()] == ["position-decided", "position-added"]
    assert Event.objects.first().actor == cora


def test_another_answer_ends_the_drafts(record, cora):
    settle(record, cora, "noted", date=None)
    settle(record, cora, "supported", date=None)
    assert there(record) == [("supported", True, "")]
    settle(record, cora, "partly", comment="Part b.")
    assert there(record) == [("partly", False, "Part b.")]


def test_a_decided_position_may_change_later_and_the_former_stays(record, cora):
    settle(record, cora, "noted")
    settle(record, cora, "supported", date=DAY + timedelta(days=1))
    assert (stand_of(record), Position.objects.current().count()) == ("supported", 2)


def test_the_button_pressed_twice_decides_once(record, cora):
    seen = deciding.state_of(record)
    assert settle(record, cora, seen=seen) == settle(record, cora, seen=seen)
    assert Position.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"date": timezone.localdate() + timedelta(days=2)}, "must be today or in the past"),
        ({"date": DAY - timedelta(days=1)}, "would remain in force. Choose a later date."),
        ({"stand": "partly", "comment": " "}, "which part"),
        ({"stand": "pending"}, "Choose one of the listed positions."),
        ({"seen": "1:none"}, "while you were editing"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(record, cora, fields, why):
    settle(record, cora, "noted")
    with pytest.raises(Refused, match=why):
        settle(record, cora, **fields)
    assert there(record) == [("noted", False, "")]


def test_a_proposal_that_arrives_meanwhile_is_shown_first(record, cora):
    seen = deciding.state_of(record)
    make.proposal(record)
    with pytest.raises(ChangedMeanwhile):
        settle(record, cora, seen=seen)


def test_the_form_begins_with_the_proposal_that_is_taken_over(client, record, cora):
    proposal = make.proposal(record, make.institution("health"), stand="partly", comment="Only part a.")
    make.proposal(record, make.institution("labour"), stand="noted")
    client.force_login(cora)
    url = reverse("desk:settle_position", args=[record.code])
    assert client.get(url).context["form"]["stand"].value() is None
    page = client.get(url, {"proposal": proposal.pk, "list": "state=different"})
    form = page.context["form"]
    assert (form["stand"].value(), form["comment"].value()) == ("partly", "Only part a.")
    assert "do not agree" in page.content.decode()
    data = {"stand": "partly", "comment": "Only part a.", "seen": form["seen"].value(), "list": "state=different"}
    late = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = client.post(url, data | {"date": late})
    assert answer.status_code == 422
    answer = client.post(url, data | {"date": "2026-06-01"})
    assert answer.url == reverse("desk:positions") + "?state=different"
    assert (stand_of(record), PositionProposal.objects.waiting().count()) == ("partly", 0)
    page = client.get(reverse("desk:record_follow_up", args=[record.code])).content.decode()
    assert "the State has since decided" in page


def test_what_is_drafted_is_not_told_to_those_who_proposed(client, record, cora):
    make.assignment(record, make.institution("health"))
    settle(record, cora, "noted", comment="quabnizor", date=None)
    client.force_login(make.user(Role.FOCAL_POINT, make.institution("health")))
    for url in (reverse("desk:record_follow_up", args=[record.code]), reverse("desk:positions") + "?state=all"):
        page = client.get(url).content.decode()
        assert record.code in page
        assert "quabnizor" not in page
        assert "mark-draft" not in page
