"""The page of evidence for a budget request, and its files."""

import pytest
from django.urls import reverse

from servanda.trail.models import Event
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordinator(client):
    return make.signed_in(client, "coordinator")


def test_the_page_shows_figures_with_definitions_and_says_where_there_is_no_data(client):
    own = network_make.profile(is_own=True)
    address = reverse("desk:budget_evidence")
    assert address in source_of(client.get(own.get_absolute_url()))
    page = source_of(client.get(address))
    assert "no data" in page
    assert "divided by the posts" in page


def test_only_the_own_mechanism_has_the_link(client):
    other = network_make.profile("Others", "HRV")
    assert reverse("desk:budget_evidence") not in source_of(client.get(other.get_absolute_url()))


@pytest.mark.parametrize(("format", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_each_file_leaves_a_line_in_the_trail(client, format, begins):
    answer = client.get(reverse("desk:budget_evidence_file", args=[format]))
    assert body_of(answer).startswith(begins)
    assert "budget-evidence-" in answer["Content-Disposition"]
    assert Event.objects.filter(action="budget-evidence-downloaded").count() == 1


@pytest.mark.database
def test_the_page_is_within_its_budget(client):
    for number in range(20):
        make.recommendation(str(number))
    assert len(asked(client, reverse("desk:budget_evidence"))) <= MOST
