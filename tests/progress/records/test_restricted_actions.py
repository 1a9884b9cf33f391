"""An action that is restricted to the institutions that take part neither counts nor is named for others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.models import Appointment
from servanda.planning.actions import answering
from servanda.planning.actions import services as planning
from servanda.planning.models import Action, ActionRecommendation
from servanda.progress.records.columns import columns_for
from servanda.progress.records.facets import progress_facets
from servanda.progress.records.lifecycle import with_milestones
from servanda.progress.records.matrix_columns import matrix_columns
from servanda.recommendations.clusters import services as clustering
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Recommendation
from tests import actions_make, make
from tests.once import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TITLE = "Release the applicant"
NOW = timezone.now
YEAR = timedelta(days=365)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def record():
    return make.recommendation()


@built_once
def action(record, coordinator):
    made = actions_make.action(TITLE, make.institution("interior"), [record])
    return planning.restrict_action(action=made, is_restricted=True, by=coordinator)


@built_once
def insider(action):
    return make.user(Role.FOCAL_POINT, make.institution("interior"))


@built_once
def outsider():
    return make.user(Role.FOCAL_POINT, make.institution("culture"))


def named_in_matrix(user, record, moment=None) -> str:
    return matrix_columns(audience_of(user), user, moment).read([record.pk]).get(record.pk, {}).get("action", "")


def counted(user, record) -> int:
    return columns_for(audience_of(user), user).read([record.pk]).get(record.pk, {}).get("actions", 0)


def is_planned(user, record) -> bool:
    found = with_milestones(Recommendation.objects.filter(pk=record.pk), reader=user).get()
    return vars(found)["first_planned"] is not None


def is_found(user, record) -> bool:
    facets = {
        progress_facet.key: progress_facet
        for progress_facet in progress_facets(audience_of(user), user, on=timezone.localdate())
    }
    return Recommendation.objects.filter(facets["action"].sets["with"], pk=record.pk).exists()


@pytest.fixture(params=[named_in_matrix, counted, is_found, is_planned])
def known(request):
    return request.param


def test_those_who_take_part_see_it_and_no_others(known, action, record, insider, outsider, coordinator):
    assert known(insider, record)
    assert known(coordinator, record)
    assert not known(outsider, record)
    planning.restrict_action(action=action, is_restricted=False, by=coordinator)
    assert known(outsider, record)


def test_nor_through_a_cluster(known, coordinator, insider, outsider, action):
    member = make.recommendation()
    cluster = clustering.make_cluster(name="Detention", records=[member, make.recommendation()], by=coordinator)
    answering.answer_cluster(action=action, cluster=cluster, by=coordinator)
    assert known(insider, member)
    assert not known(outsider, member)


def test_an_appointment_for_other_bodies_does_not_open_it(known, action, record):
    person = make.user(Role.PUBLIC)
    make.appointment(person, make.institution("interior"), Appointment.Function.PRINCIPAL, bodies="CRC")
    assert record.body.code != "CRC"
    assert not known(person, record)


def history_of(action, **then) -> None:
    """The action was so a year ago, and is as it is since half a year."""
    Action.history.filter(id=action.pk).delete()
    Action.objects.filter(pk=action.pk).update(created_at=NOW() - YEAR)
    ActionRecommendation.objects.filter(action=action).update(added_at=NOW() - YEAR)
    action.refresh_from_db()
    for values, moment in ((then, NOW() - YEAR), ({name: getattr(action, name) for name in then}, NOW() - YEAR / 2)):
        for name, value in values.items():
            setattr(action, name, value)
        action._history_date = moment
        action.save()


@pytest.mark.parametrize("closed", [{"is_restricted": True}, {"is_restricted": False}])
def test_a_former_title_is_shown_to_those_who_could_see_it_then(closed, record, outsider, coordinator):
    action = actions_make.action("Review detention", make.institution("interior"), [record])
    history_of(action, title=TITLE, **closed)
    moment = NOW() - YEAR * 3 / 4
    assert named_in_matrix(coordinator, record, moment) == TITLE
    assert named_in_matrix(outsider, record, moment) == ("Review detention" if closed["is_restricted"] else TITLE)


def test_what_was_withdrawn_since_is_shown_to_those_who_read_everything(record, outsider, coordinator):
    action = actions_make.action(TITLE, make.institution("interior"), [record])
    history_of(action, title=TITLE)
    moment = NOW() - YEAR / 4
    assert named_in_matrix(outsider, record, moment) == TITLE
    planning.withdraw_action(action=action, reason="It names a person.", by=coordinator)
    assert named_in_matrix(coordinator, record, moment) == TITLE
    assert named_in_matrix(outsider, record, moment) == ""
