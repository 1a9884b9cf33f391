"""The directory as cards and as a map."""

import pytest
from django.urls import reverse

from servanda.network.profiles.map import ABOVE, BELOW, NORTH, SOUTH, draw_map, labelled, places
from servanda.vocab.models import Country
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordinator(client):
    return make.signed_in(client, "coordinator")


def test_every_place_is_on_the_map():
    assert len(places()) > 190
    assert all(SOUTH < latitude < NORTH and -180 <= longitude <= 180 for latitude, longitude in places().values())
    latitude, longitude = places()["SVN"]
    assert (round(latitude), round(longitude)) == (46, 15)


def test_the_map_has_a_label_for_each_state_with_a_mechanism_and_the_table_names_the_others():
    drawn = draw_map(["SVN", "SVN", "FJI", "XXX"])
    assert ">SVN<" in drawn
    assert ">FJI<" in drawn
    assert "XXX" not in drawn
    assert draw_map([]).startswith("<svg")


def test_codes_of_neighbours_do_not_cover_each_other():
    found = labelled(["ALB", "AND", "FJI", "SVN"])
    assert found == {ABOVE: ["ALB", "AND", "FJI"], BELOW: ["SVN"]}
    many = labelled(sorted(places()))
    assert 40 < len(many[ABOVE] + many[BELOW]) < len(places())


def test_the_page_has_the_picture_with_its_filters_and_the_same_states_in_a_table(client):
    network_make.profile("Commission", "SVN")
    invented = Country.objects.create(code="QQX", name="Invented", is_state=False)
    other = network_make.profile("Others", "HRV")
    type(other).objects.filter(pk=other.pk).update(country=invented)
    page = source_of(client.get(reverse("desk:mechanisms_map")))
    assert "No place known" in page
    assert 'alt="Large dots are States' in page
    narrow = source_of(client.get(reverse("desk:mechanisms_map"), {"words": "commission"}))
    assert f"{reverse('desk:mechanisms_map_chart')}?words=commission&amp;language=en" in narrow
    assert "Others" not in narrow
    answer = client.get(reverse("desk:mechanisms_map_chart"), {"words": "commission", "language": "ar"})
    assert b">SVN<" in body_of(answer)
    assert answer["Content-Type"].startswith("image/svg")


def test_the_list_is_shown_as_cards_with_the_same_filters(client):
    for number in range(30):
        network_make.profile(f"Mechanism {number:02}")
    page = source_of(client.get(reverse("desk:mechanisms"), {"view": "cards", "words": "mechanism"}))
    assert "<table" not in page
    assert 'name="view" value="cards"' in page
    assert "view=cards&amp;page=2" in page
    assert 'name="with"' in page


def test_the_map_is_within_its_budget_however_many_there_are(client):
    for number in range(30):
        network_make.profile(f"Mechanism {number}")
    assert len(asked(client, reverse("desk:mechanisms_map"))) <= MOST
    assert len(asked(client, reverse("desk:mechanisms_map_chart"))) <= MOST
