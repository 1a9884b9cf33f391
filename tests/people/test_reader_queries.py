"""What a person may see is put together once, and never for somebody else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import Instance, User
from servanda.people.reader_keys import all_of_reader
from servanda.recommendations.models import Recommendation
from tests.make import appointment, institution, recommendation, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def restricted():
    record = recommendation(confidentiality="restricted")
    record.restricted_to.add(institution("moj"))
    return record


def test_the_query_is_put_together_once(monkeypatch):
    person, calls = user(Role.COORDINATOR), []
    monkeypatch.setattr("servanda.recommendations.models.recommendation.can", lambda *_: calls.append(1) or True)
    for _time in range(3):
        list(Recommendation.objects.visible_to(person))
    assert len(calls) == 1


def test_the_rows_are_read_each_time():
    person = user(Role.COORDINATOR)
    assert list(Recommendation.objects.visible_to(person)) == []
    record = recommendation()
    assert list(Recommendation.objects.visible_to(person)) == [record]


def test_others_get_their_own_query(restricted):
    inside, outside = user(Role.PUBLIC), user(Role.PUBLIC)
    appointment(inside, institution("moj"))
    appointment(outside, institution("moi"))
    for _time in range(2):
        assert list(Recommendation.objects.opened_to(inside)) == [restricted]
        assert list(Recommendation.objects.opened_to(outside)) == []
        assert list(Recommendation.objects.visible_to(AnonymousUser())) == []


def test_another_role_of_the_same_person_gets_another_query(restricted):
    person = user(Role.READER)
    assert list(Recommendation.objects.visible_to(person)) == []
    person.role = Role.COORDINATOR
    assert list(Recommendation.objects.visible_to(person)) == [restricted]


def test_narrowed_rows_stay_narrowed(restricted):
    other, person = recommendation(), user(Role.COORDINATOR)
    assert set(Recommendation.objects.visible_to(person)) == {restricted, other}
    assert list(Recommendation.objects.filter(pk=other.pk).visible_to(person)) == [other]
    assert list(Recommendation.objects.none().visible_to(person)) == []
    assert Recommendation.objects.order_by("pk")[:1].count() == 1
    assert set(Recommendation.every_kind.visible_to(person)) == {restricted, other}


def test_what_depends_on_nobody_is_put_together_once_and_read_each_time():
    assert list(Recommendation.objects.kept()) == []
    record = recommendation()
    assert list(Recommendation.objects.kept()) == [record]
    assert list(Recommendation.every_kind.kept()) == [record]
    assert list(Recommendation.objects.exclude(pk=record.pk).kept()) == []
    record.withdrawn_at, record.withdrawn_reason = timezone.now(), "Entered twice."
    record.save()
    assert list(Recommendation.objects.kept()) == []


def test_a_hidden_import_hides_its_records_at_once():
    batch = Batch.objects.create(name="list.csv", sha256="1", state=Batch.State.APPLIED)
    record = recommendation(added_by=batch)
    assert list(Recommendation.objects.public()) == [record]
    Batch.objects.update(state=Batch.State.UNDONE)
    assert list(Recommendation.objects.public()) == []


def test_a_locked_reversed_or_deferred_query_stays_so_and_is_kept_for_no_other():
    for rows, shown in (
        (Recommendation.objects.select_for_update(), lambda query: query.select_for_update),
        (Recommendation.objects.reverse(), lambda query: not query.standard_ordering),
        (Recommendation.objects.defer("record"), lambda query: bool(query.deferred_loading[0])),
    ):
        for _time in range(2):
            assert shown(rows.kept().query)
            assert not shown(Recommendation.objects.kept().query)


def test_everything_that_a_query_can_take_from_its_reader_changes_the_key_of_its_text():
    person = user(Role.PUBLIC)
    place = institution("mfa")
    office = appointment(person, place, "principal")
    keys = [key_of(person)]
    office.bodies = "CRC"
    office.save()
    keys.append(key_of(person))
    type(place).objects.filter(pk=institution("moj").pk).update(parent=place)
    keys.append(key_of(person))
    User.objects.filter(pk=person.pk).update(role=Role.AUDITOR)
    keys.append(key_of(person))
    Instance.objects.update_or_create(pk=1, defaults={"writer_may_validate": True})
    keys.append(key_of(person))
    with translation.override("fr"):
        keys.append(key_of(person))
    with timezone.override("Pacific/Kiritimati"):
        keys.append(key_of(person))
    assert len(set(keys)) == len(keys)
    assert key_of(person) == keys[4]


def test_the_user_of_a_request_has_the_key_of_their_row():
    """It is a lazy object, which has no values of its own: two coordinators would be one reader."""
    first, second = user(Role.COORDINATOR), user(Role.COORDINATOR)
    keys = [
        all_of_reader(SimpleLazyObject(lambda pk=person.pk: User.objects.get(pk=pk))) for person in (first, second)
    ]
    assert keys == [key_of(first), key_of(second)]
    assert keys[0] != keys[1]


def key_of(person):
    return all_of_reader(User.objects.get(pk=person.pk))
