"""The words that records are described with, for programs."""

import pytest
from django.urls import reverse

from servanda.vocab.models import Taxonomy, Term
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def goals():
    goal = make.term("16", taxonomy="sdg", order=1)
    make.term("16.2", taxonomy="sdg", order=2, parent=goal)
    Term.objects.filter(code="16").update(label={"en": "Peace", "ar": "السلام"})
    Taxonomy.objects.filter(code="sdg").update(name={"en": "Goals"}, source="United Nations")


def test_a_taxonomy_is_given_under_the_key_of_its_filter(client, goals):
    make.term("health", taxonomy="uhri-theme")
    listed = client.get(reverse("api:taxonomies")).json()["taxonomies"]
    assert {entry["taxonomy"] for entry in listed} == {"sdg", "theme"}
    for entry in listed:
        assert client.get(reverse("api:vocabulary", args=[entry["taxonomy"]])).json()["name"] == entry["name"]


def test_terms_come_in_order_with_names_by_language_and_what_they_are_part_of(client, goals):
    shown = client.get(reverse("api:vocabulary", args=["sdg"])).json()
    assert (shown["name"], shown["source"], shown["is_filter"]) == ({"en": "Goals"}, "United Nations", True)
    assert shown["terms"] == [
        {"code": "16", "label": {"ar": "السلام", "en": "Peace"}, "parent": None, "is_artefact": False},
        {"code": "16.2", "label": {"und": "16.2"}, "parent": "16", "is_artefact": False},
    ]


def test_a_taxonomy_that_does_not_exist_is_named(client):
    answer = client.get(reverse("api:vocabulary", args=["nothing"]))
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["parameter"] == "taxonomy"


@pytest.mark.parametrize("number", [2, 30])
def test_a_taxonomy_costs_the_same_number_of_queries_for_two_and_for_thirty_terms(
    client, goals, number, django_assert_num_queries
):
    parent = Term.objects.get(code="16")
    for at in range(number):
        make.term(f"16.{at + 3}", taxonomy="sdg", parent=parent)
    with django_assert_num_queries(2):
        client.get(reverse("api:vocabulary", args=["sdg"]))


def test_bodies_and_countries_have_their_codes_and_names(client):
    make.body("CRC", "treaty-body")
    make.country("EUE", "European Union").__class__.objects.update(is_state=False)
    assert client.get(reverse("api:bodies")).json() == {
        "bodies": [
            {
                "code": "CRC",
                "name": {"und": "CRC"},
                "kind": "treaty-body",
                "system": "UN",
                "takes_positions": False,
                "assesses": False,
                "stations": ["received", "assigned", "planned", "reported", "assessed"],
            }
        ]
    }
    assert client.get(reverse("api:countries")).json() == {
        "countries": [{"code": "EUE", "iso2": "", "name": {"und": "European Union"}, "is_state": False}]
    }
