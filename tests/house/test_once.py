"""A scene that is set once for a module is as new in each of its tests, and not there in those that do not ask."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import User
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation, SavedView
from tests import make
from tests.house.once import rows_in, set_once
from tests.house.scene import FILE, sent_sheet
from tests.prepared import rows_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("_time", ["first", "again"])
def test_no_change_of_one_test_reaches_the_next(scene_for, _time):
    scene = scene_for(make.user())
    assert scene.view.name == SavedView.objects.get().name == "Mine"
    scene.view.name = scene.record.code = "Changed"
    SavedView.objects.update(name="Changed")


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.CONTRIBUTOR, Role.ADMINISTRATOR])
def test_everything_of_the_owner_is_handed_over(scene_for, set_before, role):
    person = make.user(role)
    scene = scene_for(person)
    for field in set_before.owned:
        found = field.model._base_manager.filter(**{f"{field.name}__in": [person, set_before.owner]})
        assert set(found.values_list(field.name, flat=True)) == {person.pk}, field
    assert len(set_before.owned) > 8
    assert scene.notification.person == scene.view.owner == scene.counted.sheet.created_by == person
    assert scene.notification.object_id == str(person.pk)
    assert scene.network.own_participant.email == person.email
    assert all(row.pk for row in rows_in(scene))


def test_who_contributes_has_a_colleague_who_signed(scene_for):
    person = make.user(Role.CONTRIBUTOR, make.institution("nhri-2"))
    assert scene_for(person).voices.signed.institution.code == "nhri-2"
    assert scene_for(person).voices.own.institution.code == "nhri-2"


@pytest.mark.database
def test_what_was_built_once_in_a_process_is_written_again_as_it_was(client):
    def build(owner: User) -> Recommendation:
        record = make.recommendation("Protect the forests.")
        SavedView.objects.create(owner=owner, name="Mine", query="?q=forests")
        reindex([record.pk])
        return record

    found = []
    for _time in ("built", "written"):
        with transaction.atomic():
            record = set_once(build).handed_to(None)
            rows = rows_of(apps.get_models(include_auto_created=True))
            page = client.get("/recommendations/", {"q": "forests"}).content.decode()
            found.append((rows, record.code in page, make.recommendation().pk > record.pk))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0][1:] == (True, True)


def test_without_the_scene_nothing_is_there():
    assert not Recommendation.every_kind.exists()


def test_a_file_that_a_test_removed_is_there_again():
    def build(owner: User) -> Batch:
        return sent_sheet(owner)

    for _time in ("built", "written"):
        with transaction.atomic():
            file = set_once(build).handed_to(None).file
            assert file.read() == FILE.encode()
            file.close()
            Path(file.path).unlink()
            transaction.set_rollback(True)
