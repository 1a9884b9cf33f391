"""The queries of a desk are put together once for a person and a day. What they find is read each time."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.desk.home import brief, views
from servanda.desk.parts import tiles
from servanda.desk.parts.tiles import Ask
from servanda.people.access import Role
from servanda.people.instance import context
from servanda.people.models import Institution, Notification, User
from tests import make
from tests.desk.tiles import tiles_on_desk
from tests.house.kinds import KINDS
from tests.house.once import set_once
from tests.house.scene import set_scene

pytestmark = pytest.mark.django_db
KEPT = {"tiles": tiles.PARTS, "lists": views.PARTS, "brief": brief.QUERIES, "unread": context.UNREAD}
WITH_A_DESK = [
    *("reader", "contributor", "focal point of the institution", "focal point for another body", "authority"),
    *("coordinator", "auditor", "administrator"),
]


@pytest.fixture(autouse=True)
def nothing_kept():
    forget()


def forget() -> None:
    for kept in KEPT.values():
        kept.newer, kept.older = {}, {}


def texts_of(client, person: User) -> dict[str, dict]:
    """What two visits leave, as texts."""
    forget()
    client.force_login(person)
    for _visit in range(2):
        client.get(reverse("desk:home"))
        client.get(reverse("desk:brief"))
    texts = {
        name: {key[1][0] if name == "tiles" else "": list(kept.texts_in(made)) for key, made in kept.newer.items()}
        for name, kept in KEPT.items()
    }
    # Those whose key says what else they depend on are other ones when that changes.
    return texts | {"tiles": {key: text for key, text in texts["tiles"].items() if isinstance(key, str)}}


def test_the_texts_depend_on_the_person_and_not_on_what_is_stored():
    """Otherwise they would be out of date once something else is stored."""
    people = {kind: KINDS[kind]() for kind in WITH_A_DESK}
    make.recommendation()  # an empty register has no lists
    before = {kind: texts_beside_notifications(person) for kind, person in people.items()}
    scene = set_once(set_scene)
    for kind, person in people.items():
        with transaction.atomic():
            scene.handed_to(person)
            after = texts_beside_notifications(User.objects.get(pk=person.pk))
            transaction.set_rollback(True)
        assert before[kind] == after, kind
        assert all(after[name] for name in ("tiles", "lists", "unread")), kind


def texts_beside_notifications(person: User) -> dict[str, dict]:
    """Of a person who has two of them, and no others."""
    Notification.objects.all().delete()
    notified(person)
    return texts_of(Client(), person)


def notified(person: User) -> None:
    for kind in (Notification.Kind.APPOINTED, Notification.Kind.REPLY_ASKED):
        Notification.objects.create(person=person, kind=kind, object_id="0", created_at=timezone.now())


@pytest.mark.parametrize("kind", WITH_A_DESK)
def test_no_two_numbers_share_a_text(kind):
    person = KINDS[kind]()
    firsts = [next(supply(person), None) for supply in [*views.waiting_supplies(), *views.KNOWN]]
    asks = [first for first in firsts if isinstance(first, Ask)]
    assert len({ask.key for ask in asks}) == len(asks)


def test_two_people_with_the_same_office_see_their_own_numbers(client):
    first, second = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
    for person in (first, second, first):
        notified(person)
    counts = []
    for person in (first, second):
        client.force_login(person)
        counts.append(tiles_on_desk(client)["notices"].count)
    assert counts == [2, 1]


def test_what_is_found_is_read_each_time(client):
    client.force_login(make.user(Role.COORDINATOR))
    assert tiles_on_desk(client)["records"].count == 0
    make.recommendation(is_published=False)
    assert tiles_on_desk(client)["records"].count == 1
    assert client.get(reverse("desk:brief")).context["brief"].total.count == 1
    make.recommendation()
    assert client.get(reverse("desk:brief")).context["brief"].total.count == 2


def test_whoever_is_appointed_elsewhere_sees_other_numbers(client):
    record = make.recommendation(confidentiality="restricted", is_published=False)
    record.restricted_to.add(make.institution("moj"))
    person = make.user(Role.PUBLIC)
    appointment = make.appointment(person, make.institution("mfa"), "principal")
    client.force_login(person)
    assert tiles_on_desk(client)["records"].count == 0
    appointment.institution = make.institution("moj")
    appointment.save()
    assert tiles_on_desk(client)["records"].count == 1
    # An institution below that of the appointment is the person's too, from the day on which it is one.
    appointment.institution = make.institution("mfa")
    appointment.save()
    assert tiles_on_desk(client)["records"].count == 0
    Institution.objects.filter(code="moj").update(parent=appointment.institution)
    assert tiles_on_desk(client)["records"].count == 1


def test_whoever_gets_an_office_sees_the_numbers_of_the_office(client):
    person = make.user(Role.COORDINATOR)  # with a second factor
    make.appointment(person, make.institution("moj"), "reader")
    client.force_login(person)
    make.recommendation(confidentiality="restricted", is_published=False)
    for role, number in [("", 0), (Role.COORDINATOR, 1), ("", 0)]:
        User.objects.filter(pk=person.pk).update(role=role)
        assert tiles_on_desk(client)["records"].count == number
