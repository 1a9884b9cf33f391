"""Facts of the network as of a day: what was changed since is not offered as if it had been known then."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from servanda.network.assistance import missions, services
from servanda.network.assistance.facts import SOURCES
from servanda.network.assistance.missions import MissionValues
from servanda.network.assistance.services import AssistanceValues, CooperationValues
from servanda.network.commitments.facts import SOURCE as COMMITMENTS
from servanda.network.commitments.services import CommitmentValues, edit_commitment
from servanda.network.models import Assistance, Cooperation, Mission
from servanda.planning.models import Action
from servanda.recommendations.models import Recommendation
from servanda.reporting.facts.registry import FactContext
from servanda.trail.models import Event
from tests import actions_make, make, network_make, reports_make

pytestmark = pytest.mark.django_db
COOPERATION, FUNDING = SOURCES
NOW = timezone.now()
THEN, BEFORE = NOW - timedelta(days=200), NOW - timedelta(days=400)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def cooperation():
    """Entered before the day of the facts."""
    ours, theirs = network_make.profile("Commission", is_own=True), network_make.profile("Neighbours", "HRV")
    help_entry = network_make.assistance("request", ours, amount=Decimal(100), currency="EUR")
    made = network_make.cooperation(help_entry, network_make.assistance("offer", theirs), state="agreed")
    for model in (Assistance, Cooperation):
        model.objects.update(created_at=BEFORE)
    return made


def texts(source, by, as_of=THEN) -> list[str]:
    section = reports_make.report(by).sections.first()
    context = FactContext(by, Recommendation.every_kind.all(), section, as_of)
    return [fact.text for fact in source.facts(source.rows(context), context)]


def finish(cooperation, by) -> None:
    values = CooperationValues(
        state="done", end=timezone.localdate(), result="Trained 20 people.", pledged=Decimal(60), currency="EUR"
    )
    services.follow_cooperation(cooperation=cooperation, values=values, seen=None, by=by)


@pytest.mark.database
def test_the_state_and_result_of_a_cooperation_are_not_those_of_today(coordinator, cooperation):
    assert texts(COOPERATION, coordinator) == ["Neighbours agreed to help Commission: Clusters."]
    finish(cooperation, coordinator)
    assert texts(COOPERATION, coordinator) == ["Neighbours was introduced to Commission: Clusters."]
    today = ["Neighbours helped Commission: Clusters. Trained 20 people."]
    assert texts(COOPERATION, coordinator, None) == today
    Event.objects.update(at=BEFORE)
    assert texts(COOPERATION, coordinator) == today


def test_a_mission_that_was_changed_since_is_not_named(coordinator, cooperation):
    mission = network_make.mission(cooperation)
    Mission.objects.update(added_at=BEFORE)
    (text,) = texts(COOPERATION, coordinator)
    assert "Ljubljana" in text
    values = MissionValues(
        sent_by=cooperation.provider,
        people="Ada Example",
        destination="Zagreb",
        start=date(2026, 6, 15),
        end=date(2026, 6, 16),
        purpose="Show the clusters.",
    )
    missions.edit_mission(mission=mission, values=values, seen=None, by=coordinator)
    (text,) = texts(COOPERATION, coordinator)
    assert "Missions" not in text


@pytest.mark.database
def test_sums_that_were_changed_since_are_not_offered(coordinator, cooperation):
    assert "0 pledged" in texts(FUNDING, coordinator)[0]
    finish(cooperation, coordinator)
    assert texts(FUNDING, coordinator) == []
    assert " 40 not pledged" in texts(FUNDING, coordinator, None)[0]


def test_an_amount_that_was_changed_since_is_not_offered(coordinator, cooperation):
    asked, values = cooperation.request, {"forms": ["advice"], "languages": ["en"], "currency": "EUR"}
    changed = AssistanceValues(
        mechanism=asked.mechanism, title=asked.title, text=asked.text, amount=Decimal(900), **values
    )
    services.edit_assistance(entry=asked, values=changed, seen=None, by=coordinator)
    assert texts(FUNDING, coordinator) == []
    assert ": 900 EUR sought" in texts(FUNDING, coordinator, None)[0]


def test_the_owner_deadline_and_actions_of_a_commitment_are_not_those_of_today(coordinator):
    owner = network_make.profile("Commission", is_own=True)
    commitment = network_make.commitment(owner=owner)
    action = actions_make.action(title="Open the register", records=[commitment.recommendation])
    Recommendation.every_kind.update(created_at=BEFORE)
    Action.objects.update(created_at=BEFORE)
    assert "Mechanism: Commission." in texts(COMMITMENTS, coordinator)[0]
    values = CommitmentValues(wording="commitment", source=commitment.source, due_on=date(2030, 1, 1))
    edit_commitment(commitment=commitment, values=values, version=commitment.recommendation.version, by=coordinator)
    action.refresh_from_db()
    action.title = "Close the register"
    action.save()
    (text,) = texts(COMMITMENTS, coordinator)
    assert "Actions: Open the register" in text
    assert "Mechanism" not in text
    assert "Deadline" not in text
    assert "Deadline: 1 January 2030." in texts(COMMITMENTS, coordinator, None)[0]
