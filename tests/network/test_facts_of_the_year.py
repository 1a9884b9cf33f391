"""The yearly report on the Declaration: members, agreements, training, practices and commitments of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from servanda.network.agreements import facts as agreements
from servanda.network.commitments import facts as commitments
from servanda.network.members import facts as members
from servanda.network.models import Agreement, MembershipStep, Practice
from servanda.network.practices import facts as practices
from servanda.network.training import facts as training
from servanda.people.versioning import save_version
from servanda.recommendations.models import Recommendation
from servanda.reporting.facts.registry import FactContext
from servanda.reporting.report_templates.loading import shipped_files
from tests import make, network_make, reports_make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def neighbours():
    return network_make.profile("Neighbours", "HRV")


def texts(source, by, as_of=None) -> list[str]:
    section = reports_make.report(by, **YEAR).sections.first()
    context = FactContext(by, Recommendation.every_kind.all(), section, as_of)
    return [fact.text for fact in source.facts(source.rows(context), context)]


def test_the_template_has_a_section_of_them():
    sections = {section["key"]: section.get("facts") for section in shipped_files()["declaration-report"]["sections"]}
    assert sections["members"] == ["members", "agreements", "training"]


def test_members_are_the_steps_of_the_year(coordinator, neighbours):
    network_make.membership(neighbours, "applied", date(2025, 12, 30))
    network_make.membership(neighbours, "admitted", date(2026, 1, 10))
    network_make.membership(neighbours, "left", date(2026, 2, 1), withdrawn_at=NOW)
    assert texts(members.SOURCE, coordinator) == ["Neighbours: Admitted (10 January 2026)."]
    assert texts(members.SOURCE, coordinator, NOW - timedelta(days=1)) == []
    MembershipStep.objects.update(at=NOW - timedelta(days=2))
    assert len(texts(members.SOURCE, coordinator, NOW - timedelta(days=1))) == 1


@pytest.mark.database
def test_agreements_are_those_in_force_in_the_year(coordinator, neighbours):
    own = network_make.profile("Commission", is_own=True)
    network_make.agreement(own, neighbours, title="Ended", signed_on=date(2020, 1, 1), end=date(2025, 12, 31))
    network_make.agreement(own, neighbours, title="Later", start=date(2027, 1, 1))
    network_make.agreement(own, neighbours, title="Withdrawn", withdrawn_at=NOW, withdrawn_reason="Twice.")
    letters = network_make.agreement(own, neighbours)
    shown = ["Exchange of letters (Bilateral: Commission; Neighbours), signed on 4 May 2026."]
    assert texts(agreements.SOURCE, coordinator) == shown
    then = NOW - timedelta(days=1)
    assert texts(agreements.SOURCE, coordinator, then) == []
    Agreement.objects.update(created_at=then - timedelta(days=1))
    assert texts(agreements.SOURCE, coordinator, then) == shown
    save_version(letters, "agreement-edited", by=coordinator, difference={"title": ["Letters", letters.title]})
    assert texts(agreements.SOURCE, coordinator, then) == []


@pytest.mark.database
def test_training_is_the_sessions_held_in_the_year(coordinator):
    course = network_make.course()
    session = network_make.session(course, start=date(2026, 3, 2), end=date(2026, 3, 3), place="Ljubljana")
    network_make.guest(session)
    network_make.session(course, start=date(2025, 3, 2), end=date(2025, 3, 3))
    network_make.session(
        course, start=date(2026, 4, 2), end=date(2026, 4, 3), cancelled_at=NOW, cancelled_reason="No."
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    network_make.session(course, start=tomorrow, end=tomorrow)
    assert texts(training.SOURCE, coordinator) == ["Clusters (Ministry; Ljubljana, 2 March 2026). 1 participant."]
    then = NOW - timedelta(days=1)
    assert texts(training.SOURCE, coordinator, then) == ["Clusters (Ministry; Ljubljana, 2 March 2026)."]
    save_version(session, "session-edited", by=coordinator, difference={"place": ["Zagreb", session.place]})
    assert texts(training.SOURCE, coordinator, then) == []


def test_practices_shared_are_those_published_or_received_in_the_year(coordinator, neighbours):
    reviewed = network_make.practice("Reviewed only", state="reviewed")
    shown, earlier = (network_make.practice(title, state="published") for title in ("Shared", "Shared before"))
    network_make.received_practice()
    inside, before = datetime(2026, 3, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
    Practice.objects.filter(pk=reviewed.pk).update(reviewed_at=inside)
    Practice.objects.filter(pk=shown.pk).update(reviewed_at=before, published_at=inside)
    Practice.objects.filter(pk=earlier.pk).update(reviewed_at=inside, published_at=before)
    titles = [text.partition(":")[0] for text in texts(practices.SHARED, coordinator)]
    assert titles == ["A deputy", "Shared"]
    titles = [text.partition(":")[0] for text in texts(practices.SHARED, coordinator, inside - timedelta(days=1))]
    assert titles == ["A deputy"]


def test_what_was_agreed_after_the_year_is_not_in_its_report(coordinator):
    days = {"Agreed in the year.": date(2026, 12, 31), "Agreed later.": date(2027, 1, 1), "Without a date.": None}
    for text, day in days.items():
        made = network_make.commitment(text)
        Recommendation.every_kind.filter(pk=made.recommendation_id).update(date=day)
    shown = [text.partition(".")[0] for text in texts(commitments.SOURCE, coordinator)]
    assert sorted(shown) == ["Agreed in the year", "Without a date"]
