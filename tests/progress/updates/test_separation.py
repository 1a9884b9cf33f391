"""Three people stand behind a published update: who wrote it, who validated it and who published it."""

import json

import pytest
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Instance, Notification, User
from servanda.progress.models import Update
from servanda.progress.updates import letters
from servanda.progress.updates import services as updating
from servanda.progress.updates.queries import TO_PUBLISH, TO_VALIDATE, next_waiting, waiting_sets
from servanda.trail.models import Event
from tests import make
from tests.house.kinds import place
from tests.once import built_once
from tests.progress_make import LETTER, SAID

pytestmark = pytest.mark.django_db
WROTE, ENTERED, VALIDATED = "You wrote this update", "You wrote or entered this update", "You validated this update"


@built_once
def record():
    made = make.recommendation()
    make.assignment(made, place("mfa"))
    return made


@built_once
def authority():
    return make.user(Role.AUTHORITY, place("mfa"), name="Authority")


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR, name="Coordinator")


def save(update, record, by, **values) -> Update:
    given = {"seen": update.version, "recommendations": [record], "actions": [], **SAID, **values}
    return updating.save_update(update=update, **given, by=by)


def written(record, *people: User) -> Update:
    """Each of these people saved it with a sentence of their own; the last one submitted it."""
    update = updating.start_update(institution=place("mfa"), recommendations=[record], by=people[0])
    for number, person in enumerate(people):
        update = save(update, record, person, text=f"Sentence {number}.")
    return updating.submit_update(update=update, by=people[-1])


def loosen(**fields) -> None:
    Instance(pk=1, **fields).save()


def waiting(user: User, key: str) -> list[Update]:
    return list(Update.objects.visible_to(user).filter(waiting_sets(user)[key]))


def test_the_writer_of_an_update_does_not_validate_it(record, authority):
    update = written(record, authority)
    with pytest.raises(Refused, match=WROTE):
        updating.validate_update(update=update, by=authority)
    assert Update.objects.get().state == "submitted"
    updating.validate_update(update=update, by=make.user(Role.AUTHORITY, place("mfa")))


def test_all_who_wrote_a_part_are_writers(record, authority):
    update = written(record, authority, make.user(Role.FOCAL_POINT, place("mfa")))
    with pytest.raises(Refused, match=WROTE):
        updating.validate_update(update=update, by=authority)


def test_an_authority_who_rewrites_what_they_returned_has_become_a_writer(record, authority):
    update = written(record, make.user(Role.FOCAL_POINT, place("mfa")))
    returned = updating.return_update(update=update, reason="Say since when.", by=authority)
    mended = updating.submit_update(update=save(returned, record, authority, text="Since May."), by=authority)
    with pytest.raises(Refused, match=WROTE):
        updating.validate_update(update=mended, by=authority)


def test_an_authority_who_only_returned_it_still_validates(record, authority):
    writer = make.user(Role.FOCAL_POINT, place("mfa"))
    update = written(record, writer)
    updating.return_update(update=update, reason="Say since when.", by=authority)
    updating.submit_update(update=update, by=writer)
    assert updating.validate_update(update=update, by=authority).state == "validated"


def test_a_coordinator_with_two_roles_publishes_neither_what_they_wrote_nor_what_they_validated(record, authority):
    both = make.user(Role.COORDINATOR)
    make.appointment(both, place("mfa"), "authority")
    wrote = updating.validate_update(update=written(record, both), by=authority)
    with pytest.raises(Refused, match=ENTERED):
        updating.publish_update(update=wrote, by=both)
    validated = written(record, make.user(Role.FOCAL_POINT, place("mfa")))
    updating.validate_update(update=validated, by=both)
    with pytest.raises(Refused, match=VALIDATED):
        updating.publish_update(update=validated, by=both)


def test_a_validation_before_a_return_no_longer_counts(record, authority):
    both, writer = make.user(Role.COORDINATOR), make.user(Role.FOCAL_POINT, place("mfa"))
    make.appointment(both, place("mfa"), "authority")
    update = written(record, writer)
    updating.validate_update(update=update, by=both)
    updating.return_update(update=update, reason="Say since when.", by=both)
    updating.submit_update(update=update, by=writer)
    updating.validate_update(update=update, by=authority)
    assert waiting(both, TO_PUBLISH) == [update]
    assert updating.publish_update(update=update, by=both).state == "published"


