"""Members and rules of the network, page by page."""

import pytest
from django.urls import reverse

from servanda.network.models import MemberContact, MembershipStep, NetworkRule
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


def page(name: str, *arguments: object) -> str:
    return reverse(f"desk:{name}", args=arguments)


def send(client, page_name: str, /, *arguments: object, **fields: object):
    return client.post(page(page_name, *arguments), fields, follow=True)


def test_a_mechanism_is_admitted_and_its_contact_person_entered(client, coordinator):
    mechanism = network_make.profile("Neighbours", "HRV")
    assert page("member", mechanism.key) in source_of(client.get(mechanism.get_absolute_url()))
    send(client, "record_membership", mechanism.key, kind="applied", day="2026-01-02", reason="A letter.")
    form = source_of(client.get(page("record_membership", mechanism.key)))
    assert "Application declined" in form
    assert "Suspended" not in form
    shown = source_of(
        send(client, "record_membership", mechanism.key, kind="admitted", day="2026-02-02", reason="Decided.")
    )
    assert "2 February 2026" in shown
    step = MembershipStep.objects.newest_first().first()
    assert "The step was undone." in source_of(send(client, "undo_membership", step.pk))
    assert "The step was restored." in source_of(send(client, "restore_membership", step.pk))
    send(client, "add_contact", mechanism.key, name="Ada", email="ada@example.org")
    listed = source_of(client.get(page("members"), {"state": "members"}))
    for text in ("Neighbours", "Admitted", "Ada"):
        assert text in listed
    contact = MemberContact.objects.get()
    assert "was removed" in source_of(send(client, "end_contact", contact.pk))
    assert "was restored" in source_of(send(client, "restore_contact", contact.pk))
    lines = body_of(client.get(page("members_export", "csv"))).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("Neighbours,HRV,Admitted,2026-02-02,Ada")


def test_an_impossible_step_is_refused_beside_its_field(client, coordinator):
    mechanism = network_make.profile("Neighbours", "HRV")
    answer = send(client, "record_membership", mechanism.key, kind="left", day="2026-01-02", reason="A letter.")
    assert answer.status_code == 422
    assert not MembershipStep.objects.exists()


def test_rules_are_empty_until_they_are_entered_and_keep_their_history(client, coordinator):
    assert source_of(client.get(page("network_rules"))).count("No text yet.") == 5
    send(client, "set_rule", "chair", text="The chair rotates.", language="en", source="Plenary", seen="0")
    send(client, "set_rule", "chair", text="The chair is elected.", language="en", source="Plenary", seen="1")
    shown = source_of(client.get(page("network_rules")))
    assert shown.index("The chair is elected.") < shown.index("The chair rotates.")
    late = send(client, "set_rule", "chair", text="Another.", language="en", source="Plenary", seen="1")
    assert late.status_code == 422
    assert NetworkRule.objects.count() == 2
    assert client.get(page("set_rule", "anything")).status_code == 404


def test_readers_see_members_and_change_nothing(client):
    mechanism = network_make.profile("Neighbours", "HRV")
    network_make.membership(mechanism)
    network_make.contact(mechanism)
    make.signed_in(client, "reader")
    shown = source_of(client.get(page("member", mechanism.key)))
    assert page("record_membership", mechanism.key) not in shown
    assert page("add_contact", mechanism.key) not in shown
    assert page("undo_membership", mechanism.membership.get().pk) not in shown


def test_the_list_costs_the_same_for_many(client, coordinator):
    def admit(number: int) -> None:
        mechanism = network_make.profile(f"Mechanism {number:02d}", "HRV")
        network_make.membership(mechanism)
        network_make.contact(mechanism)

    admit(0)
    few = len(asked(client, page("members")))
    for number in range(1, 30):
        admit(number)
    many = len(asked(client, page("members")))
    assert many == few
    assert many <= MOST
