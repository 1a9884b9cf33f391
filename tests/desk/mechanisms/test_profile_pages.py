"""The directory, a profile, its forms, and mechanisms side by side."""

import pytest
from django.urls import reverse

from servanda.network.models import MechanismProfile
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


def test_a_coordinator_adds_a_mechanism_and_enters_a_fact_with_its_source(client, coordinator):
    sent = {"country": make.country().pk, "name": "Commission"}
    page = source_of(client.post(reverse("desk:add_profile"), sent, follow=True))
    assert "Profile saved." in page
    profile = MechanismProfile.objects.get()
    fact = {"legal_act": "Decision 1/2010", "legal_act_since": "2010-02-01", "legal_act_source": "Official Gazette"}
    page = source_of(client.post(reverse("desk:set_facts", args=[profile.key, "basis"]), fact, follow=True))
    for shown in ("Decision 1/2010", "Since 1 February 2010", "Official Gazette"):
        assert shown in page


def test_what_was_not_changed_in_a_form_stays_although_another_user_changed_it(client, coordinator):
    profile = network_make.profile()
    address = reverse("desk:set_facts", args=[profile.key, "basis"])
    network_make.facts(profile, coordinator, legal_act="Theirs")
    sent = {"seen": "1", "initial-legal_act": "", "legal_act": "", "type": "ad-hoc", "initial-type": ""}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    client.post(address, sent | {"seen": str(MechanismProfile.objects.get().version)})
    assert {fact.field: fact.value for fact in profile.facts.current()} == {"legal_act": "Theirs", "type": "ad-hoc"}


@pytest.mark.parametrize(
    ("group", "sent", "sentence"),
    [
        ("organisation", {"budget": "much"}, "Enter the amount and the currency"),
        ("organisation", {"posts": "-1"}, "between 0 and"),
        ("basis", {"type": "royal"}, "Choose one of the options"),
        ("basis", {"acts_in_force": "101"}, "and 100 for “"),
        ("basis", {"legal_link": "javascript:alert(1)"}, "Enter a web address"),
    ],
)
def test_an_impossible_value_is_refused_beside_its_field(client, coordinator, group, sent, sentence):
    profile = network_make.profile()
    answer = client.post(reverse("desk:set_facts", args=[profile.key, group]), sent)
    assert answer.status_code == 422
    assert sentence in source_of(answer)
    assert not profile.facts.exists()


def test_the_list_is_narrowed_by_words_type_and_origin(client, coordinator):
    network_make.facts(network_make.profile("Commission A", "SVN"), type="ad-hoc")
    network_make.facts(network_make.profile("Committee B", "HRV"), type="ministerial")
    network_make.profile("Invented C", "FJI", is_invented=True)
    names = {"Commission A", "Committee B", "Invented C"}

    def found(**query) -> set[str]:
        page = source_of(client.get(reverse("desk:mechanisms"), query))
        return {name for name in names if f"<bdi>{name}</bdi>" in page}

    assert found() == names
    assert found(words="commission") == {"Commission A"}
    assert found(words="hrv") == {"Committee B"}
    assert found(type="ministerial") == {"Committee B"}
    assert found(which="invented") == {"Invented C"}
    assert found(type="ministerial", which="invented") == set()


def test_the_file_has_a_row_for_each_fact_of_the_filtered_list(client, coordinator):
    network_make.facts(network_make.profile("Commission A"), type="ad-hoc", chair="=Ministry")
    network_make.facts(network_make.profile("Committee B", "HRV"), type="ministerial")
    text = body_of(client.get(reverse("desk:mechanisms_export", args=["csv"]), {"type": "ad-hoc"})).decode(
        "utf-8-sig"
    )
    rows = text.splitlines()
    assert rows[0] == "state,mechanism,group,field,value,since,source,origin"
    assert "SVN,Commission A,Type and legal basis,Type,Ad hoc,2020-01-01,Decision of the Government," in rows
    assert len(rows) == 3
    assert ",=Ministry" not in text


def test_up_to_four_mechanisms_are_shown_side_by_side_in_the_order_of_selection(client, coordinator):
    profiles = [network_make.profile(f"Mechanism {number}") for number in range(5)]
    network_make.facts(profiles[0], chair="Ministry of Justice")
    keys = [str(profile.key) for profile in reversed(profiles)]
    page = source_of(client.get(reverse("desk:compare_mechanisms"), {"with": ["nothing", *keys]}))
    heads = [name for name in (f"Mechanism {number}" for number in range(5)) if f"<bdi>{name}</bdi>" in page]
    assert heads == ["Mechanism 1", "Mechanism 2", "Mechanism 3", "Mechanism 4"]
    assert page.index("<bdi>Mechanism 4</bdi>") < page.index("<bdi>Mechanism 1</bdi>")
    text = source_of(client.get(reverse("desk:compare_mechanisms"), {"with": str(profiles[0].key)}))
    assert "Ministry of Justice" in text


@pytest.mark.database
def test_the_directory_is_within_its_budget_however_many_there_are(client, coordinator):
    for number in range(30):
        profile = network_make.profile(f"Mechanism {number}", is_own=not number)
        network_make.facts(profile, type="ad-hoc", chair="Ministry")
    keys = "&".join(f"with={key}" for key in MechanismProfile.objects.values_list("key", flat=True)[:4])
    assert len(asked(client, reverse("desk:mechanisms"))) <= MOST
    assert len(asked(client, f"{reverse('desk:compare_mechanisms')}?{keys}")) <= MOST
    assert len(asked(client, MechanismProfile.objects.get(is_own=True).get_absolute_url())) <= MOST


def test_a_withdrawn_profile_shows_its_reason_to_those_who_may_restore_it(client, coordinator):
    profile = network_make.profile()
    answer = client.post(
        reverse("desk:withdraw_profile", args=[profile.key]), {"reason": "Entered twice."}, follow=True
    )
    assert "Entered twice." in source_of(answer)
    make.signed_in(client, "reader", institution=make.institution("mof"))
    assert client.get(profile.get_absolute_url()).status_code == 404


def test_the_public_page_has_published_facts_without_institutions_of_this_register(client):
    make.institution("mof", name="Ministry of Finance")
    own = network_make.profile("Commission", is_own=True)
    network_make.facts(own, chair="Ministry of Justice", members="mof")
    address = reverse("portal:mechanism", args=[own.key])
    assert client.get(address).status_code == 404
    MechanismProfile.objects.update(is_published=True)
    page = source_of(client.get(address))
    assert "Ministry of Justice" in page
    assert "Ministry of Finance" not in page
    assert "Working groups" not in page
    assert "Commission" in source_of(client.get(reverse("portal:mechanisms")))
