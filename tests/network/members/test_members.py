"""Members of the network from application to leaving, their contact persons, and rules with history."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.members import services
from servanda.network.members.queries import MemberFilter, export_rows, find_members, rules
from servanda.network.members.services import ContactValues, RuleValues
from servanda.network.models import MemberContact, MembershipStep, NetworkRule
from servanda.people.accounts.personal_data import erase_person, export_personal_data
from servanda.people.versioning import ChangedMeanwhile
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def mechanism():
    return network_make.profile("Neighbours", "HRV")


def step(mechanism, kind: str, by, day: date = DAY, reason: str = "A letter.") -> MembershipStep:
    return services.record_membership(profile=mechanism, kind=kind, day=day, reason=reason, by=by)


def names(user, **fields) -> list[str]:
    return [row.name for row in find_members(user, MemberFilter(**fields))]


def test_a_membership_goes_from_application_to_leaving(coordinator, mechanism):
    for number, kind in enumerate(("applied", "admitted", "suspended", "reinstated", "left")):
        step(mechanism, kind, coordinator, DAY + timedelta(days=number))
    kinds = MembershipStep.objects.newest_first().values_list("kind", flat=True)
    assert list(kinds) == ["left", "reinstated", "suspended", "admitted", "applied"]
    assert services.possible_steps(mechanism) == ["applied", "admitted"]
    assert Event.objects.filter(action="membership-recorded").count() == 5


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "suspended"}, "kind"),
        ({"kind": "nonsense"}, "kind"),
        ({"day": timezone.localdate() + timedelta(days=1)}, "day"),
        ({"day": DAY - timedelta(days=1)}, "day"),
        ({"reason": " "}, "reason"),
    ],
)
def test_an_impossible_step_is_named(coordinator, mechanism, fields, wrong):
    step(mechanism, "applied", coordinator)
    with pytest.raises(FieldRefused) as refused:
        step(mechanism, **({"kind": "admitted", "by": coordinator} | fields))
    assert refused.value.field == wrong
    assert MembershipStep.objects.count() == 1


def test_only_the_latest_step_is_undone_and_it_returns_only_where_it_follows(coordinator, mechanism):
    first = step(mechanism, "applied", coordinator)
    second = step(mechanism, "admitted", coordinator)
    with pytest.raises(Refused, match="Only the latest"):
        services.undo_membership(step=first, by=coordinator)
    services.undo_membership(step=second, by=coordinator)
    assert services.latest_step(mechanism) == first
    services.restore_membership(step=second, by=coordinator)
    services.undo_membership(step=second, by=coordinator)
    step(mechanism, "declined", coordinator)
    with pytest.raises(Refused, match="can no longer follow"):
        services.restore_membership(step=second, by=coordinator)


def test_members_are_found_by_status_and_words_and_sent_as_a_file(coordinator, mechanism):
    other = network_make.profile("Applicants", "AUT")
    network_make.profile("Others", "FJI")
    step(mechanism, "admitted", coordinator)
    step(other, "applied", coordinator)
    network_make.contact(mechanism, "Ada Example", email="ada@example.org")
    network_make.contact(mechanism, "Former", ended_at=timezone.now())
    assert names(coordinator) == ["Applicants", "Neighbours"]
    assert names(coordinator, state="members") == ["Neighbours"]
    assert names(coordinator, state="applicants") == ["Applicants"]
    assert names(coordinator, state="none") == ["Others"]
    assert names(coordinator, words="ada") == ["Neighbours"]
    assert names(coordinator, words="former") == []
    assert names(make.user("contributor")) == []
    rows = list(export_rows(find_members(coordinator, MemberFilter(state="members"))))
    assert rows == [["Neighbours", "HRV", "Admitted", "2026-03-01", "Ada Example", "ada@example.org"]]


def test_contact_persons_are_changed_removed_and_restored(coordinator, mechanism):
    values = ContactValues(name="Ada", email="ada@example.org")
    contact = services.add_contact(profile=mechanism, values=values, by=coordinator)
    services.edit_contact(contact=contact, values=ContactValues(name="Ada B."), seen=1, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        services.edit_contact(contact=contact, values=values, seen=1, by=coordinator)
    with pytest.raises(FieldRefused, match="Enter a name"):
        services.add_contact(profile=mechanism, values=ContactValues(name=" "), by=coordinator)
    services.end_contact(contact=contact, by=coordinator)
    assert not MemberContact.objects.current().exists()
    services.restore_contact(contact=contact, by=coordinator)
    assert [row.name for row in MemberContact.objects.current()] == ["Ada B."]
    lines = Event.objects.filter(action__startswith="member-contact").values_list("object_label", "difference")
    assert not any("Ada" in str(line) for line in lines)


def test_a_contact_person_with_an_account_is_exported_and_erased_with_it(coordinator, mechanism):
    person = make.user("reader", email="ada@example.org")
    network_make.contact(mechanism, "Ada", email="Ada@example.org")
    meeting = network_make.meeting()
    registered = network_make.participant(meeting, "Ada", email="Ada@example.org")
    assert export_personal_data(person)["contact persons of mechanisms"][0]["name"] == "Ada"
    erase_person(person=person, by=make.user("administrator"))
    assert not MemberContact.objects.exists()
    registered.refresh_from_db()
    assert (registered.name, registered.email) == ("Erased person", "")


def test_a_changed_rule_is_a_new_version_with_its_source(coordinator):
    def change(text: str, seen: int | None, source: str = "Plenary 2027") -> None:
        values = RuleValues(text=text, language="en", source=source, agreed_on=DAY)
        services.set_rule(subject="chair", values=values, seen=seen, by=coordinator)

    change("The chair rotates.", 0)
    with pytest.raises(ChangedMeanwhile):
        change("The chair is elected.", 0)
    for fields in (("", "Plenary"), ("Text.", " ")):
        with pytest.raises(FieldRefused):
            change(fields[0], 1, fields[1])
    change("The chair is elected.", 1)
    shown = {rule.subject: rule for rule in rules()}
    assert shown["chair"].current.text == "The chair is elected."
    assert [version.text for version in shown["chair"].former] == ["The chair rotates."]
    assert shown["members"].current is None


@pytest.mark.database
def test_the_tables_keep_their_rules(mechanism):
    network_make.rule()
    for deed in (
        lambda: network_make.rule(),
        lambda: network_make.rule(number=2, source=""),
        lambda: network_make.membership(mechanism, reason=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert NetworkRule.objects.count() == 1
