"""A merge brings what was agreed to the record that stays, and undoing it takes that back."""

import pytest

from servanda.people.access import Role
from servanda.planning.merging import merge_recommendations, unmerge_recommendation
from servanda.planning.models import Assignment
from tests import actions_make, make

pytestmark = pytest.mark.django_db


def answering(record) -> set[tuple[str, str]]:
    return set(Assignment.objects.current().filter(recommendation=record).values_list("institution__code", "part"))


def test_what_belongs_to_a_merged_record_is_on_the_one_that_stays_until_the_merge_is_undone():
    by = make.user(Role.COORDINATOR)
    stays, other = make.recommendation(), make.recommendation()
    make.assignment(stays, make.institution("health"))
    make.assignment(other, make.institution("labour"))
    make.assignment(other, make.institution("schools"), part="supporting")
    both = actions_make.action("For both", records=[stays, other])
    action = actions_make.action("For the other", records=[other])
    merge_recommendations(into=stays, others=[other], by=by)
    assert answering(stays) == {("health", "lead"), ("schools", "supporting")}
    assert set(stays.actions.all()) == {both, action}
    other.refresh_from_db()
    unmerge_recommendation(recommendation=other, by=by)
    assert answering(stays) == {("health", "lead")}
    assert answering(other) == {("labour", "lead"), ("schools", "supporting")}
    assert list(stays.actions.all()) == [both]
    assert set(other.actions.all()) == {both, action}
