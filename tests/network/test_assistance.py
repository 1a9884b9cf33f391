"""Requests and offers of assistance, what fits, and cooperation from introduction to evaluation."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils.http import urlencode

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.assistance import missions, services
from servanda.network.assistance.facts import cooperation_fact
from servanda.network.assistance.missions import MissionValues
from servanda.network.assistance.queries import (
    AssistanceFilter,
    cooperations_in,
    export_rows,
    find_assistance,
    fitting,
    funding,
    languages_in,
    missions_shown,
    offers_for,
    themes_in,
    year_rows,
    years,
)
from servanda.network.assistance.services import AssistanceValues, CooperationValues
from servanda.network.models import Assistance, Cooperation, Mission
from servanda.people.versioning import ChangedMeanwhile
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db

State = Cooperation.State
TODAY = date(2026, 6, 1)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def ours():
    return network_make.profile("Commission", is_own=True)


@pytest.fixture
def theirs():
    return network_make.profile("Neighbours", "HRV")


def entry(kind: str, mechanism, by, **fields) -> Assistance:
    plain = {"title": "Clustering", "text": "How to cluster.", "forms": ["advice"], "languages": ["en"]}
    values = AssistanceValues(mechanism=mechanism, **(plain | fields))
    return services.add_assistance(kind=kind, values=values, by=by)


def introduced(ours, theirs, by) -> Cooperation:
    asked, offered = entry("request", ours, by), entry("offer", theirs, by)
    return services.introduce(request=asked, provider=theirs, offer=offered, by=by)


def follow(cooperation, by, **values) -> None:
    services.follow_cooperation(cooperation=cooperation, values=CooperationValues(**values), seen=None, by=by)
    cooperation.refresh_from_db()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"forms": []}, "forms"),
        ({"languages": []}, "languages"),
        ({"amount": Decimal(5)}, "currency"),
    ],
)
def test_what_is_missing_is_named(coordinator, ours, fields, wrong):
    with pytest.raises(FieldRefused) as refused:
        entry("request", ours, coordinator, **fields)
    assert refused.value.field == wrong
    assert not Assistance.objects.exists()


def test_an_offer_fits_in_form_language_region_capacity_and_theme(coordinator, ours, theirs):
    theme = make.term("Water")
    facts = {"regions": ["africa"], "capacity": "engage", "themes": [theme]}
    asked = entry("request", ours, coordinator, forms=["advice", "tool"], languages=["en", "fr"], **facts)
    whole = entry("offer", theirs, coordinator, languages=["fr"], **facts)
    other_language = entry("offer", theirs, coordinator, languages=["ar"])
    entry("offer", ours, coordinator)  # no one helps themselves
    assert list(offers_for(coordinator, asked, on=TODAY)) == [whole]
    rows = fitting(asked, offers_for(coordinator, asked, on=TODAY, within=["forms"]))
    assert {row.offer: list(row.fits) for row in rows} == {
        whole: ["forms", "languages", "regions", "capacity", "themes"],
        other_language: ["forms", "regions", "capacity"],
    }


def test_an_offer_fits_until_its_last_day(coordinator, ours, theirs):
    asked = entry("request", ours, coordinator)
    entry("offer", theirs, coordinator, due_on=TODAY - timedelta(days=1))
    until_today = entry("offer", theirs, coordinator, due_on=TODAY)
    assert list(offers_for(coordinator, asked, on=TODAY)) == [until_today]


def test_an_offer_to_any_group_and_for_any_capacity_fits(coordinator, ours, theirs):
    asked = entry("request", ours, coordinator, regions=["africa"], capacity="engage")
    to_any = entry("offer", theirs, coordinator)
    entry("offer", theirs, coordinator, regions=["asia-pacific"], capacity="engage")
    entry("offer", theirs, coordinator, regions=["africa"], capacity="consult")
    offers = offers_for(coordinator, asked, on=TODAY, within=["regions", "capacity"])
    assert [(row.offer, list(row.fits)) for row in fitting(asked, offers)] == [
        (to_any, ["forms", "languages", "regions", "capacity"])
    ]


def test_a_code_within_another_code_does_not_fit(coordinator, ours, theirs):
    asked = entry("request", ours, coordinator, languages=["en"])
    entry("offer", theirs, coordinator, languages=["en-GB", "den"])
    assert not offers_for(coordinator, asked, on=TODAY).exists()


def test_help_that_was_useful_is_a_reason_to_fit(coordinator, ours, theirs):
    cooperation = introduced(ours, theirs, coordinator)
    follow(cooperation, coordinator, state=State.DONE, result="Six clusters.", end=date(2026, 5, 1))
    data = {"side": "requester", "rating": 3, "text": ""}
    asked = entry("request", ours, coordinator, forms=["tool"])
    assert not offers_for(coordinator, asked, on=TODAY, within=["results"]).exists()
    services.evaluate_cooperation(cooperation=cooperation, **data, by=coordinator)
    assert [row.fits for row in fitting(asked, offers_for(coordinator, asked, on=TODAY, within=["results"]))] == [
        ["languages", "results"]
    ]


def test_closed_and_withdrawn_offers_are_not_offered(coordinator, ours, theirs):
    asked = entry("request", ours, coordinator)
    closed, withdrawn = (entry("offer", theirs, coordinator) for _number in range(2))
    services.close_assistance(entry=closed, by=coordinator)
    services.withdraw_assistance(entry=withdrawn, reason="Entered twice.", by=coordinator)
    assert not offers_for(coordinator, asked, on=TODAY).exists()
    services.reopen_assistance(entry=closed, by=coordinator)
    services.restore_assistance(entry=withdrawn, by=coordinator)
    assert offers_for(coordinator, asked, on=TODAY).count() == 2


def test_nobody_is_introduced_to_themselves_or_twice(coordinator, ours, theirs):
    asked, offered = entry("request", ours, coordinator), entry("offer", theirs, coordinator)
    with pytest.raises(FieldRefused, match="other than the one"):
        services.introduce(request=asked, provider=ours, offer=None, by=coordinator)
    third = network_make.profile("Third", "AUT")
    with pytest.raises(FieldRefused, match="an offer of the mechanism that helps"):
        services.introduce(request=asked, provider=third, offer=offered, by=coordinator)
    services.introduce(request=asked, provider=theirs, offer=offered, by=coordinator)
    with pytest.raises(FieldRefused, match="already been introduced"):
        services.introduce(request=asked, provider=theirs, offer=None, by=coordinator)


def test_a_cooperation_is_followed_until_both_sides_evaluate_it(coordinator, ours, theirs):
    cooperation = introduced(ours, theirs, coordinator)
    with pytest.raises(Refused, match="when it is done"):
        services.evaluate_cooperation(cooperation=cooperation, side="provider", rating=4, text="", by=coordinator)
    with pytest.raises(FieldRefused, match="Enter the result"):
        follow(cooperation, coordinator, state=State.DONE, end=date(2026, 5, 1))
    follow(cooperation, coordinator, state=State.ENDED, end=date(2026, 5, 1))
    for side, rating in (("requester", 2), ("requester", 4), ("provider", 3)):
        services.evaluate_cooperation(cooperation=cooperation, side=side, rating=rating, text="Good.", by=coordinator)
    assert {row.side: row.rating for row in cooperation.evaluations.all()} == {"requester": 4, "provider": 3}
    trail = Event.objects.filter(action="cooperation-evaluated").order_by("pk").values_list("difference", flat=True)
    assert '"requester": ["2 Good.", "4 Good."]' in list(trail)[1]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"start": date(2026, 5, 1), "end": date(2026, 4, 30)}, "end"),
        ({"state": State.DONE, "result": "Six clusters."}, "end"),
        ({"state": State.ENDED}, "end"),
        ({"pledged": Decimal(5)}, "currency"),
        ({"received": Decimal(0)}, "currency"),
    ],
)
def test_impossible_facts_of_a_cooperation_are_named(coordinator, ours, theirs, values, wrong):
    cooperation = introduced(ours, theirs, coordinator)
    with pytest.raises(FieldRefused) as refused:
        follow(cooperation, coordinator, **values)
    assert refused.value.field == wrong


def test_what_another_user_saved_is_not_overwritten_unseen(coordinator, ours, theirs):
    cooperation = introduced(ours, theirs, coordinator)
    follow(cooperation, coordinator, state=State.AGREED)
    with pytest.raises(ChangedMeanwhile):
        services.follow_cooperation(
            cooperation=cooperation, values=CooperationValues(state=State.ENDED), seen=1, by=coordinator
        )


def test_what_led_to_a_cooperation_is_closed_and_not_withdrawn(coordinator, ours, theirs):
    cooperation = introduced(ours, theirs, coordinator)
    for found in (cooperation.request, cooperation.offer):
        with pytest.raises(Refused, match="Close it instead"):
            services.withdraw_assistance(entry=found, reason="No more.", by=coordinator)


def test_currencies_are_not_added_up_and_the_gap_is_what_nobody_pledged(coordinator, ours, theirs):
    third = network_make.profile("Third", "AUT")
    asked = entry("request", ours, coordinator, forms=["funding"], amount=Decimal(100), currency="EUR")
    entry("request", ours, coordinator, amount=Decimal(7), currency="CHF")
    for helper, pledged, received in ((theirs, 30, 10), (third, 90, None)):
        cooperation = services.introduce(request=asked, provider=helper, offer=None, by=coordinator)
        received = None if received is None else Decimal(received)
        follow(cooperation, coordinator, pledged=Decimal(pledged), received=received, currency="EUR")
    rows = [(row.currency, row.sought, row.pledged, row.received, row.gap) for row in funding(coordinator)]
    assert rows == [("CHF", 7, 0, 0, 7), ("EUR", 100, 120, 10, 0)]


def test_what_is_pledged_to_one_request_leaves_the_gap_of_another(coordinator, ours, theirs):
    euros = {"amount": Decimal(100), "currency": "EUR"}
    _unhelped, helped = (entry("request", ours, coordinator, **euros) for _number in range(2))
    open_ended = entry("request", ours, coordinator)
    in_francs = entry("request", ours, coordinator, amount=Decimal(7), currency="CHF")
    for asked, pledged in ((helped, 130), (open_ended, 500), (in_francs, 40)):
        cooperation = services.introduce(request=asked, provider=theirs, offer=None, by=coordinator)
        follow(cooperation, coordinator, pledged=Decimal(pledged), received=Decimal(5), currency="EUR")
    rows = [(row.currency, row.sought, row.pledged, row.other, row.received, row.gap) for row in funding(coordinator)]
    assert rows == [("CHF", 7, 0, 0, 0, 7), ("EUR", 200, 130, 540, 15, 100)]


def test_what_another_system_asks_for_counts_in_no_figure_of_this_one(coordinator, ours, theirs):
    asked = entry("request", theirs, coordinator, forms=["funding"], amount=Decimal(100), currency="EUR")
    assert [row.sought for row in funding(coordinator)] == [100]
    Assistance.objects.filter(pk=asked.pk).update(
        origin="https://peer.example/exchange/request/1", received_on="2026-01-01"
    )
    assert funding(coordinator) == []


def test_the_list_counts_what_came_of_requests_and_of_offers(coordinator, ours, theirs):
    introduced(ours, theirs, coordinator)
    found = find_assistance(coordinator, AssistanceFilter())
    assert {row.kind: row.helped for row in found} == {"request": 1, "offer": 1}


def test_a_year_has_what_ran_in_it(coordinator, ours, theirs):
    cooperation = introduced(ours, theirs, coordinator)
    follow(cooperation, coordinator, state=State.UNDER_WAY, start=date(2024, 11, 1), end=date(2025, 2, 1))
    assert [cooperations_in(coordinator, year).count() for year in (2023, 2024, 2025, 2027)] == [0, 1, 1, 0]
    assert {2024, 2025} <= set(years(coordinator, on=TODAY))
    (row,) = year_rows(cooperations_in(coordinator, 2025))
    assert row[:3] == ["Commission", "Neighbours", "Clustering"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": State.DONE, "start": date(2022, 3, 1), "end": date(2024, 2, 1)}, [2022, 2023, 2024]),
        ({"state": State.UNDER_WAY, "start": date(2023, 3, 1)}, [2023, 2024, 2025, 2026]),
        ({"state": State.DONE, "start": date(2023, 3, 1)}, [2023]),  # entered before an end was required
        ({"state": State.ENDED, "end": date(2024, 2, 1)}, [2022, 2024]),
        ({"state": State.INTRODUCED}, [2022]),
    ],
)
def test_the_years_offered_are_those_with_a_cooperation(coordinator, ours, theirs, fields, expected):
    help_entry, offered = network_make.assistance("request", ours), network_make.assistance("offer", theirs)
    cooperation = network_make.cooperation(help_entry, offered, **fields)
    Cooperation.objects.filter(pk=cooperation.pk).update(created_at=datetime(2022, 6, 1, 12, tzinfo=UTC))
    assert years(coordinator, on=TODAY) == expected[::-1]
    assert [year for year in range(2020, 2027) if cooperations_in(coordinator, year).exists()] == expected


def test_the_list_is_narrowed_and_sent_as_a_file(coordinator, ours, theirs):
    entry("request", ours, coordinator, title="Training for judges", forms=["training"])
    entry("offer", theirs, coordinator, forms=["tool"], regions=["africa"])
    found = find_assistance(coordinator, AssistanceFilter(words="judges"))
    assert [row[3] for row in export_rows(found)] == ["Training for judges"]
    assert find_assistance(coordinator, AssistanceFilter(form="tool", region="africa", kind="offer")).count() == 1
    assert not find_assistance(coordinator, AssistanceFilter(state="closed")).exists()


@pytest.mark.database
def test_help_is_found_by_language_and_theme(coordinator, ours, theirs):
    water, land = make.term("Water"), make.term("Land")
    entry("request", ours, coordinator, title="Wells", languages=["en"], themes=[water, land])
    entry("offer", theirs, coordinator, title="Maps", languages=["fr", "ar"], themes=[land])
    narrow = {
        "fr": {"language": "fr"},
        "f": {"language": "f"},
        "water": {"theme": f"{water.taxonomy.code}:{water.code}"},
        "both": {"theme": f"{land.taxonomy.code}:{land.code}", "language": "en"},
        "none": {"theme": "water"},
    }
    found = {
        name: [row.title for row in find_assistance(coordinator, AssistanceFilter.read(QueryDict(urlencode(values))))]
        for name, values in narrow.items()
    }
    assert found == {"fr": ["Maps"], "f": [], "water": ["Wells"], "both": ["Wells"], "none": []}
    assert languages_in(coordinator) == ["ar", "en", "fr"]
    assert [label for _code, label in themes_in(coordinator)] == ["Land", "Water"]


def journey(cooperation, by, **values) -> Mission:
    plain = {"people": "Ada Example", "destination": "Ljubljana", "purpose": "Show the clusters."}
    days = {"start": date(2025, 12, 30), "end": date(2026, 1, 2)}
    written = MissionValues(**({"sent_by": cooperation.provider} | plain | days | values))
    return missions.add_mission(cooperation=cooperation, values=written, by=by)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"people": ""}, "people"),
        ({"destination": " "}, "destination"),
        ({"purpose": ""}, "purpose"),
        ({"end": date(2025, 12, 29)}, "end"),
        ({"cost": Decimal(0)}, "currency"),
    ],
)
def test_what_a_mission_misses_is_named(coordinator, ours, theirs, values, wrong):
    cooperation = introduced(ours, theirs, coordinator)
    with pytest.raises(FieldRefused) as refused:
        journey(cooperation, coordinator, **values)
    assert refused.value.field == wrong
    assert not Mission.objects.exists()


def test_a_mission_is_sent_by_one_of_the_two(coordinator, ours, theirs):
    cooperation = introduced(ours, theirs, coordinator)
    with pytest.raises(FieldRefused, match="one of the two mechanisms"):
        journey(cooperation, coordinator, sent_by=network_make.profile("Third", "AUT"))


def test_the_year_has_missions_and_their_cost_by_currency(coordinator, ours, theirs):
    cooperation = introduced(ours, theirs, coordinator)
    for currency, cost in (("EUR", "10.50"), ("EUR", "2.25"), ("CHF", "7")):
        journey(cooperation, coordinator, cost=Decimal(cost), currency=currency)
    withdrawn = journey(cooperation, coordinator, cost=Decimal(1000), currency="EUR")
    missions.withdraw_mission(mission=withdrawn, reason="Entered twice.", by=coordinator)
    follow(cooperation, coordinator, state=State.UNDER_WAY, start=date(2030, 1, 1))
    assert {2025, 2026} <= set(years(coordinator, on=TODAY))
    (row,) = year_rows(cooperations_in(coordinator, 2025))
    assert row[-1] == "7.00 CHF; 12.75 EUR"
    assert row[-2].splitlines()[0] == "2025-12-30 – 2026-01-02; Ljubljana; Ada Example; Show the clusters."
    assert not cooperations_in(coordinator, 2024).exists()


def test_who_travelled_stays_out_of_the_trail(coordinator, ours, theirs):
    mission = journey(introduced(ours, theirs, coordinator), coordinator)
    facts = {name: getattr(mission, name) for name in ("sent_by", "destination", "start", "end", "purpose")}
    values = MissionValues(**facts, people="Bea Example")
    missions.edit_mission(mission=mission, values=values, seen=mission.version, by=coordinator)
    mission.refresh_from_db()
    assert mission.people == "Bea Example"
    event = Event.objects.get(action="mission-edited")
    assert "Example" not in event.difference
    with pytest.raises(ChangedMeanwhile):
        missions.edit_mission(mission=mission, values=values, seen=1, by=coordinator)


def test_a_mission_is_withdrawn_with_a_reason_and_restored(coordinator, ours, theirs):
    mission = journey(introduced(ours, theirs, coordinator), coordinator)
    with pytest.raises(Refused, match="Enter a reason"):
        missions.withdraw_mission(mission=mission, reason=" ", by=coordinator)
    missions.withdraw_mission(mission=mission, reason="Cancelled.", by=coordinator)
    assert not Mission.objects.visible_to(coordinator).exists()
    missions.restore_mission(mission=mission, by=coordinator)
    assert list(Mission.objects.visible_to(coordinator)) == [mission]


@pytest.mark.parametrize("sides", [(False, True), (True, False), (True, True)])
@pytest.mark.parametrize("is_published", [True, False])
def test_a_mission_is_public_between_published_mechanisms(coordinator, ours, theirs, sides, is_published):
    for profile, is_shown in zip((ours, theirs), sides, strict=True):
        profile.is_published = is_shown
        profile.save()
    mission = journey(introduced(ours, theirs, coordinator), coordinator, is_published=is_published)
    found = Mission.objects.select_related("cooperation__request__mechanism", "cooperation__provider")
    shown = found.get(pk=mission.pk)
    assert shown.is_public == Mission.objects.public().exists() == (all(sides) and is_published)


def test_a_report_names_places_of_missions_without_the_people(coordinator, ours, theirs):
    journey(introduced(ours, theirs, coordinator), coordinator)
    rows = Cooperation.objects.select_related("request__mechanism", "provider")
    row = rows.prefetch_related(missions_shown(Mission.objects.all())).get()
    text = cooperation_fact(row).text
    assert "Missions: Ljubljana, 30 December 2025." in text
    assert "Ada" not in text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.INTRODUCED, "Neighbours was introduced to Commission: Clusters."),
        (State.AGREED, "Neighbours agreed to help Commission: Clusters."),
        (State.UNDER_WAY, "Neighbours is helping Commission: Clusters."),
        (State.DONE, "Neighbours helped Commission: Clusters."),
        (State.ENDED, "The cooperation of Neighbours with Commission ended without result: Clusters."),
    ],
)
def test_a_report_says_that_one_helped_only_where_it_did(ours, theirs, state, sentence):
    help_entry, offered = network_make.assistance("request", ours), network_make.assistance("offer", theirs)
    assert cooperation_fact(network_make.cooperation(help_entry, offered, state=state)).text == sentence


def test_no_cooperation_begins_on_an_offer(coordinator, ours, theirs):
    offered = network_make.assistance("offer", ours)
    with pytest.raises(Refused, match="This is an offer"):
        services.introduce(request=offered, provider=theirs, offer=None, by=coordinator)
