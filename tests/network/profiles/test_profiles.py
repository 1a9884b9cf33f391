"""Facts about mechanisms: sources, history, what is computed, gaps against guidance, and what was received."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import MechanismProfile, Meeting
from servanda.network.profiles import services
from servanda.network.profiles.computed import computed_values, public_values
from servanda.network.profiles.fields import checklist, fields_by_code, groups
from servanda.network.profiles.forms import FactsForm
from servanda.network.profiles.queries import completeness_of, former_facts, gaps_of, shown_groups, with_facts
from servanda.network.profiles.services import FactValues, ProfileValues
from servanda.people.versioning import ChangedMeanwhile
from servanda.progress.models import InputItem
from tests import make, network_make, questions_make, rounds_make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def read(profile: MechanismProfile) -> MechanismProfile:
    return with_facts(MechanismProfile.objects.all()).get(pk=profile.pk)


BARE = {
    "records": "0",
    "system_languages": "English",
    "system_public": "no",
    "institutions": "0",
    "focal_points": "0",
}


def fact_shown(profile: MechanismProfile, code: str, computed: dict[str, str]):
    groups = shown_groups(read(profile), computed)
    return next(fact for group in groups for fact in group.facts if fact.field.code == code)


def values(**fields) -> ProfileValues:
    return ProfileValues(**{"country": make.country(), "name": "Commission"} | fields)


def test_every_line_of_guidance_and_every_option_names_what_exists():
    for item in checklist():
        field = fields_by_code()[item.field]
        assert item.any | item.all <= set(field.options), item.code
        assert not (item.any or item.all) or field.options, item.code
    languages = {"en", "es", "fr", "pt", "ar"}
    labels = [field.label for field in fields_by_code().values()] + [item.label for item in checklist()]
    labels += [option for field in fields_by_code().values() for option in field.options.values()]
    assert [str(label) for label in labels if set(label.data) != languages] == []


def test_a_changed_value_replaces_the_former_one_which_stays_with_its_source(coordinator):
    profile = network_make.profile()
    network_make.facts(profile, coordinator, chair="Ministry of Justice")
    newer = FactValues(value="Ministry of Foreign Affairs", since=date(2025, 3, 1), source="Decree 7/2025")
    services.set_facts(profile=profile, facts={"chair": newer}, seen=None, by=coordinator)
    assert [fact.value for fact in profile.facts.current()] == ["Ministry of Foreign Affairs"]
    [(field, fact, lines)] = former_facts(profile)
    assert (field.code, list(lines), fact.source) == ("chair", ["Ministry of Justice"], network_make.SOURCE)


def test_the_same_value_again_changes_nothing(coordinator):
    profile = network_make.profile()
    network_make.facts(profile, coordinator, chair="Ministry of Justice")
    version = read(profile).version
    network_make.facts(profile, coordinator, chair="Ministry of Justice")
    assert read(profile).version == version
    assert former_facts(profile) == []


def test_an_emptied_value_is_unknown_again_and_stays_in_the_history(coordinator):
    profile = network_make.profile()
    network_make.facts(profile, coordinator, chair="Ministry of Justice")
    services.set_facts(profile=profile, facts={"chair": FactValues()}, seen=None, by=coordinator)
    assert list(profile.facts.current()) == []
    assert len(former_facts(profile)) == 1


def test_a_value_without_a_source_is_counted_as_one(coordinator):
    profile = network_make.profile()
    unsourced = {"chair": FactValues(value="Ministry of Justice")}
    services.set_facts(profile=profile, facts=unsourced, seen=None, by=coordinator)
    complete = completeness_of(read(profile), {})
    assert (complete.known, complete.without_source) == (1, 1)
    of_others = [field for field in fields_by_code().values() if not field.is_own]
    assert complete.fields == len(of_others)


def test_a_value_without_a_date_says_so_and_is_counted(client, coordinator):
    profile = network_make.profile()
    undated = {"chair": FactValues(value="Ministry of Justice", source="Law 1")}
    services.set_facts(profile=profile, facts=undated, seen=None, by=coordinator)
    complete = completeness_of(read(profile), {})
    assert (complete.without_source, complete.without_date) == (0, 1)
    client.force_login(coordinator)
    page = " ".join(client.get(reverse("desk:mechanism", args=[profile.key])).text.split())
    assert "Date needed · <bdi>Law 1</bdi>" in page
    assert "1 value without a date" in page
    assert "1 value without a date" in client.get(reverse("desk:mechanisms")).text
    network_make.facts(profile, coordinator, chair="Ministry of Finance")
    assert "Date needed" not in client.get(reverse("desk:mechanism", args=[profile.key])).text


def test_another_user_who_saved_since_is_not_overwritten(coordinator):
    profile = network_make.profile()
    network_make.facts(profile, coordinator, chair="Ministry of Justice")
    with pytest.raises(ChangedMeanwhile):
        services.set_facts(profile=profile, facts={"chair": FactValues(value="Other")}, seen=1, by=coordinator)


def test_there_is_one_mechanism_of_our_own(coordinator):
    services.add_profile(values=values(is_own=True), by=coordinator)
    with pytest.raises(FieldRefused, match="Another profile"):
        services.add_profile(values=values(name="Second", is_own=True), by=coordinator)


def test_a_withdrawn_profile_of_our_own_makes_room_and_is_restored_only_into_it(coordinator):
    first = services.add_profile(values=values(is_own=True), by=coordinator)
    services.withdraw_profile(profile=first, reason="Entered twice.", by=coordinator)
    second = services.add_profile(values=values(name="Second", is_own=True), by=coordinator)
    assert list(MechanismProfile.objects.visible_to(coordinator)) == [second]
    with pytest.raises(Refused, match="Another profile"):
        services.restore_profile(profile=first, by=coordinator)
    services.withdraw_profile(profile=second, reason="The first is right.", by=coordinator)
    services.restore_profile(profile=first, by=coordinator)
    assert list(MechanismProfile.objects.visible_to(coordinator)) == [first]


def test_what_this_system_counts_is_not_entered(coordinator):
    own = network_make.profile(is_own=True)
    with pytest.raises(Refused, match="computed"):
        network_make.facts(own, coordinator, focal_points="170")
    other = network_make.profile("Other", "HRV")
    network_make.facts(other, coordinator, focal_points="170")
    assert [fact.value for fact in other.facts.current()] == ["170"]


def test_records_focal_points_turnover_and_answers_are_counted(coordinator):
    ministry = make.institution("mof")
    stayed, left, came = make.user(), make.user(), make.user()
    make.appointment(stayed, ministry, start=date(2020, 1, 1))
    make.appointment(left, ministry, start=date(2020, 1, 1), end=date(2026, 1, 31))
    make.appointment(came, ministry, start=date(2026, 2, 1))
    shown, hidden = make.recommendation(), make.recommendation(is_published=False)
    answered, open_request = (
        rounds_make.request(place, [record], due_on=TODAY - timedelta(days=30))
        for place, record in ((ministry, shown), (make.institution("moj"), hidden))
    )
    answered.items.update(answered_at=timezone.now())
    rounds_make.request(make.institution("moh"), [shown], due_on=TODAY - timedelta(days=500))
    body = shown.body.code
    assert computed_values(coordinator, on=TODAY) == BARE | {
        "records": "2",
        "records_by_body": f"{body}: 2",
        "system_public": "yes",
        "institutions": "1",
        "focal_points": "2",
        "turnover": "50",
        "response_rate": "50",
    }
    assert public_values(on=TODAY) == BARE | {
        "records": "1",
        "records_by_body": f"{body}: 1",
        "system_public": "yes",
        "institutions": "1",
        "focal_points": "2",
        "turnover": "50",
        "response_rate": "100",
    }


def test_rates_without_anything_to_count_are_left_out(coordinator):
    assert computed_values(coordinator, on=TODAY) == BARE


def test_answers_to_questions_of_documents_count_in_the_rate(coordinator):
    ministry = make.institution("mof")
    request = rounds_make.request(ministry, due_on=TODAY - timedelta(days=30))
    request.items.update(answered_at=timezone.now())
    for confidentiality in ("public", "internal", "internal"):
        question = questions_make.question("What was done?", ministry, confidentiality=confidentiality)
        InputItem.objects.create(request=request, question=question)
    assert computed_values(coordinator, on=TODAY)["response_rate"] == "25"
    assert public_values(on=TODAY)["response_rate"] == "50"


def test_plenaries_of_the_network_are_not_those_of_the_mechanism(coordinator):
    begins = NOON - timedelta(days=30)
    Meeting.objects.create(kind="plenary", title="Plenary", begins_at=begins, ends_at=begins)
    assert "plenaries" not in computed_values(coordinator, on=TODAY)


def test_every_computed_field_has_a_method_in_each_language():
    methods = [field.method for field in fields_by_code().values() if field.is_computed or field.is_counted]
    assert len(methods) == 8
    assert all(method and set(method.data) == {"en", "es", "fr", "pt", "ar"} for method in methods)


def test_a_gap_is_a_known_value_that_guidance_does_not_name(coordinator):
    profile = network_make.profile()
    network_make.facts(
        profile,
        coordinator,
        type="ad-hoc",
        legal_level="decree",
        capacities="engage consult",
        posts="0",
        budget="5 EUR",
    )
    results = {row.item.code: row.is_met for row in gaps_of(read(profile), {})}
    assert results["standing"] is False
    assert results["legal-basis"] is True
    assert results["capacities"] is False
    assert results["secretariat"] is False
    assert results["budget"] is True
    assert results["nhri"] is None


@pytest.mark.parametrize("amount", ["0 EUR", "0.00 EUR", "0,00 EUR"])
def test_a_budget_of_nothing_is_a_gap(amount):
    budget = next(item for item in checklist() if item.field == "budget")
    assert not budget.is_met_by(amount)
    assert budget.is_met_by("0.50 EUR")


def test_institutions_of_this_register_are_named(coordinator):
    make.institution("mof", name="Ministry of Finance")
    own = network_make.profile(is_own=True)
    network_make.facts(own, coordinator, members="mof gone")
    facts = {fact.field.code: fact for group in shown_groups(read(own), {}) for fact in group.facts}
    assert [str(line) for line in facts["members"].lines] == ["Ministry of Finance", "gone"]
    assert "members" not in {
        fact.field.code for group in shown_groups(read(network_make.profile("Other")), {}) for fact in group.facts
    }


def test_a_received_profile_follows_its_origin_and_is_not_edited(coordinator):
    address = "https://mechanism.example/profile/1"
    sent = {"values": values(name="Neighbours"), "origin": address, "by": coordinator}
    chair, unknown = FactValues(value="Ministry of Justice", source="Law 1"), FactValues(value="1")
    first = services.receive_profile(facts={"chair": chair, "shoe_size": unknown}, on=date(2026, 5, 1), **sent)
    assert [fact.field for fact in first.facts.current()] == ["chair"]
    again = services.receive_profile(facts={"type": FactValues(value="ad-hoc")}, on=date(2026, 5, 8), **sent)
    assert (again, again.received_on) == (first, date(2026, 5, 8))
    assert [fact.field for fact in first.facts.current()] == ["type"]
    for deed in (services.publish_profile, services.unpublish_profile):
        with pytest.raises(Refused, match="Another system"):
            deed(profile=first, by=coordinator)
    with pytest.raises(Refused, match="Another system"):
        network_make.facts(first, coordinator, chair="Ours")
    with pytest.raises(Refused, match="Another system"):
        services.edit_profile(profile=first, values=values(), seen=None, by=coordinator)


def test_only_published_profiles_are_public_until_they_are_withdrawn(coordinator):
    profile = network_make.profile()
    assert not MechanismProfile.objects.public().exists()
    services.publish_profile(profile=profile, by=coordinator)
    shown = MechanismProfile.objects.public().get()
    assert shown.is_public
    services.withdraw_profile(profile=profile, reason="Entered twice.", by=coordinator)
    assert not MechanismProfile.objects.public().exists()
    assert not MechanismProfile.objects.get().is_public


def test_a_contributor_sees_no_profile():
    network_make.profile()
    assert not MechanismProfile.objects.visible_to(make.user("contributor", make.institution("nhri"))).exists()


def test_a_fact_that_applies_from_a_date_to_come_is_refused_and_the_summary_names_the_fact(coordinator):
    profile = network_make.profile()
    group = next(group for group in groups().values() if any(field.code == "chair" for field in group.fields))
    chair = fields_by_code()["chair"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = FactsForm({"chair": "Ministry", "chair_since": tomorrow}, profile=profile, group=group)
    assert form.errors["chair_since"] == ["Enter a date that is not in the future."]
    assert f">{chair.label} · " in render_to_string("parts/error_list.html", {"form": form})
    network_make.facts(profile, coordinator, chair="Ministry")
    profile.facts.update(since=tomorrow)
    form = FactsForm({"chair": "Ministry", "chair_since": tomorrow}, profile=profile, group=group)
    assert "chair_since" not in form.errors
