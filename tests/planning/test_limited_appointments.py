"""Appointments that are limited to some bodies: the actions and indicators of the institution that they cover."""

import pytest
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Can, Role
from servanda.people.models import User
from servanda.planning.actions.services import withdraw_action
from servanda.planning.models import Action, ActionCluster, Indicator
from servanda.recommendations.models import Cluster, ClusterMember
from tests import actions_make, indicator_make, make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def place():
    return make.institution("moj")


@built_once
def limited(place) -> User:
    """A focal point of the institution, for CAT only."""
    person = make.user(Role.PUBLIC)
    make.appointment(person, place, "principal", bodies="CAT")
    return person


def of_body(code: str, **fields):
    return make.recommendation(f"{code}: protect everybody.", body=make.committee(code), **fields)


def test_only_actions_on_records_of_these_bodies_are_their_own(place, limited):
    hidden = actions_make.action("On women", place, [of_body("CEDAW")])
    shown = [
        actions_make.action("On torture", place, [of_body("CAT")]),
        actions_make.action("On both", place, [of_body("CAT"), of_body("CEDAW")]),
        actions_make.action("On no record", place),
    ]
    for found in (
        Action.objects.visible_to(limited),
        Action.objects.in_scope_of(limited, Can.WRITE_UPDATE),
        Action.objects.led_by(limited),
        Action.objects.editable_by(limited),
    ):
        assert set(found) == set(shown)
    assert hidden in Action.objects.visible_to(make.user(Role.FOCAL_POINT, place))


def test_an_action_on_a_cluster_is_theirs_if_a_member_is_of_these_bodies(place, limited):
    actions = {code: actions_make.action(f"On {code} and others", place) for code in ("CAT", "CEDAW")}
    for code, action in actions.items():
        cluster = Cluster.objects.create(name=f"{code} and others")
        for record in (of_body(code), of_body("CRC")):
            ClusterMember.objects.create(cluster=cluster, recommendation=record)
        ActionCluster.objects.create(action=action, cluster=cluster)
    assert list(Action.objects.in_scope_of(limited, Can.READ_INTERNAL)) == [actions["CAT"]]


def test_a_published_action_is_read_by_everybody_and_edited_within_the_bodies_only(place, limited):
    published = actions_make.action("On women", place, [of_body("CEDAW")], is_published=True)
    assert list(Action.objects.visible_to(limited)) == [published]
    assert not Action.objects.editable_by(limited).exists()
    with pytest.raises(Refused, match="Only the lead institution"):
        withdraw_action(action=published, reason="It was planned twice.", by=limited)


def test_an_action_is_restored_within_the_bodies_only(place, limited):
    made = actions_make.planned(of_body("CEDAW"), place, make.user(Role.COORDINATOR))
    assert not Action.objects.former_for(limited).exists()
    assert list(Action.objects.former_for(make.user(Role.FOCAL_POINT, place))) == [made.withdrawn]


def test_only_indicators_on_records_of_these_bodies_are_their_own(place, limited):
    hidden = indicator_make.indicator(about=of_body("CEDAW"), custodian=place)
    shown = [
        indicator_make.indicator(about=of_body("CAT"), custodian=place),
        indicator_make.indicator(custodian=place),
    ]
    for found in (Indicator.objects.visible_to(limited), Indicator.objects.measured_by(limited)):
        assert set(found) == set(shown)
    assert hidden in Indicator.objects.measured_by(make.user(Role.FOCAL_POINT, place))


def test_pages_and_files_name_none_of_the_others(client, place, limited):
    action = actions_make.action("Shelters for women", place, [of_body("CEDAW")])
    indicator = indicator_make.indicator(name="Places in shelters", about=of_body("CEDAW"), custodian=place)
    client.force_login(limited)
    for thing in (action, indicator):
        assert client.get(thing.get_absolute_url()).status_code == 404
    for page in ("desk:home", "desk:actions", "desk:action_timeline", "desk:indicators"):
        text = client.get(reverse(page)).content.decode()
        assert "Shelters for women" not in text, page
        assert "Places in shelters" not in text, page
