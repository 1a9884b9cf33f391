"""The mechanisms of the demonstration."""

import pytest

from servanda.demo import network
from servanda.network.models import (
    Assistance,
    Commitment,
    Cooperation,
    Endorsement,
    MechanismProfile,
    Meeting,
    MembershipStep,
    NetworkRule,
    Practice,
    ProfileFact,
    SelfAssessment,
)
from servanda.network.profiles.fields import fields_by_code
from servanda.people.demonstration import COORDINATOR
from tests import make, network_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def loaded():
    make.user("coordinator", email=COORDINATOR)
    make.user("administrator")
    network_make.own_state()
    network.load()
    network.load()


def test_everything_real_has_a_document_as_source_and_everything_invented_is_marked(loaded):
    own, neighbour = MechanismProfile.objects.order_by("-is_own")
    assert (own.is_own, own.is_invented, neighbour.is_invented) == (True, False, True)
    assert {fact.source.partition("/")[0] for fact in own.facts.current()} == {"A"}
    assert (own.is_published, neighbour.is_published, neighbour.country.is_state) == (False, True, False)
    assert "(invented)" in neighbour.name
    assert {fact.source for fact in neighbour.facts.current()} == {"Invented for the demonstration"}


def test_each_value_belongs_to_a_field_and_its_options(loaded):
    for fact in ProfileFact.objects.current():
        options = fields_by_code()[fact.field].options
        assert not options or set(fact.value.split()) <= set(options), fact.field


def test_practices_are_marked_as_invented_and_only_those_of_the_neighbour_are_public(loaded):
    practices = Practice.objects.all()
    assert (practices.count(), practices.filter(is_invented=False).count()) == (3, 0)
    assert {row.mechanism.is_own for row in Practice.objects.public()} == {False}
    assert [row.mechanism.is_invented for row in Endorsement.objects.kept()] == [True]


def test_self_assessments_are_those_of_the_invented_neighbour(loaded):
    assessments = SelfAssessment.objects.completed()
    assert assessments.count() == 2
    assert {row.profile.is_invented for row in assessments} == {True}


def test_assistance_is_marked_as_invented_and_was_useful_to_both(loaded):
    assert all("(invented)" in row.title for row in Assistance.objects.all())
    [cooperation] = Cooperation.objects.all()
    assert {row.side for row in cooperation.evaluations.all()} == {"requester", "provider"}


def test_meetings_are_marked_as_invented_and_their_decisions_are_followed_up(loaded):
    meetings = Meeting.objects.order_by("begins_at")
    assert [(meeting.is_invented, "(invented)" in meeting.title) for meeting in meetings] == [(True, True)] * 2
    assert meetings[0].minutes.get().is_adopted
    assert [decision.is_followed for decision in meetings[0].decisions.all()] == [True, True, False]
    assert Commitment.objects.filter(decision__isnull=False, recommendation__is_published=False).count() == 2
    assert meetings[1].participants.filter(state="waiting").count() == 1


def test_only_the_invented_neighbour_is_a_member_and_no_rule_is_entered(loaded):
    steps = MembershipStep.objects.newest_first()
    assert [(step.kind, step.profile.is_invented) for step in steps] == [("admitted", True), ("applied", True)]
    assert not NetworkRule.objects.exists()
