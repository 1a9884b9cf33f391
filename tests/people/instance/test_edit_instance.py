import csv
import json
import re

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.instance.proposals import MEMBERS, proposal_for
from servanda.people.models import Instance
from servanda.trail.models import Event
from servanda.vocab.services.loading import shipped
from tests import make

pytestmark = pytest.mark.django_db
GOOD = {
    "state_code": "svn",
    "name_0": "Commission for Human Rights",
    "languages": "sl, en,sl",
    "time_zone": "Europe/Ljubljana",
    "contact": "rights@example.org",
}


@pytest.fixture
def administrator(client):
    return make.signed_in(client, Role.ADMINISTRATOR)


def test_an_administrator_says_whose_system_this_is(client, administrator):
    answer = client.post(reverse("people:edit_instance"), GOOD, follow=True)
    instance = Instance.current()
    assert (instance.state_code, instance.languages, instance.time_zone) == ("SVN", "sl,en", "Europe/Ljubljana")
    assert "Commission for Human Rights" in answer.content.decode()


def test_the_first_settings_lead_back_to_the_first_steps(client, administrator):
    answer = client.post(reverse("people:edit_instance", query={"state": "SVN"}), GOOD)
    assert answer["Location"] == reverse("desk:home")
    answer = client.post(reverse("people:edit_instance"), GOOD)
    assert answer["Location"] == reverse("people:instance")


def test_the_trail_tells_what_was_there_before(client, administrator):
    Instance.objects.create(pk=1, state_code="PER")
    client.post(reverse("people:edit_instance"), GOOD)
    event = Event.objects.first()
    assert (event.action, event.actor) == ("instance-edited", administrator)
    assert json.loads(event.difference)["state_code"] == ["PER", "SVN"]


@pytest.mark.parametrize("code", ["S", "SVN1", "S N", "ABCDEFGHI"])
def test_a_code_of_a_state_is_two_to_eight_letters(client, administrator, code):
    page = client.post(reverse("people:edit_instance"), GOOD | {"state_code": code})
    assert "state_code" in page.context["form"].errors
    assert not Instance.objects.exists()


@pytest.mark.parametrize("languages", [",", "english", "en;fr"])
def test_languages_are_codes_separated_by_commas(client, administrator, languages):
    page = client.post(reverse("people:edit_instance"), GOOD | {"languages": languages})
    assert "languages" in page.context["form"].errors


def test_a_time_zone_that_does_not_exist_is_refused(client, administrator):
    page = client.post(reverse("people:edit_instance"), GOOD | {"time_zone": "Mars/Olympus"})
    assert "time_zone" in page.context["form"].errors


@pytest.mark.parametrize("name", ["instance", "edit_instance", "roles"])
def test_a_coordinator_is_told_that_this_is_another_role(client, name):
    client.force_login(make.user(Role.COORDINATOR))
    answer = client.get(reverse(f"people:{name}"))
    assert answer.status_code == 403
    assert "contact an administrator" in answer.content.decode()


@pytest.mark.parametrize("name", ["people", "instance", "edit_instance", "roles", "trail"])
def test_a_stranger_is_sent_to_log_in_and_comes_back(client, name):
    address = reverse(f"people:{name}")
    assert client.get(address).url == f"{reverse('account_login')}?next={address.replace('/', '%2F')}"


def test_a_new_installation_proposes_the_settings_of_its_state(client, administrator):
    page = client.get(reverse("people:edit_instance"), {"state": "SVN"})
    proposed = page.context["form"].initial
    assert (proposed["state_code"], proposed["languages"], proposed["time_zone"]) == (
        "SVN",
        "sl,en",
        "Europe/Ljubljana",
    )
    assert str(proposed["name"]) == "National mechanism for implementation, reporting and follow-up, Slovenia"
    assert 'value="Mécanisme national' in page.content.decode()
    assert "These settings are proposals" in page.content.decode()
    assert not Instance.objects.exists()


@pytest.mark.parametrize("code", ["", "XYZ", "SI", "svn'"])
def test_nothing_is_proposed_for_what_is_no_state(client, administrator, code):
    assert (
        "These settings are proposals"
        not in client.get(reverse("people:edit_instance"), {"state": code}).content.decode()
    )


def test_a_state_with_several_time_zones_chooses_one():
    assert proposal_for("BRA")["time_zone"] == "UTC"
    assert proposal_for("MAR")["languages"] == "ar,en"


@pytest.mark.parametrize(
    ("state", "systems"),
    [("SVN", ["CoE"]), ("PER", ["OAS"]), ("MAR", ["AU", "LAS"]), ("JPN", []), ("RUS", []), ("CUB", [])],
)
def test_a_state_proposes_the_regional_systems_that_it_is_a_member_of(state, systems):
    assert proposal_for(state)["regional_systems"] == systems


def test_every_member_of_a_regional_system_is_a_state_of_the_vocabulary():
    known = shipped("countries")
    with MEMBERS.open(encoding="utf-8", newline="") as file:
        members = {row["system"]: row["states"].split() for row in csv.DictReader(file)}
    assert {system: len(states) for system, states in members.items()} == {"CoE": 46, "OAS": 32, "AU": 54, "LAS": 22}
    assert [state for states in members.values() for state in states if state not in known] == []
    assert all(len(states) == len(set(states)) for states in members.values())


def test_regional_systems_are_chosen_and_changed(client, administrator):
    page = client.get(reverse("people:edit_instance"), {"state": "SVN"})
    assert re.search(r'value="CoE"[^>]*\bchecked\b', page.content.decode())
    client.post(reverse("people:edit_instance"), GOOD | {"regional_systems": ["CoE", "OAS"]})
    assert Instance.current().regional_systems == "CoE,OAS"
    page = client.get(reverse("people:edit_instance")).content.decode()
    assert len(re.findall(r'name="regional_systems"[^>]*\bchecked\b', page)) == 2
    assert "Organization of American States" in client.get(reverse("people:instance")).content.decode()
    page = client.post(reverse("people:edit_instance"), GOOD | {"regional_systems": ["UN"]})
    assert "regional_systems" in page.context["form"].errors


def test_nothing_is_proposed_once_the_state_is_known(client, administrator):
    Instance.objects.create(pk=1, state_code="PER", time_zone="America/Lima")
    page = client.get(reverse("people:edit_instance"), {"state": "SVN"})
    assert page.context["form"]["state_code"].value() == "PER"
