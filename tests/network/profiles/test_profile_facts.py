"""The profile of our own mechanism as facts of reports."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.network.models import ProfileFact
from servanda.network.profiles.facts import SOURCE
from servanda.recommendations.models import Recommendation
from servanda.reporting.facts.registry import FactContext
from tests import make, network_make, reports_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def facts(by, as_of=None):
    context = FactContext(by, Recommendation.objects.all(), reports_make.report(by).sections.first(), as_of)
    return SOURCE.facts(SOURCE.rows(context), context)


def test_only_what_describes_our_own_mechanism_is_offered(coordinator):
    own = network_make.profile("Commission", is_own=True)
    network_make.facts(own, coordinator, legal_act="Act 12", type="inter-ministerial", contact="Room 3")
    network_make.facts(network_make.profile("Neighbours", "HRV"), coordinator, legal_act="Act 99")
    found = facts(coordinator)
    assert [fact.text for fact in found] == ["Type: Inter-ministerial", "Legal act: Act 12"]
    assert all(fact.citation.startswith("Profile of the mechanism, Commission") for fact in found)


def test_a_value_is_offered_as_it_was_on_the_day_of_the_facts(coordinator):
    own = network_make.profile("Commission", is_own=True)
    network_make.facts(own, coordinator, legal_act="Act 12")
    ProfileFact.objects.update(at=timezone.now() - timedelta(days=20))
    network_make.facts(own, coordinator, legal_act="Act 30")
    then = timezone.now() - timedelta(days=10)
    assert [fact.text for fact in facts(coordinator, then)] == ["Legal act: Act 12"]
    assert [fact.text for fact in facts(coordinator)] == ["Legal act: Act 30"]
