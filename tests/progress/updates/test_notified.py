"""Whom an update notifies: those of its institution whose appointment covers its bodies, and no one else."""

import pytest

from servanda.people.access import Role
from servanda.people.models import Appointment, Institution, Notification, User
from servanda.progress.models import Update, UpdateRecommendation
from servanda.progress.updates import services as updating
from servanda.progress.updates.letters import enter_on_behalf
from servanda.recommendations.models import Recommendation
from tests import make, progress_make
from tests.once import built_once
from tests.progress_make import LETTER, SAID

pytestmark = pytest.mark.django_db


@built_once
def place():
    return make.institution("moj")


@built_once
def record(place):
    record = make.recommendation(body=make.committee("CEDAW"))
    make.assignment(record, place)
    return record


def appointed(place, function: str, bodies: str = "") -> User:
    person = make.user(Role.PUBLIC)
    make.appointment(person, place, function, bodies=bodies)
    return person


def notified(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=kind).values_list("person", flat=True))


def submitted(record: Recommendation, place: Institution, by: User) -> Update:
    draft = progress_make.update(record, place, written_by=by)
    return updating.submit_update(update=draft, by=by)


def test_an_authority_limited_to_other_bodies_is_not_notified(place, record):
    writer = appointed(place, "principal")
    limited, covered = appointed(place, "authority", "CAT"), appointed(place, "authority", "CAT,CEDAW")
    update = submitted(record, place, writer)
    assert notified("update-submitted") == {covered.pk}
    updating.validate_update(update=update, by=covered)
    assert limited.pk not in set(Notification.objects.values_list("person", flat=True))


def test_of_an_update_on_two_bodies_neither_half_is_notified(place, record):
    other = make.recommendation(body=make.committee("CAT"))
    make.assignment(other, place)
    writer, covered = appointed(place, "principal"), appointed(place, "authority")
    appointed(place, "authority", "CAT")
    draft = progress_make.update(record, place, written_by=writer)
    UpdateRecommendation.objects.create(update=draft, recommendation=other)
    updating.submit_update(update=draft, by=writer)
    assert notified("update-submitted") == {covered.pk}


def test_the_institution_above_is_notified_if_no_authority_covers_the_body(place, record):
    above = make.institution("government")
    place.parent = above
    place.save()
    writer, head = appointed(place, "principal"), appointed(above, "authority")
    appointed(place, "authority", "CAT")
    submitted(record, place, writer)
    assert notified("update-submitted") == {head.pk}


def test_writers_limited_to_other_bodies_hear_nothing_of_a_letter(place, record):
    coordinator, colleague = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
    everywhere = appointed(place, "principal")
    appointed(place, "alternate", "CAT")
    data = {"institution": place, "recommendations": [record], **SAID, **LETTER}
    update = enter_on_behalf(**data, by=coordinator)
    updating.publish_update(update=update, by=colleague)
    assert notified("update-published") == {everywhere.pk}


def test_a_writer_whose_appointment_was_limited_since_hears_nothing(place, record):
    writer, authority = appointed(place, "principal"), appointed(place, "authority")
    update = submitted(record, place, writer)
    Appointment.objects.filter(person=writer).update(bodies="CAT")
    updating.return_update(update=update, reason="Add the number of places.", by=authority)
    assert notified("update-returned") == set()