def test_a_letter_is_published_by_another_coordinator_than_entered_it(record, coordinator):
    entered = letters.enter_on_behalf(
        institution=place("mfa"), recommendations=[record], **LETTER, **SAID, by=coordinator
    )
    with pytest.raises(Refused, match=ENTERED):
        updating.publish_update(update=entered, by=coordinator)
    assert (waiting(coordinator, TO_PUBLISH), next_waiting(coordinator)) == ([], None)
    second = make.user(Role.COORDINATOR)
    assert waiting(second, TO_PUBLISH) == [entered]
    assert updating.publish_update(update=entered, by=second).state == "published"


def test_what_one_may_not_validate_or_publish_waits_for_others(record, authority):
    own = written(record, authority)
    assert (waiting(authority, TO_VALIDATE), next_waiting(authority)) == ([], None)
    second = make.user(Role.AUTHORITY, place("mfa"))
    assert waiting(second, TO_VALIDATE) == [own]
    both = make.user(Role.COORDINATOR)
    make.appointment(both, place("mfa"), "authority")
    updating.validate_update(update=own, by=both)
    assert waiting(both, TO_PUBLISH) == []


def test_an_authority_who_wrote_it_leaves_it_to_the_nearest_other_one(record, authority):
    above = make.user(Role.AUTHORITY, place("government"))
    assert place("mfa").parent == place("government")
    written(record, authority)
    told = Notification.objects.filter(kind="update-submitted").values_list("person", flat=True)
    assert list(told) == [above.pk]


def test_an_instance_may_let_the_writer_validate_and_the_update_says_so(client, record, authority):
    loosen(writer_may_validate=True)
    update = written(record, authority)
    assert waiting(authority, TO_VALIDATE) == [update]
    updating.validate_update(update=update, by=authority)
    assert json.loads(Event.objects.get(action="update-validated").difference) == {"also_wrote": ["", True]}
    client.force_login(authority)
    assert "Written and validated by the same person." in client.get(update.get_absolute_url()).content.decode()


def test_an_instance_may_let_one_person_do_all_and_the_update_says_so(client, record):
    loosen(writer_may_validate=True, writer_may_publish=True)
    alone = make.user(Role.COORDINATOR)
    make.appointment(alone, place("mfa"), "authority")
    client.force_login(alone)
    update = written(record, alone)
    updating.validate_update(update=update, by=alone)
    updating.publish_update(update=update, by=alone)
    page = client.get(update.get_absolute_url()).content.decode()
    assert "Written, validated and published by the same person." in page


def test_each_of_the_two_is_loosened_by_itself(record):
    both = make.user(Role.COORDINATOR)
    make.appointment(both, place("mfa"), "authority")
    update = written(record, both)
    loosen(writer_may_publish=True)
    with pytest.raises(Refused, match=WROTE):
        updating.validate_update(update=update, by=both)
    loosen(writer_may_validate=True)
    updating.validate_update(update=update, by=both)
    with pytest.raises(Refused, match=ENTERED):
        updating.publish_update(update=update, by=both)


def test_what_the_instance_does_not_ask_for_is_not_kept_apart(record, authority):
    loosen(updates_need_validation=False, updates_need_publication=False)
    assert written(record, authority).state == "published"


def test_the_page_tells_why_in_place_of_the_button(client, record, authority):
    update = written(record, authority)
    client.force_login(authority)
    page = client.get(update.get_absolute_url()).content.decode()
    assert WROTE in page
    assert reverse("desk:validate_update", args=[update.pk]) not in page
    client.force_login(make.user(Role.AUTHORITY, place("mfa")))
    assert reverse("desk:validate_update", args=[update.pk]) in client.get(update.get_absolute_url()).content.decode()


def test_an_administrator_loosens_it_on_the_page_of_the_instance(client):
    make.signed_in(client, Role.ADMINISTRATOR)
    sent = {"state_code": "SVN", "name_0": "Council", "languages": "en", "time_zone": "UTC"}
    sent["writer_may_validate"] = "on"
    client.post(reverse("people:edit_instance"), sent)
    assert (Instance.current().writer_may_validate, Instance.current().writer_may_publish) == (True, False)
    assert "writer_may_validate" in Event.objects.get(action="instance-edited").difference
    assert "may also validate it" in client.get(reverse("people:instance")).content.decode()
